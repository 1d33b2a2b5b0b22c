import { Space, type Configuration, messageOf } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { conformanceChecks, stateBytesAfter } from "./conformance";
import { auto } from "./auto";
import { gp } from "./gp";
import { gridCells } from "./grid-cells";
import { nsgaII } from "./nsga-ii";
import { searchAlgorithms } from "./registry";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import { tpe } from "./tpe";

const gpConfig = (config: object): unknown => gp.configSchema.parse({ startup: 3, candidates: 2, batchSize: 3, ...config });
const nsgaConfig = (config: object): unknown => nsgaII.configSchema.parse(config);
const autoConfig = (config: object): unknown => auto.configSchema.parse(config);
const tpeConfig = (config: object): unknown => tpe.configSchema.parse(config);

/** Configs that each registry entry is tried with. An entry without one fails the first test. */
const configs: Record<string, unknown[]> = {
  grid: [{}],
  auto: [autoConfig({ trials: 11 })],
  random: [{ trials: 1 }, { trials: 30 }, { trials: 5000 }],
  sobol: [{ trials: 1 }, { trials: 32 }],
  halton: [{ trials: 1 }, { trials: 30 }],
  gp: [gpConfig({ trials: 7 }), gpConfig({ trials: 6, batch: "asynchronous" })],
  "cma-es": [{ trials: 35 }, { trials: 50, population: 6 }],
  "nsga-ii": [nsgaConfig({ trials: 30, population: 6 })],
  tpe: [tpeConfig({ trials: 35 }), tpeConfig({ trials: 1000, batchSize: 4 }), tpeConfig({ trials: 35, batch: "asynchronous" })],
};

function firstCells(space: Space, most: number): Configuration[] {
  const { count, cell } = gridCells(space);
  return Array.from({ length: Math.min(most, count) }, (_, i) => cell(i));
}

const spaces: Record<string, Space> = {
  "one of each type": Space.parse({
    learningRate: { type: "log-float", min: 1e-4, max: 1e-2, points: 3 },
    activation: { type: "choice", values: ["tanh", "relu"] },
    epochs: { type: "fixed", value: 100 },
    batchSize: { type: "int", min: 32, max: 128, step: 32 },
    momentum: { type: "step", min: 0.1, max: 0.9, step: 0.2 },
    initializationGain: { type: "float", min: -1, max: 1, points: 2 },
  }),
  "lists, flags and single values": Space.parse({
    hiddenLayers: { type: "choice", values: [[], [4], [64, 64, 32]] },
    restoreBestWeights: { type: "choice", values: [true, false] },
    beta1: { type: "float", min: 0.5, max: 0.5 },
    layers: { type: "choice", values: [["a"], ["a", "b"]] },
  }),
  "conditions, one on another": Space.parse({
    optimizer: { type: "choice", values: ["sgd", "momentum", "adam"] },
    momentum: { type: "choice", values: [0.5, 0.9, 0.99], when: { parameter: "optimizer", in: ["momentum"] } },
    beta1: { type: "int", min: 1, max: 4, when: { parameter: "optimizer", in: ["adam"] } },
    epsilon: { type: "log-float", min: 1e-8, max: 1e-4, points: 3, when: { parameter: "beta1", in: [2, 3] } },
  }),
  "numbers only": Space.parse({
    learningRate: { type: "log-float", min: 1e-4, max: 1e-2, points: 3 },
    batchSize: { type: "int", min: 32, max: 128, step: 32 },
    momentum: { type: "step", min: 0.1, max: 0.9, step: 0.2 },
    epochs: { type: "fixed", value: 100 },
  }),
  "10^12 cells": Space.parse({
    learningRate: { type: "log-float", min: 1e-5, max: 1, points: 1_000_000 },
    momentum: { type: "float", min: 0, max: 0.9, points: 1_000_000 },
  }),
};

// The first cells of each space; of the others the check refuses them.
configs["listed"] = Object.values(spaces).map((space) => ({ configurations: firstCells(space, 5) }));

test("every registry entry has configs to be tried with, and ids are unique", () => {
  expect(Object.keys(configs).sort()).toEqual(searchAlgorithms.map(({ id }) => id).sort());
});

/** CMA-ES takes numbers only, and a list fits its own space. */
const takes = (algorithm: SearchAlgorithm, space: Space, config: unknown): boolean =>
  !["cma-es", "listed"].includes(algorithm.id) || algorithm.check({ space, config, seed: 0, direction: "minimize" }).length === 0;

/** A Gaussian process takes milliseconds for each trial. */
const seedsOf = ({ id }: SearchAlgorithm): number[] => (id === "gp" || id === "auto" ? [2_147_483_647] : [0, 2_147_483_647]);

