import { Space, type Configuration } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { halton } from "./halton";
import { emptyHistory } from "./search-history";
import { sobol } from "./sobol";

const space = Space.parse({
  gain: { type: "float", min: 0, max: 1 },
  learningRate: { type: "log-float", min: 1e-4, max: 1 },
  width: { type: "int", min: 1, max: 8 },
  activation: { type: "choice", values: ["tanh", "relu"] },
  slope: { type: "float", min: 0, max: 1, when: { parameter: "activation", in: ["relu"] } },
  epochs: { type: "fixed", value: 10 },
});

describe.each([
  ["sobol", sobol],
  ["halton", halton],
])("%s", (_, algorithm) => {
  const draw = (trials: number, seed = 0): Configuration[] => {
    const input = { space, config: { trials }, seed, direction: "minimize" as const };
    return algorithm
      .next(input, algorithm.init(input), { type: "capacity", trials }, emptyHistory)
      .actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
  };

  test("spreads values evenly along every axis, on its scale", () => {
    const rows = draw(64);
    const counts = (part: (row: Configuration) => number): number[] => {
      const found = new Map<number, number>();
      for (const row of rows) found.set(part(row), (found.get(part(row)) ?? 0) + 1);
      return [...found.values()].sort((a, b) => a - b);
    };
    // 64 random draws into 8 parts have fewer than 5 in one of them more often than not.
    for (const count of counts((row) => Number(row.width))) expect(Math.abs(count - 8)).toBeLessThanOrEqual(2);
    for (const count of counts((row) => Math.floor(8 * Number(row.gain)))) expect(Math.abs(count - 8)).toBeLessThanOrEqual(2);
    for (const count of counts((row) => Math.floor(Math.log10(Number(row.learningRate))))) {
      expect(Math.abs(count - 16)).toBeLessThanOrEqual(2);
    }
    expect(rows.every((row) => "slope" in row === (row.activation === "relu") && row.epochs === 10)).toBe(true);
  });

  test("is another for another seed, and goes on where a shorter one ended", () => {
    expect(draw(8, 1)).not.toEqual(draw(8, 2));
    expect(draw(8, 1)).toEqual(draw(20, 1).slice(0, 8));
  });

  test("refuses a space in which nothing, or more than it has coordinates, varies", () => {
    const still = Space.parse({ epochs: { type: "fixed", value: 3 } });
    const check = (over: Space, trials: number) =>
      algorithm.check({ space: over, config: { trials }, seed: 0, direction: "minimize" }).map(({ path }) => path);
    expect(check(still, 2)).toEqual(["space"]);
    expect(check(still, 1)).toEqual([]);
    const many = Array.from({ length: 257 }, (_unused, i) => [
      `x${"abcdefghij"[i % 10]}${"abcdefghij"[Math.floor(i / 10) % 10]}${Math.floor(i / 100)}`,
      { type: "float", min: 0, max: 1 },
    ]);
    expect(check(Space.parse(Object.fromEntries(many)), 5)).toEqual(["space"]);
  });

  test("warns where points can fall on one configuration again", () => {
    const few = Space.parse({ activation: { type: "choice", values: ["tanh", "relu"] } });
    const paths = (over: Space, trials: number) =>
      algorithm.warn?.({ space: over, config: { trials }, seed: 0, direction: "minimize" }).map(({ path }) => path);
    expect(paths(few, 4)).toEqual(["search.algorithm"]);
    expect(paths(space, 64)).toEqual([]);
  });
});

test("Sobol's points are counted in powers of two", () => {
  const warnings = sobol.warn?.({ space, config: { trials: 100 }, seed: 0, direction: "minimize" });
  expect(warnings).toMatchObject([{ path: "search.config.trials", hint: "draw 64 or 128" }]);
});

test("first points are frozen: a change here changes sweeps that are stored", () => {
  const first = [sobol, halton].map((algorithm) => {
    const input = { space, config: { trials: 2 }, seed: 7, direction: "minimize" as const };
    return algorithm.next(input, { next: 1, exhaustedAt: null }, { type: "capacity", trials: 1 }, emptyHistory).actions[0];
  });
  expect(first).toMatchInlineSnapshot(`
    [
      {
        "parameters": {
          "activation": "tanh",
          "epochs": 10,
          "gain": 0.44560421956703067,
          "learningRate": 0.024786313139669384,
          "width": 8,
        },
        "trial": 1,
        "type": "create-trial",
      },
      {
        "parameters": {
          "activation": "relu",
          "epochs": 10,
          "gain": 0.4094462744666975,
          "learningRate": 0.000980997749027583,
          "slope": 0.05936890173385079,
          "width": 4,
        },
        "trial": 1,
        "type": "create-trial",
      },
    ]
  `);
});
