import { SweepRequest, SweepSpec, type Configuration, type GrantV1, type RunResultV1 } from "@basin/contracts";
import { chosenParameters, findSearchAlgorithm, SearchRecord, type SearchEvent } from "@basin/search";
import { Database } from "@basin/database";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { answerPacks } from "../spec-support/answer-packs.testing";
import { aResult } from "../spec-support/fake-trainer.testing";
import { specStack, type SpecStack } from "../spec-support/spec-stack.testing";
import { InputError } from "../http/request-errors";
import { planSweep } from "../sweeps/sweep-plan";
import { earlierTrials } from "../sweeps/warm-start";
import { searchOf } from "./search-step";

const spec = SweepSpec.parse({
  experiment: "diagnostic",
  space: {
    level: { type: "float", min: 0, max: 1 },
    secondsPerStep: { type: "float", min: 0, max: 1 },
  },
  search: { algorithm: "tpe", config: { trials: 36, batchSize: 6, startup: 6 }, seed: 11 },
  seeds: { count: 2 },
  objective: { metric: "value0", direction: "minimize" },
  maxPackWidth: 3,
});

const distanceOf = ({ level, secondsPerStep }: Configuration): number =>
  Math.hypot(Number(level) - 0.3, Number(secondsPerStep) - 0.7);

/** A figure of the run's parameters and its seed; every ninth initialization diverges. */
function resultOf(grant: GrantV1): RunResultV1 {
  const figure = distanceOf(grant.parameters) ** 2 + grant.seed / 100;
  const diverges = grant.seed === 1 && Number(grant.parameters["level"]) > 0.9;
  if (!diverges) return aResult(grant, { value0: figure });
  return aResult(grant, { value0: null }, { outcome: "diverged", reason: "not finite" });
}

async function started(stack: SpecStack, name: string, delay: number): Promise<void> {
  const trainer = await stack.trainer(name);
  trainer.beat(300);
  void answerPacks(trainer, delay, resultOf).catch(() => undefined);
}

const ended = async (stack: SpecStack): Promise<boolean> => (await stack.row("SELECT state FROM sweep"))["state"] === "completed";

async function trialsOf(stack: SpecStack): Promise<Configuration[]> {
  const rows = await stack.database.query("SELECT parameters FROM trial ORDER BY index");
  return rows.map(({ parameters }) => chosenParameters(spec.space, parameters as Configuration));
}

/** What the log holds, event for event. */
async function logOf(stack: SpecStack): Promise<{ event: SearchEvent; created: [number, number] }[]> {
  const rows = await stack.database.query("SELECT event, actions FROM search_event ORDER BY sequence");
  return rows.map(({ event, actions }) => ({
    event: event as SearchEvent,
    created: (actions as { created: [number, number] }).created,
  }));
}

test("a search that learns chooses the same trials with one trainer, and with three of other speeds, killed APIs between them", async () => {
  const [calm, rough] = [await specStack(), await specStack()];
  const api = await calm.api();
  await started(calm, "alone", 0);
  await api.create(spec);
  await eventually(() => ended(calm), { timeoutSeconds: 60 });

  const first = await rough.api();
  await Promise.all([0, 40, 90].map((delay, i) => started(rough, `trainer-${i}`, delay)));
  await first.create(spec);
  let current = first;
  for (const trials of [7, 19, 31]) {
    await eventually(async () => Number((await rough.row("SELECT trials_created AS n FROM sweep"))["n"]) >= trials, {
      timeoutSeconds: 60,
    });
    await current.stop();
    current = await rough.api();
  }
  await eventually(() => ended(rough), { timeoutSeconds: 90 });

  const [alone, many] = [await trialsOf(calm), await trialsOf(rough)];
  expect(alone).toHaveLength(36);
  expect(many).toEqual(alone);
  // It learned: the last trials lie nearer to the best place than the first, random ones.
  const mean = (trials: Configuration[]): number => trials.reduce((sum, trial) => sum + distanceOf(trial), 0) / trials.length;
  expect(mean(alone.slice(18))).toBeLessThan(mean(alone.slice(0, 6)) / 2);

  // What is stored replays: the events, told one by one to the search of the stored spec, give the stored trials and state.
  const algorithm = findSearchAlgorithm("tpe");
  const { input } = searchOf(spec);
  const record = new SearchRecord();
  let state = algorithm?.init(input);
  for (const { event, created } of await logOf(rough)) {
    record.tell(event);
    const answer = algorithm?.next(input, state, event, record);
    state = answer?.state;
    const made = (answer?.actions ?? []).flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
    expect(made).toEqual(many.slice(...created));
    for (const parameters of made) record.create(parameters);
  }
  expect((await rough.row("SELECT search_state AS state FROM sweep"))["state"]).toEqual(state);
  const told = (await logOf(rough)).flatMap(({ event }) => (event.type === "results" ? event.trials : []));
  expect(told.every(({ runs }) => runs.length === 2)).toBe(true);
});

