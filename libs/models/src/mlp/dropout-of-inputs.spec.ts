import { MlpParameters } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { lossMinimization, smallNetwork } from "../testing/small-experiments";
import { architectureOf } from "./architecture";
import { inputMask } from "./dropout";
import { inspectNetwork } from "./inspected-network";

beforeAll(async () => {
  await openBackend("wasm");
});

describe("dropout of inputs", () => {
  const state = (seed: number, inputDropout: number, step = 0) => ({
    run: { seed },
    parameters: { dropout: 0, inputDropout },
    step,
  });

  it("leaves each input out with its probability and multiplies the others, another draw in each step", () => {
    const masks = [0, 1].map((batch) => [...inputMask([state(1, 0.25), state(2, 0)], batch, 500, 8)!.values]);
    const [first, second] = [masks[0]!.slice(0, 4000), masks[1]!.slice(0, 4000)];
    expect(new Set(first)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    // Binomial: 4,000 draws of 0.75 have a standard deviation of 0.0068.
    expect(Math.abs(first.filter((v) => v > 0).length / 4000 - 0.75)).toBeLessThan(0.03);
    expect(second).not.toEqual(first);
    expect(new Set(masks[0]!.slice(4000))).toEqual(new Set([1]));
    expect(inputMask([state(1, 0)], 0, 5, 2)).toBeNull();
  });

  it("changes the training and not a run beside it", async () => {
    const parameters = [0, 0.3].map((inputDropout) => smallNetwork({ inputDropout, validationFraction: 0 }));
    const pair = await trainPack(
      lossMinimization,
      parameters.map((one) => ({ seed: 4, parameters: one })),
    );
    const [alone] = await trainPack(lossMinimization, [{ seed: 4, parameters: parameters[0]! }]);
    expect(pair[0]!.series).toEqual(alone!.series);
    expect(pair[1]!.series["loss"]).not.toEqual(alone!.series["loss"]);
    expect(pair[1]!.result?.outcome).toBe("succeeded");
  });
});

describe("predictions with dropout", () => {
  const net = architectureOf(
    { loss: "mse", outputActivation: "linear" },
    { inputWidth: 2, outputWidth: 1 },
    MlpParameters.parse({ hiddenLayers: [6], activation: "linear" }),
  );
  const values = net.specs.map(({ shape: [rows, columns] }) =>
    Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(3 * i + rows)),
  );
  const network = (dropout: number) =>
    inspectNetwork(net, {
      seed: 5,
      parameters: { dropout, inputDropout: 0, l1: 0, l2: 0, clipNorm: 0, clipValue: 0 },
      kept: values,
      initial: values,
      snapshots: [],
      lossHistory: [],
    });
  const x = Float32Array.of(0.7, -0.4);

  it("are all alike without dropout", async () => {
    const passes = await network(0).predictWithDropout(x, 3);
    const plain = await network(0).predict(x);
    expect(passes).toEqual([plain, plain, plain]);
  });

  it("of a linear layer have the mean and the variance that masks of p and 1/(1 − p) give", async () => {
    const p = 0.4;
    const passes = (await network(p).predictWithDropout(x, 4000)).map((one) => one[0]!);
    const [w1, b1, w2] = values as [Float32Array, Float32Array, Float32Array];
    const hidden = Array.from({ length: 6 }, (_, j) => 0.7 * w1[j]! - 0.4 * w1[6 + j]! + b1[j]!);
    const variance = hidden.reduce((sum, h, j) => sum + (h * w2[j]!) ** 2, 0) * (p / (1 - p));
    const mean = passes.reduce((a, b) => a + b, 0) / passes.length;
    const spread = passes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / passes.length;
    const plain = (await network(p).predict(x))[0]!;
    // Four standard errors of the mean; the variance's own error is some 3 %.
    expect(Math.abs(mean - plain)).toBeLessThan(4 * Math.sqrt(variance / passes.length));
    expect(Math.abs(spread / variance - 1)).toBeLessThan(0.1);
    expect(await network(p).predictWithDropout(x, 2)).toEqual((await network(p).predictWithDropout(x, 4)).slice(0, 2));
  });
});
