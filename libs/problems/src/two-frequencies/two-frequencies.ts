import { AutoencoderParameters, sampleTrainingPerRunParameters, type PlotDescriptor } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import type { ExperimentDefinition } from "../experiment";
import { finalMetric } from "../final-metric";
import type { ReconstructionProblem, Reconstructions } from "../kinds/reconstruction";
import type { PlotsById } from "../kinds/plots-by-id";
import { checkMlpParameters, sampleTrainingMetrics } from "../mlp-metrics";
import { linearReconstruction, mostPrincipalImages, principalComponents } from "../pendulum-images/principal-components";
import { withDefault } from "../with-default";
import { curveOf, drawnFrequencies, gridFrequencies, times, type Frequencies } from "./curves";
import { readability } from "./readability";

const family = AutoencoderParameters.shape;
/** Curves that the principal components are taken of. */
const linearCurves = mostPrincipalImages;
const shownCurves = 4;

const TwoFrequenciesParameters = AutoencoderParameters.omit({
  encoderBlocks: true,
  decoderBlocks: true,
  activation: true,
}).extend({
  curves: z.int().min(10).max(100_000).default(1000).meta({ title: "Training curves", unit: "sample" }),
  points: z.int().min(8).max(512).default(64).meta({ title: "Points per curve", description: "Equispaced on [0, 2π]." }),
  dataSeed: dataSeed("Which frequencies are drawn; independent of the run's seed."),
  latentWidth: withDefault(family.latentWidth, 2, { "x-suggest": { type: "int", min: 1, max: 3 } }),
  denseLayers: withDefault(family.denseLayers, [128, 64]),
  denseActivation: withDefault(family.denseActivation, "tanh"),
  latentActivation: withDefault(family.latentActivation, "linear"),
  initialization: withDefault(family.initialization, "glorot-uniform"),
  learningRate: withDefault(family.learningRate, 2e-3, { "x-suggest": { type: "log-float", min: 5e-4, max: 1e-2, points: 4 } }),
  schedule: withDefault(family.schedule, "cosine"),
  scheduleDecay: withDefault(family.scheduleDecay, 0.01),
  epochs: withDefault(family.epochs, 300),
  batchSize: withDefault(family.batchSize, 50),
});
type TwoFrequenciesParameters = z.infer<typeof TwoFrequenciesParameters>;

function curvesOf(frequencies: readonly Frequencies[], points: number): Float32Array {
  const out = new Float32Array(frequencies.length * points);
  frequencies.forEach((pair, i) => out.set(curveOf(pair, points), i * points));
  return out;
}

/** ‖x̃ − x‖/‖x‖ over all curves. */
function relativeError(images: ArrayLike<number>, truth: Float32Array): number {
  let [off, size] = [0, 0];
  truth.forEach((value, i) => {
    off += ((images[i] ?? Number.NaN) - value) ** 2;
    size += value * value;
  });
  return Math.sqrt(off / size);
}

/** The training curves' principal components, of so many as the latent width, applied to the test curves. */
function linearRival(parameters: TwoFrequenciesParameters, test: Float32Array): Float32Array {
  const { curves, points, dataSeed, latentWidth } = parameters;
  const training = curvesOf(drawnFrequencies(Math.min(curves, linearCurves), dataSeed), points);
  return linearReconstruction(principalComponents(training, points, latentWidth), test);
}

const problem: ReconstructionProblem<TwoFrequenciesParameters> = {
  kind: "reconstruction",
  shape: ({ points }) => ({ rows: 1, columns: 1, channels: points }),
  training: ({ curves, points, dataSeed }) => curvesOf(drawnFrequencies(curves, dataSeed), points),
  evaluationInputs: ({ points }) => curvesOf(gridFrequencies(), points),

  evaluate(parameters, outcome) {
    const { inputs, images, codes, latentWidth } = outcome;
    const error = relativeError(images, inputs);
    const linear = relativeError(linearRival(parameters, inputs), inputs);
    return {
      relativeError: error,
      linearError: linear,
      errorOverLinear: error / linear,
      ...(latentWidth === 2 ? { frequencyR2: readability(codes, gridFrequencies()) } : {}),
    };
  },

  plots: (parameters, outcome) => plotsOf(parameters, outcome),
};

const plots: readonly PlotDescriptor[] = [
  { id: "curves", title: "Curves and what two numbers keep of them", kind: "curve" },
  { id: "code", title: "Codes of the test curves", kind: "scatter" },
];

