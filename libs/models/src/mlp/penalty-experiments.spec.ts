import { PlotData, type Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { configurationOf, findExperiment } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";

beforeAll(async () => {
  await openBackend("wasm");
});

/** One run of an experiment: its figures and plots. */
async function run(id: string, changes: Configuration, seed = 3) {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  const [recording] = await trainPack(definition, [{ seed, parameters: configurationOf(definition, changes) }]);
  const { metrics, artifacts } = recording!.result!;
  const plots = artifacts.flatMap(({ kind, content }) =>
    kind === "plot" ? [PlotData.parse(JSON.parse(new TextDecoder().decode(content)))] : [],
  );
  return { metrics, plots };
}

describe("l1-l2-line", () => {
  it.each([
    ["mse", "spread"],
    ["mae", "right-end"],
    ["huber", "spread"],
  ])("the network of %s ends at the reference line (%s)", async (loss, outliers) => {
    const { metrics, plots } = await run("l1-l2-line", { loss, outliers });
    expect(metrics["referenceDeviation"]).toBeLessThan(1e-3);
    if (loss === "mse") expect(metrics["intercept"]).toBeGreaterThan(1.85);
    else expect(metrics["lineError"]).toBeLessThan(0.1);
    expect(plots.map(({ kind }) => kind)).toEqual(["curve", "curve", "table"]);
    const [lines] = plots;
    expect(lines?.kind === "curve" && lines.series.map(({ name }) => name)).toHaveLength(6);
  });

  it("without outliers squares are the better loss, over draws of the noise", async () => {
    const { metrics } = await run("l1-l2-line", { outliers: "none", epochs: 1, varianceDraws: 200, plots: false });
    expect(metrics["slopeVarianceRatio"]).toBeGreaterThan(1.2);
    const definition = findExperiment("l1-l2-line");
    expect(definition?.check?.(configurationOf(definition, { varianceDraws: 1 }))[0]?.path).toBe("varianceDraws");
    expect(definition?.check?.(configurationOf(definition, { hiddenLayers: [3] }))[0]?.path).toBe("hiddenLayers");
  });
});

describe("lasso", () => {
  it("absolute values leave the three inputs, squares and the gradient of λ|w| leave all", async () => {
    const { metrics, plots } = await run("lasso", {});
    expect(metrics).toMatchObject({ zeros: 17, extraTerms: 0, missingTerms: 0, supportExact: 1 });
    expect(metrics["referenceDeviation"]).toBeLessThan(1e-5);
    expect(metrics["refitError"]).toBeLessThan(0.05);
    expect(plots.map(({ kind }) => kind)).toEqual(["curve", "curve", "bars"]);
    const squares = await run("lasso", { proximalL1: 0, l2: 0.2, plots: false });
    expect(squares.metrics).toMatchObject({ zeros: 0, supportExact: 0 });
    expect(squares.metrics["referenceDeviation"]).toBeLessThan(1e-5);
    const gradient = await run("lasso", { proximalL1: 0, l1: 0.1, plots: false });
    expect(gradient.metrics["zeros"]).toBe(0);
  });
});

describe("weight-decay", () => {
  it("asks for the roughness by exact derivatives", async () => {
    const { metrics, plots } = await run("weight-decay", { hiddenLayers: [8], epochs: 200 });
    const curvature = plots[1];
    if (curvature?.kind !== "curve") throw new Error("no curvature");
    const bends = curvature.series[1]!.y.map((value) => value ?? NaN);
    const fit = plots[0]?.kind === "curve" ? plots[0].series[1]!.y.map((value) => value ?? NaN) : [];
    // The drawn values have seven digits, so second differences over ten places.
    const h = 10 / 200;
    expect(bends[100]).toBeCloseTo((fit[110]! - 2 * fit[100]! + fit[90]!) / h ** 2, -1);
    const squares = bends.map((bend, i) => bend * bend * (i === 0 || i === 200 ? 0.5 : 1));
    expect(metrics["roughness"]! / (squares.reduce((a, b) => a + b, 0) / 200)).toBeCloseTo(1, 5);
  });
});

describe("input-selection", () => {
  it("rows of superfluous inputs become exactly 0, and none without the proximal step", async () => {
    const { metrics, plots } = await run("input-selection", { epochs: 1200 });
    expect(metrics).toMatchObject({ zeroRows: 8, keptRows: 2 });
    expect(plots.map(({ kind }) => kind)).toEqual(["heat-map", "bars"]);
    const without = await run("input-selection", { epochs: 50, proximalL1: 0, plots: false });
    expect(without.metrics).toMatchObject({ zeroRows: 0, keptRows: 2 });
  });
});
