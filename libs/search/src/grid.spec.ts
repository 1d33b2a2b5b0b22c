import { Space, type Dimension, type ParameterValue } from "@basin/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gridSize, gridValue } from "./dimension";
import { grid } from "./grid";
import type { SearchInput } from "./search-algorithm";
import { emptyHistory } from "./search-history";

const input = (space: unknown): SearchInput<Record<string, never>> => ({
  space: Space.parse(space),
  config: {},
  seed: 0,
  direction: "minimize",
});
const axis = (dimension: unknown): ParameterValue[] => {
  const parsed = Space.parse({ a: dimension }).a;
  if (!parsed) throw new Error("no dimension");
  return Array.from({ length: gridSize(parsed) ?? 0 }, (_, i) => gridValue(parsed, i));
};
const firstCells = (space: unknown, trials: number): unknown[] =>
  grid
    .next(input(space), grid.init(input(space)), { type: "capacity", trials }, emptyHistory)
    .actions.map((action) => (action.type === "create-trial" ? action.parameters : action.type));

describe("values on an axis are those a person would type", () => {
  test.each<[Dimension | object, ParameterValue[]]>([
    [{ type: "step", min: 0, max: 1, step: 0.1 }, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    [{ type: "step", min: 0.1, max: 0.75, step: 0.2 }, [0.1, 0.3, 0.5, 0.7]],
    [{ type: "step", min: -0.3, max: 0.3, step: 0.1 }, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    [{ type: "step", min: 1, max: 1, step: 0.1 }, [1]],
    [{ type: "float", min: 0, max: 0.3, points: 4 }, [0, 0.1, 0.2, 0.3]],
    [{ type: "float", min: 0, max: 1, points: 4 }, [0, 1 / 3, 2 / 3, 1]],
    [{ type: "float", min: 2, max: 2 }, [2]],
    [{ type: "log-float", min: 1e-4, max: 1e-2, points: 3 }, [1e-4, 1e-3, 1e-2]],
    [
      { type: "log-float", min: 1e-8, max: 1e4, points: 13 },
      [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000, 1e4],
    ],
    [{ type: "log-float", min: 0.0003, max: 0.003, points: 2 }, [0.0003, 0.003]],
    [{ type: "int", min: 1, max: 8, step: 3 }, [1, 4, 7]],
    [{ type: "choice", values: ["b", "a", [1, 2], true] }, ["b", "a", [1, 2], true]],
    [{ type: "fixed", value: "x" }, ["x"]],
  ])("%j", (dimension, values) => {
    expect(axis(dimension)).toEqual(values);
  });

  test("a value between powers of ten keeps all its digits", () => {
    expect(axis({ type: "log-float", min: 1e-4, max: 1e-3, points: 3 })[1]).toBeCloseTo(Math.sqrt(1e-7), 18);
    expect(axis({ type: "float", min: 0, max: 1, points: 8 })[1]).toBe(1 / 7);
  });

  test("any axis that check accepts starts at min, ends at max, and rises strictly", () => {
    const bound = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 2, max: 50 }), fc.boolean(), (a, b, points, logarithmic) => {
        const [min, max] = a < b ? [a, b] : [b, a];
        if (logarithmic && min <= 0) return;
        const dimension = { type: logarithmic ? "log-float" : "float", min, max, points };
        if (grid.check(input({ a: dimension })).length > 0) return;
        const values = axis(dimension).map(Number);
        expect([values[0], values.at(-1)]).toEqual([min, max]);
        for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThan(values[i - 1] ?? Infinity);
      }),
    );
  });
});

test("cells are numbered by parameter name, the last varying fastest, whatever order the space lists them in", () => {
  const a = { type: "choice", values: [1, 2] };
  const b = { type: "choice", values: ["x", "y", "z"] };
  const cells = [
    { a: 1, b: "x" },
    { a: 1, b: "y" },
    { a: 1, b: "z" },
    { a: 2, b: "x" },
    { a: 2, b: "y" },
    { a: 2, b: "z" },
  ];
  expect(firstCells({ a, b }, 10)).toEqual([...cells, "exhausted"]);
  expect(firstCells({ b, a }, 10)).toEqual([...cells, "exhausted"]);
  expect(firstCells({}, 10)).toEqual([{}, "exhausted"]);
});

test("every cell comes exactly once", () => {
  const dimension = fc.oneof(
    fc.integer({ min: 1, max: 5 }).map((n) => ({ type: "int", min: 0, max: n - 1 })),
    fc.integer({ min: 2, max: 5 }).map((n) => ({ type: "float", min: 0, max: 1, points: n })),
    fc.integer({ min: 1, max: 5 }).map((n) => ({ type: "choice", values: Array.from({ length: n }, (_, i) => `v${i}`) })),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("a", "b", "c", "d"), dimension), (space) => {
      const total = grid.plan(input(space)).trials ?? 0;
      const cells = firstCells(space, total + 5);
      expect(cells.pop()).toBe("exhausted");
      expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(total);
      expect(cells.length).toBe(total);
    }),
  );
});

test("a grid of 10^12 cells is counted, started and continued anywhere without being expanded", () => {
  const space = {
    a: { type: "log-float", min: 1e-6, max: 1, points: 1_000_000 },
    b: { type: "int", min: 1, max: 1_000_000 },
  };
  expect(grid.check(input(space))).toEqual([]);
  expect(grid.plan(input(space))).toEqual({ trials: 1e12 });
  const late = grid.next(input(space), { next: 1e12 - 2, exhaustedAt: null }, { type: "capacity", trials: 10 }, emptyHistory);
  expect(late.actions.slice(1)).toEqual([
    { type: "create-trial", trial: 1e12 - 1, parameters: { a: 1, b: 1_000_000 } },
    { type: "exhausted" },
  ]);
});

test.each<[string, object, string, RegExp]>([
  ["a range without points", { a: { type: "float", min: 0, max: 1 } }, "space.a.points", /how many values/],
  ["a log range without points", { rate: { type: "log-float", min: 1, max: 2 } }, "space.rate.points", /how many values/],
  ["one point for two ends", { a: { type: "float", min: 0, max: 1, points: 1 } }, "space.a.points", /both ends/],
  ["points that coincide", { a: { type: "float", min: 1, max: 1 + 1e-12, points: 1000 } }, "space.a.points", /told apart/],
  [
    "log points that coincide",
    { a: { type: "log-float", min: 1, max: 1 + 1e-12, points: 1000 } },
    "space.a.points",
    /told apart/,
  ],
  ["a step lost in rounding", { a: { type: "step", min: 1e15, max: 1e15 + 1, step: 1e-3 } }, "space.a.step", /lost in rounding/],
  [
    "a value listed twice",
    { a: { type: "choice", values: [[1], "x", [1]] } },
    "space.a.values[2]",
    /\[1\] is listed twice \(first at \[0\]\)/,
  ],
  ["a range beyond doubles", { a: { type: "float", min: -1.7e308, max: 1.7e308, points: 3 } }, "space.a.max", /too wide/],
  [
    "more than 2^53 cells",
    { a: { type: "float", min: 0, max: 1, points: 1e9 }, b: { type: "float", min: 0, max: 1, points: 1e9 } },
    "space",
    /1\.0e\+18 cells/,
  ],
])("refuses %s and says where", (_, space, path, message) => {
  const issues = grid.check(input(space));
  expect(issues.map((issue) => issue.path)).toEqual([path]);
  expect(issues[0]?.message).toMatch(message);
  expect(issues[0]?.hint).toBeTruthy();
});
