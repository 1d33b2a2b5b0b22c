import type { PinnActivationName } from "@basin/contracts";
import { activationDerivatives, denseBackward, denseForward } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetGradients, type JetPairs, type JetTensors, type JetTriples } from "./jet";
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

/** That of swish, h·s(h), is h·s⁗ + 4s‴ with the sigmoid s. */
function fourthDerivative(name: PinnActivationName, value: tf.Tensor3D, first: tf.Tensor3D): tf.Tensor3D {
  const second = (): tf.Tensor3D => secondDerivative(name, value, first);
  switch (name) {
    case "tanh":
      return tf.mul(second(), tf.sub(4, tf.mul(first, 12)));
    case "sigmoid":
      return tf.mul(second(), tf.sub(1, tf.mul(first, 12)));
    case "elu":
      return second();
    case "sine":
      return value;
    case "swish": {
      const [s, s1] = activationDerivatives(value, "sigmoid", 1);
      if (!s || !s1) throw new Error("no derivative of sigmoid");
      const bent = tf.mul(value, fourthDerivative("sigmoid", s, s1));
      return tf.add(bent, tf.mul(thirdDerivative("sigmoid", s, s1), 4));
    }
  }
}

function derivativeOf(name: PinnActivationName, x: tf.Tensor3D, order: 2 | 3): tf.Tensor3D {
  const found = activationDerivatives(x, name, order)[order];
  if (!found) throw new Error(`no derivative of order ${order} of ${name}`);
  return found;
}

/** Where the jet has the second derivative by two directions. */
function pairAt(pairs: JetPairs, firsts: number, a: number, b: number): number {
  const found = pairs.findIndex(([i, j]) => i === Math.min(a, b) && j === Math.max(a, b));
  if (found < 0) throw new RangeError("A third derivative needs the second ones.");
  return 1 + firsts + found;
}

/** `forwardJet` layer by layer, for backends without our kernels and for third derivatives. */
export function composedForward(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  jet: JetTensors,
  wanted: readonly boolean[],
  pairs: JetPairs,
  triples: JetTriples = [],
): { output: (tf.Tensor3D | null)[]; traces: LayerTrace[] } {
  const layers = parameters.length / 2;
  const firsts = jet.length - 1 - pairs.length - triples.length;
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
    const third = triples.length > 0 ? thirdDerivative(activation, value, first) : null;
    triples.forEach(([i, j, k], t) => {
      if (!second || !third) return;
      const [u, v, w] = [tensor3(rates, 1 + i), tensor3(rates, 1 + j), tensor3(rates, 1 + k)];
      const seconds = sum3(
        tf.mul(tensor3(rates, pairAt(pairs, firsts, i, j)), w),
        tf.mul(tensor3(rates, pairAt(pairs, firsts, i, k)), v),
        tf.mul(tensor3(rates, pairAt(pairs, firsts, j, k)), u),
      );
      const own = tf.mul<tf.Tensor3D>(first, tensor3(rates, 1 + firsts + pairs.length + t));
      next.push(sum3(tf.mul(third, tf.mul(u, tf.mul(v, w))), tf.mul(second, seconds), own));
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
  triples: JetTriples = [],
): { parameters: tf.Tensor3D[]; input: JetGradients } {
  const slopes: tf.Tensor3D[] = [];
  let upstream = gradients;
  for (let layer = traces.length - 1; layer >= 0; layer--) {
    const own = traces[layer];
    if (!own) throw new RangeError("The backward pass needs the trace of every layer.");
    const local = own.hidden ? throughActivation(activation, own.hidden, upstream, pairs, triples) : upstream;
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
  triples: JetTriples,
): JetGradients {
  const firsts = rates.length - 1 - pairs.length - triples.length;
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
  triples.forEach((directions, t) => {
    const at = 1 + firsts + pairs.length + t;
    const byThird = upstream[at];
    if (!byThird || !second) return;
    const f3 = thirdDerivative(activation, value, first);
    const [u, v, w] = directions.map((one) => tensor3(rates, 1 + one)) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    /** Each direction with the other two, and where the second derivative by these is. */
    const [i, j, k] = directions;
    const opposite = (
      [
        [i, v, w, pairAt(pairs, firsts, j, k)],
        [j, u, w, pairAt(pairs, firsts, i, k)],
        [k, u, v, pairAt(pairs, firsts, i, j)],
      ] as const
    ).map(([direction, one, other, pair]) => ({ direction, one, other, pair }));
    add(at, tf.mul(first, byThird));
    for (const { direction, one, other, pair } of opposite) {
      const bySlope = tf.add(tf.mul(f3, tf.mul(one, other)), tf.mul(second, tensor3(rates, pair)));
      add(1 + direction, tf.mul(bySlope, byThird));
      add(pair, tf.mul(tf.mul(second, tensor3(rates, 1 + direction)), byThird));
    }
    const [a, b, c] = opposite.map(({ direction, pair }) =>
      tf.mul<tf.Tensor3D>(tensor3(rates, 1 + direction), tensor3(rates, pair)),
    );
    if (!a || !b || !c) return;
    const curve = sum3(
      tf.mul(fourthDerivative(activation, value, first), tf.mul(u, tf.mul(v, w))),
      tf.mul(f3, sum3(a, b, c)),
      tf.mul(second, tensor3(rates, at)),
    );
    add(0, tf.mul(curve, byThird));
  });
  return flows;
}

function sum3(a: tf.Tensor3D, b: tf.Tensor3D, c: tf.Tensor3D): tf.Tensor3D {
  return tf.add(tf.add(a, b), c);
}
