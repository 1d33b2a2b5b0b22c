import type { DifferentialEquationSystem } from "@basin/problems";
import { initialLayer } from "../training/initialization";
import type { TensorSpec } from "../training/tensor-state";
import type { PinnRun } from "./pinn-run";
import type { ParameterLayout } from "./pruning";

/** Names and shapes of a run's parameters in the order of the layout. `widths`: of every layer, the coordinates first, the components last. */
export function pinnTensorSpecs(
  widths: readonly number[],
  { unknowns }: DifferentialEquationSystem,
  { marked }: ParameterLayout,
): TensorSpec[] {
  return [
    ...widths.slice(1).flatMap((out, layer): TensorSpec[] => [
      { name: `layers.${layer}.weight`, shape: [widths[layer] ?? 1, out] },
      { name: `layers.${layer}.bias`, shape: [1, out] },
    ]),
    ...unknowns.map(({ name }): TensorSpec => ({ name: `unknowns.${name}`, shape: [1, 1] })),
    ...marked.map((i): TensorSpec => ({ name: `kept.${unknowns[i]?.name ?? i}`, shape: [1, 1] })),
  ];
}

/** What a run begins with, by its seed, in the order of the specs. */
export function initialPinnValues(
  { run: { seed }, parameters }: PinnRun,
  widths: readonly number[],
  { unknowns }: DifferentialEquationSystem,
  { marked }: ParameterLayout,
): Float32Array[] {
  const { initialization, initializationGain: gain } = parameters;
  const layers = widths.slice(1).flatMap((out, i) => {
    const { weight, bias } = initialLayer(initialization, gain, seed, i, widths[i] ?? 1, out);
    return [weight, bias];
  });
  return [
    ...layers,
    ...unknowns.map((unknown) => Float32Array.of(unknown.initial(seed))),
    ...marked.map(() => Float32Array.of(1)),
  ];
}

/** Of the unknowns that have a learning rate of their own, by their place among the parameters: for each run, as a multiple of its rate. */
export function ownRates(
  runs: readonly PinnRun[],
  { unknowns }: DifferentialEquationSystem,
  layout: ParameterLayout,
): Map<number, number[]> {
  const rates = new Map<number, number[]>();
  unknowns.forEach((unknown, i) => {
    if (!unknown.learningRate) return;
    const multiples = runs.map(
      ({ run, parameters: { learningRate } }) => (unknown.learningRate?.(run.parameters) ?? learningRate) / learningRate,
    );
    rates.set(layout.unknowns + i, multiples);
  });
  return rates;
}
