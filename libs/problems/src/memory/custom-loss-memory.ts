import type { Configuration } from "@basin/contracts";
import { CustomLossParameters } from "../kinds/custom-loss";
import { valuesOf, type DataSizes } from "./data-sizes";
import { ownParameters } from "./own-parameters";
import { trainingSizes, valuesPerWeight } from "./training-sizes";

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 1024;

/** Of the family `custom-loss`, in values of 4 bytes. Outputs and their gradient stand on the host as well, which counts for little. */
export function customLossMemory(parameters: Configuration, sizes: DataSizes): { shared: number; run: number } {
  const own = ownParameters(CustomLossParameters, parameters);
  const [inputs, { samples, outputs }] = [valuesOf(sizes.input), sizes];
  const { training, validation, batch } = trainingSizes(samples, own);
  const widths = [inputs, ...own.hiddenLayers, outputs];
  const layers = widths.slice(1).map((n, i) => ({ k: widths[i] ?? 0, n }));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const weights = sum(layers.map(({ k, n }) => k * n + n));
  const { held, changing } = valuesPerWeight(own.optimizer, own.restoreBestWeights);
  const scratch = Math.max(...layers.map(({ k, n }) => batch * n + k * n));
  const step = batch * (2 * inputs + 4 * outputs + 3 * sum(own.hiddenLayers));
  const judged = Math.min(validation, forwardSamples) * (inputs + 3 * outputs + sum(own.hiddenLayers));
  return {
    shared: samples * (inputs + outputs) + scratch,
    run: weights * (held + changing + 1) + Math.max(step, judged) + training + validation,
  };
}
