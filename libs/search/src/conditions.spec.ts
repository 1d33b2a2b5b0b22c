import { Space, type Configuration } from "@basin/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { liesInSpace } from "./dimension";
import { grid } from "./grid";
import { random } from "./random";
import { emptyHistory } from "./search-history";

const input = (space: unknown) => ({ space: Space.parse(space), config: {}, seed: 0, direction: "minimize" as const });
const cells = (space: unknown): Configuration[] =>
  grid
    .next(input(space), grid.init(input(space)), { type: "capacity", trials: 10_000 }, emptyHistory)
    .actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));

const optimizers = {
  optimizer: { type: "choice", values: ["sgd", "momentum", "adam"] },
  momentum: { type: "choice", values: [0.5, 0.9], when: { parameter: "optimizer", in: ["momentum"] } },
  beta1: { type: "int", min: 1, max: 3, when: { parameter: "optimizer", in: ["adam"] } },
  rate: { type: "choice", values: [1, 2] },
};

describe("a grid with conditions", () => {
  test("has a cell for every combination that means something, and none twice", () => {
    const found = cells(optimizers);
    expect(grid.plan(input(optimizers)).trials).toBe(2 * (1 + 2 + 3));
    expect(found).toHaveLength(12);
    expect(new Set(found.map((cell) => JSON.stringify(cell))).size).toBe(12);
    expect(found.filter(({ optimizer }) => optimizer === "sgd")).toEqual([
      { optimizer: "sgd", rate: 1 },
      { optimizer: "sgd", rate: 2 },
    ]);
    expect(found.filter(({ optimizer }) => optimizer === "momentum").map(({ momentum }) => momentum)).toEqual([
      0.5, 0.5, 0.9, 0.9,
    ]);
    expect(found.every((cell) => "beta1" in cell === (cell.optimizer === "adam"))).toBe(true);
  });

  test("may nest: a condition on a parameter that does not apply does not hold", () => {
    const nested = {
      ...optimizers,
      warmup: { type: "choice", values: [10, 20, 30], when: { parameter: "beta1", in: [2] } },
    };
    expect(cells(nested)).toHaveLength(2 * (1 + 2 + (1 + 3 + 1)));
  });

  test("is exactly the filtered product of its axes, whatever the space", () => {
    const names = ["a", "b", "c", "d"];
    const space = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 })),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(space, (axes) => {
        const built = Object.fromEntries(
          axes.map(([size, parent, value], i) => {
            const values = Array.from({ length: size }, (_, v) => v);
            const other = names[parent];
            const conditional = other !== undefined && parent < i && value < (axes[parent]?.[0] ?? 0);
            return [
              names[i] ?? "",
              { type: "choice", values, ...(conditional ? { when: { parameter: other, in: [value] } } : {}) },
            ];
          }),
        );
        const parsed = Space.parse(built);
        expect(grid.check(input(built))).toEqual([]);
        let product: Configuration[] = [{}];
        for (const [name, dimension] of Object.entries(parsed)) {
          product = product.flatMap((cell) => {
            const { when } = dimension;
            if (when && !when.in.includes(cell[when.parameter] ?? "absent")) return [cell];
            return dimension.type === "choice" ? dimension.values.map((value) => ({ ...cell, [name]: value })) : [];
          });
        }
        const found = cells(built);
        expect(new Set(found.map((cell) => JSON.stringify(cell)))).toEqual(new Set(product.map((cell) => JSON.stringify(cell))));
        expect(found).toHaveLength(product.length);
        expect(found.every((cell) => liesInSpace(parsed, cell))).toBe(true);
      }),
    );
  });

  test("leaves the numbering of the others as it was, and 10^12 cells cost nothing", () => {
    const wide = {
      a: { type: "float", min: 0, max: 1, points: 1_000_000 },
      b: { type: "choice", values: ["x", "y"] },
      c: { type: "int", min: 1, max: 500_000, when: { parameter: "b", in: ["y"] } },
    };
    expect(grid.plan(input(wide)).trials).toBe(1_000_000 * 500_001);
    const [first, second] = grid
      .next(input(wide), { next: 500_000_999_998, exhaustedAt: null }, { type: "capacity", trials: 2 }, emptyHistory)
      .actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
    expect(first).toEqual({ a: 1, b: "y", c: 499_999 });
    expect(second).toEqual({ a: 1, b: "y", c: 500_000 });
  });
});

test("random draws leave out what does not apply", () => {
  const space = input(optimizers).space;
  const search = { space, config: { trials: 200 }, seed: 3, direction: "minimize" as const };
  const drawn = random
    .next(search, random.init(search), { type: "capacity", trials: 200 }, emptyHistory)
    .actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
  expect(drawn).toHaveLength(200);
  expect(drawn.every((one) => liesInSpace(space, one))).toBe(true);
  expect(new Set(drawn.map((one) => Object.keys(one).toSorted().join()))).toEqual(
    new Set(["optimizer,rate", "momentum,optimizer,rate", "beta1,optimizer,rate"]),
  );
});

describe("what is wrong with a condition is named", () => {
  const problem = (when: unknown, more: Record<string, unknown> = {}): string =>
    grid
      .check(input({ ...optimizers, x: { type: "choice", values: [1], when }, ...more }))
      .map(({ path, message }) => `${path}: ${message}`)
      .join("; ");

  test.each([
    [{ parameter: "nothing", in: [1] }, {}, 'space.x.when.parameter: "nothing" is not in the space'],
    [{ parameter: "optimizer", in: ["lion"] }, {}, 'space.x.when.in[0]: "optimizer" never has the value "lion" in this space'],
    [{ parameter: "x", in: [1] }, {}, "space.x.when.parameter: the conditions go in a circle: x → x"],
    [
      { parameter: "y", in: [0.5] },
      { y: { type: "float", min: 0, max: 1, points: 2000 } },
      'space.x.when.parameter: "y" has 2000 values; a condition can read at most 1000',
    ],
  ])("%j", (when, more, message) => {
    expect(problem(when, more)).toBe(message);
  });

  test("circles of several", () => {
    const circle = {
      a: { type: "choice", values: [1], when: { parameter: "b", in: [1] } },
      b: { type: "choice", values: [1], when: { parameter: "a", in: [1] } },
    };
    expect(grid.check(input(circle)).map(({ message }) => message)).toEqual([
      "the conditions go in a circle: a → b → a",
      "the conditions go in a circle: b → a → b",
    ]);
  });
});
