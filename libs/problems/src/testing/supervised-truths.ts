import { median } from "@basin/numerics";
import { splitTumours } from "../breast-cancer/tumours";
import { scaledSamples } from "../cylinder-flow/fields";
import { oneHot } from "../digits/classification";
import { bestPose, chargesOf, drawDocking, turned } from "../docking/poses";
import { poseEnergy } from "../docking/potential";
import { flowAt, flowGrid } from "../cylinder-flow/potential-flow";
import { bayesConfusion, figuresOf } from "../hierarchical-cost/judgement";
import { drawSamples } from "../hierarchical-cost/leaves";
import { samplesOf, testRows } from "../iris-perceptron/iris-rows";
import type { TrainedNetwork } from "../kinds/trained-network";
import { lineAt, measuredValues, places, referenceLine } from "../l1-l2-line/line-data";
import { penalizedFit } from "../lasso/penalized-fit";
import { sparseData, trueCoefficients } from "../lasso/sparse-data";
import { lorenzSamples, lorenzSeries } from "../lorenz-interpolation/lorenz-series";
import { minMaxScale } from "../min-max-scale";
import { sourceLines, sourceStart, speeds, weightsOf } from "../perceptron-regression/line-fit";
import { splitGrid } from "../polynomial-regression/polynomial";
import { drawChain } from "../protein-smoothness/chain";
import { isolatedResidues, segments } from "../protein-smoothness/judgement";
import { runge, rungeSamples } from "../runge-interpolation/runge-function";
import { testMoons } from "../sharpness/two-moons";
import { networkOf } from "./known-network";

/** What a network that knows the truth predicts at the evaluation inputs, and what it scores. Each supervised experiment needs an entry. */
export interface Truth {
  predict: (inputs: Float32Array) => ArrayLike<number>;
  figures: Record<string, number>;
  /** Predictions that must miss the criterion, made of the perfect ones; by default each is off by 0.3. */
  spoil?: (predictions: Float32Array) => Float32Array;
  /** Networks of which `examine` is asked: one that meets the criterion, one that misses it; needed where the criterion takes figures from there. */
  trained?: { right: TrainedNetwork; wrong: TrainedNetwork; figures: Record<string, number> };
}

const [rungePlaces, rungeScale] = [minMaxScale([-1, 1]), minMaxScale(rungeSamples(15).y)];
const flow = scaledSamples({ points: 200, noise: 0.05, dataSeed: 7 });
const flowNetwork = (twist: number): TrainedNetwork =>
  networkOf(2, (a, b) => {
    const [x, y] = [flow.inputs[0].restore(a), flow.inputs[1].restore(b)];
    const { u, v } = flowAt(x, y);
    return [flow.outputs[0].scale(u - twist * y), flow.outputs[1].scale(v + twist * x)];
  });
const lorenzScale = minMaxScale(lorenzSamples({ stride: 10, noise: 0.5, dataSeed: 0 }).x);
const polynomialTest = splitGrid({ step: 0.05, dataSeed: 0 }).test;
/** Right after the last epoch, and wrong by `early` after 100. */
const polynomialNetwork = (last: number, early: number): TrainedNetwork => {
  const values = (error: number): Promise<Float32Array> =>
    Promise.resolve(Float32Array.from(polynomialTest.targets, (z) => z + error));
  const weights = { "layers.0.weight": { shape: [9, 1], values: Float32Array.of(1, 2, 3, 4, 5, 0, 0, 0, 0) } };
  const snapshots = [{ epoch: 100, weights }];
  return networkOf(9, () => [], { weights, snapshots, predict: () => values(last), predictWith: () => values(early) });
};
const sourceSequence = (shift: number): TrainedNetwork => {
  const [batch, ...online] = sourceLines.map(({ weight, bias }) => ({ weight: weight + shift, bias }));
  const snapshots = online.map((one, i) => ({ epoch: [1, 101][i] ?? 0, weights: weightsOf(one) }));
  // The gradient of the mean that leads from the start to the batch step.
  const gradient = weightsOf({
    weight: (sourceStart.weight - (batch?.weight ?? 0)) / 0.25,
    bias: (sourceStart.bias - (batch?.bias ?? 0)) / 0.25,
  });
  return networkOf(1, () => [], { snapshots, weights: snapshots[1]?.weights ?? {}, gradients: () => Promise.resolve(gradient) });
};

