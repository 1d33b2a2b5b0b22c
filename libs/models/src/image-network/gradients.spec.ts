import { parseImageBlocks, type ActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { blockLayers, denseLayers, isTrainable, sizeOf, specsOf, vectorOf, type Layer } from "./layer";
import { backward, forward } from "./passes";

beforeAll(async () => {
  await openBackend("wasm");
});

const activations: Partial<Record<ActivationName, (x: number) => number>> = {
  linear: (x) => x,
  tanh: Math.tanh,
  sine: Math.sin,
  cosine: Math.cos,
  softplus: (x) => Math.log1p(Math.exp(x)),
};

/** One layer on one sample in plain double precision, straight from the definitions. */
function referenceLayer(layer: Layer, weight: number[], bias: number[], x: number[]): number[] {
  const f = activations[layer.activation];
  if (!f) throw new Error(`no reference for ${layer.activation}`);
  const { input, output } = layer;
  const out = Array.from({ length: sizeOf(output) }, (_, o) => (isTrainable(layer) ? bias[o % bias.length]! : 0));
  if (layer.kind === "dense") return out.map((b, o) => f(b + x.reduce((sum, v, i) => sum + v * weight[i * out.length + o]!, 0)));
  const { kind, kernel, stride, padding } = layer.block;
  const greatest = out.map(() => Number.NEGATIVE_INFINITY);
  // Every pair of a place on the small side of the window and one under it.
  const [small, large] = kind === "transposed" ? [input, output] : [output, input];
  for (let p = 0; p < small.rows; p++)
    for (let q = 0; q < small.columns; q++)
      for (let i = 0; i < kernel; i++)
        for (let j = 0; j < kernel; j++) {
          const [row, column] = [p * stride + i - padding, q * stride + j - padding];
          if (row < 0 || row >= large.rows || column < 0 || column >= large.columns) continue;
          for (let s = 0; s < small.channels; s++)
            for (let l = 0; l < large.channels; l++) {
              const [at, under] = [
                (p * small.columns + q) * small.channels + s,
                (row * large.columns + column) * large.channels + l,
              ];
              if (kind === "conv") out[at]! += x[under]! * weight[((i * kernel + j) * large.channels + l) * small.channels + s]!;
              if (kind === "transposed")
                out[under]! += x[at]! * weight[((i * kernel + j) * large.channels + l) * small.channels + s]!;
              if (kind === "average-pool" && s === l) out[at]! += x[under]! / kernel ** 2;
              if (kind === "max-pool" && s === l) greatest[at] = Math.max(greatest[at]!, x[under]!);
            }
        }
  return kind === "max-pool" ? greatest : out.map((z) => (isTrainable(layer) ? f(z) : z));
}

const runs = 2;
const samples = 3;
const image = { rows: 5, columns: 6, channels: 2 };

function draw(count: number, purpose: string, index: number): number[] {
  const values = new Float32Array(count);
  randomStream(17, purpose, index).fillNormal(values);
  return [...values].map((value) => Math.fround(0.5 * value));
}

function chain(blocks: string, activation: ActivationName, widths: number[]): Layer[] {
  const first = blockLayers(image, parseImageBlocks(blocks), activation, activation);
  return [...first, ...denseLayers(first.at(-1)?.output ?? image, widths.map(vectorOf), activation, "linear")];
}

const cases: [name: string, layers: Layer[]][] = [
  ["conv, maximum pool with padding, conv, dense", chain("conv 3 k3 p1, max-pool 2 p1, conv 4 k2 s1", "tanh", [5, 3])],
  ["strided conv, average pool", chain("conv 3 k4 s2 p2, average-pool 2 s1 p1", "sine", [2])],
  ["transposed conv, conv", chain("transposed 3 k4 s2 p1, conv 2 k3 s2", "softplus", [])],
  ["dense only", chain("", "tanh", [4, 3])],
];

describe("image networks against the definitions in double precision", () => {
  it.each(cases)("%s: outputs, and every gradient by central differences", (_, layers) => {
    const specs = specsOf("layers", layers);
    const sizes = specs.map(({ shape }) => shape.reduce((product, n) => product * n, 1));
    const values = Array.from({ length: runs }, (_, r) => sizes.map((count, i) => draw(count, "parameters", 100 * r + i)));
    const inputs = Array.from({ length: runs * samples }, (_, i) => draw(sizeOf(image), "inputs", i));
    const width = sizeOf(layers.at(-1)!.output);
    const pull = draw(runs * samples * width, "pull", 0);
    const reference = (parameters: number[][], x: number[]): number[] => {
      let at = 0;
      return layers.reduce((value, layer) => {
        if (!isTrainable(layer)) return referenceLayer(layer, [], [], value);
        at += 2;
        return referenceLayer(layer, parameters[at - 2]!, parameters[at - 1]!, value);
      }, x);
    };
    // The loss Σ pull·output: its gradient by the output is `pull`.
    const loss = (r: number, parameters: number[][], own: number[][]): number =>
      own.reduce(
        (sum, x, s) => reference(parameters, x).reduce((part, y, o) => part + y * pull[(r * samples + s) * width + o]!, sum),
        0,
      );
    const samplesOf = (r: number): number[][] => inputs.slice(r * samples, (r + 1) * samples);

    const found = tf.tidy(() => {
      const tensors = specs.map(({ shape }, i) =>
        tf.tensor(
          values.flatMap((run) => run[i]!),
          [runs, ...shape],
        ),
      );
      const x = tf.tensor3d(inputs.flat(), [runs, samples, sizeOf(image)]);
      const { output, traces } = forward(layers, tensors, x, true);
      const back = backward(layers, tensors, traces, tf.tensor3d(pull, output.shape), true);
      return {
        output: [...output.dataSync()],
        gradients: back.gradients.map((tensor) => [...tensor.dataSync()]),
        input: [...back.input!.dataSync()],
      };
    });
    found.output.forEach((got, i) => {
      const sample = Math.floor(i / width);
      expect(got).toBeCloseTo(reference(values[Math.floor(sample / samples)]!, inputs[sample]!)[i % width]!, 4);
    });
    const h = 1e-4;
    for (let r = 0; r < runs; r++) {
      specs.forEach((spec, i) => {
        // A tensor's first, last and some in between: every kind of place.
        for (let k = 0; k < sizes[i]!; k += Math.max(1, Math.floor(sizes[i]! / 7))) {
          const moved = (by: number) => values[r]!.map((own, j) => (j === i ? own.map((v, n) => (n === k ? v + by : v)) : own));
          const slope = (loss(r, moved(h), samplesOf(r)) - loss(r, moved(-h), samplesOf(r))) / (2 * h);
          expect(Math.abs(found.gradients[i]![r * sizes[i]! + k]! - slope), `${spec.name}[${k}]`).toBeLessThan(
            1e-3 * Math.max(1, Math.abs(slope)),
          );
        }
      });
      for (let k = 0; k < sizeOf(image); k += 7) {
        const moved = (by: number) => samplesOf(r).map((x, s) => (s === 1 ? x.map((v, n) => (n === k ? v + by : v)) : x));
        const slope = (loss(r, values[r]!, moved(h)) - loss(r, values[r]!, moved(-h))) / (2 * h);
        const got = found.input[(r * samples + 1) * sizeOf(image) + k]!;
        expect(Math.abs(got - slope), `input[${k}]`).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)));
      }
    }
  });
});
