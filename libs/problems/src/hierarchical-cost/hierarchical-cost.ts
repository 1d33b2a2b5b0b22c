import { choiceOf, MlpParameters } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { oneHot } from "../digits/classification";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import { vectorSizes } from "../memory/data-sizes";
import { mlpExperiment } from "../mlp-experiment";
import { penaltyWeight } from "../penalty-weight";
import { withDefault } from "../with-default";
import { judge, predictedLeaves, testPart } from "./judgement";
import { drawSamples, layoutNames, leaves, treeDistances } from "./leaves";
import { costPlots, plotsOf } from "./plots";

const mlp = MlpParameters.shape;
const weights = [0, 0.03, 0.1, 0.3, 1];

const HierarchicalCostParameters = MlpParameters.extend({
  penaltyWeight: penaltyWeight(0.3, "Of the expected distance in the tree, Σ p_k D(y, k).", weights),
  layout: choiceOf(layoutNames, {
    "look-alikes": "leaves 0, 4 and 5 look alike, and 6, 2 and 3: across the root",
    random: "centres uniform in a square: what looks alike is near in the tree by chance only",
  })
    .default("look-alikes")
    .meta({ title: "Layout", "x-suggest": { type: "choice", values: [...layoutNames] } }),
  samples: z
    .int()
    .min(10)
    .max(200_000)
    .default(20_000)
    .meta({ title: "Training samples", unit: "sample", "x-suggest": { type: "choice", values: [2000, 20_000] } }),
  dataSeed: dataSeed("Of the samples, and of the random layout."),
  hiddenLayers: withDefault(mlp.hiddenLayers, [32, 32]),
  initialization: withDefault(mlp.initialization, "glorot-uniform"),
  learningRate: withDefault(mlp.learningRate, 0.01),
  schedule: withDefault(mlp.schedule, "cosine"),
  epochs: withDefault(mlp.epochs, 20),
  batchSize: withDefault(mlp.batchSize, 500),
});
type HierarchicalCostParameters = z.infer<typeof HierarchicalCostParameters>;

const problem: SupervisedProblem<HierarchicalCostParameters> = {
  kind: "supervised",
  inputWidth: 2,
  outputWidth: leaves,
  outputActivation: "softmax",
  loss: "cce",
  outputPenalty: { id: "cost-matrix", costs: treeDistances },

  data(parameters) {
    const { inputs, labels } = drawSamples("training", parameters.samples, parameters);
    return { samples: parameters.samples, inputs, targets: oneHot(labels, leaves) };
  },
  evaluationInputs: (parameters) => testPart(parameters).inputs,

  evaluate: (parameters, predictions) => judge(parameters, parameters.penaltyWeight, predictions),

  async plots(parameters, trained) {
    const predicted = predictedLeaves(await trained.predict(testPart(parameters).inputs));
    return predicted ? plotsOf(parameters, parameters.penaltyWeight, predicted) : {};
  },
};

const ofData = { ofData: true } as const;

