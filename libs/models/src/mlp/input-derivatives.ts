import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "./architecture";
import { runningMap } from "./batch-normalization";
import { layerArrays, type NetworkArrays } from "./network";
import { shapedDerivatives } from "./shaped-activation";

/**
 * Derivatives along one direction of the inputs by forward propagation (Taylor coefficients through every layer): with z = aW + b and its
 * derivatives zₖ = aₖW, the chain rule gives f′z₁, f″z₁² + f′z₂ and f‴z₁³ + 3f″z₁z₂ + f′z₃. x and direction [runs, points, in] →
 * value and derivatives 1 … order, [runs, points, out] each, with the activation that predicts. Dropout is off, normalization by the running
 * averages. Call within tf.tidy. Throws RangeError for a softmax output.
 */
export function inputDerivatives(
  net: Architecture,
  parameters: NetworkArrays,
  x: tf.Tensor3D,
  direction: tf.Tensor3D,
  order: 1 | 2 | 3,
): tf.Tensor3D[] {
  if (net.softmax) throw new RangeError("Derivatives of a softmax output are not offered.");
  const last = net.activations.length - 1;
  let jet: tf.Tensor3D[] = [x, direction, tf.zerosLike(x), tf.zerosLike(x)].slice(0, order + 1);
  net.activations.forEach((trained, layer) => {
    const { weight, bias, normal } = layerArrays(net, parameters, layer);
    let through = jet.map((one) => tf.matMul(one, weight));
    let offset = bias;
    if (normal) {
      const map = runningMap(normal.scale, normal.shift, normal.running);
      through = through.map((one) => tf.mul(one, map.factor));
      offset = tf.add(tf.mul(bias, map.factor), map.offset);
    }
    const [z0, z1, z2, z3] = through;
    if (!z0 || !z1) throw new Error("a value without derivative");
    const f = shapedDerivatives(tf.add<tf.Tensor3D>(z0, offset), layer === last ? net.predicting : trained, order, net.shape);
    const [f0, f1, f2, f3] = f;
    if (!f0 || !f1) throw new Error("an activation without derivative");
    jet = [f0, tf.mul(f1, z1)];
    if (f2 && z2) jet.push(tf.add(tf.mul(f2, tf.square(z1)), tf.mul(f1, z2)));
    if (f2 && f3 && z2 && z3) {
      const cubic = tf.mul(f3, tf.mul(tf.square(z1), z1));
      jet.push(tf.add(tf.add(cubic, tf.mul(3, tf.mul(f2, tf.mul(z1, z2)))), tf.mul(f1, z3)));
    }
  });
  return jet;
}
