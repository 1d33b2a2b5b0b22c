import { activationNames } from "@basin/contracts";
import {
  activationDerivatives,
  allowWideVectors,
  convBackward,
  convForward,
  copyPlainly,
  denseForward,
  hasWideVectors,
  maxPoolBackward,
  maxPoolForward,
  openBackend,
  runAtPeak,
  slidingBy,
  slidOutput,
  transposedConvBackward,
  transposedConvForward,
} from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { atLeast, figure, type Measurement } from "./report";

/** Work for which the wall clock of one call is long against its dispatch. */
interface Case {
  name: string;
  kind: "product" | "convolution" | "activation";
  /** Floating-point operations, or elements for an activation, of one call. */
  work: number;
  call: () => tf.Tensor[];
}

/** Products that the catalogue's networks make at their batch size: [m, k, n], and which operand is transposed. */
const products: [label: string, m: number, k: number, n: number, form: "AB" | "AᵀB" | "ABᵀ" | "AᵀBᵀ"][] = [
  ["loss-landscape 2→64", 128, 2, 64, "AB"],
  ["loss-landscape 64→64", 128, 64, 64, "AB"],
  ["loss-landscape 64→32", 128, 64, 32, "AB"],
  ["loss-landscape 32→1", 128, 32, 1, "AB"],
  ["loss-landscape ∂weight 64→64", 64, 128, 64, "AᵀB"],
  ["loss-landscape ∂input 64→64", 128, 64, 64, "ABᵀ"],
  ["sindy encoder 256→64, 3 streams", 384, 256, 64, "AB"],
  ["sindy encoder 64→32, 3 streams", 384, 64, 32, "AB"],
  ["sindy ∂weight 256→64, 3 streams", 256, 384, 64, "AᵀB"],
  ["sindy decoder 64→256, 3 streams", 384, 64, 256, "AB"],
  ["sindy ∂input 256→64, 3 streams", 384, 64, 256, "ABᵀ"],
  ["autoencoder dense 512→32", 30, 512, 32, "AB"],
  ["square 128", 128, 128, 128, "AB"],
  ["square 128, both transposed", 128, 128, 128, "AᵀBᵀ"],
  ["square 256", 256, 256, 256, "AB"],
  ["square 512", 512, 512, 512, "AB"],
];

/** Bytes of the operands and results of one call: as many runs as stay in the second cache, as a run's do in training (`denseEpoch`). */
const workingSet = 512 * 1024;

/** Shapes at and above which a product must reach three quarters of the peak. */
const isLarge = ([, m, k, n]: (typeof products)[number]): boolean => m >= 128 && k >= 64 && n >= 64;

/**
 * Rates of the wasm backend's kernels on one core. Every repetition measures each case once, and before each the machine's peak of the
 * same instruction set (independent products and sums of the vectors' width), in slices of about a millisecond. A figure is the best repetition, with the
 * spread of the others: what disturbs a slice can only slow it down. A fraction divides the best rate by the best peak. Activations:
 * nanoseconds per element, beside a plain copy of as many floats.
 */
export async function kernels({ quick }: { quick: boolean }): Promise<Measurement> {
  allowWideVectors();
  await openBackend("wasm");
  const repetitions = quick ? 15 : 101;
  const cases = [...productCases(), ...convolutionCases(), ...activationCases()];
  const rates = cases.map((): number[] => []);
  const peaks: number[] = [];
  for (let repetition = -5; repetition < repetitions; repetition++) {
    cases.forEach((one, i) => {
      const [peak, rate] = [peakRate(), rateOf(one)];
      if (repetition < 0) return;
      peaks.push(peak);
      rates[i]?.push(rate);
    });
  }
  const peak = best(peaks, "GFLOP/s");
  const fraction = (name: string) =>
    best(
      (rates[cases.findIndex((one) => one.name === name)] ?? []).map((rate) => rate / (peak.value ?? NaN)),
      "fraction of peak",
    );
  const gemm = fraction("loss-landscape 64→64");
  const large = products.filter(isLarge).map(([label]) => label);
  const rows = cases.map((one, i) => row(one, rates[i] ?? [], peak.value ?? NaN));
  return {
    figures: {
      vectorBits: figure([hasWideVectors() ? 256 : 128], "bit"),
      peakGigaflops: peak,
      gemm128x64x64FractionOfPeak: gemm,
    },
    checks: [
      atLeast("gemm128x64x64FractionOfPeak", gemm.value, 0.75),
      ...large.map((name) => atLeast(`${name}: fraction of peak`, fraction(name).value, 0.75)),
    ],
    rows,
    backend: "wasm",
  };
}

/** The best of the samples stands for them all. */
function best(samples: readonly number[], unit: string): Measurement["figures"][string] {
  const spread = figure(samples, unit);
  return { ...spread, value: spread.max };
}

/** 10⁹ operations per second, over about a millisecond. */
function peakRate(): number {
  const start = performance.now();
  const operations = runAtPeak(4e7);
  return operations / (performance.now() - start) / 1e6;
}

/** 10⁹ units of work per second: as many calls as fill about a millisecond. */
function rateOf({ call, work, kind }: Case): number {
  const calls = Math.max(1, Math.ceil((kind === "activation" ? 5e5 : 3e7) / work));
  const start = performance.now();
  for (let i = 0; i < calls; i++) tf.dispose(call());
  return (calls * work) / (performance.now() - start) / 1e6;
}