/** Objective: the expected distance, which is what an error costs times how often there is one. */
export const hierarchicalCost = mlpExperiment({
  id: "hierarchical-cost",
  version: 1,
  title: "Errors that cost by their distance in a tree",
  summary: "A classifier that knows the tree of its classes confuses brothers rather than strangers.",
  description: `Eight classes are the leaves of a binary tree; $D(y, k)$ is the level of the lowest common ancestor of two leaves, from 0 (the same) to 3 (across the root). Each leaf is a normal distribution in the plane with deviation 1.
Leaves 0, 4 and 5 lie 0.05 from a common place and look alike, and so do 6, 2 and 3; 1 and 7 are apart. Leaves 0 and 6 are 1.05 times as likely as the others. A network 2-32-32-8 (tanh) is trained on

$$-\\ln p_y + \\lambda \\sum_k p_k D(y, k),$$

the second part being the expected distance of a decision drawn by the network's own probabilities.

**Why it matters here.** Where 0, 4 and 5 look alike, 0 is the best guess by 5 %, and wrong it is wrong across the root (3). To say 4 is right nearly as often, and wrong half of the time by a brother (1).

**The bound.** Who knows the distributions and minimizes the same loss has $p_k = \\pi_k / (\\mu + \\lambda c_k)$ with the true probabilities $\\pi$, the costs $c_k = \\sum_y \\pi_y D(y, k)$ and μ so that they sum to 1; its decisions are told beside
the network's. With λ = 0.3 its errors come from 2.58 to 2.09 (−19 %), for one point of accuracy.

**What to look for.** With λ = 0.3 the network's errors are a sixth nearer than without the term, and \`expectedDistance\` is lower by as much. With the random layout (the control) there is next to nothing to gain: what looks alike
is not far in the tree.

**What differs from the proposal** that this follows: it has 2,000 training samples. Which of three look-alikes is the most frequent among some 250 each is then a matter of the draw, so that the network without the term avoids leaf 0 by
chance half of the time, and the term brings 4 to 7 % instead of a sixth (measured on five draws; \`samples\`). The proposal names λ = 0.1 for the bound of −19 %; by the formula above that is the bound of λ = 0.3, and 0.1 has −10 %.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: costs of a hierarchical classification",
  defaultSweep: {
    lesson: "How much nearer do the errors come, and what does that cost in accuracy?",
    space: { penaltyWeight: { type: "choice", values: weights } },
    seeds: 10,
  },
  parameters: HierarchicalCostParameters,
  sizes: (parameters) => vectorSizes(HierarchicalCostParameters.parse(parameters).samples, 2, leaves),
  objective: { metric: "expectedDistance", direction: "minimize" },
  metrics: [
    finalMetric("accuracy", "Accuracy", "Share of the 20,000 test samples whose most probable leaf is the true one."),
    finalMetric("errorDistance", "Mean distance of the errors", "Mean D(y, ŷ) over the test samples told wrong; 0 without any."),
    finalMetric("expectedDistance", "Mean distance", "Mean D(y, ŷ) over all test samples."),
    finalMetric(
      "bayesAccuracy",
      "Accuracy of who knows the distributions",
      "Of the most probable leaf by Bayes' rule, by the true probabilities at the test points, as all figures of who knows the distributions.",
      ofData,
    ),
    finalMetric(
      "bayesErrorDistance",
      "Distance of the errors of who knows the distributions",
      "Mean D(y, ŷ) over its errors.",
      ofData,
    ),
    finalMetric(
      "bayesFall",
      "Fall of that distance with the same weight",
      "1 − the distance of the errors of who knows the distributions and minimizes cross-entropy + λ·expected distance, over the one with λ = 0.",
      ofData,
    ),
    finalMetric(
      "bayesAccuracyLoss",
      "Accuracy that this costs",
      "Accuracy of who knows the distributions with λ = 0 less that with the same weight.",
      ofData,
    ),
    finalMetric("distanceFall", "Errors nearer than without knowledge of the tree", "1 − errorDistance/bayesErrorDistance."),
    finalMetric(
      "expectedFall",
      "Mean distance below that without knowledge of the tree",
      "1 − expectedDistance over the mean distance of who knows the distributions and not the tree (λ = 0).",
    ),
    finalMetric("accuracyLoss", "Accuracy lost", "bayesAccuracy − accuracy."),
  ],
  success: {
    text: "the errors 12 % nearer and the mean distance 10 % less than those of who knows the distributions and not the tree, at an accuracy at most 1.5 points below",
    all: [
      { metric: "distanceFall", op: ">=", value: 0.12 },
      { metric: "expectedFall", op: ">=", value: 0.1 },
      { metric: "accuracyLoss", op: "<=", value: 0.015 },
    ],
  },
  plots: costPlots,
  maxPackWidth: 64,
  problem,
});
