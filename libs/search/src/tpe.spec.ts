import { Space, type Configuration } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { openSearch } from "./open-search";
import { random } from "./random";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import { SearchRecord, type RunResult } from "./search-history";
import { tpe } from "./tpe";

const run = (value: number | null, initialization = 0): RunResult => ({
  initialization,
  value,
  outcome: value === null ? "diverged" : "succeeded",
});

/** All trials of a search, each with the runs that `measure` gives for it before the next batch. */
function searched(
  algorithm: SearchAlgorithm,
  space: Space,
  config: object,
  measure: (parameters: Configuration) => RunResult[],
  { seed = 0, direction = "minimize" }: Partial<Pick<SearchInput<unknown>, "seed" | "direction">> = {},
): Configuration[] {
  const input: SearchInput<unknown> = { space, config: algorithm.configSchema.parse(config), seed, direction };
  const record = new SearchRecord();
  let state = algorithm.init(input);
  for (let done = false; !done;) {
    const answer = algorithm.next(input, state, { type: "capacity", trials: 1000 }, record);
    state = answer.state;
    const first = record.trials.length;
    for (const action of answer.actions) {
      if (action.type === "exhausted") done = true;
      else record.create(action.parameters);
    }
    if (!algorithm.listensToResults || done) continue;
    const trials = record.trials
      .slice(first)
      .map(({ parameters }, i) => ({ trial: first + i, ended: true, runs: measure(parameters) }));
    const event = { type: "results" as const, trials };
    record.tell(event);
    state = algorithm.next(input, state, event, record).state;
  }
  return record.trials.map(({ parameters }) => parameters);
}

const number = (parameters: Configuration, name: string): number => Number(parameters[name]);
const best = (trials: readonly Configuration[], loss: (parameters: Configuration) => number): number =>
  Math.min(...trials.map(loss));
const meanOver = (seeds: number, of: (seed: number) => number): number =>
  Array.from({ length: seeds }, (_, seed) => of(seed)).reduce((a, b) => a + b) / seeds;

const mixed = Space.parse({
  learningRate: { type: "log-float", min: 1e-5, max: 1 },
  width: { type: "int", min: 8, max: 128, step: 8 },
  dropout: { type: "step", min: 0, max: 0.5, step: 0.05 },
  activation: { type: "choice", values: ["relu", "tanh", "gelu"] },
  gain: { type: "float", min: -2, max: 2 },
  epochs: { type: "fixed", value: 10 },
});
const bowl = (parameters: Configuration): number =>
  (Math.log10(number(parameters, "learningRate")) + 3) ** 2 +
  ((number(parameters, "width") - 64) / 60) ** 2 +
  (4 * (number(parameters, "dropout") - 0.2)) ** 2 +
  (parameters.activation === "tanh" ? 0 : 1) +
  (number(parameters, "gain") - 0.7) ** 2;

test("finds far better configurations than random search on a space of every kind", () => {
  const atRandom = meanOver(8, (seed) =>
    best(
      searched(random, mixed, { trials: 100 }, () => [], { seed }),
      bowl,
    ),
  );
  const learned = meanOver(8, (seed) =>
    best(
      searched(tpe, mixed, { trials: 100, batchSize: 1 }, (parameters) => [run(bowl(parameters))], { seed }),
      bowl,
    ),
  );
  expect(learned).toBeLessThan(atRandom / 3);
});

test("what is greatest is sought as what is least", () => {
  const down = searched(tpe, mixed, { trials: 30 }, (p) => [run(bowl(p))], { seed: 2 });
  expect(searched(tpe, mixed, { trials: 30 }, (p) => [run(-bowl(p))], { seed: 2, direction: "maximize" })).toEqual(down);
  expect(searched(tpe, mixed, { trials: 30 }, (p) => [run(-bowl(p))], { seed: 2 })).not.toEqual(down);
});

test("begins with the trials of a random search", () => {
  const first = searched(tpe, mixed, { trials: 12, startup: 10 }, (parameters) => [run(bowl(parameters))], { seed: 4 });
  expect(first.slice(0, 10)).toEqual(searched(random, mixed, { trials: 10 }, () => [], { seed: 4 }));
});

test("candidates are frozen: a change here changes sweeps that are stored", () => {
  const trials = searched(tpe, mixed, { trials: 21 }, (parameters) => [run(bowl(parameters))], { seed: 4 });
  expect(trials.slice(19)).toMatchInlineSnapshot(`
    [
      {
        "activation": "tanh",
        "dropout": 0.4,
        "epochs": 10,
        "gain": 0.5911379999644684,
        "learningRate": 0.7848769042963685,
        "width": 56,
      },
      {
        "activation": "tanh",
        "dropout": 0.4,
        "epochs": 10,
        "gain": 0.24532099268825647,
        "learningRate": 0.00011265634048812729,
        "width": 56,
      },
    ]
  `);
});

