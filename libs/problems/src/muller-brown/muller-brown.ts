import { DescentParameters, type PlotDescriptor } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import type { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentProblem } from "../kinds/descent";
import { withDefault } from "../with-default";
import { basinOf, minima, minimumAt, region, surfaceGradient, surfaceValue } from "./muller-brown-surface";

const descent = DescentParameters.shape;
const arrivalDistance = 1e-3;
const outcomes = [...minima.map(({ name }) => name), "none"];
/** Places of the pictures along each axis. */
const [across, along] = [64, 56];
/** Above it the surface is cut off in the picture: the walls would hide the valleys. */
const ceiling = 150;

const MullerBrownParameters = DescentParameters.extend({
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 5e-5, {
    "x-suggest": { type: "choice", values: [5e-5, 2e-4, 4e-4] },
  }),
  tolerance: withDefault(descent.tolerance, 1e-9),
  maxSteps: withDefault(descent.maxSteps, 5000),
});
type MullerBrownParameters = z.infer<typeof MullerBrownParameters>;

const between = ([low, high]: readonly [number, number], share: number): number => low + (high - low) * share;
const places = (range: readonly [number, number], count: number): number[] =>
  Array.from({ length: count }, (_, i) => between(range, i / (count - 1)));

const problem: DescentProblem<MullerBrownParameters> = {
  kind: "descent",
  minimum: () => minima[0].value,
  start(_, seed) {
    const stream = randomStream(seed, "muller-brown/start");
    return Float64Array.of(between(region.x, stream.uniform(0)), between(region.y, stream.uniform(1)));
  },
  value: (_, [x = 0, y = 0]) => surfaceValue(x, y),
  gradient: (_, [x = 0, y = 0]) => Float64Array.from(surfaceGradient(x, y)),

  evaluate(_, { points }) {
    const [x = Number.NaN, y = Number.NaN] = points.at(-1) ?? [];
    const reached = minimumAt(x, y, arrivalDistance);
    const arrival = points.findIndex(([px = Number.NaN, py = Number.NaN]) => minimumAt(px, py, arrivalDistance) >= 0);
    return {
      basin: reached >= 0 ? reached : minima.length,
      arrived: Number(reached >= 0),
      arrivalSteps: arrival >= 0 ? arrival : Number.NaN,
      minimumDistance: Math.min(...minima.map((one) => Math.hypot(x - one.x, y - one.y))),
    };
  },

  plots({ learningRate, maxSteps }, { points }) {
    const [xs, ys] = [places(region.x, across), places(region.y, along)];
    const [x, y] = [points.map(([px = 0]) => px), points.map(([, py = 0]) => py)];
    const basins = ys.map((py) =>
      xs.map((px) => {
        const found = basinOf(px, py, learningRate, maxSteps);
        return found >= 0 ? found : null;
      }),
    );
    const [startX = 0, startY = 0] = points[0] ?? [];
    const start = basinOf(startX, startY, learningRate, maxSteps);
    return {
      path: {
        kind: "contour",
        title: "The Müller–Brown surface and the path of this run",
        caption: `Cut off at ${ceiling}. Three minima and two saddles: the path goes down its valley and along it to the minimum there.`,
        x: xs,
        y: ys,
        xAxis: { label: "x" },
        yAxis: { label: "y" },
        zAxis: { label: "V" },
        layers: [{ name: "V", z: ys.map((py) => xs.map((px) => Math.min(surfaceValue(px, py), ceiling))) }],
        path: { name: "path", x, y },
      },
      basins: {
        kind: "decision-map",
        title: "Basins of attraction",
        caption: `The minimum to which plain descent with η = ${learningRate} comes from each start; the points are the minima and the start of this run.`,
        classes: minima.map(({ name, value }) => `${name} (V = ${value.toFixed(1)})`),
        maps: [
          {
            name: `η = ${learningRate}`,
            xAxis: { label: "x" },
            yAxis: { label: "y" },
            x: xs,
            y: ys,
            z: basins,
            samples: {
              x: [...minima.map((one) => one.x), ...(start >= 0 ? [startX] : [])],
              y: [...minima.map((one) => one.y), ...(start >= 0 ? [startY] : [])],
              class: [...minima.keys(), ...(start >= 0 ? [start] : [])],
            },
          },
        ],
      },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "basins", title: "Basins of attraction", kind: "decision-map" },
  { id: "path", title: "The surface and the path of this run", kind: "contour" },
];

/** Objective: the value where the descent ends, which of three it is being a matter of the start. */
export const mullerBrown = descentExperiment({
  id: "muller-brown",
  version: 1,
  title: "Basins of attraction: the Müller–Brown surface",
  summary: "Which of three minima a descent finds is decided by where it starts; the basins are coloured.",
  description: `The energy of a model reaction, a sum of four Gaussians, has minima of −146.70, −108.17 and −80.77 and two saddles between them. Descent with a small rate
follows the flow $-\\nabla V$ from a start drawn evenly in $[-1.5, 1.2] \\times [-0.2, 2]$ and ends in the minimum of its basin; the picture colours the basins.

**What to look for.** The borders between basins run up to the saddles. A rate must be below $2/\\lambda_{\\max} = 4.9 \\cdot 10^{-4}$ (λ the curvature at the deepest minimum, 4068). Close to that the first
steps down the steep wall at the upper right jump across a border: starts there end in another minimum, or leave.`,
  source:
    "The Loss Function: Guiding Neural Networks with Domain Knowledge: local minima; K. Müller and L. D. Brown, Theoretica Chimica Acta 53, 75 (1979)",
  defaultSweep: {
    lesson: "How many starts find the deepest minimum?",
    space: { learningRate: { type: "choice", values: [5e-5, 4e-4] } },
    seeds: 50,
  },
  parameters: MullerBrownParameters,
  objective: { metric: "value", direction: "minimize" },
  metrics: [
    finalMetric("basin", "Minimum", "The minimum within 1e-3 of the last point.", { categories: outcomes }),
    finalMetric(
      "arrived",
      "Came to a minimum (1) or not (0)",
      "1 when the last point is within 1e-3 of one of the three minima, else 0.",
    ),
    finalMetric(
      "arrivalSteps",
      "Steps to a minimum (none when it does not come to one)",
      "Steps until a point is within 1e-3 of a minimum.",
      {
        unit: "step",
      },
    ),
    finalMetric("minimumDistance", "Distance to the nearest minimum", "√((x − x*)² + (y − y*)²) of the last point.", {
      scale: "log",
    }),
  ],
  success: {
    text: "within 1e-3 of one of the three minima after at most as many steps as allowed",
    all: [{ metric: "arrived", op: ">=", value: 1 }],
  },
  plots,
  valueScale: "linear",
  maxPackWidth: 256,
  problem,
});
