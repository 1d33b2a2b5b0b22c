import { layerActivationsOf, MlpParameters, type Configuration } from "@basin/contracts";
import { penaltyWeightName } from "../penalty-weight";
import { valuesOf, type DataSizes } from "./data-sizes";
import { ownParameters } from "./own-parameters";
import { trainingSizes, valuesPerWeight } from "./training-sizes";

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 1024;
/** Values for each optimizer step and run: its rates. */
const hyperValues = 8;
/** Tensors of a hidden layer's size in a step, beside its output, slope and gradient. */
const dropoutTensors = 3;
const normalizationTensors = 14;
/** Values that an output penalty keeps in a step for each output: of those there are, that of pairs of atoms keeps most. */
const penaltyTensors = 160;
/** Gradients, and what penalties and limits make of them. */
const gradientArrays = 3;
/** Arrays of a hidden layer with batch normalization, each as wide as the layer. */
const normalizationArrays = 4;

/** Of the family `mlp`, in values of 4 bytes. */
export function mlpMemory(parameters: Configuration, sizes: DataSizes): { shared: number; run: number } {
  const own = ownParameters(MlpParameters, parameters);
  const { samples, outputs } = sizes;
  const inputs = valuesOf(sizes.input);
  const { training, validation, batch } = trainingSizes(samples, own);
  const widths = [inputs, ...own.hiddenLayers, outputs];
  const layers = widths.slice(1).map((n, i) => ({ k: widths[i] ?? 0, n, hidden: i + 2 < widths.length }));
  const dense = sum(layers.map(({ k, n }) => k * n + n));
  const normalization = own.batchNormalization ? normalizationArrays * sum(own.hiddenLayers) : 0;
  const { dropout, inputDropout, l1, l2, proximalL1, clipNorm, clipValue } = own;
  const weight = parameters[penaltyWeightName];
  const penalized = typeof weight === "number" && weight > 0;
  const isPlain =
    !own.batchNormalization &&
    !penalized &&
    parameters.loss !== "huber" &&
    [dropout, inputDropout, l1, l2, proximalL1, clipNorm, clipValue].every((x) => x === 0);
  const scratch = Math.max(...layers.map(({ k, n }) => batch * n + k * n));
  const data = samples * (inputs + outputs);
  const weights = dense + normalization;
  const { held, changing } = valuesPerWeight(own.optimizer, own.restoreBestWeights);
  const steps = Math.ceil(training / batch);
  const order = training + validation + hyperValues * steps;
  const judged = Math.min(validation, forwardSamples) * (inputs + 3 * outputs + sum(own.hiddenLayers));
  const networks = own.folds + own.bootstrapSamples + 1;

  if (isPlain) {
    // An epoch is one kernel, which keeps the values of one run's batch at a time.
    const linear = layerActivationsOf(own.layerActivations);
    const kept = layers.map(({ n, hidden }, i) => {
      const hasSlope = hidden && (linear[i] ?? own.activation) !== "linear";
      return batch * n * (hasSlope ? 3 : 2);
    });
    return {
      shared: networks * data + batch * (inputs + outputs) + sum(kept) + dense + scratch,
      run: weights * (networks * held + changing) + judged + order,
    };
  }
  const perUnit = 3 + (dropout > 0 ? dropoutTensors : 0) + (own.batchNormalization ? normalizationTensors : 0);
  const perOutput = 4 + (penalized ? penaltyTensors : 0);
  const step = batch * ((inputDropout > 0 ? 4 : 2) * inputs + perOutput * outputs + perUnit * sum(own.hiddenLayers));
  return {
    shared: networks * data + scratch,
    run: weights * (networks * held + changing + gradientArrays) + Math.max(step, judged) + order,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
