import { PlotData } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { configurationOf, findExperiment } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";

beforeAll(async () => {
  await openBackend("wasm");
});

/** An experiment as it is by default and without its term, from one seed in one pack: figures and plots of each. */
async function withAndWithout(id: string) {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  const runs = [{}, { penaltyWeight: 0 }].map((own) => ({ seed: 3, parameters: configurationOf(definition, own) }));
  const [withTerm, without] = (await trainPack(definition, runs)).map(({ result }) => ({
    metrics: result!.metrics,
    plots: result!.artifacts.flatMap(({ kind, content }) =>
      kind === "plot" ? [PlotData.parse(JSON.parse(new TextDecoder().decode(content)))] : [],
    ),
  }));
  return { withTerm: withTerm!, without: without! };
}

describe("knowledge about the outputs", () => {
  it("neighbours that are alike: fewer residues stand alone, and no fewer are told right", async () => {
    const { withTerm, without } = await withAndWithout("protein-smoothness");
    expect(withTerm.metrics["isolated"]! / without.metrics["isolated"]!).toBeLessThan(0.6);
    expect(withTerm.metrics["accuracy"]).toBeGreaterThan(without.metrics["accuracy"]! - 0.01);
    expect(withTerm.plots.map(({ kind }) => kind)).toEqual(["heat-map", "curve", "bars"]);
    const [strip, , lengths] = withTerm.plots;
    if (strip?.kind !== "heat-map" || lengths?.kind !== "bars") throw new Error("other plots");
    // The bars hold every residue of the chain once: lengths times segments, but for what is longer than the last bar.
    const residues = lengths.series[0]!.values.slice(0, -1).reduce<number>((sum, count, i) => sum + (i + 1) * (count ?? 0), 0);
    expect(residues + 12 * (lengths.series[0]!.values.at(-1) ?? 0)).toBeLessThanOrEqual(3000);
    expect(strip.z.map((row) => row.length)).toEqual([150, 150]);
  });

  it("costs of a tree: errors are nearer for little accuracy", async () => {
    const { withTerm, without } = await withAndWithout("hierarchical-cost");
    expect(withTerm.metrics["errorDistance"]! / without.metrics["errorDistance"]!).toBeLessThan(0.92);
    expect(without.metrics["accuracy"]! - withTerm.metrics["accuracy"]!).toBeLessThan(0.015);
    expect(withTerm.metrics["bayesFall"]).toBeCloseTo(0.187, 2);
    expect(withTerm.plots.map(({ kind }) => kind)).toEqual(["heat-map", "bars", "scatter"]);
    const [confusion, distances] = withTerm.plots;
    if (confusion?.kind !== "heat-map" || distances?.kind !== "bars") throw new Error("other plots");
    for (const row of confusion.z) expect(row.reduce<number>((a, b) => a + (b ?? 0), 0)).toBeCloseTo(100, 4);
    const wrong = distances.series[0]!.values.reduce<number>((a, b) => a + (b ?? 0), 0);
    expect(wrong / 20_000).toBeCloseTo(1 - withTerm.metrics["accuracy"]!, 6);
  });

  it("energies: one of two poses in place of their mean", async () => {
    const { withTerm, without } = await withAndWithout("docking");
    expect(without.metrics).toMatchObject({ possibleShare: 0, nearShare: 0 });
    expect(without.metrics["overlapShare"]).toBeGreaterThan(0.8);
    expect(withTerm.metrics["possibleShare"]).toBeGreaterThanOrEqual(0.9);
    expect(withTerm.metrics["nearShare"]).toBeGreaterThanOrEqual(0.8);
    expect(withTerm.plots.map(({ kind }) => kind)).toEqual(["contour", "bars", "bars"]);
    for (const plot of withTerm.plots.slice(1))
      expect(plot.kind === "bars" && plot.series[0]!.values.reduce<number>((a, b) => a + (b ?? 0), 0)).toBe(200);
  });
});
