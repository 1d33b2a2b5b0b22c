import { RunId, SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { aDiagnosticSpec, countersOf, moreRounds, specStack, type SpecStack } from "../spec-support/spec-stack.testing";
import { Scheduler } from "./scheduler.service";

async function sweepRow(stack: SpecStack): Promise<Record<string, unknown>> {
  return stack.row("SELECT state, pending, queued, running, succeeded, failed, cancelled, trials_created FROM sweep");
}

test("pause takes queued runs back and asks for the running ones; resume goes on with both", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  const sweep = await api.create(aDiagnosticSpec(10, 1, { maxPackWidth: 2 }));
  const taken = await trainer.take();
  await eventually(async () => ((await sweepRow(stack))["queued"] as number) > 0);
  expect(await api.commands.pause(sweep)).toBe(true);
  expect(await sweepRow(stack)).toMatchObject({ state: "paused", queued: 0, running: 2, pending: 8 });
  await eventually(() =>
    trainer.commands.some((command) => command.stop.length === 2 && command.stop[0]?.action === "hand-back"),
  );
  expect((await trainer.heartbeat()).stop.map((stop) => stop.action)).toEqual(["hand-back", "hand-back"]);
  expect(await trainer.release(taken?.grants ?? [], "handed-back")).toBe(2);
  const looks = moreRounds(api.get(Scheduler));
  expect(await trainer.take(1.5)).toBeNull();
  await looks;
  expect(await sweepRow(stack)).toMatchObject({ state: "paused", queued: 0, running: 0, pending: 10 });
  await expect(api.commands.pause(sweep)).rejects.toThrow(/already paused/);

  expect(await api.commands.resume(sweep)).toBe(true);
  void trainer.work();
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await stack.row("SELECT max(attempt) AS attempt, max(strikes) AS strikes FROM run")).toEqual({ attempt: 2, strikes: 0 });
  await expect(api.commands.resume(sweep)).rejects.toThrow(/is completed and cannot be resumed/);
  await expect(api.commands.cancel(sweep)).rejects.toThrow(/is completed and cannot be cancelled/);
});

test("cancel ends waiting runs at once and running ones when they stop; a result that came first counts", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  const sweep = await api.create(aDiagnosticSpec(10, 1, { maxPackWidth: 3 }));
  const [first, second, third] = (await trainer.take())?.grants ?? [];
  if (!first || !second || !third) throw new Error("too little was granted");
  expect(await api.commands.cancel(sweep)).toBe(true);
  expect(await sweepRow(stack)).toMatchObject({ state: "cancelled", pending: 0, queued: 0, running: 3, cancelled: 7 });
  expect((await trainer.heartbeat()).stop.map((stop) => stop.action)).toEqual(["cancel", "cancel", "cancel"]);
  await trainer.finish([first]);
  await trainer.release([second], "cancelled");
  await trainer.release([third], "failed", "stopped badly");
  expect(await sweepRow(stack)).toMatchObject({ state: "cancelled", running: 0, succeeded: 1, cancelled: 9, failed: 0 });
  expect(await stack.row("SELECT count(*)::int AS n FROM trial WHERE runs_finished = runs_total")).toEqual({ n: 10 });
  await expect(api.commands.extend(sweep, { seeds: 1 })).rejects.toThrow(/clone it/);
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);
});

test("failed runs are tried again with a fresh budget, and a completed sweep runs again", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  const sweep = await api.create(aDiagnosticSpec(3, 1, { retryLimit: 0, maxPackWidth: 3 }));
  while (trainer.held.size < 3) await trainer.take();
  const grants = [...trainer.held.values()].map(({ grant }) => grant);
  await trainer.release(grants, "failed", "no luck");
  expect(await sweepRow(stack)).toMatchObject({ state: "completed", failed: 3 });
  expect(await api.commands.retryFailed(sweep)).toBe(true);
  void trainer.work();
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await sweepRow(stack)).toMatchObject({ state: "completed", failed: 0, succeeded: 3 });
  await expect(api.commands.retryFailed(sweep)).rejects.toThrow(/no run of the sweep has failed/);
});

