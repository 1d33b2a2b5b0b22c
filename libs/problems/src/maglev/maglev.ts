import { RolloutParameters, type PlotDescriptor } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import type { RolloutProblem } from "../kinds/rollout";
import { vectorSizes } from "../memory/data-sizes";
import { rolloutExperiment } from "../rollout/rollout-experiment";
import { withDefault } from "../with-default";
import { judgedCourse, maglevFigures, maglevFiguresOf, maglevPlots } from "./judge-maglev";
import { maglevLoop } from "./maglev-loop";

const rollout = RolloutParameters.shape;

const MaglevParameters = RolloutParameters.extend({
  energyWeight: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .meta({
      title: "Weight λ of the energy",
      description: "Of the mean of u²; 0: only the error counts.",
      "x-suggest": { type: "choice", values: [0, 1e-3, 1e-2, 1e-1] },
    }),
  trajectories: z.int().min(3).max(4096).default(32).meta({
    title: "Trajectories",
    description: "Starts that it is trained from at once.",
    "x-advanced": true,
  }),
  dataSeed: dataSeed("Of the starts and the constant references."),
  initialization: withDefault(rollout.initialization, "glorot-uniform"),
  learningRate: withDefault(rollout.learningRate, 0.05),
  schedule: withDefault(rollout.schedule, "cosine"),
  clipNorm: withDefault(rollout.clipNorm, 0.1, { "x-suggest": { type: "choice", values: [0, 0.1, 1] } }),
  horizon: withDefault(rollout.horizon, 300, { description: "Steps of 0.02 that the gradient goes through." }),
  firstHorizon: withDefault(rollout.firstHorizon, 100),
  horizonGrowth: withDefault(rollout.horizonGrowth, 0.8),
  epochs: withDefault(rollout.epochs, 120),
});
type MaglevParameters = z.infer<typeof MaglevParameters>;

const problem: RolloutProblem<MaglevParameters> = {
  kind: "rollout",
  loop: maglevLoop,
  judge({ energyWeight, dataSeed: seed }, { roll }) {
    const course = judgedCourse(roll, seed);
    return {
      metrics: maglevFiguresOf(course, energyWeight),
      labels: {},
      plots: () => maglevPlots(course, energyWeight),
    };
  },
  diverged: () => Object.fromEntries(maglevFigures.map((name) => [name, Number.NaN])),
};

const plots: readonly PlotDescriptor[] = [
  { id: "tracks", title: "Gap of the body", kind: "curve" },
  { id: "current", title: "Current of the magnet", kind: "curve" },
  { id: "front", title: "Error against energy at rest", kind: "scatter" },
];

/** Objective: the error, which is what a weight of the energy is paid with. */
export const maglev = rolloutExperiment({
  id: "maglev",
  version: 1,
  title: "A body held by a magnet",
  summary: "A network learns to hold an unstable body at a gap, through the whole course, and what the current may cost.",
  description: `A body hangs under a magnet at the gap $x$. In units of its weight $\\ddot x = 1 - u^2/x^2$: closer, the magnet pulls more, so no constant
current holds it. The network sees $x$, $\\dot x$ and the gap $r$ that is asked for and gives the current $u > 0$ (softplus); the loop is
closed through steps of 0.02 (semi-implicit Euler, $x \\ge 0.2$), and the gradient goes back through all of them.

$$L = \\overline{(x - r)^2} + \\lambda\\, \\overline{u^2}$$

over 32 starts with $x_0 \\in [0.8, 1.3]$, $\\dot x_0 \\in [-0.3, 0.3]$; two thirds of the references are constants from $[0.8, 1.2]$, the others
$r = 1 + 0.2 \\sin t$. An untrained network drops the body, so the horizon begins at 2 s and grows to 6 s, and the gradient's norm is limited (\`clipNorm\`).

**The term of knowledge** is the energy, $\\lambda$ its weight (\`energyWeight\`; 0 leaves it out). At rest $u = x$, so that $(x - r)^2 + \\lambda x^2$ is least at $x = r/(1 + \\lambda)$:
with $\\lambda = 0.1$ the body rests at 0.909 of the gap that is asked for.

**How it is judged**: 48 other starts for 10 s, four seconds longer than any that was trained on, under five constants and the sine.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: control of a levitating body",
  defaultSweep: {
    lesson: "What does a weight on the energy save, and what does it cost in precision?",
    space: { energyWeight: { type: "choice", values: [0, 1e-3, 1e-2, 1e-1] } },
    seeds: 5,
  },
  parameters: MaglevParameters,
  perRunParameters: ["energyWeight"],
  sizes: (given) => vectorSizes(MaglevParameters.parse(given).trajectories, 3, 1),
  objective: { metric: "rmsError", direction: "minimize" },
  metrics: [
    finalMetric(
      "trackingLoss",
      "Error in the loss",
      "Mean of (x − r)² over the training trajectories and the steps of the horizon.",
      {
        series: true,
        scale: "log",
      },
    ),
    finalMetric("energyLoss", "Energy in the loss", "Mean of u², likewise, without its weight.", { series: true, scale: "log" }),
    finalMetric("rmsError", "Error of the gap", "√ of the mean of (x − r)² over all test trajectories from 2 s to 10 s.", {
      scale: "log",
    }),
    finalMetric("meanEnergy", "Energy", "Mean of u² over all test trajectories from 2 s to 10 s."),
    finalMetric(
      "inRange",
      "Share of trajectories that stay",
      "Share of the test trajectories with x in [0.3, 3] for all of the 10 s.",
    ),
    finalMetric(
      "restError",
      "Greatest deviation from r/(1 + λ) at rest",
      "Greatest |x̄(1 + λ)/r − 1| of the test trajectories with a constant reference r, x̄ the mean gap from 8 s to 10 s.",
      { scale: "log" },
    ),
    finalMetric(
      "restGap",
      "Gap at rest for r = 1",
      "Mean gap from 8 s to 10 s of the test trajectories with r = 1; 1/(1 + λ) is best.",
    ),
  ],
  success: {
    text: "every test trajectory stays in [0.3, 3] for 10 s and rests within 2 % of r/(1 + λ)",
    all: [
      { metric: "inRange", op: ">=", value: 1 },
      { metric: "restError", op: "<=", value: 0.02 },
    ],
  },
  plots,
  problem,
});
