import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { convBackward, convForward } from "./conv";
import { transposedConvBackward, transposedConvForward } from "./transposed-conv";
import { useWideTiles } from "./measuring";
import { averagePoolBackward, averagePoolForward, maxPoolBackward, maxPoolForward, type PoolWindow } from "./pool";
import { slidingBy, slidOutput, spreadOutput, type Sliding } from "./sliding";

beforeAll(async () => {
  await openBackend("wasm");
});

type Shape5 = [runs: number, batch: number, rows: number, columns: number, channels: number];

let streams = 0;
function random(...shape: Shape5): tf.Tensor5D {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  randomStream(11, "conv.spec", streams++).fillNormal(values);
  return tf.tensor5d(values, shape);
}
function randomBias(runs: number, channels: number): tf.Tensor3D {
  return tf.reshape<tf.Rank.R3>(random(runs, 1, 1, 1, channels), [runs, 1, channels]);
}

interface Case {
  x: Shape5;
  /** Rows and columns of the window. */
  size: [number, number];
  features: number;
  sliding: Sliding;
}

const uneven: Sliding = { stride: [2, 3], padding: { top: 1, bottom: 0, left: 2, right: 3 } };
const cases: Case[] = [
  { x: [2, 3, 5, 5, 1], size: [3, 3], features: 4, sliding: slidingBy(1, 1) },
  { x: [3, 2, 8, 8, 4], size: [4, 4], features: 5, sliding: slidingBy(2, 1) },
  { x: [2, 1, 7, 9, 3], size: [3, 2], features: 17, sliding: uneven },
  {
    x: [1, 2, 1, 17, 3],
    size: [1, 5],
    features: 1,
    sliding: { stride: [1, 2], padding: { top: 0, bottom: 0, left: 2, right: 2 } },
  },
  { x: [2, 2, 3, 3, 2], size: [3, 3], features: 3, sliding: slidingBy(1, 2) },
  { x: [2, 1, 1, 1, 5], size: [1, 1], features: 3, sliding: slidingBy(1, 0) },
  // 4 and 8 features, which the wasm backend takes straight from the image; windows' lines of 4, 8 and 16 floats.
  { x: [2, 2, 10, 11, 1], size: [4, 4], features: 4, sliding: slidingBy(1, 1) },
  { x: [2, 2, 6, 7, 4], size: [4, 4], features: 8, sliding: slidingBy(1, 1) },
  { x: [1, 2, 16, 16, 4], size: [4, 4], features: 8, sliding: slidingBy(2, 1) },
  { x: [2, 1, 9, 18, 1], size: [4, 4], features: 4, sliding: slidingBy(2, 1) },
  {
    x: [2, 2, 5, 20, 2],
    size: [2, 4],
    features: 4,
    sliding: { stride: [2, 2], padding: { top: 0, bottom: 1, left: 1, right: 0 } },
  },
  {
    x: [1, 1, 4, 9, 2],
    size: [4, 4],
    features: 8,
    sliding: { stride: [3, 2], padding: { top: 2, bottom: 3, left: 5, right: 1 } },
  },
  // Windows 12, 24, 48 and 64 bytes apart.
  { x: [2, 1, 7, 28, 1], size: [4, 4], features: 4, sliding: slidingBy(3, 1) },
  { x: [1, 2, 5, 29, 2], size: [2, 4], features: 8, sliding: slidingBy(3, 1) },
  { x: [1, 1, 7, 28, 4], size: [4, 4], features: 8, sliding: slidingBy(3, 1) },
  { x: [2, 1, 8, 36, 4], size: [4, 4], features: 4, sliding: slidingBy(4, 0) },
];

/** The definition, in double precision: every product of an image place, a filter place and an output place. */
function eachProduct(
  { x, size, features, sliding }: Case,
  out: readonly [number, number],
  visit: (image: number, filter: number, output: number, run: number) => void,
): void {
  const [runs, batch, rows, columns, channels] = x;
  for (let r = 0; r < runs; r++)
    for (let b = 0; b < batch; b++)
      for (let p = 0; p < out[0]; p++)
        for (let q = 0; q < out[1]; q++)
          for (let i = 0; i < size[0]; i++)
            for (let j = 0; j < size[1]; j++) {
              const [y, z] = [p * sliding.stride[0] + i - sliding.padding.top, q * sliding.stride[1] + j - sliding.padding.left];
              if (y < 0 || y >= rows || z < 0 || z >= columns) continue;
              for (let c = 0; c < channels; c++)
                for (let o = 0; o < features; o++) {
                  const image = (((r * batch + b) * rows + y) * columns + z) * channels + c;
                  const filter = (((r * size[0] + i) * size[1] + j) * channels + c) * features + o;
                  const output = (((r * batch + b) * out[0] + p) * out[1] + q) * features + o;
                  visit(image, filter, output, r);
                }
            }
}

