import { MlpParameters } from "@basin/contracts";
import type { z } from "zod";
import { imagesOfParts } from "../digits/classification";
import { digitClasses } from "../digits/digit-images";
import type { SupervisedProblem } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { checkCompanion, trainCompanion, type Companion } from "./companion";
import { dropoutPlotDescriptors, dropoutPlots } from "./dropout-plots";
import { surenessFigures, surenessOf, surenessPlot } from "./sureness";
import {
  fewDigits,
  fewDigitsParameters,
  fewDigitsProblem,
  fewDigitsSizes,
  judgeParts,
  partsMetrics,
  trainingData,
} from "./few-digits";
import { withDefault } from "../with-default";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const DropoutParameters = MlpParameters.extend({
  ...fewDigitsParameters,
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .min(1)
    .default([128, 128])
    .meta({ title: "Hidden layers", description: "Width of each hidden layer." }),
  activation: withDefault(mlp.activation, "relu", { "x-suggest": undefined }),
  initialization: withDefault(mlp.initialization, "he-normal", { "x-suggest": undefined }),
  optimizer: withDefault(mlp.optimizer, "sgd", { description: "Only sgd.", "x-advanced": true }),
  learningRate: withDefault(mlp.learningRate, 0.1, { "x-suggest": { type: "log-float", min: 0.03, max: 0.3, points: 3 } }),
  epochs: mlp.epochs.unwrap().max(10_000).default(300).meta({ title: "Epochs", unit: "epoch" }),
  batchSize: withDefault(mlp.batchSize, 0, { description: "Only 0: the full data set at once.", "x-advanced": true }),
  dropout: withDefault(mlp.dropout, 0.5, {
    title: "Dropout p",
    description: "Probability with which a hidden unit is left out in a training step; the others are scaled up.",
    "x-suggest": { type: "choice", values: [0, 0.2, 0.5, 0.8] },
    "x-advanced": undefined,
  }),
});
type DropoutParameters = z.infer<typeof DropoutParameters>;

const dropping = [{ parameter: "dropout", isNot: 0 }];
/** Training steps whose dropout factors are counted. */
const countedSteps = 20;
const points = 16;

/** Epochs at which both networks are looked at, the last among them. */
function watchedEpochs(epochs: number): number[] {
  return [...new Set(Array.from({ length: points }, (_, i) => Math.round((epochs * (i + 1)) / points)))];
}

/** Companions are made for the figures and needed again for the plots. */
const companions = new WeakMap<TrainedNetwork, Promise<Companion>>();

/** The same network from the same initialization, trained in the same way without dropout. */
function companionOf(parameters: DropoutParameters, trained: TrainedNetwork): Promise<Companion> {
  const known = companions.get(trained);
  if (known) return known;
  const { learningRate, epochs } = parameters;
  const companion = trainCompanion(trained, trainingData(fewDigits(parameters)), {
    gradientAt: (weights, { inputs, targets }) => trained.limitedGradients(weights, inputs, targets),
    rate: learningRate,
    steps: epochs,
    keep: watchedEpochs(epochs),
  });
  companions.set(trained, companion);
  return companion;
}

const problem: SupervisedProblem<DropoutParameters> = {
  ...fewDigitsProblem,

  async examine(parameters, trained) {
    const parts = fewDigits(parameters);
    const inputs = imagesOfParts(parts);
    const { gap } = judgeParts(parts, await trained.predict(inputs));
    const last = (await companionOf(parameters, trained)).kept.find(({ step }) => step === parameters.epochs);
    const gapWithout = last ? judgeParts(parts, await trained.predictWith(last.weights, inputs)).gap : Number.NaN;
    const kept = keptFraction(trained, parts.training.samples, Math.min(countedSteps, parameters.epochs));
    return {
      keptFraction: kept,
      keptDeviation: Math.abs(kept - (1 - parameters.dropout)),
      gapWithout,
      gapReduction: gapWithout - gap,
      ...(parameters.dropout > 0 ? surenessFigures(await surenessOf(parts, digitClasses.length, trained)) : {}),
    };
  },

  snapshotEpochs({ epochs }) {
    return watchedEpochs(epochs);
  },

  async plots(parameters, trained) {
    const plots = await dropoutPlots(fewDigits(parameters), trained, await companionOf(parameters, trained));
    if (parameters.dropout === 0) return plots;
    const sureness = await surenessOf(fewDigits(parameters), digitClasses.length, trained);
    return { ...plots, sureness: surenessPlot(sureness, digitClasses.length) };
  },
};

