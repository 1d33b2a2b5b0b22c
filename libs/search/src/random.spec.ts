import { Space, type Configuration, type SearchSpec } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { describeSearchAlgorithm, openSearch } from "./open-search";
import { random } from "./random";
import { emptyHistory } from "./search-history";

const space = Space.parse({
  learningRate: { type: "log-float", min: 1e-5, max: 1 },
  momentum: { type: "float", min: 0.5, max: 0.9 },
  batchSize: { type: "int", min: 16, max: 64, step: 16 },
  dropout: { type: "step", min: 0, max: 0.5, step: 0.1 },
  activation: { type: "choice", values: ["tanh", "relu", "gelu"] },
  epochs: { type: "fixed", value: 10 },
});
const draw = (trials: number, seed = 0, over: Space = space): Configuration[] => {
  const input = { space: over, config: { trials }, seed, direction: "minimize" as const };
  return random
    .next(input, random.init(input), { type: "capacity", trials }, emptyHistory)
    .actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
};
const column = (rows: Configuration[], name: string): number[] => rows.map((row) => Number(row[name]));

test("candidates are frozen: a change here changes sweeps that are stored", () => {
  expect(draw(2, 7)).toMatchInlineSnapshot(`
    [
      {
        "activation": "tanh",
        "batchSize": 48,
        "dropout": 0.1,
        "epochs": 10,
        "learningRate": 0.0005889440410810232,
        "momentum": 0.6627949946008709,
      },
      {
        "activation": "tanh",
        "batchSize": 48,
        "dropout": 0.1,
        "epochs": 10,
        "learningRate": 0.000868512912697453,
        "momentum": 0.6318601558352653,
      },
    ]
  `);
});

test("draws are uniform on their axes", () => {
  const rows = draw(3000);
  const shares = (name: string): number[] => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(String(row[name]), (counts.get(String(row[name])) ?? 0) + 1);
    return [...counts.values()].map((count) => count / rows.length);
  };
  for (const [name, kinds] of [
    ["batchSize", 4],
    ["dropout", 6],
    ["activation", 3],
  ] as const) {
    expect(shares(name)).toHaveLength(kinds);
    for (const share of shares(name)) expect(Math.abs(share - 1 / kinds)).toBeLessThan(0.04);
  }
  expect(rows.every((row) => row.epochs === 10)).toBe(true);
  const decades = [0, 0, 0, 0, 0];
  for (const rate of column(rows, "learningRate")) decades[Math.floor(Math.log10(rate)) + 5]! += 1 / rows.length;
  for (const share of decades) expect(Math.abs(share - 0.2)).toBeLessThan(0.04);
  const below = column(rows, "momentum").filter((m) => m < 0.7).length / rows.length;
  expect(Math.abs(below - 0.5)).toBeLessThan(0.04);
  expect(new Set(rows.map((row) => row.dropout))).toEqual(new Set([0, 0.1, 0.2, 0.3, 0.4, 0.5]));
});

test("parameters are drawn independently of each other, and one more leaves the others' draws as they were", () => {
  const rows = draw(2000);
  const pairs = rows.map((row) => (Number(row.momentum) - 0.7) * (Math.log10(Number(row.learningRate)) + 2.5));
  const correlation = pairs.reduce((a, b) => a + b) / rows.length / ((0.4 / Math.sqrt(12)) * (5 / Math.sqrt(12)));
  expect(Math.abs(correlation)).toBeLessThan(0.09);
  const more = draw(50, 0, { ...space, aaa: { type: "float", min: 0, max: 1 } });
  expect(column(more, "learningRate")).toEqual(column(rows.slice(0, 50), "learningRate"));
});