function expectNear(got: tf.Tensor | null, want: Float64Array): void {
  const values = got?.dataSync<"float32">() ?? new Float32Array();
  expect(values.length).toBe(want.length);
  values.forEach((value, i) =>
    expect(Math.abs(value - (want[i] ?? NaN))).toBeLessThanOrEqual(3e-5 * Math.max(1, Math.abs(want[i] ?? NaN))),
  );
}

/** Σ over a bias's places of g, and what the bias adds. */
function biasOf(index: number, perRun: number, channels: number): number {
  return Math.floor(index / perRun) * channels + (index % channels);
}

describe.each([
  ["wasm", "wasm", false],
  ["wasm for vectors of 256 bits", "wasm", true],
  ["cpu", "cpu", false],
] as const)("convolution on %s against its definition in double precision", (_, backend, wide) => {
  beforeAll(async () => {
    const before = useWideTiles(wide);
    await openBackend(backend);
    return async () => {
      await openBackend("wasm");
      useWideTiles(before);
    };
  });

  it.each(cases)("$x by $size to $features, linear", (one) => {
    tf.tidy(() => {
      const { x: shape, size, features, sliding } = one;
      const [runs, batch, rows, columns, channels] = shape;
      const out = slidOutput([rows, columns], size, sliding);
      const [x, filter, bias] = [random(...shape), random(runs, ...size, channels, features), randomBias(runs, features)];
      const { output, slope } = convForward("linear", x, filter, bias, sliding, true);
      expect(slope).toBeNull();
      expect(output.shape).toEqual([runs, batch, ...out, features]);
      const g = random(runs, batch, ...out, features);
      const [xs, fs, bs, gs] = [x.dataSync(), filter.dataSync(), bias.dataSync(), g.dataSync()];
      const [y, dx, df, db] = [output.size, x.size, filter.size, bias.size].map((n) => new Float64Array(n));
      if (!y || !dx || !df || !db) throw new Error("unreachable");
      const perRun = output.size / runs;
      y.forEach((_, i) => {
        y[i] = bs[biasOf(i, perRun, features)] ?? NaN;
        db[biasOf(i, perRun, features)]! += gs[i] ?? NaN;
      });
      eachProduct(one, out, (i, f, o) => {
        y[o]! += xs[i]! * fs[f]!;
        dx[i]! += gs[o]! * fs[f]!;
        df[f]! += xs[i]! * gs[o]!;
      });
      expectNear(output, y);
      const gradients = convBackward(g, null, x, filter, sliding, true);
      expectNear(gradients.input, dx);
      expectNear(gradients.filter, df);
      expectNear(gradients.bias, db);
      expect(convBackward(g, null, x, filter, sliding, false).input).toBeNull();

      // The transposed convolution is the adjoint: from images shaped as g to images of the size that `spreadOutput` says.
      const wide = spreadOutput(out, size, sliding);
      const adjoint = { ...one, x: [runs, batch, ...wide, channels] as Shape5 };
      const bias2 = randomBias(runs, channels);
      const spread = transposedConvForward("linear", g, filter, bias2, sliding, true).output;
      expect(spread.shape).toEqual(adjoint.x);
      const h = random(...adjoint.x);
      const [b2, hs] = [bias2.dataSync(), h.dataSync()];
      const [y2, dg, df2, db2] = [spread.size, g.size, filter.size, bias2.size].map((n) => new Float64Array(n));
      if (!y2 || !dg || !df2 || !db2) throw new Error("unreachable");
      y2.forEach((_, i) => {
        y2[i] = b2[biasOf(i, spread.size / runs, channels)] ?? NaN;
        db2[biasOf(i, spread.size / runs, channels)]! += hs[i] ?? NaN;
      });
      eachProduct(adjoint, out, (i, f, o) => {
        y2[i]! += gs[o]! * fs[f]!;
        dg[o]! += hs[i]! * fs[f]!;
        df2[f]! += hs[i]! * gs[o]!;
      });
      expectNear(spread, y2);
      const back = transposedConvBackward(h, null, g, filter, sliding, true);
      expectNear(back.input, dg);
      expectNear(back.filter, df2);
      expectNear(back.bias, db2);
      expect(transposedConvBackward(h, null, g, filter, sliding, false).input).toBeNull();
    });
  });

  it("applies the activation and its slope", () => {
    tf.tidy(() => {
      const [x, filter, bias] = [random(2, 3, 6, 5, 2), random(2, 3, 3, 2, 5), randomBias(2, 5)];
      const linear = convForward("linear", x, filter, bias, slidingBy(1, 1), false).output.dataSync();
      const { output, slope } = convForward("tanh", x, filter, bias, slidingBy(1, 1), true);
      expectNear(output, Float64Array.from(linear, Math.tanh));
      expectNear(
        slope,
        Float64Array.from(linear, (z) => 1 - Math.tanh(z) ** 2),
      );
      // The slope enters every gradient as a factor of dOutput.
      const g = random(2, 3, 6, 5, 5);
      const scaled = tf.mul<tf.Tensor5D>(g, slope ?? tf.scalar(NaN));
      const [fused, apart] = [
        convBackward(g, slope, x, filter, slidingBy(1, 1), true),
        convBackward(scaled, null, x, filter, slidingBy(1, 1), true),
      ];
      for (const [a, b] of [
        [fused.filter, apart.filter],
        [fused.bias, apart.bias],
        [fused.input, apart.input],
      ] as const)
        expect(a?.dataSync()).toEqual(b?.dataSync());
      const turned = random(2, 3, 3, 5, 2);
      const spread = transposedConvForward("linear", x, turned, bias, slidingBy(2, 1), false).output.dataSync();
      const bent = transposedConvForward("sine", x, turned, bias, slidingBy(2, 1), true);
      expectNear(bent.output, Float64Array.from(spread, Math.sin));
      expectNear(bent.slope, Float64Array.from(spread, Math.cos));
      const h = random(...bent.output.shape);
      const whole = transposedConvBackward(h, bent.slope, x, turned, slidingBy(2, 1), true);
      const parts = transposedConvBackward(tf.mul(h, bent.slope ?? tf.scalar(NaN)), null, x, turned, slidingBy(2, 1), true);
      expect(whole.filter.dataSync()).toEqual(parts.filter.dataSync());
      expect(whole.bias.dataSync()).toEqual(parts.bias.dataSync());
      expect(whole.input?.dataSync()).toEqual(parts.input?.dataSync());
    });
  });

  const pools: { x: Shape5; window: PoolWindow }[] = [
    { x: [2, 3, 6, 6, 4], window: { size: [2, 2], ...slidingBy(2, 0) } },
    { x: [1, 2, 5, 7, 5], window: { size: [3, 2], ...slidingBy(1, 1) } },
    { x: [3, 1, 7, 5, 1], window: { size: [3, 4], stride: [3, 2], padding: { top: 2, bottom: 1, left: 0, right: 3 } } },
    { x: [2, 2, 1, 17, 3], window: { size: [1, 3], stride: [1, 2], padding: { top: 0, bottom: 0, left: 1, right: 1 } } },
  ];

  it.each(pools)("pooling of $x", ({ x: shape, window }) => {
    tf.tidy(() => {
      // Few different values, so that windows hold equal maxima.
      const x = tf.round(tf.mul<tf.Tensor5D>(random(...shape), 1.5));
      const [runs, batch, rows, columns, channels] = shape;
      const out = slidOutput([rows, columns], window.size, window);
      const maxima = maxPoolForward(x, window);
      const means = averagePoolForward(x, window);
      const g = random(runs, batch, ...out, channels);
      const [xs, gs, places] = [x.dataSync(), g.dataSync(), maxima.place.dataSync()];
      const [top, sum, dTop, dSum] = [g.size, g.size, x.size, x.size].map((n) => new Float64Array(n));
      if (!top || !sum || !dTop || !dSum) throw new Error("unreachable");
      top.fill(-Infinity);
      const [winner, place] = [new Int32Array(g.size), new Int32Array(g.size)];
      const area = window.size[0] * window.size[1];
      const one: Case = { x: [runs, batch, rows, columns, 1], size: [...window.size], features: 1, sliding: window };
      for (let c = 0; c < channels; c++)
        eachProduct(one, out, (image, filter, output, run) => {
          const [i, o] = [image * channels + c, output * channels + c];
          sum[o]! += xs[i]! / area;
          dSum[i]! += gs[o]! / area;
          if (xs[i]! <= top[o]!) return;
          top[o] = xs[i]!;
          winner[o] = i;
          place[o] = filter - run * area;
        });
      winner.forEach((i, o) => (dTop[i]! += gs[o]!));
      expectNear(maxima.output, top);
      expect([...places]).toEqual([...place]);
      expectNear(means, sum);
      expectNear(maxPoolBackward(g, maxima.place, shape, window), dTop);
      expectNear(averagePoolBackward(g, shape, window), dSum);
    });
  });

  it("a NaN under a window is its maximum", () => {
    tf.tidy(() => {
      const window = { size: [1, 4] as const, ...slidingBy(1, 0) };
      const x = tf.tensor5d([1, 5, 7, 5, 2, NaN, 3, 6, 0, NaN, 9, 1, 4, 4, NaN, 8], [1, 1, 1, 4, 4]);
      const { output, place } = maxPoolForward(x, window);
      expect([...output.dataSync()]).toEqual([4, NaN, NaN, 8]);
      expect([...place.dataSync()]).toEqual([3, 1, 3, 3]);
    });
  });
});

