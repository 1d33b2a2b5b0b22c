import { RolloutParameters, type Configuration } from "@basin/contracts";
import { valuesOf, type DataSizes } from "./data-sizes";
import { ownParameters } from "./own-parameters";
import { valuesPerWeight } from "./training-sizes";

/** Columns that the formulas of a plant and of the loss take in a step, one value per trajectory each. */
const formulaColumns = 24;
/** Gradients of a step, their sum so far, and what the limit makes of them. */
const gradientArrays = 3;

/** Of the family `rollout`, in values of 4 bytes. Everything between the first step of the loop and the last is kept for the way back. */
export function rolloutMemory(
  parameters: Configuration,
  { samples, input, outputs }: DataSizes,
): { shared: number; run: number } {
  const { hiddenLayers, cell, optimizer, horizon } = ownParameters(RolloutParameters, parameters);
  const inputs = valuesOf(input) + (cell === "elman" ? (hiddenLayers.at(-1) ?? 0) : 0);
  const widths = [inputs, ...hiddenLayers, outputs];
  const weights = widths.slice(1).reduce((sum, n, i) => sum + ((widths[i] ?? 0) + 1) * n, 0);
  const { held, changing } = valuesPerWeight(optimizer, false);
  const kept = inputs + 2 * widths.slice(1).reduce((sum, n) => sum + n, 0) + formulaColumns;
  return {
    shared: horizon * samples * valuesOf(input) + 2 * samples * Math.max(...widths),
    run: weights * (held + changing + gradientArrays) + horizon * samples * kept,
  };
}
