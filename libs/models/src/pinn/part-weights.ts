import * as tf from "@tensorflow/tfjs-core";

/** What every part of the loss is multiplied with in one step. */
export interface PartWeights {
  /** By part, [runs, 1, 1]. */
  tensors: readonly tf.Tensor3D[];
  /** By part, in which of the runs it counts: has a weight other than 0. */
  counts: readonly ("every" | "some" | "none")[];
  /** Two have the same when their numbers are. */
  key: string;
}

/** From the numbers of every run, part by part. The caller owns the tensors. */
export function partWeights(byRun: readonly (readonly number[])[], parts: number): PartWeights {
  const columns = Array.from({ length: parts }, (_, part) => byRun.map((own) => own[part] ?? 0));
  return {
    tensors: columns.map((column) => tf.tensor3d(column, [column.length, 1, 1])),
    counts: columns.map((column) => {
      if (!column.includes(0)) return "every";
      return column.some((weight) => weight !== 0) ? "some" : "none";
    }),
    key: byRun.join(";"),
  };
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
