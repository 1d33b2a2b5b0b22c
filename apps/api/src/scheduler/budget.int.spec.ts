import { RunId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { aDiagnosticSpec, countersOf, specStack, type SpecStack } from "../spec-support/spec-stack.testing";

async function sweepRow(stack: SpecStack): Promise<Record<string, unknown>> {
  return stack.row("SELECT state, spent, pending, queued, running, succeeded, cancelled, steps, train_seconds FROM sweep");
}

test("a budget of runs is the first so many of the plan; a larger one goes on where it stopped", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t", { slots: 2 });
  trainer.beat(500);
  void trainer.work();
  const sweep = await api.create(aDiagnosticSpec(4, 3, { budget: { maxRuns: 7 } }));
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await sweepRow(stack)).toMatchObject({ spent: "runs", succeeded: 7, cancelled: 0, steps: 21 });
  const places = "SELECT array_agg(trial_index || '/' || seed_index ORDER BY trial_index, seed_index) AS places FROM run";
  expect(await stack.row(places)).toEqual({ places: ["0/0", "0/1", "0/2", "1/0", "1/1", "1/2", "2/0"] });

  await expect(api.commands.extend(sweep, { seeds: 1 })).rejects.toThrow(/budget of runs is spent/);
  expect(await api.commands.extend(sweep, { budget: { maxRuns: 9 } })).toBe(true);
  await eventually(async () => (await sweepRow(stack))["succeeded"] === 9);
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await api.commands.extend(sweep, { budget: {} })).toBe(true);
  await eventually(async () => (await sweepRow(stack))["succeeded"] === 12);
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await sweepRow(stack)).toMatchObject({ spent: null });
});

test("spent steps cancel what waits, in packs and outside; what trains is finished, and counts", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  // Each run takes three steps and a tenth of a second; two runs to a pack, so a twentieth of a slot each.
  const sweep = await api.create(aDiagnosticSpec(10, 1, { maxPackWidth: 2, budget: { maxSteps: 6 } }));
  const first = await trainer.take();
  const second = await trainer.take();
  if (!first || !second) throw new Error("nothing was granted");
  await trainer.finish(first.grants);
  await eventually(async () => (await sweepRow(stack))["spent"] === "steps", { what: "the budget to be spent" });
  expect(await sweepRow(stack)).toMatchObject({
    state: "running",
    pending: 0,
    queued: 0,
    running: 2,
    succeeded: 2,
    cancelled: 6,
  });
  expect(await stack.row("SELECT DISTINCT reason FROM run WHERE state = 'cancelled'")).toEqual({
    reason: "the sweep's budget of steps is spent",
  });
  await trainer.finish(second.grants);
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  const used = await sweepRow(stack);
  expect(used).toMatchObject({ succeeded: 4, steps: 12 });
  expect(used["train_seconds"]).toBeCloseTo(0.2, 9);
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);

  const [cancelled] = await stack.database.query("SELECT id FROM run WHERE state = 'cancelled' ORDER BY trial_index LIMIT 1");
  expect(await api.commands.cancelRuns(sweep, [RunId.parse(cancelled?.["id"])])).toBe(0);
  void trainer.work();
  expect(await api.commands.extend(sweep, { budget: { maxSteps: 1000 } })).toBe(true);
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await sweepRow(stack)).toMatchObject({ spent: null, succeeded: 10, cancelled: 0 });
});

test("after a deadline nothing begins", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const deadline = new Date(Date.now() + 1500).toISOString();
  await api.create(aDiagnosticSpec(5, 1, { budget: { deadline } }));
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(deadline));
  expect(await sweepRow(stack)).toMatchObject({ spent: "deadline", cancelled: 5, pending: 0, queued: 0 });
});
