import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { util } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { activationNumber, geluCubic, geluFactor, leak, normal } from "./activation";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/** How many derivatives of an activation are wanted. */
export type DerivativeOrder = 0 | 1 | 2 | 3;

/**
 * f(x), f′(x) … up to the derivative of that order, elementwise and in that order, each shaped as x: what a family needs that
 * propagates time derivatives (ẍ = f″·ẋ² + f′·ẍ) or the residual of a differential equation, and the gradient of either.
 * At a kink every derivative is that of the left side; relu and leaky-relu have zeros from the second on. The caller owns the outputs.
 */
export function activationDerivatives<R extends tf.Rank>(
  x: tf.Tensor<R>,
  name: ActivationName,
  order: DerivativeOrder,
): tf.Tensor<R>[] {
  const outputs = hasKernels()
    ? runKernel("BasinActivationDerivatives", { x }, { activation: activationNumber(name), order })
    : tf.tidy(() => composedDerivatives(x, name).slice(0, order + 1));
  return outputs.map((_, i) => outputAt<R>(outputs, i));
}

function composedDerivatives(x: tf.Tensor, name: ActivationName): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] {
  const flat = (): tf.Tensor => tf.zerosLike(x);
  switch (name) {
    case "linear":
      return [x.clone(), tf.onesLike(x), flat(), flat()];
    case "sigmoid":
      return sigmoids(x);
    case "tanh": {
      const t = tf.tanh(x);
      const square = tf.square(t);
      const first = tf.sub(1, square);
      return [t, first, tf.mul(tf.mul(t, first), -2), tf.mul(first, tf.sub(tf.mul(square, 6), 2))];
    }
    case "relu":
      return [tf.relu(x), tf.cast(tf.greater(x, 0), "float32"), flat(), flat()];
    case "leaky-relu": {
      const factor = tf.add(tf.mul(tf.cast(tf.greater(x, 0), "float32"), 1 - leak), leak);
      return [tf.mul(x, factor), factor, flat(), flat()];
    }
    case "elu": {
      const positive = tf.greater(x, 0);
      const below = tf.minimum(x, 0);
      const power = tf.where(positive, flat(), tf.exp(below));
      return [tf.where(positive, x, tf.expm1(below)), tf.where(positive, tf.onesLike(x), power), power, power.clone()];
    }
    case "gelu": {
      const { near, distribution, density } = normal(x);
      const square = tf.square(near);
      return [
        tf.mul(tf.maximum(x, -12.9), distribution),
        tf.add(distribution, tf.mul(near, density)),
        tf.mul(density, tf.sub(2, square)),
        tf.mul(tf.mul(density, near), tf.sub(square, 4)),
      ];
    }
    case "gelu-tanh": {
      // x·σ(v), v = c(x + ax³); beyond |x| = 100 σ and its derivatives are constant to the bit.
      const near = tf.clipByValue(x, -100, 100);
      const square = tf.square(near);
      const v = tf.mul(tf.mul(near, geluFactor), tf.add(tf.mul(square, geluCubic), 1));
      const inner = {
        first: tf.mul(tf.add(tf.mul(square, 3 * geluCubic), 1), geluFactor),
        second: tf.mul(near, 6 * geluFactor * geluCubic),
        third: tf.scalar(6 * geluFactor * geluCubic),
      };
      return gated(x, near, sigmoids(v), inner);
    }
    case "swish":
      return gated(x, tf.clipByValue(x, -100, 100), sigmoids(x), null);
    case "softplus":
      return [tf.softplus(x), ...shortened(sigmoids(x))];
    case "sine": {
      const [sine, cosine] = [tf.sin(x), tf.cos(x)];
      return [sine, cosine, tf.neg(sine), tf.neg(cosine)];
    }
    case "cosine": {
      const [sine, cosine] = [tf.sin(x), tf.cos(x)];
      return [cosine, tf.neg(sine), tf.neg(cosine), sine];
    }
  }
}

type Four = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

/** σ and its derivatives: s, s(1−s), s′(1−2s), s′(1−6s′), with 1−s = σ(−v), which does not cancel. */
function sigmoids(v: tf.Tensor): Four {
  const [s, rest] = [tf.sigmoid(v), tf.sigmoid(tf.neg(v))];
  const first = tf.mul(s, rest);
  return [s, first, tf.mul(first, tf.sub(rest, s)), tf.mul(first, tf.sub(1, tf.mul(first, 6)))];
}

function shortened([first, second, third]: Four): [tf.Tensor, tf.Tensor, tf.Tensor] {
  return [first, second, third];
}

/** x·σ(v(x)) and its derivatives by the product and chain rules; v = x when `inner` is null. `near`: x where the factor still matters. */
function gated(
  x: tf.Tensor,
  near: tf.Tensor,
  [s, s1, s2, s3]: Four,
  inner: { first: tf.Tensor; second: tf.Tensor; third: tf.Tensor } | null,
): Four {
  let [g1, g2, g3] = [s1, s2, s3];
  if (inner) {
    const { first, second, third } = inner;
    g1 = tf.mul(s1, first);
    g2 = tf.add(tf.mul(s2, tf.square(first)), tf.mul(s1, second));
    const mixed = tf.mul(tf.mul(tf.mul(s2, first), second), 3);
    g3 = tf.add(tf.add(tf.mul(tf.mul(s3, tf.square(first)), first), mixed), tf.mul(s1, third));
  }
  return [
    tf.mul(tf.maximum(x, -100), s),
    tf.add(s, tf.mul(near, g1)),
    tf.add(tf.mul(g1, 2), tf.mul(near, g2)),
    tf.add(tf.mul(g2, 3), tf.mul(near, g3)),
  ];
}

/** Input x of any shape; attributes `activation` (its number) and `order` ≤ 3; outputs f, f′ … up to that order, shaped as x. */
export const activationDerivativesKernel: RegisteredKernel = {
  name: "BasinActivationDerivatives",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const outputs = Array.from({ length: numberAttribute(attributes, "order") + 1 }, () => kernels.output(x.shape));
    const address = (i: number): number => (outputs[i] ? kernels.at(outputs[i]) : 0);
    kernels.call.activationDerivatives(
      numberAttribute(attributes, "activation"),
      kernels.at(x),
      ...[address(0), address(1), address(2), address(3)],
      util.sizeFromShape(x.shape),
      kernels.scratch(80),
    );
    return outputs;
  },
};
