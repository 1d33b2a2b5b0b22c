import type { StepInput } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";

/** What every part of the loss is multiplied with in one step. */
export interface PartWeights {
  /** By part, [runs, 1, 1]. */
  tensors: readonly tf.Tensor3D[];
  /** By part, in which of the runs it counts: has a weight other than 0. */
  counts: readonly ("every" | "some" | "none")[];
}

/** The same before it is on a device. */
export interface PartColumns {
  /** By part, [runs, 1, 1]. */
  columns: readonly StepInput[];
  counts: PartWeights["counts"];
}

/** From the numbers of every run, part by part. */
export function partColumns(byRun: readonly (readonly number[])[], parts: number): PartColumns {
  const columns = Array.from({ length: parts }, (_, part) => Float32Array.from(byRun, (own) => own[part] ?? 0));
  const countsIn = (part: number): PartWeights["counts"][number] => {
    const weights = byRun.map((own) => own[part] ?? 0);
    if (!weights.includes(0)) return "every";
    return weights.some((weight) => weight !== 0) ? "some" : "none";
  };
  return {
    columns: columns.map((values) => ({ shape: [values.length, 1, 1], values })),
    counts: columns.map((_, part) => countsIn(part)),
  };
}

/** As tensors, which the caller owns. */
export function partWeights(byRun: readonly (readonly number[])[], parts: number): PartWeights {
  const { columns, counts } = partColumns(byRun, parts);
  return { tensors: columns.map(({ values }) => tf.tensor3d(Float32Array.from(values), [values.length, 1, 1])), counts };
}

/**
 * `value`, which was multiplied with a part's weight, but 0 in the runs in which the part does not count, also where it is infinite or no number
 * there. Call within tf.tidy.
 */
export function counted({ tensors, counts }: PartWeights, part: number, value: tf.Tensor3D): tf.Tensor3D {
  const weight = tensors[part];
  return counts[part] === "every" || !weight ? value : tf.where(tf.notEqual(weight, 0), value, tf.zerosLike(value));
}

/** The loss from the values of its parts; one of weight 0 adds nothing, also where it is infinite or no number. */
export function weightedSum(weights: readonly number[], values: ArrayLike<number>): number {
  return weights.reduce((sum, weight, part) => sum + (weight === 0 ? 0 : weight * (values[part] ?? Number.NaN)), 0);
}