const cases = searchAlgorithms.flatMap((algorithm) =>
  Object.entries(spaces).flatMap(([name, space]) =>
    (configs[algorithm.id] ?? [])
      .filter((config) => takes(algorithm, space, config))
      .flatMap((config) =>
        seedsOf(algorithm).map((seed): [string, SearchAlgorithm, SearchInput<unknown>] => [
          `${algorithm.id} ${JSON.stringify(config)} on ${name}, seed ${seed}`,
          algorithm,
          { space, config, seed, direction: seed === 0 ? "minimize" : "maximize" },
        ]),
      ),
  ),
);

describe.each(cases)("%s", (_, algorithm, input) => {
  test.each(conformanceChecks(algorithm, input).map((check) => [check.name, check] as const))("%s", (__, check) => {
    check.run();
  });
});

/** Enough room for the trials; one config of each entry for them. */
const wide = Space.parse({ learningRate: { type: "log-float", min: 1e-5, max: 1, points: 20_000 } });
const long: Record<string, unknown> = {
  grid: {},
  // Within the random trials of both: a fit for each trial would say nothing of the state.
  auto: autoConfig({ trials: 10_000, batchSize: 250 }),
  random: { trials: 10_000 },
  sobol: { trials: 10_000 },
  halton: { trials: 10_000 },
  // All random: a fit for each trial would say nothing of the state.
  gp: gpConfig({ trials: 10_000, startup: 10_000, batchSize: 100 }),
  "cma-es": { trials: 10_000, population: 500 },
  tpe: tpeConfig({ trials: 10_000, batchSize: 500, candidates: 2 }),
  "nsga-ii": nsgaConfig({ trials: 10_000, population: 500 }),
  listed: { configurations: firstCells(wide, 10_000) },
};

test.each(searchAlgorithms.map((algorithm) => [algorithm.id, algorithm] as const))(
  "%s keeps a state that does not grow with its trials, digits of their number apart",
  (id, algorithm) => {
    const input: SearchInput<unknown> = { space: wide, config: long[id], seed: 1, direction: "minimize" };
    const [few, many] = [100, 2_000].map((trials) => stateBytesAfter(algorithm, input, trials));
    expect(few).toBeGreaterThan(0);
    expect(many! - few!).toBeLessThan(16);
    expect(many).toBeLessThan(200);
  },
  60_000,
);

describe("the suite notices", () => {
  const grid = searchAlgorithms.find(({ id }) => id === "grid");
  if (!grid) throw new Error("no grid");
  const input: SearchInput<unknown> = {
    space: Space.parse({ a: { type: "int", min: 1, max: 20 } }),
    config: {},
    seed: 1,
    direction: "minimize",
  };
  const failures = (changes: Partial<SearchAlgorithm>): string[] =>
    conformanceChecks({ ...grid, ...changes }, input).flatMap((check) => {
      try {
        check.run();
        return [];
      } catch (error) {
        return [messageOf(error)];
      }
    });
  let hidden = 0;

  test.each<[string, Partial<SearchAlgorithm>, RegExp]>([
    ["nothing wrong with the grid itself", {}, /^$/],
    ["a plan that is off by one", { plan: () => ({ trials: 21 }) }, /20 trials were created, 21 planned/],
    ["an end that is never told", { next: (i, s, e, h) => ({ ...grid.next(i, s, e, h), actions: [] }) }, /planned/],
    [
      "a capacity that is exceeded",
      { next: (i, s, e, h) => grid.next(i, s, e.type === "capacity" ? { ...e, trials: e.trials + 1 } : e, h) },
      /created with room for/,
    ],
    [
      "hidden state",
      {
        next: (i, s, e, h) => {
          const answer = grid.next(i, s, e, h);
          hidden += 1;
          return {
            ...answer,
            actions: answer.actions.map((a) => (a.type === "create-trial" ? { ...a, parameters: { a: 1 + (hidden % 20) } } : a)),
          };
        },
      },
      /two searches with the same input differ/,
    ],
    [
      "a gap in the numbers",
      {
        next: (i, s, e, h) => {
          const answer = grid.next(i, s, e, h);
          return {
            ...answer,
            actions: answer.actions.map((a) => (a.type === "create-trial" ? { ...a, trial: a.trial * 2 } : a)),
          };
        },
      },
      /was created where number/,
    ],
    [
      "a candidate outside the space",
      {
        next: (i, s, e, h) => {
          const answer = grid.next(i, s, e, h);
          return {
            ...answer,
            actions: answer.actions.map((a) => (a.type === "create-trial" ? { ...a, parameters: { a: 1.5 } } : a)),
          };
        },
      },
      /lies outside the space/,
    ],
  ])("%s", (name, changes, message) => {
    const found = failures(changes);
    if (Object.keys(changes).length === 0) expect(found, name).toEqual([]);
    else expect(found.join("\n")).toMatch(message);
  });
});
