import { splitTumours } from "../breast-cancer/tumours";
import { scaledSamples } from "../cylinder-flow/fields";
import { flowAt, flowGrid } from "../cylinder-flow/potential-flow";
import { samplesOf, testRows } from "../iris-perceptron/iris-rows";
import type { TrainedNetwork } from "../kinds/trained-network";
import { lorenzSamples, lorenzSeries } from "../lorenz-interpolation/lorenz-series";
import { minMaxScale } from "../min-max-scale";
import { sourceLines, sourceStart, speeds, weightsOf } from "../perceptron-regression/line-fit";
import { splitGrid } from "../polynomial-regression/polynomial";
import { runge, rungeSamples } from "../runge-interpolation/runge-function";
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
    trained: { right: flowNetwork(0), wrong: flowNetwork(0.2), figures: { vorticityRatio: 0, divergenceRatio: 0 } },
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
  "breast-cancer": {
    predict: () => splitTumours({ testFraction: 0.25, dataSeed: 0 }).test.labels,
    figures: { testAccuracy: 1, testCrossEntropy: 0 },
    spoil: (predictions) => predictions.map((value) => 1 - value),
  },
};
