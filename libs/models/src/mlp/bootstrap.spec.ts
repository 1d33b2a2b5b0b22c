import { openBackend } from "@basin/engine";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack, startPack } from "../testing/recorded-pack";
import { lossMinimization, smallNetwork } from "../testing/small-experiments";
import { bootstrapSplit } from "../training/sample-order";

beforeAll(async () => {
  await openBackend("wasm");
});

describe("bootstrap samples", () => {
  it("have as many draws as there are samples, and leave out those that were not drawn", () => {
    for (const index of [0, 1, 2]) {
      const { training, validation } = bootstrapSplit(7, 200, index);
      expect(training).toHaveLength(200);
      const drawn = new Set(training);
      expect([...validation].some((i) => drawn.has(i))).toBe(false);
      expect(drawn.size + validation.length).toBe(200);
    }
    expect(bootstrapSplit(7, 200, 1)).toEqual(bootstrapSplit(7, 200, 1));
    expect(bootstrapSplit(7, 200, 1)).not.toEqual(bootstrapSplit(7, 200, 2));
  });

  it("leave out a share of (1 − 1/n)ⁿ, on average", () => {
    const n = 50;
    const left = Array.from({ length: 400 }, (_, index) => bootstrapSplit(1, n, index).validation.length / n);
    const mean = left.reduce((a, b) => a + b, 0) / left.length;
    // The number left out has a standard deviation of about 0.31 √n; four standard errors of the mean.
    expect(Math.abs(mean - (1 - 1 / n) ** n)).toBeLessThan((4 * 0.31) / Math.sqrt(n * 400));
  });

  it("are drawn again where none is left out, which one sample alone cannot have", () => {
    for (let index = 0; index < 50; index++) expect(bootstrapSplit(3, 2, index).validation).toHaveLength(1);
    expect(() => bootstrapSplit(1, 1, 0)).toThrow("at least two samples");
  });

  it("leave the run's own network and its folds as they are, and give mean and spread of their own score", async () => {
    const parameters = (changes: object) => smallNetwork({ validationFraction: 0, epochs: 3, ...changes });
    const train = async (changes: object) =>
      (await trainPack(lossMinimization, [{ seed: 1, parameters: parameters(changes) }]))[0]!;
    const [folded, both] = [await train({ folds: 2 }), await train({ folds: 2, bootstrapSamples: 3 })];
    const { bootstrapScore, bootstrapStd, ...rest } = both.result!.metrics;
    expect(rest).toEqual(folded.result!.metrics);
    expect(both.series).toEqual(folded.series);
    expect(bootstrapScore).toBeGreaterThan(0.01);
    expect(bootstrapStd).toBeGreaterThan(0);
  });

  it("go on from a checkpoint to the bit", async () => {
    const run = { seed: 2, parameters: smallNetwork({ validationFraction: 0, epochs: 4, bootstrapSamples: 2 }) };
    const [whole] = await trainPack(lossMinimization, [run]);
    const first = await startPack(lossMinimization, [run]);
    await first.program.advance();
    const checkpoint = await first.program.checkpoint(0);
    first.program.dispose();
    const [resumed] = await trainPack(lossMinimization, [{ ...run, checkpoint }]);
    expect(resumed!.result).toEqual(whole!.result);
  });
});