/** 2-16-1 with weights of a sine, `scale` times 0 to 1. */
const moonsNetwork = (scale: number): TrainedNetwork => {
  const array = (rows: number, columns: number, from: number) => ({
    shape: [rows, columns],
    values: Float32Array.from({ length: rows * columns }, (_, i) => scale * Math.sin(7 * (from + i) + 1)),
  });
  const weights = {
    "layers.0.weight": array(2, 16, 0),
    "layers.0.bias": array(1, 16, 32),
    "layers.1.weight": array(16, 1, 48),
    "layers.1.bias": array(1, 1, 64),
  };
  return networkOf(2, () => [0.5], { weights });
};

const medianLine = referenceLine(
  { loss: "mae", huberDelta: 1 },
  measuredValues({ outliers: "spread", outlierSize: 10, dataSeed: 0 }),
);
const lassoData = sparseData(0);
const lassoNetwork = (strength: { l1: number; l2: number }): TrainedNetwork => {
  const values = Float32Array.from(penalizedFit(lassoData.x, lassoData.y, 20, strength).coefficients);
  return networkOf(20, () => [], { weights: { "layers.0.weight": { shape: [20, 1], values } } });
};
/** Of two hidden units, of which the second looks at the inputs named. */
const selectingNetwork = (looked: readonly number[]): TrainedNetwork => {
  const values = Float32Array.from({ length: 20 }, (_, at) => (at % 2 === 1 && looked.includes((at - 1) / 2) ? -0.5 : 0));
  return networkOf(10, () => [], { weights: { "layers.0.weight": { shape: [10, 2], values } } });
};

const protein = drawChain("test", 0).states;
const tree = { layout: "look-alikes", dataSeed: 0 } as const;
const [bound, treeBound] = [figuresOf(bayesConfusion(tree, 0)), figuresOf(bayesConfusion(tree, 0.3))];
const pockets = drawDocking("test", 200, 0);
const docked = Array.from(pockets.patterns, (pattern) => poseEnergy(bestPose(pattern), chargesOf(pattern)));

