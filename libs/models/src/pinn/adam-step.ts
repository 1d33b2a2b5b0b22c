import { optimizerStep } from "@basin/engine";
import type * as tf from "@tensorflow/tfjs-core";
import { tensor3 } from "../derivative-propagation/jet";

/** What is stepped: parameters and their gradients, and the optimizer's tensors parallel to them. */
export interface Stepped {
  parameters: readonly tf.Tensor[];
  gradients: readonly tf.Tensor[];
  slots: readonly (readonly tf.Tensor[])[];
}

/**
 * One step of Adam for all parameters, with the table [runs, 8] of the runs' own rate, except for those in `rates`: by the place of such a parameter
 * the table with its rate. The caller owns the result; call within tf.tidy.
 */
export function adamSteps(
  { parameters, gradients, slots }: Stepped,
  table: tf.Tensor2D,
  rates: ReadonlyMap<number, tf.Tensor2D>,
): { parameters: tf.Tensor[]; slots: tf.Tensor[][] } {
  const stepped: tf.Tensor[] = [...parameters];
  const moved: tf.Tensor[][] = slots.map((slot) => [...slot]);
  const step = (places: readonly number[], own: tf.Tensor2D): void => {
    const take = (all: readonly tf.Tensor[]): tf.Tensor3D[] => places.map((place) => tensor3(all, place));
    const next = optimizerStep("adam", take(parameters), take(gradients), slots.map(take), own);
    places.forEach((place, i) => {
      stepped[place] = tensor3(next.weights, i);
      moved.forEach((slot, s) => (slot[place] = tensor3(next.slots[s] ?? [], i)));
    });
  };
  step(
    [...parameters.keys()].filter((place) => !rates.has(place)),
    table,
  );
  for (const [place, own] of rates) step([place], own);
  return { parameters: stepped, slots: moved };
}