describe("a space without ranges", () => {
  const small = Space.parse({
    hiddenLayers: { type: "fixed", value: [8] },
    activation: { type: "choice", values: ["tanh", "relu"] },
    epochs: { type: "int", min: 1, max: 3 },
  });
  const keysOf = (rows: Configuration[]): string[] => rows.map((row) => JSON.stringify(row));

  test("is listed whole before anything is drawn again, in another order each time", () => {
    const keys = keysOf(draw(40, 5, small));
    const passes = [0, 1, 2, 3, 4, 5].map((pass) => keys.slice(6 * pass, 6 * pass + 6));
    for (const pass of passes) expect(new Set(pass).size).toBe(6);
    expect(new Set(passes.map((pass) => pass.join())).size).toBeGreaterThan(3);
    expect(new Set(keys.slice(36)).size).toBe(4);
  });

  test("of two configurations and forty trials draws both at once", () => {
    const two = Space.parse({ activation: { type: "choice", values: ["tanh", "relu"] } });
    expect(new Set(keysOf(draw(2, 0, two))).size).toBe(2);
    expect(random.warn?.({ space: two, config: { trials: 40 }, seed: 0, direction: "minimize" })).toMatchObject([
      { path: "search.config.trials", message: expect.stringContaining("has 2 configurations, so 38 of the 40") as string },
    ]);
    expect(random.warn?.({ space: two, config: { trials: 2 }, seed: 0, direction: "minimize" })).toEqual([]);
    expect(random.warn?.({ space, config: { trials: 2000 }, seed: 0, direction: "minimize" })).toEqual([]);
  });

  test("begins with each of its configurations equally often", () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 3000; seed += 1) {
      const [key = ""] = keysOf(draw(1, seed, small));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(4 * Math.sqrt(500));
  });

  test("counts configurations, not combinations that a condition makes equal", () => {
    const conditional = Space.parse({
      optimizer: { type: "choice", values: ["sgd", "momentum"] },
      momentum: { type: "choice", values: [0.5, 0.9], when: { parameter: "optimizer", in: ["momentum"] } },
    });
    expect(new Set(keysOf(draw(3, 1, conditional)))).toEqual(
      new Set(['{"optimizer":"sgd"}', '{"momentum":0.5,"optimizer":"momentum"}', '{"momentum":0.9,"optimizer":"momentum"}']),
    );
  });

  test("of 10^12 configurations repeats none in the first ten thousand, and reads any of them at once", () => {
    const large = Space.parse({
      learningRate: { type: "step", min: 0, max: 1, step: 1e-6 },
      batchSize: { type: "int", min: 1, max: 1_000_000 },
    });
    const rows = draw(10_000, 3, large);
    expect(new Set(keysOf(rows)).size).toBe(10_000);
    const input = { space: large, config: { trials: 1_000_000_000 }, seed: 3, direction: "minimize" as const };
    const state = { next: 999_999_999, exhaustedAt: null, version: 2 as const };
    expect(random.next(input, state, { type: "capacity", trials: 1 }, emptyHistory).actions[0]).toMatchObject({
      trial: 999_999_999,
    });
  });

  test("goes on independently where a sweep began so", () => {
    const input = { space: small, config: { trials: 12 }, seed: 7, direction: "minimize" as const };
    const stored = random.stateSchema.parse({ next: 0, exhaustedAt: null });
    const first = random.next(input, stored, { type: "capacity", trials: 12 }, emptyHistory);
    const drawn = first.actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
    // As version 1 drew them.
    expect(drawn.map(({ activation, epochs }) => `${String(activation)} ${String(epochs)}`)).toMatchInlineSnapshot(`
      [
        "tanh 1",
        "tanh 1",
        "relu 1",
        "tanh 2",
        "tanh 1",
        "relu 3",
        "tanh 1",
        "relu 2",
        "tanh 2",
        "relu 2",
        "relu 1",
        "tanh 3",
      ]
    `);
    expect(first.state).toEqual({ next: 12, exhaustedAt: 12, version: 1 });
  });
});

test("another seed draws other candidates", () => {
  expect(draw(5, 1)).not.toEqual(draw(5, 2));
  expect(draw(5, 1)).toEqual(draw(10, 1).slice(0, 5));
});

test("refuses to draw many times from a space in which nothing varies", () => {
  const still = Space.parse({ epochs: { type: "fixed", value: 3 }, gain: { type: "float", min: 1, max: 1 } });
  expect(random.check({ space: still, config: { trials: 5 }, seed: 0, direction: "minimize" })).toMatchObject([
    { path: "space" },
  ]);
  expect(random.check({ space: still, config: { trials: 1 }, seed: 0, direction: "minimize" })).toEqual([]);
});

describe("openSearch", () => {
  const open = (search: Partial<SearchSpec>): ReturnType<typeof openSearch> =>
    openSearch({ space, search: { algorithm: "random", config: {}, seed: 3, ...search } }, "minimize");

  test("finds, parses and checks", () => {
    expect(open({ config: { trials: 5 } }).search?.input).toEqual({
      space,
      config: { trials: 5 },
      seed: 3,
      direction: "minimize",
    });
    expect(open({ algorithm: "grid" }).issues.map((issue) => issue.path)).toEqual([
      "space.learningRate.points",
      "space.momentum.points",
    ]);
  });

  test.each<[Partial<SearchSpec>, string]>([
    [{ algorithm: "annealing" }, "search.algorithm"],
    [{ config: {} }, "search.config.trials"],
    [{ config: { trials: 0 } }, "search.config.trials"],
    [{ config: { trials: 2.5 } }, "search.config.trials"],
    [{ config: { trials: "many" } }, "search.config.trials"],
    [{ config: { trials: 3, budget: 1 } }, "search.config.budget"],
  ])("says where %j is wrong", (search, path) => {
    const { search: opened, issues } = open(search);
    expect(opened).toBeNull();
    expect(issues.map((issue) => issue.path)).toEqual([path]);
  });

  test("descriptors carry the config as JSON Schema", () => {
    expect(describeSearchAlgorithm(random)).toMatchObject({
      id: "random",
      config: { type: "object", required: ["trials"], properties: { trials: { type: "integer", title: "Trials", minimum: 1 } } },
    });
  });
});