test("more seeds make new runs of every trial; more trials go on with the search", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t", { slots: 2 });
  trainer.beat(500);
  void trainer.work();
  const search = { algorithm: "random", config: { trials: 4 } };
  const sweep = await api.create(aDiagnosticSpec(1, 2, { search, space: { level: { type: "float", min: 0, max: 1 } } }));
  const done = async (runs: number): Promise<boolean> => {
    const row = await sweepRow(stack);
    return row["state"] === "completed" && row["succeeded"] === runs;
  };
  await eventually(() => done(8));
  const before = await stack.database.query("SELECT index, parameters FROM trial ORDER BY index");
  expect(await api.commands.extend(sweep, { seeds: 3 })).toBe(true);
  await eventually(() => done(20), { what: "5 seeds of 4 trials" });
  expect(await api.commands.extend(sweep, { trials: 2, seeds: { list: [77] } })).toBe(true);
  await eventually(() => done(36), { what: "6 seeds of 6 trials" });
  const after = await stack.database.query("SELECT index, parameters FROM trial ORDER BY index");
  expect(after.slice(0, 4)).toEqual(before);
  expect(await stack.row("SELECT array_agg(DISTINCT seed ORDER BY seed) AS seeds FROM run")).toEqual({
    seeds: [0, 1, 2, 3, 4, 77],
  });
  expect(await stack.row("SELECT bool_and(runs_finished = runs_total AND runs_created = 6) AS full FROM trial")).toEqual({
    full: true,
  });
  await expect(api.commands.extend(sweep, { seeds: { list: [3] } })).rejects.toThrow(/seed 3 is in the sweep already/);
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);
});

test("a grid has no trials to add, and says what to do instead; unknown sweeps are no error", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const sweep = await api.create(aDiagnosticSpec(3, 1));
  await expect(api.commands.extend(sweep, { trials: 5 })).rejects.toThrow(/extend its seeds, or clone/);
  expect(await api.commands.pause(SweepId.parse("00000000"))).toBe(false);
  expect(await api.commands.extend(SweepId.parse("00000000"), { seeds: 1 })).toBe(false);
});

test("sweeps of a pool are dispatched by priority, then by submission", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const specs = [0, 5, 5, -3].map((priority) => aDiagnosticSpec(2, 1, { priority, maxPackWidth: 2 }));
  const ids: string[] = [];
  for (const spec of specs) {
    ids.push(await api.create(spec));
    // The ledger keeps milliseconds: of two sweeps in one of them none is the first.
    await sleep(2);
  }
  await eventually(async () => (await stack.row("SELECT sum(pending)::int AS n FROM sweep"))["n"] === 8);
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  const order: string[] = [];
  while (order.length < 4) {
    const taken = await trainer.take(5);
    if (!taken) throw new Error("nothing was granted");
    const sweep = taken.grants[0]?.run.slice(0, 8) ?? "";
    if (order.at(-1) !== sweep) order.push(sweep);
    await trainer.finish(taken.grants);
  }
  expect(order).toEqual([ids[1], ids[2], ids[0], ids[3]]);
});

test("a trial with more seeds than the window is planned piece by piece", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const sweep = await api.create(aDiagnosticSpec(2, 10_000));
  await eventually(async () => ((await sweepRow(stack))["pending"] as number) >= 4000);
  await moreRounds(api.get(Scheduler));
  expect((await sweepRow(stack))["pending"]).toBeLessThanOrEqual(4096);
  await api.commands.cancel(sweep);
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);
});

test("chosen runs are cancelled, whatever they wait for or do, and tried again", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  const sweep = await api.create(aDiagnosticSpec(10, 1, { maxPackWidth: 3 }));
  const [first, second, third] = (await trainer.take())?.grants ?? [];
  if (!first || !second || !third) throw new Error("too little was granted");
  await trainer.finish([first]);
  await eventually(async () => ((await sweepRow(stack))["queued"] as number) > 0);
  const queued = await stack.row("SELECT id FROM run WHERE state = 'queued' LIMIT 1");
  const waiting = RunId.parse(queued["id"]);
  const elsewhere = RunId.parse("00000000-0-0");
  expect(await api.commands.cancelRuns(sweep, [first.run, second.run, waiting, elsewhere])).toBe(2);
  expect(await stack.row("SELECT state, reason FROM run WHERE id = $1", [second.run])).toEqual({
    state: "cancelled",
    reason: "the run was cancelled",
  });
  await eventually(() =>
    trainer.commands.some(({ stop }) => stop.some(({ run, action }) => run === second.run && action === "cancel")),
  );
  expect(await trainer.release([second], "cancelled")).toBe(0);
  await trainer.finish([third]);
  void trainer.work();
  await eventually(async () => (await sweepRow(stack))["state"] === "completed");
  expect(await sweepRow(stack)).toMatchObject({ succeeded: 8, cancelled: 2, queued: 0 });
  expect(await stack.row("SELECT count(*)::int AS n FROM trial WHERE runs_finished = runs_total")).toEqual({ n: 10 });

  expect(await api.commands.retryRuns(sweep, [second.run, waiting, third.run])).toBe(2);
  await eventually(async () => (await sweepRow(stack))["succeeded"] === 10);
  expect(await sweepRow(stack)).toMatchObject({ state: "completed", cancelled: 0 });
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);
  expect(await api.commands.cancelRuns(SweepId.parse("00000000"), [elsewhere])).toBeNull();
});
