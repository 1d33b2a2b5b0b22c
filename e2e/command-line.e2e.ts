import { timeMetric, type Trainer } from "@basin/contracts";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runDetails } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1 });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

const answer = async <T>(args: readonly string[], input = ""): Promise<T> => {
  const { code, stdout, stderr } = await stack.basin([...args, "--json"], input);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
};

test("the command line submits, watches, shows, exports and extends", async () => {
  const file = join(stack.directory, "sweep.yaml");
  writeFileSync(file, "experiment: diagnostic\nspace:\n  level: { type: choice, values: [0.1, 0.2] }\nseeds: { count: 3 }\n");
  const preview = await stack.basin(["sweep", "submit", file, "--dry-run", "--json"]);
  expect(JSON.parse(preview.stdout)).toMatchObject({ trials: 2, runs: 6 });
  const submitted = await stack.basin([
    "sweep",
    "submit",
    file,
    "--watch",
    "--json",
    "--set",
    "seeds.count=2",
    "--set",
    "steps=7",
  ]);
  expect(submitted.code, submitted.stderr).toBe(0);
  const { sweep, results } = JSON.parse(submitted.stdout) as {
    sweep: { id: string; counts: object };
    results: { groups: { group: object }[] };
  };
  expect(sweep.counts).toMatchObject({ succeeded: 4, planned: 4 });
  expect(results.groups.map(({ group }) => group)).toEqual([{ level: 0.1 }, { level: 0.2 }]);
  expect((await stack.basin(["sweep", "list"])).stdout).toContain(sweep.id);
  const exported = join(stack.directory, "runs.csv");
  expect((await stack.basin(["export", sweep.id, "-o", exported])).code).toBe(0);
  expect(readFileSync(exported, "utf8").trimEnd().split("\n")).toHaveLength(5);
  const points = await stack.basin(["export", sweep.id, "--what", "metrics", "--format", "ndjson"]);
  const lines = points.stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { metric: string }).metric);
  const declared = lines.filter((metric) => metric !== timeMetric);
  expect(declared).toHaveLength(4 * 7);
  expect(lines.length).toBeGreaterThan(declared.length);
  expect((await stack.basin(["sweep", "extend", sweep.id, "--seeds", "1"])).code).toBe(0);
  const extended = await stack.basin(["sweep", "watch", sweep.id, "--json"]);
  expect(JSON.parse(extended.stdout)).toMatchObject({ sweep: { counts: { succeeded: 6 } } });
  const run = await stack.basin(["run", "show", `${sweep.id}-1-2`, "--json"]);
  expect(JSON.parse(run.stdout)).toMatchObject({ state: "succeeded", parameters: { level: 0.2, steps: 7 } });
  expect((await stack.basin(["sweep", "show", "zzzzzzzz"])).code).toBe(2);
  expect((await stack.basin(["sweep", "show", "not an id"])).stderr).toContain("k3v9x2mq");
  expect((await stack.basin(["trainers"])).stdout).toContain("trainer-1");
  expect((await stack.basin(["catalog"])).stdout).toContain("loss-minimization");
  expect((await stack.basinWith({ BASIN_URL: "http://127.0.0.1:9" }, ["status"])).code).toBe(3);
  const details = await runDetails(stack.api, sweep.id as Parameters<typeof runDetails>[1]);
  expect(details).toHaveLength(6);
});

test("what the dashboard can do, the command line can: edit, compare, stop and retry runs, drain a trainer", async () => {
  const spec = "experiment: diagnostic\nspace: { level: [0.1, 0.2], steps: 5 }\nseeds: { count: 5 }\n";
  const { sweep } = await answer<{ sweep: { id: string } }>(["sweep", "submit", "-", "--watch"], spec);
  await answer(["sweep", "edit", sweep.id, "--name", "renamed", "--tag", "a", "b", "--notes", "seen"]);
  expect(await answer(["sweep", "show", sweep.id])).toMatchObject({ name: "renamed", spec: { tags: ["a", "b"], notes: "seen" } });
  const nothing = await stack.basin(["sweep", "edit", sweep.id]);
  expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining("--name, --tag or --notes") as string });

  const sides = [`${sweep.id}:level=0.1`, `${sweep.id}:level=0.2`];
  const { comparison, test: between } = await answer<{
    comparison: { items: { runs: number }[] };
    test: { mannWhitney: { p: number }; reading: string };
  }>(["compare", ...sides]);
  expect(comparison.items.map(({ runs }) => runs)).toEqual([5, 5]);
  // Five values each, all of one below all of the other: 2 of the 252 ways to choose them.
  expect(between.mannWhitney.p).toBeCloseTo(2 / 252, 12);
  expect((await stack.basin(["compare", ...sides])).stdout).toContain(between.reading);
  expect((await stack.basin(["compare", "nonsense!", sweep.id])).stderr).toContain("write a run (k3v9x2mq-0-3)");

  const [trainer] = await answer<Trainer[]>(["trainers"]);
  if (!trainer) throw new Error("no trainer");
  expect(await answer(["trainer", "drain", trainer.name])).toMatchObject({ id: trainer.id });
  const waiting = await answer<{ id: string }>(["sweep", "submit", "-"], spec);
  const runs = [0, 1].map((initialization) => `${waiting.id}-0-${initialization}`);
  expect(await answer(["run", "cancel", ...runs])).toMatchObject({ changed: 2, unchanged: 0 });
  expect(await answer(["run", "retry", ...runs])).toMatchObject({ changed: 2, unchanged: 0 });
  expect((await stack.basin(["run", "cancel", ...runs, `${sweep.id}-0-0`])).stderr).toContain("runs of one sweep at a time");
  expect((await stack.basin(["trainer", "drain", "nobody"])).stderr).toContain("there is no trainer nobody");
  const unwanted = await answer<{ id: string }>(["sweep", "submit", "-"], spec);
  expect(await answer(["sweep", "cancel", unwanted.id])).toMatchObject({ state: "cancelled" });
  await answer(["trainer", "undrain", trainer.id]);
  const { sweep: done } = await answer<{ sweep: object }>(["sweep", "watch", waiting.id]);
  expect(done).toMatchObject({ counts: { succeeded: 10 } });
});

test("an export that cannot be written says which file, and leaves what was there", async () => {
  const { sweep } = await answer<{ sweep: { id: string } }>(["sweep", "submit", "-", "--watch"], "experiment: diagnostic\n");
  const nowhere = join(stack.directory, "nowhere", "runs.csv");
  expect(await stack.basin(["export", sweep.id, "-o", nowhere])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`-o ${nowhere} cannot be written`) as string,
  });
  const kept = join(stack.directory, "kept.csv");
  writeFileSync(kept, "mine");
  expect((await stack.basin(["export", "zzzzzzzz", "-o", kept])).code).toBe(2);
  expect(readFileSync(kept, "utf8")).toBe("mine");
  expect(existsSync(`${kept}.part`)).toBe(false);
});

test("every example is a sweep that its experiment accepts", async () => {
  const folder = fileURLToPath(new URL("../examples/sweeps/", import.meta.url));
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".yaml"))) {
    const preview = await answer<{ runs: number; warnings: unknown[] }>(["sweep", "submit", join(folder, name), "--dry-run"]);
    expect(preview.runs, name).toBeGreaterThan(5);
    expect(preview.warnings, name).toEqual([]);
  }
});
