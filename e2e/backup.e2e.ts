import { call } from "@basin/client";
import { freePorts } from "@basin/stack";
import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { diagnosticRuns } from "./harness/specs";
import { completed, expectNothingLostNothingDouble, runWithCheckpoint, submit } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

const runs = 12;
const steps = 200;
const env = { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "1" };
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

test("a backup made while a sweep runs is restored elsewhere, and the sweep completes in both places", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs, steps, secondsPerStep: 0.03, maxPackWidth: 4 }));
  await runWithCheckpoint(stack.api, id);
  const file = join(mkdtempSync(join(tmpdir(), "basin-backup-")), "ledger.basin");
  const made = await stack.basin(["backup", file, "--json"]);
  expect(made.code, made.stderr).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({ file, sweep: null, size: statSync(file).size });
  expect(statSync(file).mode & 0o077).toBe(0);
  const again = await stack.basin(["backup", file]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain(`${file} is there already`);
  const full = await stack.basin(["restore", file]);
  expect(full.code).toBe(2);
  expect(full.stderr).toMatch(/holds a ledger with 1 sweeps; a backup is restored into an empty database only/);

  // The other place: a data directory and ports of its own, filled before its stack starts for the first time.
  const [postgres = 0] = await freePorts(1);
  const directory = mkdtempSync(join(tmpdir(), "basin-e2e-restored-"));
  const place = { BASIN_DATA_DIR: directory, BASIN_POSTGRES_PORT: String(postgres) };
  const restored = await stack.basinWith(place, ["restore", file, "--json"]);
  expect(restored.code, restored.stderr).toBe(0);
  const other = await TestStack.start({ trainers: 1, env: { ...env, ...place } });
  try {
    other.reportOnFailure();
    const there = await call(other.api, "getSweep", { params: { sweep: id } });
    expect(there.counts.succeeded).toBeLessThan(runs);
    await completed(other.api, id);
    const details = await expectNothingLostNothingDouble(other.api, id, { runs, metric: "value0", steps });
    // What trained when the backup was made went on from its checkpoint.
    expect(details.filter((run) => run.attempts.some((one) => (one.resumedFromStep ?? 0) > 0)).length).toBeGreaterThan(0);
    await completed(stack.api, id);
    await expectNothingLostNothingDouble(stack.api, id, { runs, metric: "value0", steps });

    const one = await submit(stack.api, diagnosticRuns({ runs: 2, steps: 3, secondsPerStep: 0.01 }));
    await completed(stack.api, one.id);
    const single = join(directory, "one.basin");
    expect((await stack.basin(["backup", single, "--sweep", one.id])).code).toBe(0);
    const imported = await other.basin(["import", single, "--json"]);
    expect(imported.code, imported.stderr).toBe(0);
    expect(JSON.parse(imported.stdout)).toMatchObject({ imported: one.id });
    await expectNothingLostNothingDouble(other.api, one.id, { runs: 2, metric: "value0", steps: 3 });
    const twice = await other.basin(["import", single]);
    expect(twice.code).toBe(2);
    expect(twice.stderr).toContain(`sweep ${one.id} is in this ledger already`);
  } finally {
    await other.close();
  }
});
