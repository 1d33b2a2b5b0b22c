import type { PinnActivationName } from "@basin/contracts";
import { activationDerivatives, denseBackward, denseForward } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetGradients, type JetPairs, type JetTensors } from "./jet";
import { product } from "./product";

/** What the layers keep; the last one, linear, has nothing but its input. */
export interface LayerTrace {
  input: JetTensors;
  hidden: HiddenTrace | null;
}

interface HiddenTrace {
  /** f(H), for swish H itself: f″ and f‴ are taken from it and from f′. */
  value: tf.Tensor3D;
  first: tf.Tensor3D;
  /** f″, where the jet has derivatives. */
  second: tf.Tensor3D | null;
  /** U_i and V_ij in the places of the jet, from 1 on. */
  rates: readonly tf.Tensor3D[];
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
    case "swish":
      return derivativeOf(name, value, 2);
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
    case "swish":
      return derivativeOf(name, value, 3);
  }
}

function derivativeOf(name: PinnActivationName, x: tf.Tensor3D, order: 2 | 3): tf.Tensor3D {
  const found = activationDerivatives(x, name, order)[order];
  if (!found) throw new Error(`no derivative of order ${order} of ${name}`);
  return found;
}

/** `forwardJet` layer by layer, for backends without our kernels. */
export function composedForward(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  jet: JetTensors,
  wanted: readonly boolean[],
  pairs: JetPairs,
): { output: (tf.Tensor3D | null)[]; traces: LayerTrace[] } {
  const layers = parameters.length / 2;
  const firsts = jet.length - 1 - pairs.length;
  const traces: LayerTrace[] = [];
  let input = jet;
  for (let layer = 0; layer + 1 < layers; layer++) {
    const weight = tensor3(parameters, 2 * layer);
    const bias = tensor3(parameters, 2 * layer + 1);
    const { output, slope: first } = denseForward(activation, tensor3(input, 0), weight, bias, true);
    if (!first) throw new Error("a hidden layer without slope");
    const value = activation === "swish" ? denseForward("linear", tensor3(input, 0), weight, bias, false).output : output;
    const rates = [value, ...input.slice(1).map((rate) => product(rate, weight))];
    const second = input.length > 1 ? secondDerivative(activation, value, first) : null;
    const next = [output];
    for (let i = 1; i <= firsts; i++) next.push(tf.mul(first, tensor3(rates, i)));
    pairs.forEach(([i, j], p) => {
      if (!second) throw new RangeError("A second derivative needs the first ones.");
      const bent: tf.Tensor3D = tf.mul(tf.mul(second, tensor3(rates, 1 + i)), tensor3(rates, 1 + j));
      next.push(tf.add(bent, tf.mul(first, tensor3(rates, 1 + firsts + p))));
    });
    traces.push({ input, hidden: { value, first, second, rates } });
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
  pairs: JetPairs,
): { parameters: tf.Tensor3D[]; input: JetGradients } {
  const slopes: tf.Tensor3D[] = [];
  let upstream = gradients;
  for (let layer = traces.length - 1; layer >= 0; layer--) {
    const own = traces[layer];
    if (!own) throw new RangeError("The backward pass needs the trace of every layer.");
    const local = own.hidden ? throughActivation(activation, own.hidden, upstream, pairs) : upstream;
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
  { value, first, second, rates }: HiddenTrace,
  upstream: JetGradients,
  pairs: JetPairs,
): JetGradients {
  const firsts = rates.length - 1 - pairs.length;
  const flows: (tf.Tensor3D | null)[] = rates.map(() => null);
  const add = (i: number, flow: tf.Tensor3D): void => {
    const before = flows[i];
    flows[i] = before ? tf.add(before, flow) : flow;
  };
  const g = upstream[0];
  if (g) add(0, tf.mul(first, g));
  for (let i = 1; i <= firsts; i++) {
    const byRate = upstream[i];
    if (!byRate || !second) continue;
    add(i, tf.mul(first, byRate));
    add(0, tf.mul(tf.mul(second, tensor3(rates, i)), byRate));
  }
  const third = pairs.some((_, p) => upstream[1 + firsts + p]) ? thirdDerivative(activation, value, first) : null;
  pairs.forEach(([a, b], p) => {
    const at = 1 + firsts + p;
    const bySecond = upstream[at];
    if (!bySecond || !second || !third) return;
    const [u, w] = [tensor3(rates, 1 + a), tensor3(rates, 1 + b)];
    add(at, tf.mul(first, bySecond));
    const curve: tf.Tensor3D = tf.add(tf.mul(third, tf.mul(u, w)), tf.mul(second, tensor3(rates, at)));
    add(0, tf.mul(curve, bySecond));
    const through = (rate: tf.Tensor3D): tf.Tensor3D => tf.mul(tf.mul(second, rate), bySecond);
    if (a === b) add(1 + a, tf.mul(through(w), 2));
    else {
      add(1 + a, through(w));
      add(1 + b, through(u));
    }
  });
  return flows;
}
