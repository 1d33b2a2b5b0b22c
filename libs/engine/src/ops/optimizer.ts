import { type OptimizerName, optimizerNames, optimizerSlots } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/** Floats per run in `hyper`. */
export const hyperWidth = 8;

/** What one step of one run needs; decay1 is ρ (momentum, nesterov, adagrad-momentum), α (rmsprop) or β₁ (adam), decay2 is β₂. */
export interface StepHyper {
  /** η; for adam η/(1−β₁ᵗ). */
  rate: number;
  epsilon: number;
  decay1: number;
  decay2: number;
  /** 1/(1−β₂ᵗ). */
  correction2: number;
}

/** Row `run` of the table [runs, 8] that `optimizerStep` takes. */
export function writeHyper(table: Float32Array, run: number, step: StepHyper): void {
  const { rate, epsilon, decay1, decay2, correction2 } = step;
  table.set([rate, epsilon, decay1, 1 - decay1, decay2, 1 - decay2, correction2, 0], run * hyperWidth);
}

/**
 * One step, as PyTorch 2 makes it, for weight tensors [runs, …] of one network; returns the new weights and slots (slots[s] runs parallel to the weights),
 * which the caller owns, and leaves the old ones alone. hyper [runs, 8] as `writeHyper` fills it. m, s: slots; g: gradient.
 * sgd w−ηg · momentum m←ρm+g, w−ηm · nesterov m←ρm+g, w−η(g+ρm) · adagrad s←s+g², w−ηg/(√s+ε) ·
 * rmsprop s←αs+(1−α)g², w−ηg/(√s+ε) · adam m←β₁m+(1−β₁)g, s←β₂s+(1−β₂)g², w−η·m̂/(√ŝ+ε) ·
 * adagrad-momentum s←s+g², m←ρm+ηg/(√s+ε), w−m, of which PyTorch has none.
 */
export function optimizerStep<T extends tf.Tensor>(
  optimizer: OptimizerName,
  weights: readonly T[],
  gradients: readonly tf.Tensor[],
  slots: readonly (readonly T[])[],
  hyper: tf.Tensor2D,
): { weights: T[]; slots: T[][] } {
  if (weights.length !== gradients.length)
    throw new RangeError(`There are ${gradients.length} gradients for ${weights.length} weights.`);
  const own = slots.slice(0, optimizerSlots[optimizer]);
  const width = 1 + own.length;
  const outputs = hasKernels()
    ? runKernel("BasinOptimizerStep", named(weights, gradients, own, hyper), {
        optimizer: optimizerNames.indexOf(optimizer),
        count: weights.length,
      })
    : tf.tidy(() =>
        weights.flatMap((weight, i) => {
          const gradient = gradients[i];
          const kept = own.flatMap((slot) => slot[i] ?? []);
          return gradient ? composed(optimizer, weight, gradient, kept, hyper) : [];
        }),
      );
  const group = (s: number): T[] => weights.map((_, i) => outputAt(outputs, width * i + s) as T);
  return { weights: group(0), slots: own.map((_, s) => group(s + 1)) };
}

function named(
  weights: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  slots: readonly (readonly tf.Tensor[])[],
  hyper: tf.Tensor2D,
): Record<string, tf.Tensor> {
  const all: Record<string, tf.Tensor> = { hyper };
  for (const [i, weight] of weights.entries()) {
    const [gradient, a, b] = [gradients[i], slots[0]?.[i], slots[1]?.[i]];
    all[`weight${i}`] = weight;
    if (gradient) all[`gradient${i}`] = gradient;
    if (a) all[`a${i}`] = a;
    if (b) all[`b${i}`] = b;
  }
  return all;
}

function composed(
  optimizer: OptimizerName,
  w: tf.Tensor,
  g: tf.Tensor,
  slots: readonly tf.Tensor[],
  hyper: tf.Tensor2D,
): tf.Tensor[] {
  const shape = w.shape.map((_, axis) => (axis === 0 ? -1 : 1));
  const column = (i: number): tf.Tensor => tf.reshape(tf.slice(hyper, [0, i], [-1, 1]), shape);
  const step = tf.mul(column(0), g);
  const epsilon = column(1);
  const [a = tf.zerosLike(w), b = tf.zerosLike(w)] = slots;
  switch (optimizer) {
    case "sgd":
      return [tf.sub(w, step)];
    case "momentum": {
      const m = tf.add(tf.mul(column(2), a), g);
      return [tf.sub(w, tf.mul(column(0), m)), m];
    }
    case "nesterov": {
      const m = tf.add(tf.mul(column(2), a), g);
      return [tf.sub(w, tf.mul(column(0), tf.add(g, tf.mul(column(2), m)))), m];
    }
    case "adagrad": {
      const s = tf.add(a, tf.square(g));
      return [tf.sub(w, tf.div(step, tf.add(tf.sqrt(s), epsilon))), s];
    }
    case "rmsprop": {
      const s = tf.add(tf.mul(column(2), a), tf.mul(column(3), tf.square(g)));
      return [tf.sub(w, tf.div(step, tf.add(tf.sqrt(s), epsilon))), s];
    }
    case "adam": {
      const m = tf.add(tf.mul(column(2), a), tf.mul(column(3), g));
      const s = tf.add(tf.mul(column(4), b), tf.mul(column(5), tf.square(g)));
      const root = tf.add(tf.sqrt(tf.mul(s, column(6))), epsilon);
      return [tf.sub(w, tf.div(tf.mul(column(0), m), root)), m, s];
    }
    case "adagrad-momentum": {
      const s = tf.add(a, tf.square(g));
      const m = tf.add(tf.mul(column(2), b), tf.div(step, tf.add(tf.sqrt(s), epsilon)));
      return [tf.sub(w, m), s, m];
    }
  }
}

/**
 * Inputs weightᵢ and gradientᵢ [runs, …] with slots aᵢ and bᵢ (as many as the optimizer has) for each of the attribute `count` weights, hyper
 * [runs, 8]; outputs the new weight and slots of the first, then of the second, and so on.
 */
export const optimizerStepKernel: RegisteredKernel = {
  name: "BasinOptimizerStep",
  run(kernels, inputs, attributes) {
    const optimizer = numberAttribute(attributes, "optimizer");
    const hyper = kernels.at(input(inputs, "hyper"));
    const edge = kernels.scratch(64);
    const at = (tensor: TensorInfo | undefined): number => (tensor ? kernels.at(tensor) : 0);
    return Array.from({ length: numberAttribute(attributes, "count") }, (_, i) => {
      const weight = input(inputs, `weight${i}`);
      const [a, b] = [inputs[`a${i}`], inputs[`b${i}`]];
      const outputs = [weight, a, b].flatMap((tensor) => (tensor ? [kernels.output(tensor.shape)] : []));
      const [runs = 1, ...axes] = weight.shape;
      kernels.call.optimizerStep(
        ...[optimizer, at(weight), at(input(inputs, `gradient${i}`)), at(a), at(b)],
        ...[at(outputs[0]), at(outputs[1]), at(outputs[2])],
        ...[hyper, runs, util.sizeFromShape(axes), edge],
      );
      return outputs;
    }).flat();
  },
};
