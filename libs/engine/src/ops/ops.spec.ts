import { optimizerSlots, activationNames, optimizerNames, type ActivationName, type OptimizerName } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { normalDistribution } from "../testing/normal-distribution";
import { denseBackward, denseForward } from "./dense";
import { gatherRows } from "./gather";
import { fusedLosses, lossAndGradient } from "./loss";
import { useWideTiles } from "./measuring";
import { hyperWidth, optimizerStep, writeHyper } from "./optimizer";

beforeAll(async () => {
  await openBackend("wasm");
});

let streams = 0;
function random(...shape: number[]): tf.Tensor3D {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  randomStream(7, "ops.spec", streams++).fillNormal(values);
  const tensor: tf.Tensor = tf.tensor(values, shape);
  return tensor as tf.Tensor3D;
}

/** The exact function in double precision. */
const reference: Record<ActivationName, (x: number) => number> = {
  linear: (x) => x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  "leaky-relu": (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => x * normalDistribution(x),
  "gelu-tanh": (x) => x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  swish: (x) => x / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sine: Math.sin,
  cosine: Math.cos,
};

/** f and f′ by the kernels, at the places given. */
function apply(name: ActivationName, values: Float32Array): { output: Float32Array; slope: Float32Array } {
  return tf.tidy(() => {
    const x = tf.tensor3d(values, [1, values.length, 1]);
    const { output, slope } = denseForward(name, x, tf.ones([1, 1, 1]), tf.zeros([1, 1, 1]), true);
    return { output: output.dataSync<"float32">(), slope: (slope ?? tf.onesLike(output)).dataSync<"float32">() };
  });
}

describe("activations on wasm", () => {
  const places = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);

  it.each(activationNames)("%s and its slope are accurate to float32", (name) => {
    const f = reference[name];
    const { output, slope } = apply(name, places);
    // The cosine is 0 where its argument, taken within ±π/2, is greatest.
    const least = name === "cosine" ? 0.2 : 0.1;
    places.forEach((x, i) => {
      const want = f(x);
      expect(Math.abs((output[i] ?? NaN) - want)).toBeLessThanOrEqual(1e-6 * Math.max(least, Math.abs(want)));
      if (x === 0) return; // The kink of some.
      const h = 1e-4;
      expect(Math.abs((slope[i] ?? NaN) - (f(x + h) - f(x - h)) / (2 * h))).toBeLessThanOrEqual(4e-6 * Math.max(1, Math.abs(x)));
    });
  });

  it.each(activationNames)("%s gives a value the same bits in the vector body and in the tail", (name) => {
    const whole = apply(name, places);
    for (const start of [0, 1, 777, 1999, 2000, 2001, 3333]) {
      for (const length of [1, 2, 3, 5, 7]) {
        const part = apply(name, places.slice(start, start + length));
        expect(part.output).toEqual(whole.output.slice(start, start + length));
        expect(part.slope).toEqual(whole.slope.slice(start, start + length));
      }
    }
  });

  it.each(activationNames)("%s stays finite far out and lets NaN through", (name) => {
    const { output, slope } = apply(name, Float32Array.of(1e4, -1e4, 1e20, -1e20, NaN));
    expect([...output.slice(0, 4), ...slope.slice(0, 4)].every(Number.isFinite)).toBe(true);
    expect(output[4]).toBeNaN();
  });
});

