import { activationNames, type ActivationName } from "@basin/contracts";
import { fusedLosses, lossAndGradient, openBackend, type FusedLoss } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { architectureOf, type Architecture } from "./architecture";
import { backward, forward } from "./network";

beforeAll(async () => {
  await openBackend("wasm");
});

const widths = [3, 5, 4, 2];
const samples = 7;

function plain(activation: ActivationName): Architecture {
  const parameters = { hiddenLayers: [5, 4], activation, layerActivations: "", batchNormalization: false };
  return architectureOf({ loss: "mse", outputActivation: "linear" }, { inputWidth: 3, outputWidth: 2 }, parameters);
}

/** The same network and losses in plain double precision. */
const activations: Record<ActivationName, (x: number) => number> = {
  linear: (x) => x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  "leaky-relu": (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => {
    // Φ(x) = ½ + φ(x)·Σ x^(2k+1)/(2k+1)!! (Abramowitz and Stegun 26.2.11).
    let [term, sum] = [x, x];
    for (let n = 3; n < 200; n += 2) sum += term *= (x * x) / n;
    return x * (0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum);
  },
  "gelu-tanh": (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  swish: (x) => x / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  sine: Math.sin,
  cosine: Math.cos,
};

const meanLosses: Record<FusedLoss, (z: number[][], t: number[][]) => number> = {
  mse: (z, t) => mean(z.flatMap((row, i) => row.map((v, j) => (v - t[i]![j]!) ** 2))),
  mae: (z, t) => mean(z.flatMap((row, i) => row.map((v, j) => Math.abs(v - t[i]![j]!)))),
  "bce-of-logits": (z, t) =>
    mean(
      z.flatMap((row, i) =>
        row.map((v, j) => -(t[i]![j]! * Math.log(1 / (1 + Math.exp(-v))) + (1 - t[i]![j]!) * Math.log(1 / (1 + Math.exp(v))))),
      ),
    ),
  "cce-of-logits": (z, t) =>
    mean(
      z.map((row, i) => {
        const total = row.reduce((sum, v) => sum + Math.exp(v), 0);
        return -row.reduce((sum, v, j) => sum + t[i]![j]! * Math.log(Math.exp(v) / total), 0);
      }),
    ),
};

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Loss of the network with the flat parameters w₀, b₀, w₁ … */
function referenceLoss(
  parameters: number[][],
  activation: ActivationName,
  loss: FusedLoss,
  x: number[][],
  t: number[][],
): number {
  let rows = x;
  for (let layer = 0; layer + 1 < widths.length; layer++) {
    const out = widths[layer + 1]!;
    const f = layer + 2 < widths.length ? activations[activation] : activations.linear;
    rows = rows.map((row) =>
      Array.from({ length: out }, (_, j) =>
        f(row.reduce((sum, v, i) => sum + v * parameters[2 * layer]![i * out + j]!, parameters[2 * layer + 1]![j]!)),
      ),
    );
  }
  return meanLosses[loss](rows, t);
}

function draw(count: number, purpose: string, index: number): number[] {
  const values = new Float32Array(count);
  randomStream(11, purpose, index).fillNormal(values);
  return [...values];
}

function rowsOf(flat: number[], width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
}

const cases = [
  ...activationNames.map((activation) => [activation, "mse"] as const),
  ...fusedLosses.slice(1).map((loss) => ["tanh", loss] as const),
];

describe("backpropagation against central differences in double precision", () => {
  it.each(cases)("%s, %s", (activation, loss) => {
    const net: Architecture = { ...plain(activation), loss };
    const shapes = net.specs.map(({ shape }) => shape);
    const runs = 2;
    const values = Array.from({ length: runs }, (_, r) =>
      shapes.map(([rows, columns], i) => draw(rows * columns, "parameters", 10 * r + i)),
    );
    const inputs = draw(samples * widths[0]!, "inputs", 0);
    // One class per sample: a proper target for every loss.
    const targets = Array.from({ length: samples }, (_, i) => (i % 2 === 0 ? [1, 0] : [0, 1])).flat();
    const gradients = tf.tidy(() => {
      const tensors = shapes.map(([rows, columns], i) =>
        tf.tensor3d(Float32Array.from(values.flatMap((run) => run[i]!)), [runs, rows, columns]),
      );
      const x = tf.tensor3d([...inputs, ...inputs], [runs, samples, widths[0]!]);
      const { output, traces } = forward(net, tensors, x, { traces: true, batchStatistics: true, masks: null });
      const { gradient, losses } = lossAndGradient(loss, output, tf.tensor3d([...targets, ...targets], [runs, samples, 2]), true);
      losses.dataSync().forEach((got, r) => {
        expect(got).toBeCloseTo(referenceLoss(values[r]!, activation, loss, rowsOf(inputs, widths[0]!), rowsOf(targets, 2)), 5);
      });
      return backward(net, tensors, traces, gradient!).map((tensor) => tensor.dataSync());
    });
    const h = 1e-6;
    values.forEach((run, r) => {
      run.forEach((weights, i) => {
        weights.forEach((weight, w) => {
          const at = (value: number): number => {
            const moved = run.map((all, j) => (j === i ? all.map((old, v) => (v === w ? value : old)) : all));
            return referenceLoss(moved, activation, loss, rowsOf(inputs, widths[0]!), rowsOf(targets, 2));
          };
          const want = (at(weight + h) - at(weight - h)) / (2 * h);
          const got = gradients[i]![r * weights.length + w]!;
          expect(Math.abs(got - want)).toBeLessThan(2e-5 * Math.max(1, Math.abs(want)));
        });
      });
    });
  });
});
