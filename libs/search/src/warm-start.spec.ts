import { Space, type Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { auto } from "./auto";
import { cmaEs } from "./cma-es";
import { gp } from "./gp";
import type { SearchAlgorithm, SearchEvent, SearchInput } from "./search-algorithm";
import { SearchRecord, type RunResult } from "./search-history";
import { tpe } from "./tpe";

const space = Space.parse({ x: { type: "float", min: 0, max: 1 }, y: { type: "float", min: 0, max: 1 } });
const loss = ({ x, y }: Configuration): number => (Number(x) - 0.8) ** 2 + (Number(y) - 0.2) ** 2;
const runOf = (parameters: Configuration): RunResult => ({ initialization: 0, value: loss(parameters), outcome: "succeeded" });

const earlier = (count: number): { type: "warm-start"; trials: { parameters: Configuration; runs: RunResult[] }[] } => ({
  type: "warm-start",
  trials: Array.from({ length: count }, (_, i) => {
    const draw = randomStream(5, "warm-start/spec", i);
    const parameters = { x: draw.uniform(0), y: draw.uniform(1) };
    return { parameters, runs: [runOf(parameters)] };
  }),
});

const inputOf = (algorithm: SearchAlgorithm, trials: number, seed = 1): SearchInput<unknown> => ({
  space,
  config: algorithm.configSchema.parse({ trials, ...(["tpe", "gp"].includes(algorithm.id) ? { candidates: 24 } : {}) }),
  seed,
  direction: "minimize",
});

/** A search told an event before it begins, of which each batch has ended before the next; the trials, and the steps with what was known. */
function searched(algorithm: SearchAlgorithm, input: SearchInput<unknown>, first: { type: string } | null, most: number) {
  const record = new SearchRecord();
  if (first) record.tell(first);
  let state = algorithm.init(input);
  const events: SearchEvent[] = [];
  while (record.trials.length < most) {
    const capacity: SearchEvent = { type: "capacity", trials: most - record.trials.length };
    const answer = algorithm.next(input, state, capacity, record);
    state = answer.state;
    const begun = record.trials.length;
    for (const action of answer.actions) if (action.type === "create-trial") record.create(action.parameters);
    const trials = record.trials
      .slice(begun)
      .map(({ parameters }, i) => ({ trial: begun + i, ended: true, runs: [runOf(parameters)] }));
    if (trials.length === 0) throw new Error(`no trial ${begun} was made`);
    const results: SearchEvent = { type: "results", trials };
    record.tell(results);
    state = algorithm.next(input, state, results, record).state;
    events.push(capacity, results);
  }
  return { trials: record.trials.map(({ parameters }) => parameters), events, state };
}

const mean = (trials: readonly Configuration[]): number => trials.reduce((sum, trial) => sum + loss(trial) / trials.length, 0);

describe("a search that begins with the trials of an earlier sweep", () => {
  test.each([tpe, gp, cmaEs, auto] as SearchAlgorithm[])("$id makes better first trials than one that does not", (algorithm) => {
    const firstOf = (first: { type: string } | null): Configuration[] =>
      [1, 2, 3].flatMap((seed) => searched(algorithm, inputOf(algorithm, 40, seed), first, 4).trials);
    expect(mean(firstOf(earlier(60)))).toBeLessThan(mean(firstOf(null)) / 2);
  });

  test("history read anew from the stored events leads to the same trials", () => {
    const whole = searched(tpe, inputOf(tpe, 40), earlier(30), 30);
    const record = new SearchRecord();
    record.tell(earlier(30));
    const input = inputOf(tpe, 40);
    let state: unknown = tpe.init(input as never);
    for (const event of whole.events) {
      record.tell(event);
      // As after a restart: another object with the same content.
      const history = { trials: [...record.trials], learned: [...(record.learned ?? [])] };
      const answer = (tpe as SearchAlgorithm).next(input, JSON.parse(JSON.stringify(state)), event, history);
      state = answer.state;
      for (const action of answer.actions) if (action.type === "create-trial") record.create(action.parameters);
    }
    expect(record.trials.map(({ parameters }) => parameters)).toEqual(whole.trials);
    expect(state).toEqual(whole.state);
  });

  test("it comes before all trials", () => {
    const record = new SearchRecord();
    record.create({ x: 0, y: 0 });
    expect(() => record.tell(earlier(1))).toThrow(/begins with earlier trials before it makes any/);
  });
});

describe("auto", () => {
  const explained = (of: object, trials: number): string =>
    auto.explain?.({ space: Space.parse(of), config: auto.configSchema.parse({ trials }), seed: 0, direction: "minimize" }) ?? "";
  const number = { type: "float", min: 0, max: 1 };

  test.each([
    [{ a: number }, 100, /^Gaussian process: every parameter that varies is a number/],
    [{ a: number }, 1000, /^Gaussian process for the first 250 of 1000 trials, then CMA-ES/],
    [{ a: number, b: { type: "choice", values: ["s", "t"] } }, 100, /^TPE: b is a choice/],
    [{ a: { type: "int", min: 0, max: 1 }, b: { ...number, when: { parameter: "a", in: [1] } } }, 100, /^TPE: b has a condition/],
    [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`x${"a".repeat(i)}`, number])), 100, /^TPE: 51 parameters vary/],
  ])("says why: %#", (of, trials, why) => {
    expect(explained(of, trials)).toMatch(why);
  });

  test("goes on with CMA-ES where the best of the first 250 lie, and is exhausted once", () => {
    const input = inputOf(auto, 256);
    const record = new SearchRecord();
    const before = earlier(250).trials;
    for (const { parameters } of before) record.create(parameters);
    record.tell({ type: "results", trials: before.map(({ runs }, trial) => ({ trial, ended: true, runs })) } as { type: string });
    const config = auto.configSchema.parse({ trials: 256 });
    const answer = auto.next({ ...input, config }, { next: 250, exhaustedAt: null }, { type: "capacity", trials: 99 }, record);
    const made = answer.actions.flatMap((action) => (action.type === "create-trial" ? [action] : []));
    expect(made.map(({ trial }) => trial)).toEqual([250, 251, 252, 253, 254, 255]);
    expect(mean(made.map(({ parameters }) => parameters))).toBeLessThan(mean(before.map(({ parameters }) => parameters)) / 3);
    expect(answer.actions.at(-1)).toEqual({ type: "exhausted" });
    expect(answer.state).toEqual({ next: 256, exhaustedAt: 256 });
  });

  test("waits for the first 250 before CMA-ES begins", () => {
    const record = new SearchRecord();
    for (const { parameters } of earlier(250).trials) record.create(parameters);
    const input = { ...inputOf(auto, 256), config: auto.configSchema.parse({ trials: 256 }) };
    const state = { next: 250, exhaustedAt: null };
    expect(auto.next(input, state, { type: "capacity", trials: 9 }, record)).toEqual({ state, actions: [] });
  });
});
