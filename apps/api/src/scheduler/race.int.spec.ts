import { SweepSpec, type GrantV1, type RunResultV1 } from "@basin/contracts";
import { Database, readRace, readSweep } from "@basin/database";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { answerPacks } from "../spec-support/answer-packs.testing";
import { aResult } from "../spec-support/fake-trainer.testing";
import { specStack, type SpecStack } from "../spec-support/spec-stack.testing";
import { InputError } from "../http/request-errors";
import { raceOf, seedsToDecideOf } from "../questions/race";
import { SweepTables } from "../questions/sweep-tables.service";
import { planSweep } from "../sweeps/sweep-plan";

const spec = SweepSpec.parse({
  experiment: "diagnostic",
  space: { level: { type: "float", min: 0, max: 1, points: 6 } },
  initializations: { min: 2, max: 6, race: "forgiving", cohort: 4, heldOut: 3 },
  objective: { metric: "value0", direction: "minimize" },
  maxPackWidth: 3,
});

/** The level, and something of the seed, the same for all levels but for its size: level 0.4 is the best. */
function resultOf(grant: GrantV1): RunResultV1 {
  const distance = Math.abs(Number(grant.parameters["level"]) - 0.4);
  if (distance > 0.55) return aResult(grant, { value0: null }, { outcome: "diverged", reason: "not finite" });
  return aResult(grant, { value0: distance + ((grant.seed * 7) % 5) / 40 });
}

async function trained(stack: SpecStack, name: string, delay: number): Promise<void> {
  const trainer = await stack.trainer(name);
  trainer.beat(300);
  void answerPacks(trainer, delay, resultOf).catch(() => undefined);
}

const sweepOf = (stack: SpecStack): Promise<Record<string, unknown>> =>
  stack.row("SELECT state, racing, incumbent, best_run, search_events, succeeded + diverged AS ended FROM sweep");
const completed = async (stack: SpecStack): Promise<boolean> => (await sweepOf(stack))["state"] === "completed";
const logOf = (stack: SpecStack): Promise<unknown[]> =>
  stack.database.query("SELECT sequence, event::text AS event, actions::text AS actions FROM search_event ORDER BY sequence");

test("a race trains what may be best from further seeds and the winner from held-out ones; killed APIs and other trainers change no byte of its log", async () => {
  const [calm, rough] = [await specStack(), await specStack()];
  const api = await calm.api();
  await trained(calm, "alone", 0);
  const id = await api.create(planSweep(spec).spec);
  await eventually(() => completed(calm), { timeoutSeconds: 90 });

  const trials = await calm.database.query("SELECT index, race, runs_total, runs_finished FROM trial ORDER BY index");
  expect(await sweepOf(calm)).toMatchObject({ racing: "decided", incumbent: 2 });
  expect(trials[2]).toMatchObject({ race: "complete", runs_total: 9, runs_finished: 9 });
  expect(trials.filter(({ race }) => race === "stopped").length).toBeGreaterThanOrEqual(3);
  const runs = trials.reduce((sum, trial) => sum + Number(trial["runs_total"]), 0);
  expect(runs).toBeLessThan(6 * 6);
  expect(Number((await sweepOf(calm))["ended"])).toBe(runs);
  const held = await calm.database.query("SELECT seed FROM run WHERE trial_index = 2 ORDER BY seed_index");
  expect(held.map(({ seed }) => seed)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  // Held-out runs are no part of what the search found.
  expect(String((await sweepOf(calm))["best_run"])).toMatch(new RegExp(`^${id}-2-[0-5]$`));

  const database = api.get(Database);
  const stored = await readSweep(database, id);
  if (!stored) throw new Error("the sweep is gone");
  const sweep = { ...stored, waiting: null };
  const answer = raceOf(sweep, await readRace(database, id, 10));
  expect(answer).toMatchObject({ state: "decided", total: 6, runs: { search: runs - 3, heldOut: 3, grid: 36 } });
  expect(answer.winner).toMatchObject({ trial: 2, search: { n: 6, of: 6 }, test: { n: 3, of: 3 } });
  expect(answer.winner?.search.mean).toBeCloseTo((0 + 2 + 4 + 1 + 3 + 0) / 40 / 6, 12);
  expect(answer.winner?.test.mean).toBeCloseTo((2 + 4 + 1) / 40 / 3, 12);
  expect(answer.configurations.map(({ reason }) => reason === null).slice(0, 2)).toEqual([true, expect.any(Boolean)]);
  const table = await new SweepTables(database).load(sweep, {});
  expect(table.count).toBe(runs - 3);
  const decision = seedsToDecideOf(table, table.objective, "minimize", { a: 1, b: 2, alpha: 0.05 });
  expect(decision).toMatchObject({ best: 2, decided: false });
  expect(decision.more).toBeGreaterThan(0);

  let current = await rough.api();
  await Promise.all([0, 40].map((delay, i) => trained(rough, `trainer-${i}`, delay)));
  await current.create(planSweep(spec).spec);
  for (const events of [2, 5]) {
    await eventually(async () => Number((await sweepOf(rough))["search_events"]) >= events, { timeoutSeconds: 60 });
    await current.stop();
    current = await rough.api();
  }
  await eventually(() => completed(rough), { timeoutSeconds: 90 });
  expect(await logOf(rough)).toEqual(await logOf(calm));
});

test("a race that cannot be is refused with the field named, and seeds may be left out", () => {
  const refused = (changes: object): string[] => {
    try {
      planSweep(SweepSpec.parse({ ...spec, ...changes }));
    } catch (error) {
      if (error instanceof InputError) return error.issues.map(({ path }) => path);
      throw error;
    }
    return [];
  };
  expect(refused({ initializations: { min: 4, max: 4 } })).toEqual(["initializations.max"]);
  expect(refused({ initializations: { min: 5 } })).toEqual(["initializations.min"]);
  expect(refused({ seeds: { list: [3, 1, 4] }, initializations: { max: 5 } })).toEqual(["initializations.max"]);
  expect(refused({ seeds: { first: 2_147_483_600, count: 5 }, initializations: { max: 40 } })).toEqual([
    "initializations.heldOut",
  ]);
  const plan = planSweep(SweepSpec.parse({ ...spec, seeds: { list: [9, 4, 7] }, initializations: { heldOut: 2 } }));
  expect(plan.seeds).toEqual([9, 4, 7, 10, 11]);
  expect(planSweep(spec).spec).toMatchObject({ seeds: { count: 6, first: 0 }, initializations: { max: 6 } });
});
