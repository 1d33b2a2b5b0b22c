import { Space, type Configuration, type SearchSpec } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { describeSearchAlgorithm, openSearch } from "./open-search";
import { random } from "./random";

const space = Space.parse({
  learningRate: { type: "log-float", min: 1e-5, max: 1 },
  momentum: { type: "float", min: 0.5, max: 0.9 },
  batchSize: { type: "int", min: 16, max: 64, step: 16 },
  dropout: { type: "step", min: 0, max: 0.5, step: 0.1 },
  activation: { type: "choice", values: ["tanh", "relu", "gelu"] },
  epochs: { type: "fixed", value: 10 },
});
const draw = (trials: number, seed = 0, over: Space = space): Configuration[] => {
  const input = { space: over, config: { trials }, seed };
  return random
    .next(input, random.init(input), { type: "capacity", trials })
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

test("another seed draws other candidates", () => {
  expect(draw(5, 1)).not.toEqual(draw(5, 2));
  expect(draw(5, 1)).toEqual(draw(10, 1).slice(0, 5));
});

test("refuses to draw many times from a space in which nothing varies", () => {
  const still = Space.parse({ epochs: { type: "fixed", value: 3 }, gain: { type: "float", min: 1, max: 1 } });
  expect(random.check({ space: still, config: { trials: 5 }, seed: 0 })).toMatchObject([{ path: "space" }]);
  expect(random.check({ space: still, config: { trials: 1 }, seed: 0 })).toEqual([]);
});

describe("openSearch", () => {
  const open = (search: Partial<SearchSpec>): ReturnType<typeof openSearch> =>
    openSearch({ space, search: { algorithm: "random", config: {}, seed: 3, ...search } });

  test("finds, parses and checks", () => {
    expect(open({ config: { trials: 5 } }).search?.input).toEqual({ space, config: { trials: 5 }, seed: 3 });
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
