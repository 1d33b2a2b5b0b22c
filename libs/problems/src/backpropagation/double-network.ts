import { cosPi, exponential, logarithm, sinPi, sum } from "@basin/numerics";

/** Activations of the reference in double precision. */
export const doubleActivationNames = [
  "linear",
  "sigmoid",
  "tanh",
  "relu",
  "leaky-relu",
  "elu",
  "swish",
  "softplus",
  "sine",
] as const;
export type DoubleActivation = (typeof doubleActivationNames)[number];

const leak = 0.01;

function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + exponential(-z)) : exponential(z) / (1 + exponential(z));
}

/** f(z) and f′(z); leaky-relu with slope 0.01, elu with α = 1. */
export function activate(name: DoubleActivation, z: number): { value: number; slope: number } {
  switch (name) {
    case "linear":
      return { value: z, slope: 1 };
    case "sigmoid": {
      const value = sigmoid(z);
      return { value, slope: value * (1 - value) };
    }
    case "tanh": {
      const value = 2 * sigmoid(2 * z) - 1;
      return { value, slope: 1 - value * value };
    }
    case "relu":
      return z > 0 ? { value: z, slope: 1 } : { value: 0, slope: 0 };
    case "leaky-relu":
      return z > 0 ? { value: z, slope: 1 } : { value: leak * z, slope: leak };
    case "elu": {
      const power = z > 0 ? 1 : exponential(z);
      return z > 0 ? { value: z, slope: 1 } : { value: power - 1, slope: power };
    }
    case "swish": {
      const s = sigmoid(z);
      return { value: z * s, slope: s + z * s * (1 - s) };
    }
    case "softplus":
      return { value: Math.max(z, 0) + logarithm(1 + exponential(-Math.abs(z))), slope: sigmoid(z) };
    case "sine":
      return { value: sinPi(z / Math.PI), slope: cosPi(z / Math.PI) };
  }
}

/** One dense layer, z = a·W + b. */
export interface DoubleLayer {
  /** Row-major [in, out]. */
  weight: Float64Array;
  /** [out]. */
  bias: Float64Array;
  activation: DoubleActivation;
}

/** Samples as row-major [samples, width]. */
export interface DoubleData {
  samples: number;
  inputs: ArrayLike<number>;
  targets: ArrayLike<number>;
}

interface LayerPass {
  /** [samples, in]. */
  input: ArrayLike<number>;
  /** f(z) and f′(z), [samples, out]. */
  output: Float64Array;
  slope: Float64Array;
}

function forward(layers: readonly DoubleLayer[], { samples, inputs }: DoubleData): LayerPass[] {
  const passes: LayerPass[] = [];
  let input = inputs;
  for (const { weight, bias, activation } of layers) {
    const columns = bias.length;
    const rows = weight.length / columns;
    const output = new Float64Array(samples * columns);
    const slope = new Float64Array(samples * columns);
    for (let s = 0; s < samples; s++)
      for (let j = 0; j < columns; j++) {
        let z = bias[j] ?? Number.NaN;
        for (let i = 0; i < rows; i++) z += (input[s * rows + i] ?? Number.NaN) * (weight[i * columns + j] ?? Number.NaN);
        const f = activate(activation, z);
        output[s * columns + j] = f.value;
        slope[s * columns + j] = f.slope;
      }
    passes.push({ input, output, slope });
    input = output;
  }
  return passes;
}

/** What one output component a costs for its target, and its derivative by a. The cost C is the mean over samples and components. */
export interface DoubleCost {
  value(output: number, target: number): number;
  slope(output: number, target: number): number;
}

const squaredError: DoubleCost = {
  value: (output, target) => (output - target) ** 2,
  slope: (output, target) => 2 * (output - target),
};

/** Cross-entropy of a sigmoid, of its value z before it: ln(1 + e^z) − yz, with the slope σ(z) − y. For a last layer that is linear. */
export const logisticCost: DoubleCost = {
  value: (z, target) => activate("softplus", z).value - target * z,
  slope: (z, target) => sigmoid(z) - target,
};

/** The cost C; squared errors unless told otherwise. */
export function costOf(layers: readonly DoubleLayer[], data: DoubleData, cost: DoubleCost = squaredError): number {
  const output = forward(layers, data).at(-1)?.output ?? new Float64Array(0);
  return sum(output.map((value, i) => cost.value(value, data.targets[i] ?? Number.NaN))) / output.length;
}

/** ∂C/∂W and ∂C/∂b of one layer. */
export interface LayerGradient {
  weight: Float64Array;
  bias: Float64Array;
}

/**
 * Backpropagation in double precision, written out: δᴸ = f′(zᴸ) ∘ ∂C/∂aᴸ, δˡ = (δˡ⁺¹ (Wˡ⁺¹)ᵀ) ∘ f′(zˡ), ∂C/∂Wˡ = (aˡ⁻¹)ᵀ δˡ,
 * ∂C/∂bˡ = Σ over samples of δˡ.
 */
export function backpropagate(
  layers: readonly DoubleLayer[],
  data: DoubleData,
  cost: DoubleCost = squaredError,
): LayerGradient[] {
  const passes = forward(layers, data);
  const last = passes.at(-1);
  if (!last) return [];
  let upstream = last.output.map((value, i) => cost.slope(value, data.targets[i] ?? Number.NaN) / last.output.length);
  const gradients: LayerGradient[] = [];
  for (let l = layers.length - 1; l >= 0; l--) {
    const [layer, pass] = [layers[l], passes[l]];
    if (!layer || !pass) throw new RangeError(`There is no layer ${l}.`);
    const columns = layer.bias.length;
    const rows = layer.weight.length / columns;
    const delta = upstream.map((value, i) => value * (pass.slope[i] ?? Number.NaN));
    const gradient = { weight: new Float64Array(layer.weight.length), bias: new Float64Array(columns) };
    upstream = new Float64Array(data.samples * rows);
    for (let s = 0; s < data.samples; s++)
      for (let j = 0; j < columns; j++) {
        const d = delta[s * columns + j] ?? Number.NaN;
        gradient.bias[j] = (gradient.bias[j] ?? 0) + d;
        for (let i = 0; i < rows; i++) {
          const at = i * columns + j;
          gradient.weight[at] = (gradient.weight[at] ?? 0) + (pass.input[s * rows + i] ?? Number.NaN) * d;
          upstream[s * rows + i] = (upstream[s * rows + i] ?? 0) + (layer.weight[at] ?? Number.NaN) * d;
        }
      }
    gradients.unshift(gradient);
  }
  return gradients;
}

/** (C(w + h) − C(w − h)) / 2h for every weight and bias, in double precision. The layers are as before afterwards. */
export function centralDifferences(layers: readonly DoubleLayer[], data: DoubleData, h: number): LayerGradient[] {
  const along = (values: Float64Array): Float64Array =>
    values.map((value, i) => {
      values[i] = value + h;
      const above = costOf(layers, data);
      values[i] = value - h;
      const below = costOf(layers, data);
      values[i] = value;
      return (above - below) / (2 * h);
    });
  return layers.map(({ weight, bias }) => ({ weight: along(weight), bias: along(bias) }));
}

/** ‖a − b‖ / max(‖a‖, ‖b‖) of one array; 0 where both are zero. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const norm = (values: readonly number[]): number => Math.sqrt(sum(values.map((value) => value * value)));
  const [first, second] = [Array.from(a), Array.from(b)];
  const scale = Math.max(norm(first), norm(second));
  return scale > 0 ? norm(first.map((value, i) => value - (second[i] ?? Number.NaN))) / scale : scale;
}
