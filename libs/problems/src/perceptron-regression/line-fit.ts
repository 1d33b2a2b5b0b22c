import type { NetworkWeights } from "../kinds/trained-network";

/** Instants in s and the speeds measured there in m/s: v = 0.5 t. */
export const instants: readonly number[] = [0, 0.25, 0.5, 0.75, 1];
export const speeds: readonly number[] = instants.map((t) => 0.5 * t);

/** The neuron v̂ = ReLU(weight·t + bias). */
export interface Line {
  weight: number;
  bias: number;
}

/** What NumPy draws first and second from N(0, 1) after `numpy.random.seed(42)`. */
export const sourceStart: Line = { weight: 0.49671415, bias: -0.1382643 };

/** As printed, to five digits: after the batch step, after one online epoch, after a hundred more. */
export const sourceLines: readonly Line[] = [
  { weight: 0.52842, bias: -0.09605 },
  { weight: 0.54193, bias: -0.07092 },
  { weight: 0.50555, bias: -0.00397 },
];

/** One step down the gradient of the squared errors added up over the five points. */
export function batchStep({ weight, bias }: Line, learningRate: number): Line {
  let [slope, offset] = [0, 0];
  instants.forEach((t, i) => {
    const sum = weight * t + bias;
    if (sum <= 0) return;
    const error = sum - (speeds[i] ?? Number.NaN);
    slope += 2 * error * t;
    offset += 2 * error;
  });
  return { weight: weight - learningRate * slope, bias: bias - learningRate * offset };
}

/** The neuron in the weights of a network without hidden layers. */
export function line(weights: NetworkWeights): Line {
  return {
    weight: weights["layers.0.weight"]?.values[0] ?? Number.NaN,
    bias: weights["layers.0.bias"]?.values[0] ?? Number.NaN,
  };
}

/** The other way round. */
export function weightsOf({ weight, bias }: Line): NetworkWeights {
  return {
    "layers.0.weight": { shape: [1, 1], values: Float32Array.of(weight) },
    "layers.0.bias": { shape: [1], values: Float32Array.of(bias) },
  };
}
