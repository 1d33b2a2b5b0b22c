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
 * Φ(x), φ(x) and x within ±12.9, as the kernels take them (libs/engine/kernels/vector-math.ts has the source): not by `tf.erf`, which
 * every backend approximates in its own way, to 1.5e-7 on some.
 */
export function normal<T extends tf.Tensor>(x: T): { near: T; distribution: T; density: T } {
  const near = tf.clipByValue(x, -12.9, 12.9);
  const e = tf.exp(tf.mul(tf.square(near), -0.5));
  const size = tf.abs(near);
  const polynomial = (coefficients: readonly number[]): tf.Tensor =>
    coefficients.slice(1).reduce<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, size), c), tf.fill(x.shape, coefficients[0] ?? 0));
  const tail = tf.div<T>(tf.mul(e, polynomial(tailNumerator)), polynomial(tailDenominator));
  const distribution: T = tf.where(tf.greater(near, 0), tf.sub<T>(1, tail), tail);
  return { near, distribution, density: tf.mul<T>(e, 0.3989422804014327) };
}

/** From the highest power down. */
const tailNumerator = [0.0052149105, 0.052327357, 0.23866653, 0.5762115, 0.665];
const tailDenominator = [0.013071631, 0.13117594, 0.6110845, 1.578535, 2.2136095, 1.33];

/**
 * f(z) and f′(z) composed of TensorFlow.js' operations, for backends without our kernels. leaky-relu has slope 0.01 below 0, elu
 * α = 1, gelu is z·Φ(z), gelu-tanh ½z(1 + tanh u) = z·σ(2u), u = √(2/π)(z + 0.044715z³), swish is z·σ(z). f′ at a kink is that of its left side.
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
      const { near, distribution, density } = normal(z);
      return {
        output: tf.mul<tf.Tensor3D>(tf.maximum(z, -12.9), distribution),
        slope: tf.add<tf.Tensor3D>(distribution, tf.mul(near, density)),
      };
    }
    case "gelu-tanh": {
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
    case "cosine":
      return { output: tf.cos(z), slope: tf.neg(tf.sin(z)) };
  }
}
