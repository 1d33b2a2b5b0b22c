import { optimizerStep, type StepHyper } from "@basin/engine";
import type * as tf from "@tensorflow/tfjs-core";
import { tensor3 } from "../derivative-propagation/jet";
import { optimizerTable } from "../training/optimizer-table";

/** What is stepped: parameters and their gradients, and the optimizer's tensors parallel to them. */
export interface Stepped {
  parameters: readonly tf.Tensor[];
  gradients: readonly tf.Tensor[];
  slots: readonly (readonly tf.Tensor[])[];
}

/**
 * One step of Adam for all parameters, at once except for those in `rates`: by the place of such a parameter its learning rate for every run, as a
 * multiple of the run's own, which `rows` has. The caller owns the result; call within tf.tidy.
 */
export function adamSteps(
  { parameters, gradients, slots }: Stepped,
  rows: readonly StepHyper[],
  rates: ReadonlyMap<number, readonly number[]>,
): { parameters: tf.Tensor[]; slots: tf.Tensor[][] } {
  const stepped: tf.Tensor[] = [...parameters];
  const moved: tf.Tensor[][] = slots.map((slot) => [...slot]);
  const step = (places: readonly number[], own: readonly StepHyper[]): void => {
    const take = (all: readonly tf.Tensor[]): tf.Tensor3D[] => places.map((place) => tensor3(all, place));
    const next = optimizerStep("adam", take(parameters), take(gradients), slots.map(take), optimizerTable(own));
    places.forEach((place, i) => {
      stepped[place] = tensor3(next.weights, i);
      moved.forEach((slot, s) => (slot[place] = tensor3(next.slots[s] ?? [], i)));
    });
  };
  step(
    [...parameters.keys()].filter((place) => !rates.has(place)),
    rows,
  );
  for (const [place, multiples] of rates)
    step(
      [place],
      rows.map((row, r) => ({ ...row, rate: row.rate * (multiples[r] ?? 1) })),
    );
  return { parameters: stepped, slots: moved };
}
