import {
  fitLine,
  greatestEigenvalue,
  hessian,
  hessianProduct,
  randomStream,
  symmetricEigen,
  type Eigenpair,
  type SymmetricEigen,
} from "@basin/numerics";
import { backpropagate, costOf, logisticCost, type DoubleActivation, type DoubleLayer } from "../backpropagation/double-network";
import type { SupervisedData } from "../kinds/supervised";
import type { NetworkWeights } from "../kinds/trained-network";

/** The cross-entropy of a network with one sigmoid output as a function of all its weights and biases θ [n], in double precision. */
export interface LossOfWeights {
  /** θ of the network given. */
  readonly weights: Float64Array;
  readonly value: (theta: Float64Array) => number;
  /** [n]. */
  readonly gradient: (theta: Float64Array) => Float64Array;
}

/** `activations` of the hidden layers. θ is layer after layer, weights row-major before biases. */
export function lossOfWeights(
  network: NetworkWeights,
  activations: readonly DoubleActivation[],
  data: SupervisedData,
): LossOfWeights {
  const layers = [...activations, "linear" as const].map((activation, l): DoubleLayer => ({
    weight: Float64Array.from(network[`layers.${l}.weight`]?.values ?? []),
    bias: Float64Array.from(network[`layers.${l}.bias`]?.values ?? []),
    activation,
  }));
  const arrays = (all: readonly { weight: Float64Array; bias: Float64Array }[]): Float64Array =>
    Float64Array.from(all.flatMap(({ weight, bias }) => [...weight, ...bias]));
  const at = (theta: Float64Array): DoubleLayer[] => {
    let start = 0;
    const next = (length: number): Float64Array => theta.slice(start, (start += length));
    return layers.map(({ weight, bias, activation }) => ({ weight: next(weight.length), bias: next(bias.length), activation }));
  };
  return {
    weights: arrays(layers),
    value: (theta) => costOf(at(theta), data, logisticCost),
    gradient: (theta) => arrays(backpropagate(at(theta), data, logisticCost)),
  };
}

/** How the loss bends at the weights of a network. */
export interface Curvature {
  /** Of the dense Hessian. */
  eigen: SymmetricEigen;
  /** Of Hessian–vector products alone. */
  power: Eigenpair;
  /** By how much the loss is off its parabola at each of `distances`: root mean square over random directions of length 1. */
  deviations: number[];
  /** Of the line through ln deviation over ln distance. */
  order: number;
}

/** Distances in the space of weights, 1e-3 … 1e-1. */
export const distances: readonly number[] = Array.from({ length: 9 }, (_, i) => 10 ** (-3 + i / 4));
const directions = 16;

/** Of one network's loss. `seed` draws directions and the start of the power iteration. */
export function curvatureOf({ weights, value, gradient }: LossOfWeights, seed: number): Curvature {
  const n = weights.length;
  const dense = hessian(gradient, weights);
  const power = greatestEigenvalue((v) => hessianProduct(gradient, weights, v), n, randomStream(seed, "sharpness/power"), {
    tolerance: 1e-4,
    maxIterations: 2000,
  });
  const [here, slope] = [value(weights), gradient(weights)];
  const squares = distances.map(() => 0);
  for (let k = 0; k < directions; k++) {
    const d = direction(seed, n, k);
    const first = dot(slope, d);
    const second = dot(
      d,
      Float64Array.from(d, (_, i) => dot(dense.subarray(i * n, (i + 1) * n), d)),
    );
    distances.forEach((s, at) => {
      const parabola = here + s * first + (s * s * second) / 2;
      squares[at] = (squares[at] ?? 0) + (value(along(weights, d, s)) - parabola) ** 2 / directions;
    });
  }
  const deviations = squares.map(Math.sqrt);
  const { slope: order } = fitLine(distances.map(Math.log), deviations.map(Math.log));
  return { eigen: symmetricEigen(dense, n), power, deviations, order };
}

/** Random direction number k of a seed, of length 1. */
export function direction(seed: number, n: number, k: number): Float64Array {
  const out = new Float64Array(n);
  randomStream(seed, "sharpness/directions", k).fillNormal(out);
  const length = Math.sqrt(dot(out, out));
  return out.map((z) => z / length);
}

/** θ + s·d. */
export function along(theta: Float64Array, d: Float64Array, s: number): Float64Array {
  return theta.map((x, i) => x + s * (d[i] ?? 0));
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}
