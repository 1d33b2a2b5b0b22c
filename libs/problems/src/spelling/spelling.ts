import { choiceOf, sampleTrainingPerRunParameters } from "@basin/contracts";
import { editDistance, mean } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import type { ExperimentDefinition } from "../experiment";
import { finalMetric } from "../final-metric";
import { CustomLossParameters, type CustomLossProblem } from "../kinds/custom-loss";
import { vectorSizes } from "../memory/data-sizes";
import { trainingSizes } from "../memory/training-sizes";
import { checkMlpParameters, sampleTrainingMetrics } from "../mlp-metrics";
import { withDefault } from "../with-default";
import { meanDistance, plotsOf, spellingPlots } from "./plots";
import { alignmentLoss, mostLikelyWord, placesLoss, readWord, reinforceLoss } from "./word-losses";
import { misspelledWords, places, samplesOf, symbols, symbolsOf } from "./words";

const shared = CustomLossParameters.shape;
const lossNames = ["alignment", "places", "reinforce"] as const;

const SpellingParameters = CustomLossParameters.extend({
  loss: choiceOf(lossNames, {
    alignment: "the soft edit distance of the outputs from the word, in expectation: knowledge of what an edit is",
    places: "mean cross-entropy of the symbol at every place, whatever stands at the others",
    reinforce: "the mean edit distance of words that are drawn from the outputs, by REINFORCE",
  })
    .default("alignment")
    .meta({ title: "Loss", "x-suggest": { type: "choice", values: [...lossNames] } }),
  gamma: z
    .number()
    .min(0.01)
    .max(10)
    .default(0.1)
    .meta({
      title: "γ",
      description: "How soft the minimum over alignments is, for the loss alignment and for the pictures of it.",
      "x-suggest": { type: "choice", values: [0.1, 0.3, 1] },
    }),
  warmUp: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .meta({
      title: "Warm-up",
      description:
        "Share of the epochs, the first, in which the loss is places whatever is chosen: of outputs that know nothing yet an alignment says little.",
      "x-suggest": { type: "choice", values: [0, 0.3] },
    }),
  drawnWords: z.int().min(2).max(1000).default(16).meta({
    title: "Words drawn",
    description: "Of the loss reinforce, for each sample in a step.",
    "x-advanced": true,
  }),
  trainingSamples: z.int().min(50).max(100_000).default(24_000).meta({
    title: "Training samples",
    unit: "sample",
    description:
      "Misspellings that are trained on: 200 words in turn, and a third each of substitutions, insertions and deletions.",
  }),
  dataSeed: dataSeed("Of the words and their misspellings."),
  hiddenLayers: withDefault(shared.hiddenLayers, [512]),
  activation: withDefault(shared.activation, "relu"),
  learningRate: withDefault(shared.learningRate, 0.01),
  schedule: withDefault(shared.schedule, "cosine"),
  epochs: withDefault(shared.epochs, 6),
  batchSize: withDefault(shared.batchSize, 50),
});
type SpellingParameters = z.infer<typeof SpellingParameters>;

const shape = { places, symbols };
const width = places * symbols;

const misspelledOf = ({ trainingSamples, dataSeed }: SpellingParameters) =>
  misspelledWords({ samples: trainingSamples, dataSeed });

/** Optimizer steps of the warm-up. */
function warmUpSteps({ warmUp, epochs, trainingSamples, validationFraction, batchSize }: SpellingParameters): number {
  const { training, batch } = trainingSizes(trainingSamples, { validationFraction, batchSize });
  return Math.round(warmUp * epochs) * Math.ceil(training / batch);
}

/** The letters of a target of ones and zeros. */
function meant(targets: Float32Array, sample: number): number[] {
  const at = (place: number): number =>
    targets.subarray(sample * width + place * symbols, sample * width + (place + 1) * symbols).indexOf(1);
  return readWord(
    Array.from({ length: places }, (_, place) => at(place)),
    shape,
  );
}

