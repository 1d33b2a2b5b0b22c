import { contourDrawing } from "../grid-drawing";
import { type DrawnKind, layersIn } from "../plot-kind";
import { counted, line, orange, path, pictureHeight, pictureWidth, soft } from "./picture";
import { axis, grid, onGrid, spaced } from "./sample-values";

function Contours() {
  const ring = (size: number) =>
    counted(61).map((i): [number, number] => {
      const t = (i / 60) * 2 * Math.PI;
      const bend = (size * Math.cos(t)) ** 2 * 0.012;
      return [pictureWidth / 2 + 6 + size * 1.15 * Math.cos(t), pictureHeight / 2 + 6 + size * 0.55 * Math.sin(t) - bend];
    });
  const descent = [
    [20, 10],
    [44, 46],
    [58, 26],
    [66, 43],
    [71, 33],
    [69, 38],
  ] as const;
  return (
    <>
      {[8, 18, 29, 40].map((size) => (
        <path key={size} d={path(ring(size))} {...line} stroke={soft} strokeWidth={1} />
      ))}
      <path d={path(descent)} {...line} stroke={orange} strokeWidth={1.5} />
      <circle cx={69} cy={38} r={2.4} fill={orange} />
    </>
  );
}

export const contour: DrawnKind<"contour"> = {
  drawing: contourDrawing,
  layers: layersIn("layers"),
  picture: Contours,
  samples: () => [
    {
      title: "Loss landscape with the descent",
      x: grid,
      y: grid,
      xAxis: axis("weight 1"),
      yAxis: axis("weight 2"),
      zAxis: axis("loss"),
      layers: [{ name: "loss", z: onGrid((x, y) => (1 - x) ** 2 + 4 * (y - x * x * 0.5) ** 2) }],
      path: {
        name: "descent",
        x: spaced(24, -1.6, 1),
        y: spaced(24, 1.8, 0.5).map((y, i) => y + 0.4 * Math.exp(-i / 3) * Math.cos(i * 2)),
      },
    },
    {
      title: "Bowl with two starts",
      x: grid,
      y: grid,
      xAxis: axis("w"),
      yAxis: axis("b"),
      zAxis: axis("f"),
      layers: [{ name: "f", z: onGrid((x, y) => x * x + 0.3 * y * y) }],
      paths: [
        { name: "start 1", x: spaced(12, -1.5, 0), y: spaced(12, 1.5, 0) },
        { name: "start 2", x: spaced(12, 1.5, 0), y: spaced(12, 1.2, 0) },
      ],
    },
  ],
};
