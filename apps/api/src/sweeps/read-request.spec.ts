import { SweepRequest, type Issue } from "@basin/contracts";
import { findExperiment } from "@basin/problems";
import { describe, expect, test } from "vitest";
import { InputError } from "../http/request-errors";
import { adviseRequest } from "./read-request";
import { planSweep } from "./sweep-plan";

const plan = (rest: object) => planSweep(SweepRequest.parse({ experiment: "loss-minimization", ...rest }));
const refused = (rest: object): readonly Issue[] => {
  try {
    plan(rest);
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
  return [];
};

describe("short forms", () => {
  test("are written out by what the experiment's parameters take", () => {
    const { spec, trials } = plan({
      space: {
        learningRate: { min: 1e-4, max: 1e-2, points: 3 },
        momentum: { min: 0.1, max: 0.9, points: 2 },
        epochs: 5,
        hiddenLayers: [8, 8],
        activation: ["tanh", "relu"],
        batchSize: { min: 1, max: 2 },
      },
    });
    expect(spec.space).toEqual({
      learningRate: { type: "log-float", min: 1e-4, max: 1e-2, points: 3 },
      momentum: { type: "float", min: 0.1, max: 0.9, points: 2 },
      epochs: { type: "fixed", value: 5 },
      hiddenLayers: { type: "fixed", value: [8, 8] },
      activation: { type: "choice", values: ["tanh", "relu"] },
      batchSize: { type: "int", min: 1, max: 2, step: 1 },
    });
    expect(trials).toBe(3 * 2 * 2 * 2);
  });

  test("that do not fit say what would", () => {
    expect(refused({ space: { learningRate: { low: 1, high: 2 } } })).toEqual([
      {
        path: "space.learningRate.type",
        message: "is missing: it must be one of fixed, choice, int, float, log-float, step",
        hint: "write a value, a list of values, { min: …, max: … }, or { type: … } with what it needs; learningRate takes a number greater than 0 and at most 1000000",
      },
    ]);
    expect(refused({ space: { activation: { min: 0, max: 1 } } })[0]).toMatchObject({
      path: "space.activation.type",
      message: 'activation is no number, so it cannot be searched as "float"',
    });
    expect(refused({ space: { learningRate: null } })[0]?.message).toBe("must be a set of fields, not nothing (null)");
  });
});

describe("words", () => {
  test("a name in another spelling is met with the right one, beside every other mistake", () => {
    expect(
      refused({ space: { learning_rate: 0.1, Epochs: 3, momentum: 2 } }).map(({ path, hint }) => [path, hint?.slice(0, 30)]),
    ).toEqual([
      ["space.learning_rate", 'did you mean "learningRate"? I'],
      ["space.Epochs", 'did you mean "epochs"? It has '],
      ["space.momentum.value", undefined],
    ]);
  });

  test("a value that no parameter takes is told what this one does", () => {
    const names = Array.from({ length: 300 }, (_, i) => `c${i}`);
    const issues = refused({ experiment: "dataset-regression", space: { inputs: names } });
    expect(issues).toEqual([
      {
        path: "space.inputs.value",
        message: "may be a list of at most 256 items, not 300",
        hint: "inputs takes a list of at most 256 texts",
      },
    ]);
    const raw = { experiment: "loss-minimization", space: { hiddenLayers: { type: "fixed", value: [[[16]]] } } };
    const parsed = SweepRequest.safeParse(raw);
    expect(parsed.success).toBe(false);
    expect(adviseRequest([{ path: "space.hiddenLayers.value", message: "m" }], raw)[0]?.hint).toBe(
      "hiddenLayers takes a list of at most 32 whole numbers, each at least 1 and at most 4096",
    );
  });

  test("a parameter's own rule is told in its own words", () => {
    expect(refused({ space: { layerActivations: "tanh, rleu" } })[0]?.message).toMatch(
      /^layerActivations cannot be "tanh, rleu": must be names of activations/,
    );
  });

  test("of a hundred thousand values out of range a hundred are told, and how many more there are", () => {
    const issues = refused({ space: { learningRate: Array.from({ length: 100_000 }, (_, i) => -1 - i) } });
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)).toEqual({ path: "", message: "and 99900 more things are wrong" });
    const words = refused({ space: { activation: Array.from({ length: 50_000 }, (_, i) => `rleu${i}`) } });
    expect([words.length, words.at(-1)?.message]).toEqual([101, "and 49900 more things are wrong"]);
  });
});

test("a hundred thousand good values are taken as they are", () => {
  const values = Array.from({ length: 100_000 }, (_, i) => 1e-3 + i * 1e-9);
  expect(plan({ space: { learningRate: values } }).trials).toBe(100_000);
  expect(findExperiment("loss-minimization")).not.toBeNull();
});
