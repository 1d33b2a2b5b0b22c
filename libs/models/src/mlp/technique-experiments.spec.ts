import type { Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { configurationOf, findExperiment } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";

beforeAll(async () => {
  await openBackend("wasm");
});

/** One run of an experiment: outcome, figures and the names of its plots. */
async function run(id: string, changes: Configuration, seed = 3) {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  const [recording] = await trainPack(definition, [{ seed, parameters: configurationOf(definition, changes) }]);
  const { outcome, metrics, artifacts } = recording!.result!;
  const plots = artifacts.filter(({ kind }) => kind === "plot").map(({ name }) => name);
  return { outcome, metrics, plots };
}

describe("vanishing-gradient", () => {
  it("finds the sigmoid's gradient vanished and He's with ReLU whole, before any training", async () => {
    const sigmoid = await run("vanishing-gradient", { epochs: 1 });
    expect(sigmoid.metrics["gradientRatio"]).toBeLessThan(1e-4);
    expect(sigmoid.metrics["claim"]).toBe(2);
    expect(sigmoid.plots).toEqual([
      "plots/gradient-norms.json",
      "plots/activations-at-start.json",
      "plots/activations-at-end.json",
      "plots/layer-variance.json",
      "plots/dead-units.json",
      "plots/activation-function.json",
    ]);
    expect(sigmoid.metrics["deadAtStart"]).toBe(0);
    // Slopes of at most ¼ squeeze the outputs of a layer that sees those of a sigmoid.
    expect(sigmoid.metrics["varianceRatio"]).toBeLessThan(1);
    const relu = await run("vanishing-gradient", { epochs: 1, activation: "relu", initialization: "he-normal", plots: false });
    expect(relu.metrics["gradientDecades"]).toBeLessThan(1);
    expect(relu.metrics["deadAtStart"]).toBeGreaterThan(0);
    expect(relu.metrics["deadAtStart"]).toBeLessThan(0.5);
    expect(relu.metrics["claim"]).toBe(2);
  });
});

describe("dropout", () => {
  const small = { hiddenLayers: [24], trainingSamples: 30, epochs: 12 };

  it("without dropout the companion is the run's network to the bit", async () => {
    const { metrics } = await run("dropout", { ...small, dropout: 0, plots: false });
    expect(metrics["gapReduction"]).toBe(0);
    expect(metrics["keptFraction"]).toBe(1);
  });

  it("counts the units that the training keeps", async () => {
    const { metrics, plots } = await run("dropout", { ...small, dropout: 0.25 });
    expect(metrics["keptFraction"]).toBeCloseTo(0.75, 1);
    expect(metrics["keptDeviation"]).toBeGreaterThan(0);
    expect(metrics["gapReduction"]).not.toBe(0);
    expect(plots).toEqual(["plots/gap.json", "plots/kept-units.json", "plots/sureness.json"]);
  });
});

describe("batch-normalization", () => {
  it("standardises every unit within the criterion, and has nothing to judge without it", async () => {
    const small = { hiddenLayers: [16, 16], trainingSamples: 128, epochs: 2 };
    const { metrics, plots } = await run("batch-normalization", small);
    expect(metrics["normalizedMean"]).toBeLessThan(1e-6);
    expect(metrics["normalizedVarianceError"]).toBeLessThan(1e-3);
    expect(metrics["normalizedVarianceError"]).toBeGreaterThan(1e-6);
    expect(plots).toEqual(["plots/layer-spread.json"]);
    const without = await run("batch-normalization", { ...small, batchNormalization: false, plots: false });
    expect(without.metrics["normalizedMean"]).toBeNaN();
  });
});

describe("gradient-clipping", () => {
  it("keeps a network finite that diverges without it", async () => {
    const { outcome, metrics, plots } = await run("gradient-clipping", { trainingSamples: 50, epochs: 5 });
    expect(outcome).toBe("succeeded");
    expect(metrics["limitRatio"]).toBeLessThanOrEqual(1);
    expect(metrics["limitRatio"]).toBeGreaterThan(0.99);
    expect(metrics["unlimited"]).toBe(1);
    expect(plots).toEqual(["plots/gradient-norm.json"]);
    const free = await run("gradient-clipping", { trainingSamples: 50, epochs: 5, clipNorm: 0 });
    expect(free.outcome).toBe("diverged");
  });
});

describe("backpropagation", () => {
  it("the formulas agree with central differences, and the engine with the formulas to single precision", async () => {
    const { metrics, plots } = await run("backpropagation", { epochs: 20 });
    expect(metrics["formulaError"]).toBeLessThan(1e-6);
    expect(metrics["engineError"]).toBeLessThan(1e-4);
    expect(metrics["engineError"]).toBeGreaterThan(1e-8);
    expect(plots).toEqual(["plots/differences.json", "plots/comparison.json"]);
  });
});

describe("cross-validation-search", () => {
  it("scores by the folds and reports the test part beside it", async () => {
    const { metrics, plots } = await run("cross-validation-search", { trainingSamples: 60, epochs: 3, folds: 2 });
    expect(metrics["crossValidationScore"]).toBeGreaterThan(0.1);
    expect(metrics["testAccuracy"]).toBeGreaterThan(0.1);
    expect(plots).toEqual(["plots/confusion.json", "plots/mistakes.json"]);
  });
});
