import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { aDiagnosticSpec, countersOf, moreRounds, specStack } from "../spec-support/spec-stack.testing";
import { Scheduler } from "./scheduler.service";

test("a sweep runs from submission to completion", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t1", { slots: 2 });
  void trainer.work();
  const sweep = await api.create(aDiagnosticSpec(20, 3));
  await eventually(async () => (await stack.row("SELECT state FROM sweep WHERE id = $1", [sweep]))["state"] === "completed");
  const row = await stack.row(
    `SELECT (SELECT count(*)::int FROM run WHERE sweep_id = $1 AND state = 'succeeded' AND attempt = 1) AS runs,
            (SELECT count(*)::int FROM metric_chunk) AS chunks, (SELECT count(*)::int FROM outbox) AS outbox,
            (SELECT count(*)::int FROM attempt WHERE state = 'succeeded') AS attempts,
            (SELECT count(*)::int FROM trial WHERE runs_finished = runs_total) AS trials,
            best_value, finished_at IS NOT NULL AS ended FROM sweep WHERE id = $1`,
    [sweep],
  );
  expect(row).toMatchObject({ runs: 60, chunks: 60, attempts: 60, trials: 20, outbox: 0, best_value: 1, ended: true });
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);
});

test("a grid of 10^12 cells costs nothing until its cells are run", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const began = performance.now();
  const axis = { type: "float", min: 0, max: 1, points: 1e6 } as const;
  const sweep = await api.create(
    aDiagnosticSpec(1, 2, { space: { level: axis, secondsPerStep: { ...axis, min: 0, max: 0.1 } } }),
  );
  expect(performance.now() - began).toBeLessThan(1000);
  await eventually(
    async () => ((await stack.row("SELECT pending FROM sweep WHERE id = $1", [sweep]))["pending"] as number) >= 3000,
  );
  await moreRounds(api.get(Scheduler));
  const row = await stack.row("SELECT trials_planned, trials_created, pending + queued + running AS unfinished FROM sweep");
  expect(row["trials_planned"]).toBe(1e12);
  expect(row["unfinished"]).toBeLessThanOrEqual(4096);
});