/** Share of hidden units that took part in the first `steps` training steps; 1 without dropout. */
function keptFraction(trained: TrainedNetwork, samples: number, steps: number): number {
  let kept = 0;
  let all = 0;
  for (let step = 0; step < steps; step++)
    for (const factors of trained.dropoutFactors(step, 0, samples)) {
      for (const factor of factors) if (factor > 0) kept += 1;
      all += factors.length;
    }
  return all > 0 ? kept / all : 1;
}

/** Objective: the cross-entropy on the test part, which dropout is meant to lower. */
export const dropout = mlpExperiment({
  id: "dropout",
  version: 2,
  title: "Dropout against overfitting",
  summary: "Leaving out half of the hidden units in every step narrows the gap between training and test loss.",
  description: `A network 64-128-128-10 learns to read the 8 × 8 digits from only 200 images and is tested on 360 others. In every training
step each hidden unit is left out for each sample with probability $p$, and the others are scaled by $1/(1-p)$, so that the expected input of the next
layer stays the same; for predictions all units take part.

**The comparison is made within each run**: from the same initial weights a second network is trained on the same data with the same penalties,
limits, rate and number of steps, but without dropout. This needs a training that can be repeated step by step, so the optimizer is plain
gradient descent on the full batch. The *gap* is the cross-entropy on the test part minus that on the training part.

**What to look for.** Without dropout the training loss goes to zero while the test loss stays: the gap. With $p = \\tfrac12$ the training loss stays
higher and the gap becomes smaller; with $p = 0.8$ the network learns slowly.

**How sure it is.** Dropout can be left on for predictions, too: over 50 passes, each with other units left out, the probabilities are averaged, and the entropy of the mean says how unsure the network is
(Monte Carlo dropout, Gal and Ghahramani 2016). It is greater where the network is wrong (\`entropyWrong\`) than where it is right (\`entropyRight\`).

**Criterion.** The share of units that took part differs by at most 0.02 from $1 - p$, counted over the first 20 steps, and the gap is smaller than without
dropout (by at least 0.001, so that rounding does not count).

**Measured here**, five initializations: 0.500 kept; gap 0.171–0.210 with and 0.198–0.248 without dropout, smaller by 0.019–0.038 in every pair. At a rate of 0.3 the
difference after 300 epochs is smaller (0.002–0.040).`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: dropout; Srivastava et al., JMLR 15 (2014) 1929",
  defaultSweep: {
    lesson: "How much dropout closes the gap between training and test?",
    space: { dropout: { type: "choice", values: [0, 0.2, 0.5, 0.8] } },
    seeds: 5,
  },
  parameters: DropoutParameters,
  check: checkCompanion,
  sizes: (parameters) => fewDigitsSizes(DropoutParameters.parse(parameters)),
  objective: { metric: "testCrossEntropy", direction: "minimize" },
  metrics: [
    ...partsMetrics,
    finalMetric(
      "gapWithout",
      "The gap without dropout, from the same initialization",
      "gap of a second network, trained from the same initial weights in the same way without dropout.",
    ),
    finalMetric("gapReduction", "By how much dropout lowers the gap", "gapWithout − gap."),
    finalMetric(
      "keptFraction",
      "Share of hidden units that took part",
      "Share of hidden units that took part in the first 20 steps.",
    ),
    finalMetric(
      "averagedCrossEntropy",
      "Test cross-entropy of 50 averaged predictions with dropout",
      "testCrossEntropy of the mean over 50 passes with dropout of the probabilities (Monte Carlo dropout).",
      { scale: "log", where: dropping },
    ),
    finalMetric(
      "entropyRight",
      "Entropy of those predictions where they are right",
      "Mean of −Σ p ln p, p that mean, over the test images whose most probable class is the true one.",
      { unit: "nat", where: dropping },
    ),
    finalMetric("entropyWrong", "The same where they are wrong", "The same over the others; none where there are none.", {
      unit: "nat",
      where: dropping,
    }),
    finalMetric("keptDeviation", "Its distance from 1 − p", "|keptFraction − (1 − p)|."),
  ],
  success: {
    text: "share of units kept within 0.02 of 1 − p, and a smaller gap between test and training loss than without dropout",
    all: [
      { metric: "keptDeviation", op: "<=", value: 0.02 },
      { metric: "gapReduction", op: ">=", value: 0.001 },
    ],
  },
  plots: dropoutPlotDescriptors,
  maxPackWidth: 16,
  problem,
});