test("results of trials that are given more seeds, or retried, are told anew", async () => {
  const stack = await specStack();
  const api = await stack.api();
  await started(stack, "alone", 0);
  const sweep = await api.create(SweepSpec.parse({ ...spec, search: { ...spec.search, config: { trials: 8, batchSize: 4 } } }));
  await eventually(() => ended(stack), { timeoutSeconds: 60 });
  await api.commands.extend(sweep, { seeds: 1, trials: 4 });
  await eventually(() => ended(stack), { timeoutSeconds: 60 });
  const told = (await logOf(stack)).flatMap(({ event }) => (event.type === "results" ? event.trials : []));
  const last = new Map(told.map(({ trial, runs }) => [trial, runs.length]));
  // The last batch ends the sweep: nothing is left to be told of it.
  expect([...last].filter(([trial]) => trial < 8)).toEqual(Array.from({ length: 8 }, (_, trial) => [trial, 3]));
  expect(await trialsOf(stack)).toHaveLength(12);
});

test("a search begins with what an earlier sweep found, and its log holds that", async () => {
  const stack = await specStack();
  const api = await stack.api();
  await started(stack, "alone", 0);
  const database = api.get(Database);
  const small = SweepSpec.parse({ ...spec, search: { ...spec.search, config: { trials: 18, batchSize: 6, startup: 6 } } });
  const earlier = await api.create(small);
  await eventually(() => ended(stack), { timeoutSeconds: 60 });

  const everySweep = (): Promise<boolean> => Promise.resolve(true);
  const plan = planSweep({ ...small, warmStart: earlier });
  const trials = await earlierTrials(database, plan, everySweep);
  expect(trials).toHaveLength(18);
  expect(trials?.every(({ runs }) => runs.length === 2)).toBe(true);
  await api.commands.create({ ...plan, earlier: trials });
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM sweep WHERE state = 'completed'"))["n"] === 2, {
    timeoutSeconds: 60,
  });
  const second = await stack.row(
    `SELECT e.event, (SELECT jsonb_agg(t.parameters ORDER BY t.index) FROM trial t WHERE t.sweep_id = s.id AND t.index < 6) AS first
     FROM sweep s JOIN search_event e ON e.sweep_id = s.id AND e.sequence = 0 WHERE s.spec ? 'warmStart'`,
  );
  expect(second["event"]).toEqual({ type: "warm-start", trials });
  // Its first trials are no random ones any more.
  const far = (those: Configuration[]): number => those.reduce((sum, one) => sum + distanceOf(one), 0) / those.length;
  expect(far(second["first"] as Configuration[])).toBeLessThan(
    far((trials ?? []).slice(0, 6).map(({ parameters }) => parameters)),
  );

  const refused = async (changes: object): Promise<unknown> => {
    try {
      return await earlierTrials(database, planSweep({ ...small, warmStart: earlier, ...changes }), everySweep);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.issues;
    }
  };
  const issue = (message: RegExp) => [
    { path: "warmStart", message: expect.stringMatching(message) as string, hint: expect.any(String) as string },
  ];
  expect(await refused({ search: { algorithm: "random", config: { trials: 5 } } })).toEqual(issue(/Random does not learn/));
  expect(await refused({ objective: { metric: "value1", direction: "minimize" } })).toEqual(
    issue(/has the objective to minimize value0/),
  );
  expect(await refused({ warmStart: "zzzzzzzz" })).toEqual(issue(/there is no sweep zzzzzzzz/));
  const elsewhere = { level: { type: "float", min: 2, max: 3 }, secondsPerStep: { type: "float", min: 0, max: 1 } };
  expect(await refused({ space: elsewhere })).toEqual(issue(/none of its 18 trials that have ended lies in the space/));
});

