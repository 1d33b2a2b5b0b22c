import type { Configuration, MlpParameters } from "@basin/contracts";
import type { NetworkWeights, SupervisedProblem } from "@basin/problems";
import type { Architecture } from "./architecture";
import { initialLayer } from "../training/initialization";

/**
 * A run's arrays before its first step, in the specs' order: the layers by the initialization, scales and running variances 1, shifts and
 * running means 0, and in place of these what the problem gives. Throws RangeError when the problem names an unknown array or another size.
 */
export function initialValues(
  net: Architecture,
  problem: Pick<SupervisedProblem, "initialWeights">,
  { initialization, initializationGain }: Pick<MlpParameters, "initialization" | "initializationGain">,
  run: { seed: number; parameters: Configuration },
): Float32Array[] {
  const layers = net.widths.slice(1).flatMap((width, layer) => {
    const { weight, bias } = initialLayer(initialization, initializationGain, run.seed, layer, net.widths[layer] ?? 0, width);
    return [weight, bias];
  });
  const rest = net.specs.slice(layers.length).map(({ name, shape: [, columns] }) => {
    const one = name.endsWith(".scale") || name.endsWith(".runningVariance");
    return new Float32Array(columns).fill(one ? 1 : 0);
  });
  const values = [...layers, ...rest];
  for (const [name, given] of Object.entries(problem.initialWeights?.(run.parameters, run.seed) ?? {})) {
    const index = net.specs.findIndex((spec) => spec.name === name);
    const size = values[index]?.length ?? 0;
    if (index < 0 || given.length !== size) {
      throw new RangeError(`The problem gives ${given.length} initial values for "${name}", where the network has ${size}.`);
    }
    values[index] = Float32Array.from(given);
  }
  return values;
}

/** Mean and root mean square of the entries of all weight matrices before the first step; biases and normalization are left out. */
export function initialStatistics(weights: NetworkWeights): { initialWeightMean: number; initialWeightRms: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (const [name, { values }] of Object.entries(weights)) {
    if (!name.endsWith(".weight")) continue;
    count += values.length;
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
  }
  return { initialWeightMean: sum / count, initialWeightRms: Math.sqrt(squares / count) };
}
