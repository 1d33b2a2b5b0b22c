import type { DifferentialEquationSystem } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetTensors } from "../derivative-propagation/jet";
import { forwardPasses, type EquationLoss } from "./equation-loss";
import { keptUnknowns } from "./sparsity";

/**
 * How the parameters of a run follow each other: the network's, one [1, 1] for each unknown, and for each unknown that may be set to 0 for good
 * a mark that is 1 until then. No gradient reaches a mark.
 */
export interface ParameterLayout {
  /** Where the unknowns begin. */
  unknowns: number;
  /** Where the marks begin. */
  marks: number;
  /** The unknown of each mark, by its place among all unknowns. */
  marked: readonly number[];
}

export function parameterLayout({ unknowns, sparsity }: DifferentialEquationSystem, layers: number): ParameterLayout {
  const marked = sparsity?.prune ? sparsity.of.map(({ unknown }) => unknowns.findIndex(({ name }) => name === unknown)) : [];
  return { unknowns: 2 * layers, marks: 2 * layers + unknowns.length, marked };
}

/** The gradients of all parameters, marks included, from those of network and unknowns: none by an unknown that is 0 for good. Call within tf.tidy. */
export function markedGradients(
  { unknowns, marks, marked }: ParameterLayout,
  parameters: readonly tf.Tensor[],
  gradients: readonly tf.Tensor3D[],
): tf.Tensor3D[] {
  const all = [...gradients];
  marked.forEach((unknown, k) => {
    const mark = tensor3(parameters, marks + k);
    all[unknowns + unknown] = tf.mul(tensor3(gradients, unknowns + unknown), mark);
    all.push(tf.zerosLike(mark));
  });
  return all;
}

/** What is pruned, in which rows. */
interface Pruning {
  layout: ParameterLayout;
  jets: readonly JetTensors[];
  progress: tf.Tensor3D;
  /** By row: whether its moment has come, and its threshold. */
  rows: readonly { now: boolean; threshold: number }[];
}

/**
 * Parameters and the optimizer's tensors (slots, parallel to them) with the small unknowns, their slots and marks 0 in the rows whose moment has
 * come; the others keep their bits. The caller owns the result; call within tf.tidy.
 */
export function pruned(
  equationLoss: EquationLoss,
  { layout, jets, progress, rows }: Pruning,
  parameters: readonly tf.Tensor[],
  slots: readonly (readonly tf.Tensor[])[],
): { parameters: tf.Tensor[]; slots: tf.Tensor[][] } {
  const { sparsity } = equationLoss.system;
  if (!sparsity) return { parameters: [...parameters], slots: slots.map((slot) => [...slot]) };
  const column = (values: number[]): tf.Tensor3D => tf.tensor3d(values, [values.length, 1, 1]);
  const { sources } = forwardPasses(equationLoss, parameters.slice(0, layout.marks), jets, progress);
  const others = column(rows.map(({ now }) => Number(!now)));
  const kept = keptUnknowns(sparsity, sources, column(rows.map(({ threshold }) => threshold))).map((mark) =>
    tf.maximum(mark, others),
  );
  const times = (tensors: readonly tf.Tensor[], placesOf: (k: number) => readonly number[]): tf.Tensor[] => {
    const changed = tensors.map((tensor) => tensor.clone());
    kept.forEach((mark, k) => {
      for (const at of placesOf(k)) changed[at] = tf.mul(tensor3(tensors, at), mark);
    });
    return changed;
  };
  const unknownOf = (k: number): number => layout.unknowns + (layout.marked[k] ?? 0);
  return {
    parameters: times(parameters, (k) => [unknownOf(k), layout.marks + k]),
    slots: slots.map((slot) => times(slot, (k) => [unknownOf(k)])),
  };
}