/** For specs: truth and judgement of the experiments with data of their own, at their defaults. */
export const supervisedTruths: Record<string, Truth> = {
  "iris-perceptron": {
    predict: () => samplesOf(testRows).targets,
    figures: { testAccuracy: 1, testMse: 0 },
    spoil: (p) => p.map((value) => 1 - value),
  },
  "perceptron-regression": {
    predict: () => speeds,
    figures: { summedSquares: 0 },
    trained: {
      right: sourceSequence(0),
      wrong: sourceSequence(1e-4),
      figures: { weight: 0.50555, bias: -0.00397, sourceDeviation: 0 },
    },
  },
  "runge-interpolation": {
    predict: (inputs) => inputs.map((x) => rungeScale.scale(runge.value(rungePlaces.restore(x)))),
    figures: { rmse: 0 },
    trained: {
      right: networkOf(1, (x) => [rungeScale.scale(runge.value(rungePlaces.restore(x)))]),
      wrong: networkOf(1, (x) => [rungeScale.scale(runge.value(rungePlaces.restore(x))) + 0.05 * Math.sin(20 * x)]),
      figures: { derivativeRmse: 0 },
    },
  },
  "cylinder-flow": {
    predict: () =>
      flowGrid(50).flatMap(([x, y]) => [flow.outputs[0].scale(flowAt(x, y).u), flow.outputs[1].scale(flowAt(x, y).v)]),
    figures: { velocityRmse: 0 },
    trained: {
      right: flowNetwork(0),
      wrong: flowNetwork(0.2),
      figures: { vorticityRatio: 0, divergenceRatio: 0, strainError: 0, jacobianError: 0 },
    },
  },
  "lorenz-interpolation": {
    predict: () => lorenzSeries().x.map((x) => lorenzScale.scale(x)),
    figures: { rmse: 0, correlation: 1 },
  },
  "polynomial-regression": {
    predict: () => polynomialTest.targets,
    figures: { testMse: 0 },
    trained: {
      right: polynomialNetwork(0.1, 1),
      wrong: polynomialNetwork(1, 0.5),
      figures: { remainingError: 0.01, testMseAt100: 1, coefficientError: 0, leastSquaresMse: 0 },
    },
  },
  "l1-l2-line": {
    predict: () => places.map((x) => lineAt(medianLine, x)),
    figures: {
      ...medianLine,
      slopeError: Math.abs(medianLine.slope - 2),
      lineError: Math.max(Math.abs(medianLine.slope - 2), Math.abs(medianLine.intercept - 1)),
      referenceDeviation: 0,
    },
  },
  lasso: {
    predict: ({ length }) =>
      Array.from({ length: length / 20 }, (_, i) =>
        trueCoefficients.reduce((sum, w, j) => sum + w * (lassoData.x[i * 20 + j] ?? 0), 0),
      ),
    figures: { predictionError: 0 },
    trained: {
      right: lassoNetwork({ l1: 0.1, l2: 0 }),
      wrong: lassoNetwork({ l1: 0, l2: 0.2 }),
      figures: { zeros: 17, extraTerms: 0, missingTerms: 0, supportExact: 1, referenceDeviation: 0 },
    },
  },
  "weight-decay": {
    predict: (inputs) => inputs.map((u) => Math.sin(Math.PI * (u + 1))),
    figures: { testRmse: 0 },
  },
  "input-selection": {
    predict: (inputs) =>
      Array.from(
        { length: inputs.length / 10 },
        (_, i) => Math.sin((Math.PI / 2) * inputs[10 * i + 2]!) + Math.exp(inputs[10 * i + 6]!),
      ),
    figures: { testRmse: 0 },
    trained: {
      right: selectingNetwork([2, 6]),
      wrong: selectingNetwork([2, 5, 6]),
      figures: { zeroRows: 8, keptRows: 2 },
    },
  },
  "protein-smoothness": {
    predict: () => oneHot(protein, 3),
    figures: {
      accuracy: 1,
      isolated: isolatedResidues(protein),
      // Neighbours that are sure of different states are ln 2 apart.
      meanDivergence: (Math.LN2 * (segments(protein) - 1)) / (protein.length - 1),
      segmentRatio: 1,
      segmentError: 0,
    },
    // Every other residue is taken for the next state.
    spoil: (p) => p.map((_, at) => p[Math.floor(at / 3) % 2 === 0 ? at : 3 * Math.floor(at / 3) + ((at + 1) % 3)] ?? 0),
  },
  "hierarchical-cost": {
    predict: () => oneHot(drawSamples("test", 20_000, tree).labels, 8),
    figures: {
      accuracy: 1,
      errorDistance: 0,
      expectedDistance: 0,
      bayesAccuracy: bound.accuracy,
      bayesErrorDistance: bound.errorDistance,
      bayesFall: 1 - treeBound.errorDistance / bound.errorDistance,
      bayesAccuracyLoss: bound.accuracy - treeBound.accuracy,
      distanceFall: 1,
      expectedFall: 1,
      accuracyLoss: bound.accuracy - 1,
    },
    // Every leaf is taken for one across the root.
    spoil: (p) => p.map((_, at) => p[at ^ 4] ?? 0),
  },
  docking: {
    predict: () =>
      Array.from(pockets.patterns, (pattern, i) => [
        ...turned(bestPose(pattern), pockets.inputs[6 * i + 4] ?? NaN, pockets.inputs[6 * i + 5] ?? NaN),
      ]).flat(),
    figures: {
      poseError: 0,
      possibleShare: 1,
      overlapShare: 0,
      nearShare: 1,
      medianEnergy: median(docked.map(({ energy }) => energy)),
      medianLeastDistance: median(docked.map(({ leastDistance }) => leastDistance)),
    },
  },
  sharpness: {
    predict: () => testMoons({ samples: 200, noise: 0.25, dataSeed: 1 }).targets,
    figures: { testLoss: 0, testAccuracy: 1, noisyLoss05: 0, noisyLoss10: 0, noisyLoss20: 0 },
    spoil: (predictions) => predictions.map((value) => 1 - value),
    // At zero weights the loss has no third derivatives, so that the quadratic model is off by the fourth power.
    trained: { right: moonsNetwork(1), wrong: moonsNetwork(0), figures: { epochsTrained: 0 } },
  },
  "breast-cancer": {
    predict: () => splitTumours({ testFraction: 0.25, dataSeed: 0 }).test.labels,
    figures: { testAccuracy: 1, testCrossEntropy: 0 },
    spoil: (predictions) => predictions.map((value) => 1 - value),
  },
};
