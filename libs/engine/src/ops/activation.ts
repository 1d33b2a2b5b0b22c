import { activationNames, type ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";

/** The number by which the kernels know an activation: its place in the contracts' list. */
export function activationNumber(name: ActivationName): number {
  return activationNames.indexOf(name);
}

export const leak = 0.01;
export const geluFactor = 2 * Math.sqrt(2 / Math.PI);
export const geluCubic = 0.044715;

/**
 * f(z) and f′(z) composed of TensorFlow.js' operations, for backends without our kernels. leaky-relu has slope 0.01 below 0, elu
 * α = 1, gelu is the tanh form ½z(1 + tanh u) = z·σ(2u), u = √(2/π)(z + 0.044715z³), swish is z·σ(z). f′ at a kink is that of its left side.
 */
export function composedActivation(name: ActivationName, z: tf.Tensor3D): { output: tf.Tensor3D; slope: tf.Tensor3D | null } {
  switch (name) {
    case "linear":
      return { output: z.clone(), slope: null };
    case "sigmoid": {
      const s = tf.sigmoid(z);
      return { output: s, slope: tf.mul<tf.Tensor3D>(s, tf.sub(1, s)) };
    }
    case "tanh": {
      const t = tf.tanh(z);
      return { output: t, slope: tf.sub<tf.Tensor3D>(1, tf.square(t)) };
    }
    case "relu":
      return { output: tf.relu(z), slope: tf.cast(tf.greater(z, 0), "float32") };
    case "leaky-relu": {
      const factor: tf.Tensor3D = tf.add(tf.mul(tf.cast(tf.greater(z, 0), "float32"), 1 - leak), leak);
      return { output: tf.mul<tf.Tensor3D>(z, factor), slope: factor };
    }
    case "elu": {
      const positive = tf.greater(z, 0);
      const below: tf.Tensor3D = tf.expm1(tf.minimum(z, 0));
      return {
        output: tf.where<tf.Tensor3D>(positive, z, below),
        slope: tf.where<tf.Tensor3D>(positive, tf.onesLike(z), tf.add(below, 1)),
      };
    }
    case "gelu": {
      const bent = tf.mul(tf.minimum(tf.square(z), 10_000), geluCubic);
      const s = tf.sigmoid(tf.mul(tf.mul(z, geluFactor), tf.add(1, bent)));
      const inner = tf.mul(tf.add(1, tf.mul(bent, 3)), geluFactor);
      const slope: tf.Tensor3D = tf.mul(s, tf.add(1, tf.mul(tf.mul(z, inner), tf.sub(1, s))));
      return { output: tf.mul<tf.Tensor3D>(z, s), slope };
    }
    case "swish": {
      const s = tf.sigmoid(z);
      return { output: tf.mul(z, s), slope: tf.mul(s, tf.add(1, tf.mul(z, tf.sub(1, s)))) };
    }
    case "softplus":
      return { output: tf.softplus(z), slope: tf.sigmoid(z) };
    case "sine":
      return { output: tf.sin(z), slope: tf.cos(z) };
  }
}