describe("batched matrix product on wasm", () => {
  it.each([
    [1, 1, 1],
    [4, 8, 16],
    [5, 3, 33],
    [7, 64, 23],
    [128, 2, 64],
    [9, 100, 1],
  ])("%i×%i·%i in all four forms", (m, k, n) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const a = random(3, transposeA ? k : m, transposeA ? m : k);
      const b = random(3, transposeB ? n : k, transposeB ? k : n);
      const got = tf.matMul(a, b, transposeA, transposeB);
      expect(got.shape).toEqual([3, m, n]);
      const [x, y, values] = [a.dataSync(), b.dataSync(), got.dataSync()];
      for (let r = 0; r < 3; r++) {
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let want = 0;
            for (let p = 0; p < k; p++) {
              const left = x[r * m * k + (transposeA ? p * m + i : i * k + p)] ?? NaN;
              want += left * (y[r * k * n + (transposeB ? j * k + p : p * n + j)] ?? NaN);
            }
            expect(Math.abs((values[(r * m + i) * n + j] ?? NaN) - want)).toBeLessThan(2e-6 * (k + 3));
          }
        }
      }
      // One run alone gives the same bits as in the batch, and so does a shared operand.
      const alone = tf.matMul(tf.slice(a, [1, 0, 0], [1, -1, -1]), tf.slice(b, [1, 0, 0], [1, -1, -1]), transposeA, transposeB);
      expect(alone.dataSync()).toEqual(values.slice(m * n, 2 * m * n));
      const shared = tf.matMul(a, tf.slice(b, [1, 0, 0], [1, -1, -1]), transposeA, transposeB);
      expect(shared.dataSync().slice(m * n, 2 * m * n)).toEqual(values.slice(m * n, 2 * m * n));
    }
  });

  it("gives the same bits with tiles for vectors of 256 bits and with the others", () => {
    const size = fc.integer({ min: 1, max: 70 });
    const inner = fc.oneof(size, fc.constantFrom(255, 256, 257, 600));
    fc.assert(
      fc.property(size, inner, size, fc.boolean(), fc.boolean(), (m, k, n, transposeA, transposeB) => {
        const a = random(2, transposeA ? k : m, transposeA ? m : k);
        const b = random(2, transposeB ? n : k, transposeB ? k : n);
        const bias = random(2, 1, n);
        const compute = (): Float32Array[] =>
          tf.tidy(() => [
            tf.matMul(a, b, transposeA, transposeB).dataSync<"float32">(),
            ...(transposeA || transposeB ? [] : [denseForward("linear", a, b, bias, false).output.dataSync<"float32">()]),
          ]);
        const before = useWideTiles(true);
        const wide = compute();
        useWideTiles(false);
        const narrow = compute();
        useWideTiles(before);
        tf.dispose([a, b, bias]);
        expect(wide).toEqual(narrow);
      }),
      { numRuns: 150 },
    );
  });

  it("refuses matrices that do not chain", () => {
    expect(() => tf.matMul(random(1, 2, 3), random(1, 4, 2))).toThrow();
  });
});

/** Both backends on the same numbers: the kernels and the composed form check each other. */
async function onBoth(compute: () => tf.Tensor[]): Promise<[Float32Array[], Float32Array[]]> {
  const results: Float32Array[][] = [];
  for (const wish of ["wasm", "cpu"] as const) {
    await openBackend(wish);
    results.push(tf.tidy(() => compute().map((tensor) => tensor.dataSync<"float32">())));
  }
  await openBackend("wasm");
  return [results[0] ?? [], results[1] ?? []];
}

function expectClose(got: readonly Float32Array[], want: readonly Float32Array[], tolerance: number): void {
  expect(got.length).toBe(want.length);
  got.forEach((values, t) => {
    expect(values.length).toBe(want[t]?.length);
    values.forEach((value, i) => {
      const wanted = want[t]?.[i] ?? NaN;
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
    });
  });
}

describe("kernels and their composed form agree", () => {
  const seed = () => (streams = 1000);

  it.each(activationNames)("dense layer, %s", async (activation) => {
    const [kernels, composed] = await onBoth(() => {
      seed();
      const [x, weight, bias, dy] = [random(2, 5, 3), random(2, 3, 7), random(2, 1, 7), random(2, 5, 7)];
      const { output, slope } = denseForward(activation, x, weight, bias, true);
      const gradients = denseBackward(dy, slope, x, weight, true);
      return [output, gradients.weight, gradients.bias, ...(gradients.input ? [gradients.input] : [])];
    });
    expect(kernels).toHaveLength(4);
    expectClose(kernels, composed, 1e-5);
  });

  it.each(fusedLosses)("loss %s", async (loss) => {
    const [kernels, composed] = await onBoth(() => {
      seed();
      const { losses, gradient } = lossAndGradient(loss, tf.mul(random(3, 6, 4), 5), tf.softmax(random(3, 6, 4)), true);
      const scale = tf.tensor3d([2, -0.5, 0], [3, 1, 1]);
      const scaled = lossAndGradient(loss, random(3, 5, 3), tf.softmax(random(3, 5, 3)), true, scale);
      return [losses, scaled.losses, ...[gradient, scaled.gradient].flatMap((one) => one ?? [])];
    });
    expect(kernels).toHaveLength(4);
    expectClose(kernels, composed, 1e-5);
  });

  it.each(optimizerNames)("optimizer %s", async (optimizer) => {
    const [kernels, composed] = await onBoth(() => {
      seed();
      const weights = [random(2, 3, 5), random(2, 1, 7)];
      const gradients = [random(2, 3, 5), random(2, 1, 7)];
      const slots = Array.from({ length: optimizerSlots[optimizer] }, () => weights.map((weight) => tf.abs(weight)));
      const table = new Float32Array(2 * hyperWidth);
      writeHyper(table, 0, { rate: 0.1, epsilon: 1e-8, decay1: 0.9, decay2: 0.99, correction2: 1.5 });
      writeHyper(table, 1, { rate: 0.01, epsilon: 1e-3, decay1: 0.5, decay2: 0.999, correction2: 2 });
      const next = optimizerStep(optimizer, weights, gradients, slots, tf.tensor2d(table, [2, hyperWidth]));
      return [...next.weights, ...next.slots.flat()];
    });
    expect(kernels).toHaveLength(2 * (1 + optimizerSlots[optimizer]));
    expectClose(kernels, composed, 1e-5);
  });

  it("gather of rows", async () => {
    const [kernels, composed] = await onBoth(() => {
      const data = tf.tensor2d(
        Float32Array.from({ length: 20 }, (_, i) => i),
        [10, 2],
      );
      return [gatherRows(data, tf.tensor2d([3, 1, 4, 1, 5, 9, 2, 6], [2, 4], "int32"), 1, 2)];
    });
    expect(kernels).toEqual(composed);
    expect([...(kernels[0] ?? [])]).toEqual([2, 3, 8, 9, 18, 19, 4, 5]);
  });
});

