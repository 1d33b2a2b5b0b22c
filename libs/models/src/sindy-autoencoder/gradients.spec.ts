import { SindyAutoencoderParameters, smoothActivationNames, type SmoothActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import { evaluateTerms } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { libraryTensors } from "./library-tensors";
import { lossesAndGradients } from "./batch-losses";
import { architectureOf, type Architecture } from "./architecture";

beforeAll(async () => {
  await openBackend("wasm");
});

const samples = 4;
const width = 4;
const runs = 2;
const lambdas = { derivative: 0.3, law: 0.7, sparsity: 0.01 };

/** f, f′, f″ by hand, apart from what the family uses. */
const functions: Record<SmoothActivationName, (h: number) => [number, number, number]> = {
  tanh: (h) => [Math.tanh(h), 1 / Math.cosh(h) ** 2, (-2 * Math.sinh(h)) / Math.cosh(h) ** 3],
  sigmoid: (h) => {
    const e = Math.exp(-h);
    return [1 / (1 + e), e / (1 + e) ** 2, (e * (e - 1)) / (1 + e) ** 3];
  },
  elu: (h) => (h >= 0 ? [h, 1, 0] : [Math.expm1(h), Math.exp(h), Math.exp(h)]),
};

/** A jet [order + 1][width] of one sample through a network of plain arrays. */
function through(layers: number[][], sizes: readonly number[], activation: SmoothActivationName, jet: number[][]): number[][] {
  let current = jet;
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [weight = [], bias = []] = layers.slice(2 * layer, 2 * layer + 2);
    const out = sizes[layer + 1] ?? 0;
    const mapped = current.map((values, d) =>
      Array.from({ length: out }, (_, j) =>
        values.reduce((sum, v, i) => sum + v * (weight[i * out + j] ?? 0), d === 0 ? (bias[j] ?? 0) : 0),
      ),
    );
    if (layer + 2 === sizes.length) return mapped;
    const columns = (mapped[0] ?? []).map((h, j) => {
      const [f, f1, f2] = functions[activation](h);
      const [, u = 0, v = 0] = mapped.map((values) => values[j] ?? 0);
      return [f, f1 * u, f2 * u * u + f1 * v];
    });
    current = mapped.map((_, d) => columns.map((column) => column[d] ?? 0));
  }
  return current;
}

