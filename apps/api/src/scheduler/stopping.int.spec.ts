import {
  packFloat64,
  packInt32,
  Stopping,
  SweepSpec,
  type GrantV1,
  type SafetyCheck,
  type TelemetryMessageV1,
} from "@basin/contracts";
import { Database, readSweep, StoppingRepository } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { StoppingRecord, findStoppingRule, type ReportsEvent } from "@basin/search";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { InputError } from "../http/request-errors";
import { safetyOf } from "../questions/check-safe";
import { SweepTables } from "../questions/sweep-tables.service";
import { aResult } from "../spec-support/fake-trainer.testing";
import { countersOf, specStack } from "../spec-support/spec-stack.testing";
import { planSweep } from "../sweeps/sweep-plan";
import { planStopping } from "./stopping-plan";

const spec = SweepSpec.parse({
  experiment: "diagnostic",
  space: { level: { type: "float", min: 0, max: 1, points: 6 }, steps: { type: "fixed", value: 10 } },
  seeds: { count: 2 },
  stopping: { rule: "threshold", metric: "value0", threshold: 0.7, rungs: [2, 5] },
  objective: { metric: "value0", direction: "minimize" },
});

/** Three points of each run's series: its level, growing a little. */
const chunkOf = (grant: GrantV1, chunk: number): TelemetryMessageV1["chunks"][number] => {
  const steps = [1, 2, 3].map((i) => 3 * chunk + i);
  const level = Number(grant.parameters["level"]);
  return {
    run: grant.run,
    attempt: grant.attempt,
    metric: "value0",
    chunk,
    steps: packInt32(steps),
    values: packFloat64(steps.map((step) => level * (1 + step / 50))),
  };
};

test("runs are stopped one by one inside their pack, keep what they measured, and are no failures; the log says from what and decides the same again", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("one", { slots: 1 });
  trainer.beat(200);
  const id = await api.create(planSweep(spec).spec);
  const held = await trainer.take(30);
  if (!held) throw new Error("no pack came");
  const grants = [...held.grants];
  while (grants.length < 12) grants.push(...((await trainer.take(30))?.grants ?? []));

  await trainer.publish(grants.map((grant) => chunkOf(grant, 0)));
  // Levels 0.8 and 1 are above 0.7 at step 2, 0.6 is not.
  await eventually(async () => (await stack.row("SELECT pruned FROM sweep"))["pruned"] === 4);
  await trainer.publish(grants.map((grant) => chunkOf(grant, 1)));
  const counts = await countersOf(stack, id);
  expect(counts.kept).toEqual(counts.counted);
  const pruned = await stack.database.query(
    `SELECT r.reason, r.trial_index AS trial, a.state AS attempt, (SELECT count(*)::int FROM metric_chunk k WHERE k.run_id = r.id) AS chunks
     FROM run r JOIN attempt a ON a.run_id = r.id WHERE r.state = 'pruned' ORDER BY r.id`,
  );
  expect(pruned.map(({ trial }) => trial)).toEqual([4, 4, 5, 5]);
  for (const one of pruned) expect(one).toMatchObject({ attempt: "cancelled", chunks: 1 });
  expect(pruned[0]?.["reason"]).toBe("0.832 at step 2 is worse than the bound of 0.7");

  const results = grants.map((grant) =>
    aResult(grant, { value0: Number(grant.parameters["level"]) }, { steps: 6, chunks: { value0: 2 } }),
  );
  const statuses = await eventually(async () => {
    const answer = await trainer.commit(results);
    return answer.every(({ status }) => status !== "incomplete") && answer;
  });
  expect(statuses.filter(({ status }) => status === "superseded")).toHaveLength(4);
  await eventually(async () => (await stack.row("SELECT state FROM sweep"))["state"] === "completed");
  expect(await stack.row("SELECT succeeded, pruned, failed, cancelled FROM sweep")).toEqual({
    succeeded: 8,
    pruned: 4,
    failed: 0,
    cancelled: 0,
  });

  const database = api.get(Database);
  const stored = await readSweep(database, id);
  const experiment = findExperiment("diagnostic");
  if (!stored || !experiment || !spec.stopping) throw new Error("the sweep is gone");
  const table = await new SweepTables(database).load(stored, {});
  const checked = async (threshold: number): Promise<SafetyCheck> => {
    const stopping = { rule: "threshold" as const, metric: "value0", rungs: [2, 5], threshold };
    const { plan } = planStopping(experiment, { ...spec, stopping: Stopping.parse(stopping) }, stored.objective);
    if (!plan) throw new Error("no plan");
    const reports = await new StoppingRepository(database).reachedRungs(id, plan.metric, plan.rungs, { all: true });
    return safetyOf({ ...stored, waiting: null }, table, plan, reports, 10);
  };
  // Of what trained to its end two runs of level 0.6 are above 0.5, from step 2 on: 8 of 10 steps each.
  expect(await checked(0.5)).toMatchObject({ runs: 8, stopped: 2, stepsSaved: 16 / 80, safe: true });
  expect(await checked(-1)).toMatchObject({ stopped: 8, safe: false });

  const rule = findStoppingRule("threshold");
  const { stopping } = spec;
  if (!rule) throw new Error("no rule");
  const record = new StoppingRecord(rule, stopping, [2, 5], 2);
  const log = await stack.database.query(
    "SELECT event, actions FROM search_event WHERE event->>'type' = 'reports' ORDER BY sequence",
  );
  expect(log.length).toBeGreaterThan(0);
  for (const { event, actions } of log) expect(record.tell(event as ReportsEvent)).toEqual(actions);
});

test("a rule that cannot be is refused with the field named", () => {
  const refused = (stopping: object, changes: object = {}): string[] => {
    try {
      planSweep(SweepSpec.parse({ ...spec, stopping, ...changes }));
    } catch (error) {
      if (error instanceof InputError) return error.issues.map(({ path, message }) => `${path} ${message}`);
      throw error;
    }
    return [];
  };
  expect(refused({ rule: "asha", metric: "value0", rungs: [2, 10] })).toEqual([
    "stopping.rungs[1] is 10, and the longest run has 10 steps",
  ]);
  expect(refused({ rule: "asha", metric: "value0", rungs: [3, 3] })).toEqual(["stopping.rungs[1] is 3, after 3"]);
  expect(refused({ rule: "asha", metric: "elsewhere" })[0]).toMatch(/^stopping.metric elsewhere is not reported/);
  expect(refused({ rule: "threshold", metric: "value0" })[0]).toMatch(/^stopping.threshold is missing/);
  expect(refused({ rule: "asha", eta: 1, metric: "value0" })[0]).toMatch(/^stopping.eta must be above 1/);
  expect(refused({ rule: "asha", metric: "value0" }, { initializations: { max: 8 } })[0]).toMatch(/^stopping.rule a race and/);
  expect(refused({ rule: "asha", metric: "value0" })).toEqual([]);
});
