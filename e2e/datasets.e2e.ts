import { call } from "@basin/client";
import { type Dataset, type Sweep } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { workspaceRoot } from "@basin/stack";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completed, runsOf, submit } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({
    env: { BASIN_EXTENSIONS: join(workspaceRoot(), "examples/damped-oscillator") },
  });
});
afterAll(() => stack.close());

describe("a person's own data", () => {
  it("is uploaded, looked at, swept over and kept while a sweep names it", async () => {
    stack.reportOnFailure();
    const draws = randomStream(3, "e2e-datasets");
    const rows = Array.from({ length: 120 }, (_, i) => {
      const [length, mass] = [1 + draws.uniform(3 * i), 2 + 5 * draws.uniform(3 * i + 1)];
      return `${length};${mass};${i % 2 === 0 ? "iron" : "wood"};${4 * length - 0.5 * mass + (i % 2)}`.replaceAll(".", ",");
    });
    const file = join(stack.directory, "swings.csv");
    writeFileSync(file, `\uFEFFlength;mass;material;period\r\n${rows.join("\r\n")}\r\n`);

    const added = await stack.basin(["dataset", "add", file, "--json"]);
    expect(added.code, added.stderr).toBe(0);
    const dataset = JSON.parse(added.stdout) as Dataset;
    expect(dataset).toMatchObject({ name: "swings.csv", rows: 120, delimiter: "semicolon", decimal: ",", missing: { count: 0 } });
    const shown = await stack.basin(["dataset", "show", dataset.id.slice(0, 8)]);
    expect(shown.stdout).toMatch(/material +category .*iron \(60\), wood \(60\)/);
    expect((await stack.basin(["dataset", "list"])).stdout).toContain("swings.csv");

    const sweep = (period: string): string =>
      JSON.stringify({
        experiment: "dataset-regression",
        space: {
          dataset: { type: "fixed", value: dataset.id },
          targets: { type: "fixed", value: [period] },
          learningRate: { type: "choice", values: [0.01, 0.02] },
          hiddenLayers: { type: "fixed", value: [8] },
          epochs: { type: "fixed", value: 150 },
        },
        seeds: { count: 3 },
      });
    const misnamed = await stack.basin(["sweep", "submit", "-", "--json"], sweep("periods"));
    expect(misnamed.code).toBe(2);
    expect(misnamed.stderr).toContain('space.targets[0]: the dataset swings.csv has no column "periods"');
    expect(misnamed.stderr).toContain('did you mean "period"?');
    const submitted = await stack.basin(["sweep", "submit", "-", "--json"], sweep("period"));
    expect(submitted.code, submitted.stderr).toBe(0);
    const { id } = JSON.parse(submitted.stdout) as Sweep;
    expect((await completed(stack.api, id)).counts).toMatchObject({ succeeded: 6, failed: 0, diverged: 0 });
    for (const run of await runsOf(stack.api, id)) {
      expect(run.metrics["testRows"]).toBe(24);
      expect(run.metrics["testRSquared"]).toBeGreaterThan(0.95);
    }
    const kept = readdirSync(join(stack.directory, "trainer-1", "datasets"));
    expect(kept).toEqual([expect.stringMatching(new RegExp(`^${dataset.id}-[0-9a-f]{64}$`))]);

    const refused = await stack.basin(["dataset", "rm", dataset.id]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(id);
  });

  it("is answered with what is wrong when it is bad, and nothing is kept", async () => {
    const file = join(stack.directory, "bad.csv");
    writeFileSync(file, "a,b\n1,2\n1,two\n3\n4,5\n6,7\n");
    const { code, stderr } = await stack.basin(["dataset", "add", file]);
    expect(code).toBe(2);
    expect(stderr).toContain("row 3 (line 4) has 1 cells");
    expect(stderr).toContain('row 2 (line 3), column "b": "two" is no number');
    const { items } = await call(stack.api, "listDatasets", {});
    expect(items.map(({ name }) => name)).not.toContain("bad.csv");
  });
});

describe("experiments from outside", () => {
  it("join the catalogue and are trained, with a family of ours and with their own", async () => {
    stack.reportOnFailure();
    const { experiments } = await call(stack.api, "getCatalog", { query: {} });
    expect(experiments.map(({ id }) => id)).toEqual(expect.arrayContaining(["damped-oscillator", "damped-oscillator-fit"]));
    const [network, fit] = await Promise.all([
      submit(stack.api, {
        experiment: "damped-oscillator",
        space: { epochs: { type: "fixed", value: 20 }, hiddenLayers: { type: "fixed", value: [8] } },
        seeds: { count: 2 },
      }),
      submit(stack.api, {
        experiment: "damped-oscillator-fit",
        space: { spread: { type: "choice", values: [0.1, 3] } },
        seeds: { count: 10 },
      }),
    ]);
    expect((await completed(stack.api, network.id)).counts).toMatchObject({ succeeded: 2 });
    expect((await completed(stack.api, fit.id)).counts).toMatchObject({ succeeded: 20 });
    const reached = (await runsOf(stack.api, fit.id)).map(({ parameters, metrics }) => ({
      spread: parameters["spread"],
      met: (metrics["frequencyError"] ?? Infinity) <= 0.1,
    }));
    // A start near the true frequency reaches it; from far away only some do.
    expect(reached.filter(({ spread, met }) => spread === 0.1 && met)).toHaveLength(10);
    expect(reached.filter(({ spread, met }) => spread === 3 && met).length).toBeLessThan(10);
  });
});