test("a search for two objectives is told both, and what breaks a constraint on metrics has no objective", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("alone");
  trainer.beat(300);
  const answer = (grant: GrantV1): RunResultV1 => {
    const level = Number(grant.parameters["level"]);
    return aResult(grant, { value0: level, value1: 1 - level ** 2 });
  };
  void answerPacks(trainer, 0, answer).catch(() => undefined);
  const objectives = [
    { metric: "value0", direction: "minimize" as const },
    { metric: "value1", direction: "maximize" as const },
  ];
  const several = SweepSpec.parse({
    ...spec,
    objective: objectives[0],
    objectives,
    metricConstraints: ["value0 >= 0.25"],
    search: { algorithm: "nsga-ii", config: { trials: 24, population: 8 }, seed: 3 },
  });
  const id = await api.create(several);
  await eventually(() => ended(stack), { timeoutSeconds: 60 });
  const told = (await logOf(stack)).flatMap(({ event }) => (event.type === "results" ? event.trials : []));
  const trials = await trialsOf(stack);
  expect(told.length).toBeGreaterThanOrEqual(16);
  for (const { trial, runs } of told) {
    const level = Number(trials[trial]?.["level"]);
    const broken = level < 0.25;
    for (const run of runs) {
      expect(run.value).toBe(broken ? null : level);
      expect(run.others).toEqual([1 - level ** 2]);
      expect(run.violation).toBe(broken ? 0.25 - level : undefined);
    }
  }
  expect(told.some(({ runs }) => runs.some(({ violation }) => violation !== undefined))).toBe(true);
  const row = await stack.row(
    `SELECT count(*) FILTER (WHERE (metrics->>'value0')::float8 < 0.25 AND objective IS NOT NULL)::int AS kept,
       min(objective) AS least, (SELECT best_value FROM sweep) AS best FROM run WHERE sweep_id = $1`,
    [id],
  );
  expect(row).toEqual({ kept: 0, least: row["best"], best: row["best"] });
  expect(Number(row["best"])).toBeGreaterThanOrEqual(0.25);

  const refused = (changes: object): unknown => {
    try {
      planSweep(SweepRequest.parse({ ...several, ...changes }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.issues.map(({ path, message }) => `${path}: ${message}`);
    }
    return null;
  };
  expect(refused({})).toBeNull();
  expect(refused({ search: { algorithm: "gp", config: { trials: 9 } } })).toEqual([
    "objectives: Gaussian process searches for one objective, and there are 2",
  ]);
  expect(refused({ objective: objectives[1] })).toEqual([
    "objectives[0]: is to minimize value0, and the objective to maximize value1",
  ]);
  expect(refused({ objectives: [objectives[0], objectives[0]] })).toEqual(["objectives[1].metric: value0 is listed twice"]);
  expect(refused({ objectives: [objectives[0], { metric: "nothing", direction: "minimize" }] })).toEqual([
    expect.stringMatching(/^objectives\[1\]\.metric: /),
  ]);
  expect(refused({ metricConstraints: ["valu0 >= 1"] })).toEqual([
    'metricConstraints[0]: there is no "valu0" here (character 1)',
  ]);
  expect(refused({ initializations: { min: 1 } })).toEqual(["initializations: a race compares one objective, and there are 2"]);
});