describe("losses far from their target", () => {
  it("stay finite and exact", () => {
    const z = tf.tensor3d([80, -80, 0, 0], [2, 1, 2]);
    const target = tf.tensor3d([0, 1, 1, 0], [2, 1, 2]);
    expect(lossAndGradient("bce-of-logits", z, target, false).losses.dataSync()[0]).toBe(80);
    const { losses, gradient } = lossAndGradient("cce-of-logits", z, target, true);
    expect(losses.dataSync()[0]).toBe(160);
    expect(losses.dataSync()[1]).toBeCloseTo(Math.LN2, 6);
    expect([...(gradient?.dataSync() ?? [])]).toEqual([1, -1, -0.5, 0.5]);
  });
});

/** The rules in double precision: three steps on one weight with gradients g(w) = w. */
const byHand: Record<OptimizerName, (w: number) => number[]> = {
  sgd: (w) => [1, 2, 3].map(() => (w -= 0.1 * w)),
  momentum: (w) => {
    let m = 0;
    return [1, 2, 3].map(() => {
      m = 0.9 * m + w;
      return (w -= 0.1 * m);
    });
  },
  nesterov: (w) => {
    let m = 0;
    return [1, 2, 3].map(() => {
      const g = w;
      m = 0.9 * m + g;
      return (w -= 0.1 * (g + 0.9 * m));
    });
  },
  adagrad: (w) => {
    let s = 0;
    return [1, 2, 3].map(() => {
      s += w * w;
      return (w -= (0.1 * w) / (Math.sqrt(s) + 1e-8));
    });
  },
  rmsprop: (w) => {
    let s = 0;
    return [1, 2, 3].map(() => {
      s = 0.9 * s + 0.1 * w * w;
      return (w -= (0.1 * w) / (Math.sqrt(s) + 1e-8));
    });
  },
  adam: (w) => {
    let m = 0;
    let v = 0;
    return [1, 2, 3].map((t) => {
      m = 0.9 * m + 0.1 * w;
      v = 0.999 * v + 0.001 * w * w;
      return (w -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8));
    });
  },
  "adagrad-momentum": (w) => {
    let [s, m] = [0, 0];
    return [1, 2, 3].map(() => {
      s += w * w;
      m = 0.9 * m + (0.1 * w) / (Math.sqrt(s) + 1e-8);
      return (w -= m);
    });
  },
};

describe("first three optimizer steps", () => {
  it.each(optimizerNames)("%s as computed by hand", (optimizer) => {
    let weight = tf.tensor3d([2, 2, 2, 2, 2], [1, 1, 5]);
    let slots = Array.from({ length: optimizerSlots[optimizer] }, () => [tf.zerosLike(weight)]);
    byHand[optimizer](2).forEach((want, i) => {
      const t = i + 1;
      const adam = optimizer === "adam";
      const table = new Float32Array(hyperWidth);
      const rate = adam ? 0.1 / (1 - 0.9 ** t) : 0.1;
      writeHyper(table, 0, { rate, epsilon: 1e-8, decay1: 0.9, decay2: 0.999, correction2: 1 / (1 - 0.999 ** t) });
      const next = optimizerStep(optimizer, [weight], [weight], slots, tf.tensor2d(table, [1, hyperWidth]));
      [weight = weight] = next.weights;
      slots = next.slots;
      for (const value of weight.dataSync()) expect(Math.abs(value - want)).toBeLessThan(1e-6);
    });
  });
});