function plotsOf(parameters: TwoFrequenciesParameters, { inputs, images, codes, latentWidth }: Reconstructions): PlotsById {
  const { points } = parameters;
  const frequencies = gridFrequencies();
  const linear = linearRival(parameters, inputs);
  const x = times(points);
  const chosen = Array.from({ length: shownCurves }, (_, i) => Math.round(((i + 0.5) * frequencies.length) / shownCurves));
  const part = (all: ArrayLike<number>, at: number): number[] => x.map((_, i) => all[at * points + i] ?? Number.NaN);
  const first = chosen[0] ?? 0;
  const found: PlotsById = {
    curves: {
      kind: "curve",
      title: "Curves and what two numbers keep of them",
      caption: `Of the first one the principal components of the same width are drawn, too: sums of ${latentWidth} fixed curves.`,
      x: { label: "t" },
      y: { label: "y" },
      series: [
        ...chosen.flatMap((at, i) => [
          { name: `curve ${i + 1}`, x, y: part(inputs, at), style: "points" as const },
          { name: `network ${i + 1}`, x, y: part(images, at) },
        ]),
        { name: "principal components 1", x, y: part(linear, first), style: "dashed" as const },
      ],
    },
  };
  if (latentWidth !== 2) return found;
  const code = (k: number): number[] => frequencies.map((_, i) => codes[2 * i + k] ?? Number.NaN);
  return {
    ...found,
    code: {
      kind: "scatter",
      title: "Codes of the test curves",
      caption:
        "A grid of frequencies, bent by the encoder: where it is not folded both frequencies can be read from the two numbers.",
      x: { label: "z₁" },
      y: { label: "z₂" },
      color: { label: "lower frequency" },
      series: [{ name: "test curves", x: code(0), y: code(1), color: frequencies.map(([low]) => low) }],
    },
  };
}

/** Objective: the error of the curves that come back, for which no frequency need be known. */
export const twoFrequencies: ExperimentDefinition = {
  id: "two-frequencies",
  version: 1,
  title: "A curve of two frequencies in two numbers",
  summary: "An autoencoder finds that curves of 64 points, sums of two sines, have two degrees of freedom.",
  description: `Curves $y(t) = \\tfrac12(\\sin\\omega_1 t + \\sin\\omega_2 t)$ on $[0, 2\\pi]$ are given by 64 points each; the frequencies are drawn uniformly, $\\omega_1 \\in [1, 2]$ and
$\\omega_2 \\in [3, 4]$, and told to nobody. A network 64-128-64-2-64-128-64 (tanh) is to give each curve back from two numbers.

**Figures** are taken on 400 curves, a grid of frequencies that was not trained on: the relative error $\\lVert\\tilde y - y\\rVert/\\lVert y\\rVert$, that of the best **linear** code of the same width (principal
components, from the first ${linearCurves} training curves), and with two latent values how well the frequencies can be read from the code: $R^2$, on half of the curves, of cubic polynomials in $(z_1, z_2)$ that were
fitted to the others.

**What to look for.** Frequencies enter a curve nonlinearly, so that a sum of two fixed curves cannot follow them: the linear code keeps little. Sweep over \`latentWidth\`: with one number the error is large, with a third nothing is gained.`,
  source:
    "Café de Miranda, de Lima, de Farias, An introduction to Neural Networks for Physicists: autoencoders, a curve of two frequencies",
  family: "autoencoder",
  diagnostic: false,
  defaultSweep: {
    lesson: "How many numbers does a curve of two frequencies need?",
    space: { latentWidth: { type: "choice", values: [1, 2, 3] } },
    seeds: 3,
  },
  parameters: TwoFrequenciesParameters,
  perRunParameters: sampleTrainingPerRunParameters,
  check: checkMlpParameters,
  sizes(parameters) {
    const { curves, points } = TwoFrequenciesParameters.parse(parameters);
    return { samples: curves, input: { rows: 1, columns: 1, channels: points }, outputs: 0 };
  },
  objective: { metric: "relativeError", direction: "minimize" },
  metrics: [
    ...sampleTrainingMetrics,
    finalMetric("relativeError", "Relative error of the curves", "‖ỹ − y‖/‖y‖ over the points of the 400 test curves.", {
      scale: "log",
    }),
    finalMetric("linearError", "The same of a linear code of that width", "relativeError of the principal components.", {
      scale: "log",
      ofData: true,
    }),
    finalMetric("errorOverLinear", "Error over that of a linear code", "relativeError/linearError.", { scale: "log" }),
    finalMetric(
      "frequencyR2",
      "R² of the frequencies read from the code (with two latent values)",
      "Lesser of the two R² on every second test curve, of cubic polynomials in the code fitted to the others by least squares.",
      { where: [{ parameter: "latentWidth", is: 2 }] },
    ),
  ],
  success: {
    text: "relative error at most 0.05, and at most a tenth of a linear code's (Basin's own: the source gives no figure)",
    all: [
      { metric: "relativeError", op: "<=", value: 0.05 },
      { metric: "errorOverLinear", op: "<=", value: 0.1 },
    ],
  },
  plots,
  maxPackWidth: 16,
  stepUnit: "epoch",
  problem,
};
