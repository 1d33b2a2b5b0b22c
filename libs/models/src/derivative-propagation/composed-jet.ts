import type { PinnActivationName } from "@basin/contracts";
import { denseBackward, denseForward } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetGradients, type JetTensors } from "./jet";
import { product } from "./product";

/** f, f′, f″∘U and the rates U and V of a layer; null behind the linear last one. */
export interface LayerTrace {
  input: JetTensors;
  hidden: { value: tf.Tensor3D; first: tf.Tensor3D; bent: tf.Tensor3D | null; rates: readonly tf.Tensor3D[] } | null;
}

/** f″ from f and f′. elu jumps at 0 and takes its left side's 1 nowhere but below. */
function secondDerivative(name: PinnActivationName, value: tf.Tensor3D, first: tf.Tensor3D): tf.Tensor3D {
  switch (name) {
    case "tanh":
      return tf.mul(tf.mul(value, first), -2);
    case "sigmoid":
      return tf.mul(first, tf.sub(1, tf.mul(value, 2)));
    case "elu":
      return tf.mul(first, tf.cast(tf.less(value, 0), "float32"));
    case "sine":
      return tf.neg(value);
  }
}

function thirdDerivative(name: PinnActivationName, value: tf.Tensor3D, first: tf.Tensor3D): tf.Tensor3D {
  switch (name) {
    case "tanh":
      return tf.mul(first, tf.sub(4, tf.mul(first, 6)));
    case "sigmoid":
      return tf.mul(first, tf.sub(1, tf.mul(first, 6)));
    case "elu":
      return secondDerivative(name, value, first);
    case "sine":
      return tf.neg(first);
  }
}

/** `forwardJet` layer by layer, for backends without our kernels. */
export function composedForward(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  jet: JetTensors,
  wanted: readonly boolean[],
): { output: (tf.Tensor3D | null)[]; traces: LayerTrace[] } {
  const layers = parameters.length / 2;
  const traces: LayerTrace[] = [];
  let input = jet;
  for (let layer = 0; layer + 1 < layers; layer++) {
    const weight = tensor3(parameters, 2 * layer);
    const { output: value, slope: first } = denseForward(
      activation,
      tensor3(input, 0),
      weight,
      tensor3(parameters, 2 * layer + 1),
      true,
    );
    if (!first) throw new Error("a hidden layer without slope");
    const rates = input.slice(1).map((rate) => product(rate, weight));
    const [u, v] = rates;
    const next = [value];
    let bent: tf.Tensor3D | null = null;
    if (u) next.push(tf.mul(first, u));
    if (u && v) {
      bent = tf.mul(secondDerivative(activation, value, first), u);
      next.push(tf.add(tf.mul(bent, u), tf.mul(first, v)));
    }
    traces.push({ input, hidden: { value, first, bent, rates } });
    input = next;
  }
  const weight = tensor3(parameters, 2 * layers - 2);
  const output = input.map((entry, i) => {
    if (!wanted[i]) return null;
    return i === 0
      ? denseForward("linear", entry, weight, tensor3(parameters, 2 * layers - 1), false).output
      : product(entry, weight);
  });
  traces.push({ input, hidden: null });
  return { output, traces };
}

/** `backwardJet` likewise. */
export function composedBackward(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  traces: readonly LayerTrace[],
  gradients: JetGradients,
  wantInput: boolean,
): { parameters: tf.Tensor3D[]; input: JetGradients } {
  const slopes: tf.Tensor3D[] = [];
  let upstream = gradients;
  for (let layer = traces.length - 1; layer >= 0; layer--) {
    const own = traces[layer];
    if (!own) throw new RangeError("The backward pass needs the trace of every layer.");
    const local = own.hidden ? throughActivation(activation, own.hidden, upstream) : upstream;
    const weight = tensor3(parameters, 2 * layer);
    const further = layer > 0 || wantInput;
    let dWeight: tf.Tensor3D | null = null;
    let dBias = tf.zerosLike(tensor3(parameters, 2 * layer + 1));
    const inputs: (tf.Tensor3D | null)[] = [];
    for (const [i, entry] of own.input.entries()) {
      const g = local[i] ?? null;
      inputs.push(null);
      if (!g) continue;
      const back = denseBackward(g, null, entry, weight, further);
      dWeight = dWeight ? tf.add(dWeight, back.weight) : back.weight;
      if (i === 0) dBias = back.bias;
      inputs[i] = back.input;
    }
    slopes.unshift(dWeight ?? tf.zerosLike(weight), dBias);
    upstream = inputs;
  }
  return { parameters: slopes, input: upstream };
}

function throughActivation(
  activation: PinnActivationName,
  { value, first, bent, rates: [u, v] }: NonNullable<LayerTrace["hidden"]>,
  [g0 = null, g1 = null, g2 = null]: JetGradients,
): JetGradients {
  const sum = (a: tf.Tensor3D | null, b: tf.Tensor3D): tf.Tensor3D => (a ? tf.add(a, b) : b);
  let toH = g0 ? tf.mul<tf.Tensor3D>(first, g0) : null;
  let toU = g1 ? tf.mul<tf.Tensor3D>(first, g1) : null;
  let toV: tf.Tensor3D | null = null;
  if (g1 && u) toH = sum(toH, tf.mul(bent ?? tf.mul(secondDerivative(activation, value, first), u), g1));
  if (g2 && u && v && bent) {
    toV = tf.mul(first, g2);
    toU = sum(toU, tf.mul(tf.mul(bent, g2), 2));
    const second = secondDerivative(activation, value, first);
    const curve: tf.Tensor3D = tf.add(tf.mul(thirdDerivative(activation, value, first), tf.square(u)), tf.mul(second, v));
    toH = sum(toH, tf.mul(curve, g2));
  }
  return [toH, toU, toV];
}