describe("convolution of a pack on wasm", () => {
  /** Everything the family computes, from inputs that belong to each run alone. */
  function everything(xs: tf.Tensor5D, filter: tf.Tensor5D, bias: tf.Tensor3D, g: tf.Tensor5D, back: tf.Tensor5D): tf.Tensor[] {
    const sliding = slidingBy(1, 1);
    const window = { size: [2, 2] as const, ...slidingBy(2, 1) };
    const { output, slope } = convForward("tanh", xs, filter, bias, sliding, true);
    const gradients = convBackward(g, slope, xs, filter, sliding, true);
    const turned = tf.transpose<tf.Tensor5D>(filter, [0, 1, 2, 4, 3]);
    const spread = transposedConvForward("sigmoid", xs, turned, bias, sliding, true);
    const adjoint = transposedConvBackward(back, spread.slope, xs, turned, sliding, true);
    const maxima = maxPoolForward(output, window);
    const means = averagePoolForward(output, window);
    return [
      output,
      ...[gradients.filter, gradients.bias, gradients.input],
      ...[spread.output, adjoint.filter, adjoint.bias, adjoint.input],
      maxima.output,
      maxPoolBackward(maxima.output, maxima.place, output.shape, window),
      averagePoolBackward(means, output.shape, window),
    ].flatMap((tensor) => tensor ?? []);
  }

  it("gives a run the same bits alone and at any place of packs of 2, 5 and 17", () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const all = [
        random(17, 3, 6, 5, 3),
        random(17, 3, 3, 3, 5),
        randomBias(17, 5),
        random(17, 3, 6, 5, 5),
        random(17, 3, 6, 5, 5),
      ] as const;
      const part = (first: number, width: number) => {
        const cut = <T extends tf.Tensor>(tensor: T): T => tf.slice(tensor, first, width);
        return everything(cut(all[0]), cut(all[1]), cut(all[2]), cut(all[3]), cut(all[4])).map((tensor) => tensor.dataSync());
      };
      const whole = part(0, 17);
      expect(whole).toHaveLength(11);
      for (const [first, width] of [...Array.from({ length: 17 }, (_, i) => [i, 1] as const), [3, 2], [11, 5]] as const) {
        part(first, width).forEach((values, i) => {
          const size = (whole[i]?.length ?? 0) / 17;
          expect(values).toEqual(whole[i]?.slice(first * size, (first + width) * size));
        });
      }
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses images of other channels and windows that do not fit", () => {
    tf.tidy(() => {
      expect(() =>
        convForward("linear", random(1, 1, 4, 4, 2), random(1, 3, 3, 3, 2), randomBias(1, 2), slidingBy(1, 0), false),
      ).toThrow(RangeError);
      expect(() =>
        convForward("linear", random(1, 1, 2, 2, 2), random(1, 3, 3, 2, 2), randomBias(1, 2), slidingBy(1, 0), false),
      ).toThrow(RangeError);
      expect(() => maxPoolForward(random(1, 1, 4, 4, 1), { size: [2, 2], ...slidingBy(2, 2) })).toThrow(RangeError);
    });
  });
});