function row({ name, kind }: Case, rates: readonly number[], peak: number): Record<string, unknown> {
  const { value, min } = best(rates, "");
  const median = figure(rates, "").value;
  const rounded = (number: number | null, digits: number) => (number === null ? null : Number(number.toFixed(digits)));
  const over = (dividend: number, divisor: number | null) => (divisor === null ? null : rounded(dividend / divisor, 3));
  if (kind === "activation") {
    return { kind, name, nanosecondsPerElement: over(1, value), median: over(1, median), worst: over(1, min) };
  }
  const fraction = (rate: number | null) => (rate === null ? null : rounded(rate / peak, 3));
  return {
    kind,
    name,
    gigaflops: rounded(value, 2),
    fractionOfPeak: fraction(value),
    median: fraction(median),
    worst: fraction(min),
  };
}

/** Values in [−2, 2] without pattern enough to matter: no kernel's time depends on them. */
function filled(...shape: number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 4001) / 1000 - 2),
    shape,
  );
}

function productCases(): Case[] {
  return products.map(([name, m, k, n, form]) => {
    const runs = Math.max(1, Math.floor(workingSet / (4 * (m * k + k * n + m * n))));
    const [transposeA, transposeB] = [form.startsWith("Aᵀ"), form.endsWith("Bᵀ")];
    const a = transposeA ? filled(runs, k, m) : filled(runs, m, k);
    const b = transposeB ? filled(runs, n, k) : filled(runs, k, n);
    return { name, kind: "product", work: 2 * runs * m * k * n, call: () => [tf.matMul(a, b, transposeA, transposeB)] };
  });
}

/** The layers of the convolutional autoencoder at 32×32: batch 30, eight runs. */
function convolutionCases(): Case[] {
  const [runs, batch] = [8, 30];
  const layers = [
    { name: "conv 32×32×1→4, 4×4", image: 32, channels: 1, features: 4, size: 4, sliding: slidingBy(1, 1), up: false },
    { name: "conv 16×16×4→8, 4×4", image: 16, channels: 4, features: 8, size: 4, sliding: slidingBy(1, 1), up: false },
    { name: "transposed conv 8×8×8→4, 4×4", image: 16, channels: 4, features: 8, size: 4, sliding: slidingBy(2, 1), up: true },
    { name: "transposed conv 16×16×4→1, 4×4", image: 32, channels: 1, features: 4, size: 4, sliding: slidingBy(2, 1), up: true },
  ] as const;
  const convolutions = layers.flatMap(({ name, image, channels, features, size, sliding, up }): Case[] => {
    const [rows, columns] = slidOutput([image, image], [size, size], sliding);
    const wide = tf.reshape<tf.Rank.R5>(filled(runs, batch, image, image, channels), [runs, batch, image, image, channels]);
    const narrow = tf.reshape<tf.Rank.R5>(filled(runs, batch, rows, columns, features), [runs, batch, rows, columns, features]);
    const filter = tf.reshape<tf.Rank.R5>(filled(runs, size, size, channels, features), [runs, size, size, channels, features]);
    const bias = tf.zeros<tf.Rank.R3>([runs, 1, up ? channels : features]);
    const work = 2 * runs * batch * rows * columns * size * size * channels * features;
    const forward = up ? transposedConvForward : convForward;
    const backward = up ? transposedConvBackward : convBackward;
    const [x, g] = up ? [narrow, wide] : [wide, narrow];
    return [
      {
        name: `${name}, forward`,
        kind: "convolution",
        work,
        call: () => present(forward("relu", x, filter, bias, sliding, true)),
      },
      {
        name: `${name}, backward`,
        kind: "convolution",
        work: 2 * work,
        call: () => present(backward(g, g, x, filter, sliding, true)),
      },
    ];
  });
  const pooled = tf.reshape<tf.Rank.R5>(filled(runs, batch, 32, 32, 4), [runs, batch, 32, 32, 4]);
  const window = { size: [2, 2] as const, ...slidingBy(2, 0) };
  const { output, place } = maxPoolForward(pooled, window);
  return [
    ...convolutions,
    {
      name: "max-pool 32×32×4 by 2, forward",
      kind: "activation",
      work: pooled.size,
      call: () => present(maxPoolForward(pooled, window)),
    },
    {
      name: "max-pool 32×32×4 by 2, backward",
      kind: "activation",
      work: pooled.size,
      call: () => [maxPoolBackward(output, place, pooled.shape, window)],
    },
  ];
}

function present(outputs: object): tf.Tensor[] {
  return Object.values(outputs).filter((value): value is tf.Tensor => value instanceof tf.Tensor);
}

/** f with f′ as a layer makes them, less a product with one row; and f up to f‴. 16,384 floats, which stay in the second cache. */
function activationCases(): Case[] {
  const count = 16_384;
  const x = tf.reshape<tf.Rank.R3>(filled(count), [1, count, 1]);
  const [one, none] = [tf.ones<tf.Rank.R3>([1, 1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
  return [
    { name: "copy", kind: "activation", work: count, call: () => [copyPlainly(x)] },
    {
      name: "dense layer 1→1, linear",
      kind: "activation",
      work: count,
      call: () => present(denseForward("linear", x, one, none, false)),
    },
    ...activationNames.flatMap((name): Case[] => [
      {
        name: `dense layer 1→1, ${name}, f and f′`,
        kind: "activation",
        work: count,
        call: () => present(denseForward(name, x, one, none, true)),
      },
      { name: `${name}, f`, kind: "activation", work: count, call: () => activationDerivatives(x, name, 0) },
      { name: `${name}, f and f′`, kind: "activation", work: count, call: () => activationDerivatives(x, name, 1) },
      { name: `${name}, f to f‴`, kind: "activation", work: count, call: () => activationDerivatives(x, name, 3) },
    ]),
  ];
}
