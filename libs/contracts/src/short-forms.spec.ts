import { expect, test } from "vitest";
import { completeSpace, issuesOf, SweepRequest, SweepSpec } from "./index";

const parameters = {
  learningRate: { type: "number", "x-suggest": { type: "log-float", min: 1e-4, max: 1e-2 } },
  momentum: { type: "number" },
  epochs: { type: "integer" },
  hiddenLayers: { type: "array" },
  activation: { type: "string" },
};
const complete = (space: Record<string, unknown>): unknown => completeSpace(space, parameters);

test.each([
  [{ learningRate: 0.1 }, { learningRate: { type: "fixed", value: 0.1 } }],
  [{ activation: "tanh" }, { activation: { type: "fixed", value: "tanh" } }],
  [{ learningRate: [0.1, 0.2] }, { learningRate: { type: "choice", values: [0.1, 0.2] } }],
  [{ hiddenLayers: [16, 8] }, { hiddenLayers: { type: "fixed", value: [16, 8] } }],
  [{ hiddenLayers: [] }, { hiddenLayers: { type: "fixed", value: [] } }],
  [{ hiddenLayers: [[16], [16, 8], []] }, { hiddenLayers: { type: "choice", values: [[16], [16, 8], []] } }],
  [{ learningRate: { min: 1e-4, max: 1 } }, { learningRate: { type: "log-float", min: 1e-4, max: 1 } }],
  [{ learningRate: { min: 0, max: 1 } }, { learningRate: { type: "float", min: 0, max: 1 } }],
  [{ momentum: { min: 0.5, max: 0.9, points: 3 } }, { momentum: { type: "float", min: 0.5, max: 0.9, points: 3 } }],
  [{ momentum: { min: 0, max: 0.9, step: 0.1 } }, { momentum: { type: "step", min: 0, max: 0.9, step: 0.1 } }],
  [{ epochs: { min: 1, max: 9, step: 2 } }, { epochs: { type: "int", min: 1, max: 9, step: 2 } }],
  [{ epochs: { values: [1, 2] } }, { epochs: { type: "choice", values: [1, 2] } }],
  [
    { epochs: { value: 3, when: { parameter: "a", in: [1] } } },
    { epochs: { type: "fixed", value: 3, when: { parameter: "a", in: [1] } } },
  ],
])("%j is %j", (space, whole) => {
  expect(complete(space)).toEqual(whole);
  expect(SweepRequest.safeParse({ experiment: "x", space }).success).toBe(true);
  expect(SweepSpec.safeParse({ experiment: "x", space: complete(space) }).success).toBe(true);
});

test("whole dimensions, and what is neither, stay as they are", () => {
  const space = {
    learningRate: { type: "float", min: 1, max: 2 },
    momentum: null,
    epochs: { low: 1 },
    __proto__: { type: "integer" },
  };
  expect(complete(space)).toEqual(space);
});

test("seeds may be a number or a list", () => {
  const seeds = (given: unknown): unknown => SweepRequest.parse({ experiment: "x", seeds: given }).seeds;
  expect(seeds(3)).toEqual({ count: 3, first: 0 });
  expect(seeds([4, 7])).toEqual({ list: [4, 7] });
  expect(seeds(undefined)).toEqual({ count: 5, first: 0 });
});

test("a request tells the faults of whole dimensions beside all others", () => {
  const parsed = SweepRequest.safeParse({
    experiment: "x",
    tag: [],
    space: { a: 1, b: { type: "int", min: 2, max: 1 }, c: { type: "int" } },
  });
  expect(parsed.success ? [] : issuesOf(parsed.error).map(({ path }) => path)).toEqual(
    expect.arrayContaining(["tag", "space.b.max", "space.c.min", "space.c.max"]),
  );
});
