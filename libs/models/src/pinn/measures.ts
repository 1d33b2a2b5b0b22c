import { meanPerRun } from "@basin/engine";
import type { Measure } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";

/** A measure of r [runs, points, 1] and its gradient. */
export interface Measured {
  /** [runs] */
  value: () => tf.Tensor1D;
  /** The gradient by r is share · slope; the slope has the shape of r. */
  share: number;
  slope: () => tf.Tensor3D;
}

/** Call within tf.tidy. */
export function measureOf(measure: Measure, r: tf.Tensor3D): Measured {
  const [runs, points] = r.shape;
  switch (measure) {
    case "mean-square":
      return { value: () => meanPerRun(tf.square(r)), share: 2 / points, slope: () => r };
    case "mean-absolute":
      return { value: () => meanPerRun(tf.abs(r)), share: 1 / points, slope: () => tf.sign(r) };
    case "square-of-mean": {
      const mean = meanPerRun(r);
      const slope = (): tf.Tensor3D => tf.tile(tf.reshape<tf.Rank.R3>(mean, [runs, 1, 1]), [1, points, 1]);
      return { value: () => tf.square(mean), share: 2 / points, slope };
    }
    default: {
      const power = measure.positivePart;
      const above: tf.Tensor3D = tf.relu(r);
      const raised = (times: number): tf.Tensor3D =>
        Array.from({ length: times - 1 }).reduce<tf.Tensor3D>((product) => tf.mul(product, above), above);
      const slope = (): tf.Tensor3D => (power === 1 ? tf.cast(tf.greater(r, 0), "float32") : raised(power - 1));
      return { value: () => meanPerRun(raised(power)), share: power / points, slope };
    }
  }
}