const problem: CustomLossProblem<SpellingParameters> = {
  kind: "custom-loss",
  inputWidth: width,
  outputWidth: width,

  data: (parameters) => samplesOf(misspelledOf(parameters).training),

  lossOf(parameters, { samples, outputs, targets }, gradient, { seed, step }) {
    const { gamma, drawnWords } = parameters;
    const loss = gradient && step < warmUpSteps(parameters) ? "places" : parameters.loss;
    const rows = Array.from({ length: samples }, (_, i) => outputs.subarray(i * width, (i + 1) * width));
    const words = rows.map((_, i) => meant(targets, i));
    if (loss === "reinforce") {
      const { loss: distance, gradients } = reinforceLoss(rows, words, shape, { drawn: drawnWords, seed, index: step });
      if (gradient)
        gradients.forEach((one, i) =>
          gradient.set(
            one.map((g) => g / samples),
            i * width,
          ),
        );
      return distance;
    }
    const each = rows.map((row, i) => {
      const word = words[i] ?? [];
      return loss === "places" ? placesLoss(row, word, shape) : alignmentLoss(row, word, shape, gamma);
    });
    if (gradient)
      each.forEach((one, i) =>
        gradient.set(
          one.gradient.map((g) => g / samples),
          i * width,
        ),
      );
    return each.reduce((sum, one) => sum + one.loss, 0) / samples;
  },

  evaluationInputs: (parameters) => samplesOf(misspelledOf(parameters).test).inputs,

  evaluate(parameters, { outputs }) {
    const { test } = misspelledOf(parameters);
    const distances = distancesOf(parameters, outputs);
    const [insertion, deletion] = [meanDistance(test, distances, "insertion"), meanDistance(test, distances, "deletion")];
    return {
      testDistance: mean(distances),
      substitutionDistance: meanDistance(test, distances, "substitution"),
      insertionDistance: insertion,
      deletionDistance: deletion,
      shiftDistance: (insertion + deletion) / 2,
      rightWords: distances.filter((distance) => distance === 0).length / distances.length,
    };
  },

  plots(parameters, outcome) {
    return plotsOf(outcome, misspelledOf(parameters).test, distancesOf(parameters, outcome.outputs), parameters.gamma);
  },
};

/** Of every word held out: how far what is read from the outputs is from the word meant. */
function distancesOf(parameters: SpellingParameters, outputs: Float32Array): number[] {
  return misspelledOf(parameters).test.map(({ word }, i) => {
    const read = mostLikelyWord(outputs.subarray(i * width, (i + 1) * width), shape);
    return editDistance(read, symbolsOf(word).slice(0, word.length));
  });
}

/** Objective: the edit distance that is left, which all three losses are about in their ways. */
export const spelling: ExperimentDefinition = {
  id: "spelling",
  version: 1,
  title: "Spelling: a loss that knows what an edit is",
  summary: "A network corrects misspelled words; it is trained place by place, on soft alignments, or by REINFORCE.",
  description: `200 random words of 4 to 7 letters out of 8, each written with one edit: a letter replaced, put in or left out, a third of the samples each. A network 72-128-72 sees eight
places of nine symbols (the ninth is the end) and answers in the same form, with a softmax per place. It is judged by the **edit distance** of what is read from it, up to the first end, from the word meant,
on misspellings that it was not trained on; what was written is at distance 1.

- **places**: cross-entropy of the symbol at every place. A word that is right but for a shift is wrong at every place behind it.
- **alignment**: the soft edit distance. The minimum over alignments becomes $\\operatorname{softmin}_\\gamma = -\\gamma \\log \\sum e^{-\\cdot/\\gamma}$, by dynamic programming with its backward pass (M. Cuturi, M. Blondel 2017); the word is filled up with ends,
symbol $t$ at place $i$ costs $1 - p_i(t)$, leaving a place out or putting a symbol in costs 1.
- **reinforce**: words are drawn from the places, the mean hard distance falls along $\\sum (d - b)\\,\\nabla \\ln P$, with the mean of all other words drawn as baseline $b$.

**What to look for.** The hard distance has no gradient. REINFORCE estimates that of its mean, with noise; the soft distance has one that is exact and of a number slightly below it
($5 - \\gamma \\ln 7$ for intention → execution). The picture of noise compares the two before training.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: differentiable edit distance",
  family: "custom-loss",
  diagnostic: false,
  defaultSweep: {
    lesson: "Does a loss that knows edits correct words better than one that looks at places?",
    space: { loss: { type: "choice", values: [...lossNames] } },
    seeds: 10,
  },
  parameters: SpellingParameters,
  perRunParameters: sampleTrainingPerRunParameters,
  check: checkMlpParameters,
  withoutEffect: ({ loss, plots }) => [
    ...(loss === "reinforce" ? [] : ["drawnWords"]),
    ...(loss === "alignment" || plots === true ? [] : ["gamma"]),
  ],
  sizes: ({ trainingSamples }) => vectorSizes(Number(trainingSamples), width, width),
  objective: { metric: "testDistance", direction: "minimize" },
  metrics: [
    ...sampleTrainingMetrics,
    finalMetric(
      "testDistance",
      "Edit distance",
      "Mean over the held-out misspellings of the distance of the word read from the word meant; as written it is 1.",
    ),
    finalMetric(
      "substitutionDistance",
      "Edit distance after a substitution",
      "The same over the misspellings with a replaced letter.",
    ),
    finalMetric("insertionDistance", "Edit distance after an insertion", "The same over those with a letter put in."),
    finalMetric("deletionDistance", "Edit distance after a deletion", "The same over those with a letter left out."),
    finalMetric("shiftDistance", "Edit distance after insertions and deletions", "Mean of the two, which shift what follows."),
    finalMetric("rightWords", "Words read right", "Share of the held-out misspellings for which the word meant is read."),
  ],
  success: {
    text: "words are read half an edit from those meant or nearer",
    all: [{ metric: "testDistance", op: "<=", value: 0.5 }],
  },
  plots: spellingPlots,
  maxPackWidth: 64,
  stepUnit: "epoch",
  problem,
};
