import { heatMapDrawing } from "../grid-drawing";
import type { DrawnKind } from "../plot-kind";
import { blue, counted, orange } from "./picture";
import { axis, scattered } from "./sample-values";

function HeatMap() {
  return (
    <>
      {counted(6).flatMap((row) =>
        counted(6).map((column) => (
          <rect
            key={`${row}${column}`}
            x={33 + column * 9}
            y={5 + row * 9}
            width={8.4}
            height={8.4}
            fill={row === column ? blue : orange}
            opacity={row === column ? 0.9 : 0.08 + ((row * 7 + column * 5) % 6) * 0.08}
          />
        )),
      )}
    </>
  );
}

export const heatMap: DrawnKind<"heat-map"> = {
  drawing: heatMapDrawing,
  picture: HeatMap,
  samples: () => [
    {
      title: "Coefficients by seed and term",
      columns: ["1", "z", "ż", "z²", "z·ż", "ż²", "sin z"],
      rows: Array.from({ length: 10 }, (_, i) => String(i)),
      columnTitle: "term",
      rowTitle: "seed",
      value: axis("coefficient", "1/s²"),
      z: Array.from({ length: 10 }, (_, i) =>
        Array.from({ length: 7 }, (_unused, j) =>
          j === 6 ? -1 + 0.05 * scattered(i) : scattered(i * 7 + j) > 0.75 ? null : 0.1 * (scattered(i + j) - 0.5),
        ),
      ),
    },
  ],
};