const tree = Space.parse({
  optimizer: { type: "choice", values: ["adam", "momentum", "sgd"] },
  beta: { type: "float", min: 0, max: 1, when: { parameter: "optimizer", in: ["adam"] } },
  momentum: { type: "float", min: 0, max: 1, when: { parameter: "optimizer", in: ["momentum"] } },
  warm: { type: "choice", values: [true, false], when: { parameter: "optimizer", in: ["adam", "momentum"] } },
  steps: { type: "int", min: 1, max: 50, when: { parameter: "warm", in: [true] } },
});
const onTree = (p: Configuration): number =>
  p.optimizer === "sgd"
    ? 2
    : p.optimizer === "adam"
      ? 1 + number(p, "beta")
      : 4 * Math.abs(number(p, "momentum") - 0.9) + (p.warm === true ? Math.abs(number(p, "steps") - 30) / 50 : 0.5);

test("learns along the tree of conditions, where a branch has parameters of its own", () => {
  const loss = (trials: readonly Configuration[]): number => best(trials, onTree);
  const atRandom = meanOver(8, (seed) => loss(searched(random, tree, { trials: 80 }, () => [], { seed })));
  const learned = meanOver(8, (seed) =>
    loss(searched(tpe, tree, { trials: 80, batchSize: 1 }, (p) => [run(onTree(p))], { seed })),
  );
  expect(learned).toBeLessThan(atRandom / 2);
});

test("tries no configuration twice while others are left", () => {
  const small = Space.parse({
    a: { type: "int", min: 0, max: 6 },
    b: { type: "choice", values: ["x", "y", "z"] },
    c: { type: "choice", values: [1, 2], when: { parameter: "b", in: ["z"] } },
  });
  const trials = searched(tpe, small, { trials: 28, batchSize: 1 }, (p) => [run(number(p, "a") + (p.b === "z" ? 0 : 1))]);
  expect(new Set(trials.map((parameters) => JSON.stringify(parameters))).size).toBe(28);
  expect(searched(tpe, small, { trials: 31, batchSize: 1 }, () => [run(1)])).toHaveLength(31);
});

test("a run that diverged counts as the worst there was, and one that was cancelled does not count", () => {
  const line = Space.parse({ x: { type: "float", min: 0, max: 1 } });
  const reckless = (p: Configuration): RunResult[] =>
    // Great where it does not diverge; every second run does for x > ½.
    number(p, "x") > 0.5 ? [run(0), run(null, 1)] : [run(10 * (0.4 - number(p, "x")) ** 2), run(0.1, 1)];
  const learned = searched(tpe, line, { trials: 60, batchSize: 1 }, reckless).slice(20);
  expect(learned.filter((p) => number(p, "x") <= 0.5).length).toBeGreaterThan(27);
  const cancelled = (p: Configuration): RunResult[] =>
    number(p, "x") > 0.5 ? [{ initialization: 0, value: null, outcome: "cancelled" }] : [run(1)];
  expect(searched(tpe, line, { trials: 40, batchSize: 1 }, cancelled)).toHaveLength(40);
});

describe("openSearch", () => {
  test.each<[string, object, string]>([
    ["no number of trials", {}, "search.config.trials"],
    ["no candidate", { trials: 5, candidates: 0 }, "search.config.candidates"],
    ["an empty batch", { trials: 5, batchSize: 0 }, "search.config.batchSize"],
    ["an unknown kind of batch", { trials: 5, batch: "hasty" }, "search.config.batch"],
    ["an unknown field", { trials: 5, gamma: 0.1 }, "search.config.gamma"],
  ])("refuses %s", (_, config, path) => {
    const { issues } = openSearch({ space: mixed, search: { algorithm: "tpe", config: { ...config }, seed: 0 } }, "minimize");
    expect(issues.map((issue) => issue.path)).toEqual([path]);
  });

  test("refuses a space in which nothing varies", () => {
    const still = Space.parse({ epochs: { type: "fixed", value: 3 } });
    const { issues } = openSearch({ space: still, search: { algorithm: "tpe", config: { trials: 5 }, seed: 0 } }, "minimize");
    expect(issues.map(({ path }) => path)).toEqual(["space"]);
  });
});
