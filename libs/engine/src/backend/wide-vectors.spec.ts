import { optimizerSlots, activationNames, optimizerNames } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { activationDerivatives } from "../ops/activation-derivatives";
import { convBackward, convForward } from "../ops/conv";
import { transposedConvBackward, transposedConvForward } from "../ops/transposed-conv";
import { denseBackward, denseForward } from "../ops/dense";
import { lossAndGradient } from "../ops/loss";
import { useWideTiles } from "../ops/measuring";
import { hyperWidth, optimizerStep, writeHyper } from "../ops/optimizer";
import { maxPoolBackward, maxPoolForward } from "../ops/pool";
import { slidingBy } from "../ops/sliding";
import { openBackend } from "./open-backend";
import { allowWideVectors, canWidenVectors } from "./wide-vectors";

let streams = 0;
/** Standard normal values. */
function random<R extends tf.Rank>(...shape: number[]): tf.Tensor<R> {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  randomStream(11, "wide-vectors.spec", streams++).fillNormal(values);
  return tf.tensor<R>(values, shape as tf.ShapeMap[R]);
}

function found(v8: string, arch: string): string {
  const answer = canWidenVectors({ v8, arch });
  if ("missing" in answer) throw new Error(answer.missing);
  return answer.found;
}

describe("whether V8 can join vectors", () => {
  it("depends on its version and on the processor's kind, and says what would help", () => {
    for (const v8 of ["13.6.233.17-node.63", "14.6.202.34-node.40"]) expect(found(v8, "x64")).toContain("256 bits");
    for (const v8 of ["11.3.244.8-node.38", "12.4.254.21-node.57"])
      expect(() => found(v8, "x64")).toThrow("need Node 24 or later");
    expect(() => found("13.6.233.17-node.63", "arm64")).toThrow("arm64");
  });
});

/**
 * V8 compiles a function plainly at its first call, without joining anything, and anew when it has become hot. So the first results stand for
 * what WebAssembly prescribes, and the later ones for optimized code, joined where this Node and this processor do that.
 */
describe("kernels that have become hot", () => {
  it("keep the bits of their first calls, with tiles for 128 bits and for 256", { timeout: 60_000 }, async () => {
    allowWideVectors();
    await openBackend("wasm");
    const before = useWideTiles(false);
    const cases = kernelCases();
    const first = cases.map(([, compute]) => valuesOf(compute));
    for (const wide of [false, true]) {
      useWideTiles(wide);
      cases.forEach(([name, compute], i) => expect(valuesOf(compute), `${name}, first, wide: ${wide}`).toEqual(first[i]));
      const compare = (): void =>
        cases.forEach(([name, compute], i) => expect(valuesOf(compute), `${name}, hot, wide: ${wide}`).toEqual(first[i]));
      for (const [, compute] of cases) {
        const end = performance.now() + 100;
        while (performance.now() < end) valuesOf(compute);
      }
      // The last optimized code arrives from another thread, whenever that is: each of these calls may be its first.
      const end = performance.now() + 200;
      while (performance.now() < end) compare();
      compare();
    }
    useWideTiles(before);
  });
});

function valuesOf(compute: () => object): Float32Array[] {
  return tf.tidy(() =>
    Object.values(compute())
      .flat(2)
      .filter((value): value is tf.Tensor => value instanceof tf.Tensor)
      .map((tensor) => Float32Array.from(tensor.dataSync())),
  );
}

/** Sizes that leave a rest behind every kind of tile and of vector. */
function kernelCases(): [name: string, compute: () => object][] {
  const [x, w, b, g] = [
    random<tf.Rank.R3>(2, 51, 70),
    random<tf.Rank.R3>(2, 70, 75),
    random<tf.Rank.R3>(2, 1, 75),
    random<tf.Rank.R3>(2, 51, 75),
  ];
  const target = random<tf.Rank.R3>(2, 51, 75);
  const by = { one: slidingBy(1, 1), two: slidingBy(2, 1) };
  const [image, filter, bias] = [
    random<tf.Rank.R5>(2, 3, 16, 16, 4),
    random<tf.Rank.R5>(2, 4, 4, 4, 8),
    random<tf.Rank.R3>(2, 1, 8),
  ];
  const seen = convForward("elu", image, filter, bias, by.one, true);
  const [thin, narrowFilter] = [random<tf.Rank.R5>(2, 3, 16, 16, 1), random<tf.Rank.R5>(2, 4, 4, 1, 4)];
  const small = random<tf.Rank.R5>(2, 3, 8, 8, 8);
  const [up, upBias] = [random<tf.Rank.R5>(2, 4, 4, 4, 8), random<tf.Rank.R3>(2, 1, 4)];
  const spread = transposedConvForward("sine", small, up, upBias, by.two, true);
  const window = { size: [2, 2] as const, ...slidingBy(2, 0) };
  const pooled = maxPoolForward(image, window);
  const table = new Float32Array(2 * hyperWidth);
  for (const run of [0, 1]) writeHyper(table, run, { rate: 0.1, epsilon: 1e-8, decay1: 0.9, decay2: 0.99, correction2: 1.5 });
  const hyper = tf.tensor2d(table, [2, hyperWidth]);
  const weights = [random<tf.Rank.R3>(2, 7, 9), random<tf.Rank.R3>(2, 1, 50)];
  const gradients = weights.map(({ shape }) => random<tf.Rank.R3>(...shape));
  const slot = weights.map((weight) => tf.abs(weight));
  return [
    ...activationNames.flatMap((name): [string, () => object][] => [
      [`dense ${name}`, () => denseForward(name, x, w, b, true)],
      [`derivatives of ${name}`, () => activationDerivatives(g, name, 3)],
    ]),
    ...optimizerNames.map((name): [string, () => object] => [
      name,
      () =>
        optimizerStep(
          name,
          weights,
          gradients,
          Array.from({ length: optimizerSlots[name] }, () => slot),
          hyper,
        ),
    ]),
    ["dense backward", () => denseBackward(g, target, x, w, true)],
    ["A·Bᵀ", () => [tf.matMul(g, w, false, true)]],
    ["Aᵀ·Bᵀ", () => [tf.matMul(tf.reshape(x, [2, 70, 51]), tf.reshape(w, [2, 75, 70]), true, true)]],
    ["mean squared error", () => lossAndGradient("mse", g, target, true)],
    ["convolution, 8 features", () => convForward("elu", image, filter, bias, by.one, true)],
    ["its gradients", () => convBackward(seen.output, seen.slope, image, filter, by.one, true)],
    ["convolution, 4 features", () => convForward("swish", thin, narrowFilter, upBias, by.one, true)],
    ["transposed convolution", () => transposedConvForward("sine", small, up, upBias, by.two, true)],
    ["its gradients", () => transposedConvBackward(spread.output, spread.slope, small, up, by.two, true)],
    ["pooling", () => maxPoolForward(image, window)],
    ["its gradients", () => [maxPoolBackward(pooled.output, pooled.place, image.shape, window)]],
  ];
}
