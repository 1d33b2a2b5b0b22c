import { scatterDrawing } from "../scatter-drawing";
import type { DrawnKind } from "../plot-kind";
import { Portrait } from "./picture";
import { axis, scattered, spaced } from "./sample-values";

/** An orbit of the Lorenz system by Euler's method. */
function lorenzOrbit() {
  let [x, y, z] = [1, 1, 20];
  const path = { x: [] as number[], y: [] as number[], z: [] as number[] };
  for (let i = 0; i < 1600; i++) {
    const [dx, dy, dz] = [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z];
    [x, y, z] = [x + 0.01 * dx, y + 0.01 * dy, z + 0.01 * dz];
    path.x.push(x);
    path.y.push(y);
    path.z.push(z);
  }
  return path;
}

export const scatter: DrawnKind<"scatter"> = {
  drawing: scatterDrawing,
  picture: Portrait,
  samples: () => {
    const lorenz = lorenzOrbit();
    return [
      {
        title: "Latent against true angle",
        caption: "A line means that the latent variable is the angle up to scale and shift.",
        x: axis("true angle", "rad"),
        y: axis("latent z"),
        color: axis("angular velocity", "rad/s"),
        series: [
          {
            name: "samples",
            x: spaced(300, -3, 3).map((_, i) => 6 * scattered(i) - 3),
            y: spaced(300, -3, 3).map((_, i) => -1.3 * (6 * scattered(i) - 3) + 0.4 + 0.2 * (scattered(i * 7) - 0.5)),
            color: spaced(300, -3, 3).map((_, i) => 4 * scattered(i * 3) - 2),
          },
          { name: "affine fit", x: [-3, 3], y: [4.3, -3.5], style: "line" },
        ],
      },
      {
        title: "Lorenz attractor",
        x: axis("x"),
        y: axis("y"),
        z: axis("z"),
        series: [
          { name: "truth", ...lorenz, style: "line" },
          {
            name: "samples",
            x: lorenz.x.filter((_, i) => i % 40 === 0),
            y: lorenz.y.filter((_, i) => i % 40 === 0),
            z: lorenz.z.filter((_, i) => i % 40 === 0),
          },
        ],
      },
    ];
  },
};
