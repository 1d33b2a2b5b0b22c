import { surfaceDrawing } from "../grid-drawing";
import { type DrawnKind, layersIn } from "../plot-kind";
import { counted, line, path, pictureWidth, soft } from "./picture";
import { axis, grid, onGrid } from "./sample-values";

const wave = (x: number, y: number) => Math.sin(2 * x) * Math.cos(1.5 * y) * Math.exp(-0.2 * (x * x + y * y));
const slip = (x: number, y: number) => 0.04 * Math.sin(5 * x + 2 * y);

/** A wire frame of sin(x)·cos(y) seen from above at a slant. */
function Surface() {
  const at = (i: number, j: number): [number, number] => {
    const z = Math.sin((i / 14) * 2 * Math.PI) * Math.cos((j / 14) * Math.PI * 1.6);
    return [pictureWidth / 2 + (i - j) * 3.7, 12 + (i + j) * 1.55 - z * 8];
  };
  return (
    <>
      {counted(15).map((i) => (
        <path key={i} d={path(counted(15).map((j) => at(i, j)))} {...line} strokeWidth={0.8} />
      ))}
      {counted(15).map((j) => (
        <path key={j} d={path(counted(15).map((i) => at(i, j)))} {...line} stroke={soft} strokeWidth={0.8} />
      ))}
    </>
  );
}

export const surface: DrawnKind<"surface"> = {
  drawing: surfaceDrawing,
  layers: layersIn("layers"),
  picture: Surface,
  samples: () => [
    {
      title: "Function on the plane",
      caption: "The error is largest where no sample lay.",
      x: grid,
      y: grid,
      xAxis: axis("x", "m"),
      yAxis: axis("y", "m"),
      zAxis: axis("height", "m"),
      layers: [
        { name: "true", z: onGrid(wave) },
        { name: "predicted", z: onGrid((x, y) => wave(x, y) + slip(x, y)) },
        { name: "error", z: onGrid(slip) },
      ],
    },
  ],
};