const square = (values: number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/** The whole loss in double precision. */
function reference(
  { widths, order, latentWidth, library, layers }: Architecture,
  parameters: number[][],
  mask: number[],
  activation: SmoothActivationName,
  data: number[][][],
): number {
  const coefficients = (parameters.at(-1) ?? []).map((value, k) => value * (mask[k] ?? 0));
  const errors = [0, 0, 0];
  const theta = new Float64Array(library.terms.length);
  for (const jet of data) {
    const latents = through(parameters.slice(0, 2 * layers), widths, activation, jet);
    evaluateTerms(library, latents.slice(0, library.variables.length > latentWidth ? 2 : 1).flat(), theta);
    const law = Array.from({ length: latentWidth }, (_, d) =>
      theta.reduce((sum, value, k) => sum + value * (coefficients[k * latentWidth + d] ?? 0), 0),
    );
    const decoded = through(parameters.slice(2 * layers, 4 * layers), [...widths].reverse(), activation, [
      ...latents.slice(0, order),
      law,
    ]);
    const gap = (a: number[] = [], b: number[] = []): number => square(a.map((value, i) => value - (b[i] ?? 0)));
    errors[0] = (errors[0] ?? 0) + gap(decoded[0], jet[0]) / (samples * (widths[0] ?? 1));
    errors[1] = (errors[1] ?? 0) + gap(decoded[order], jet[order]) / (samples * (widths[0] ?? 1));
    errors[2] = (errors[2] ?? 0) + gap(law, latents[order]) / (samples * latentWidth);
  }
  const [reconstruction = 0, derivative = 0, law = 0] = errors;
  const sparsity = coefficients.reduce((sum, value) => sum + Math.abs(value), 0);
  return reconstruction + lambdas.derivative * derivative + lambdas.law * law + lambdas.sparsity * sparsity;
}

function draw(count: number, index: number, scale: number): number[] {
  const values = new Float32Array(count);
  randomStream(5, "gradients", index).fillNormal(values);
  return Array.from(values, (value) => Math.fround(scale * value));
}

const cases = [
  ...smoothActivationNames.map((activation) => ({ activation, order: 2, latentWidth: 1, cosine: false, velocityTerms: false })),
  { activation: "tanh" as const, order: 2, latentWidth: 2, cosine: true, velocityTerms: true },
  { activation: "sigmoid" as const, order: 1, latentWidth: 3, cosine: false, velocityTerms: false },
];

describe("the gradients against central differences in double precision", () => {
  it.each(cases)("$activation, order $order, latent width $latentWidth", ({ activation, ...shape }) => {
    const settings = SindyAutoencoderParameters.parse({
      ...shape,
      procedure: "source-threshold",
      hiddenLayers: [4, 3],
      polynomialDegree: 3,
      constantTerm: true,
      reciprocal: shape.latentWidth === 1,
    });
    const architecture = architectureOf(settings, width);
    const { specs, order, latentWidth, library } = architecture;
    const sizes = specs.map(({ shape: [rows = 0, columns = 0] }) => rows * columns);
    const parameters = Array.from({ length: runs }, (_, r) =>
      sizes.map((size, i) => draw(size, 100 * r + i, i + 1 === sizes.length ? 0.4 : 0.7)),
    );
    const mask = Array.from({ length: runs * library.terms.length * latentWidth }, (_, k) => (k % 4 === 1 ? 0 : 1));
    const flat = Array.from({ length: order + 1 }, (_, d) => draw(samples * width, 900 + d, 1));
    const data = Array.from({ length: samples }, (_, n) => flat.map((values) => values.slice(n * width, (n + 1) * width)));
    const tensors = libraryTensors(library);
    const gradients = tf.tidy(() => {
      const column = (value: number): tf.Tensor3D => tf.fill([runs, 1, 1], value);
      const result = lossesAndGradients(
        { architecture, activation, library: tensors },
        specs.map(({ shape: tail }, i) =>
          tf.tensor(
            parameters.flatMap((run) => run[i] ?? []),
            [runs, ...tail],
            "float32",
          ),
        ),
        tf.tensor3d(mask, [runs, library.terms.length, latentWidth]),
        flat.map((values) => tf.tensor3d([...values, ...values], [runs, samples, width])),
        { derivative: column(lambdas.derivative), law: column(lambdas.law), sparsity: column(lambdas.sparsity) },
      );
      return result.gradients.map((gradient) => gradient.dataSync<"float32">());
    });
    tensors.selections.dispose();
    const h = 1e-5;
    parameters.forEach((run, r) => {
      const own = mask.slice((r * mask.length) / runs, ((r + 1) * mask.length) / runs);
      run.forEach((values, i) => {
        const wanted = values.map((value, w) => {
          const at = (moved: number): number =>
            reference(
              architecture,
              run.map((all, j) => (j === i ? all.with(w, moved) : all)),
              own,
              activation,
              data,
            );
          return (at(value + h) - at(value - h)) / (2 * h);
        });
        // Single precision cancels within a tensor, so its greatest gradient sets the scale.
        const scale = wanted.reduce((most, want) => Math.max(most, Math.abs(want)), 1);
        wanted.forEach((want, w) => {
          const got = gradients[i]?.[r * values.length + w] ?? Number.NaN;
          expect(Math.abs(got - want), `${specs[i]?.name ?? ""}[${w}] of run ${r}: ${got}, not ${want}`).toBeLessThan(
            1e-4 * scale,
          );
        });
      });
    });
  });
});

it("propagates what really are the time derivatives", () => {
  const sizes = [3, 4, 2];
  const layers = [draw(12, 1, 1), draw(4, 2, 1), draw(8, 3, 1), draw(2, 4, 1)];
  const at = (t: number): number[] => [Math.sin(t), Math.cos(2 * t), t * t];
  const jet = [at(0.4), [Math.cos(0.4), -2 * Math.sin(0.8), 0.8], [-Math.sin(0.4), -4 * Math.cos(0.8), 2]];
  const value = (t: number): number[] => through(layers, sizes, "tanh", [at(t)])[0] ?? [];
  const [, rate = [], acceleration = []] = through(layers, sizes, "tanh", jet);
  const h = 1e-4;
  rate.forEach((got, j) => {
    const [before = 0, now = 0, after = 0] = [-h, 0, h].map((d) => value(0.4 + d)[j]);
    expect(got).toBeCloseTo((after - before) / (2 * h), 6);
    expect(acceleration[j]).toBeCloseTo((after - 2 * now + before) / (h * h), 5);
  });
});
