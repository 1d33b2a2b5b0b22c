import { closestName, SweepSpec, type Issue, type SweepSpecInput } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { checkSpec, objectiveWarnings } from "./check-spec";
import { experiments, findExperiment } from "./registry";

const issuesOf = (space: SweepSpecInput["space"], over: Partial<SweepSpecInput> = {}): Issue[] => {
  const spec = SweepSpec.parse({ experiment: "loss-minimization", space, ...over });
  const definition = findExperiment(spec.experiment);
  if (!definition) throw new Error("no experiment");
  return checkSpec(definition, spec);
};
const choice = (...values: (number | string | boolean | number[])[]) => ({ type: "choice" as const, values });

test("the demo's sweep and one of every dimension type are accepted", () => {
  expect(issuesOf({ learningRate: choice(3e-4, 1e-3, 3e-3), activation: choice("tanh", "relu", "gelu") })).toEqual([]);
  expect(
    issuesOf({
      learningRate: { type: "log-float", min: 1e-5, max: 1 },
      initializationGain: { type: "int", min: 1, max: 4 },
      momentum: { type: "float", min: 0, max: 0.99 },
      batchSize: { type: "step", min: 16, max: 64, step: 16 },
      hiddenLayers: choice([], [8], [64, 64]),
      restoreBestWeights: { type: "fixed", value: false },
      epochs: { type: "int", min: 1, max: 10 },
    }),
  ).toEqual([]);
  expect(issuesOf({}, { objective: { metric: "rSquared", direction: "maximize" } })).toEqual([]);
  expect(issuesOf({})).toEqual([]);
});

describe("says where and what", () => {
  test.each<[SweepSpecInput["space"], string, RegExp, RegExp?]>([
    [
      { lerningRate: choice(1) },
      "space.lerningRate",
      /^loss-minimization has no parameter "lerningRate"$/,
      /did you mean "learningRate"\? It has hiddenLayers, /,
    ],
    [{ lr: choice(1) }, "space.lr", /has no parameter "lr"/, /did you mean "learningRate"/],
    [{ zzz: choice(1) }, "space.zzz", /has no parameter/, /^It has /],
    [
      { learningRate: choice(1e-3, -1) },
      "space.learningRate.values[1]",
      /learningRate cannot be -1: it takes a number greater than 0 and at most 1000000/,
    ],
    [{ learningRate: choice("fast") }, "space.learningRate.values[0]", /learningRate cannot be "fast"/],
    [{ learningRate: choice("NaN") }, "space.learningRate.values[0]", /it takes a number/],
    [
      { activation: choice("tanh", "rleu") },
      "space.activation.values[1]",
      /activation cannot be "rleu": it takes one of linear, sigmoid/,
      /did you mean "relu"\?/,
    ],
    [{ restoreBestWeights: choice(1) }, "space.restoreBestWeights.values[0]", /it takes true or false/],
    [{ epochs: { type: "fixed", value: 2.5 } }, "space.epochs.value", /epochs cannot be 2.5: it takes a whole number at least 1/],
    [
      { hiddenLayers: choice([8], [8, 0]) },
      "space.hiddenLayers.values[1][1]",
      /a list of at most 32 whole numbers, each at least 1 and at most 4096/,
    ],
    [{ hiddenLayers: choice(8) }, "space.hiddenLayers.values[0]", /hiddenLayers cannot be 8/],
    [
      { momentum: { type: "float", min: 0, max: 1 } },
      "space.momentum.max",
      /momentum cannot be 1: it takes a number at least 0 and less than 1/,
    ],
    [{ learningRate: { type: "float", min: 0, max: 1 } }, "space.learningRate.min", /learningRate cannot be 0/],
    [{ epochs: { type: "int", min: 0, max: 5 } }, "space.epochs.min", /epochs cannot be 0/],
    [{ epochs: { type: "float", min: 1, max: 5 } }, "space.epochs.type", /takes whole numbers, but "float"/, /"type": "int"/],
    [{ epochs: { type: "log-float", min: 1, max: 100, points: 3 } }, "space.epochs.type", /takes whole numbers/],
    [{ epochs: { type: "step", min: 1, max: 5, step: 0.5 } }, "space.epochs.type", /takes whole numbers/],
    [{ activation: { type: "int", min: 0, max: 3 } }, "space.activation.type", /no number/, /"type": "choice"/],
    [{ restoreBestWeights: choice(false, true) }, "space.restoreBestWeights", /lowest validation loss/, /validationFraction/],
    [
      { learningRate: choice(1e-3, 1e-300) },
      "space.learningRate.values[1]",
      /learningRate cannot be 1e-300: networks are trained in single precision, where it is 0/,
      /a number greater than 0/,
    ],
    [{ l2: choice(0, 1e-60) }, "space.l2.values[1]", /single precision, where it is 0/],
    [{ beta2: choice(0.999, 0.99999999) }, "space.beta2.values[1]", /single precision, where it is 1$/, /less than 1/],
    [{ momentum: { type: "float", min: 0, max: 0.999999999 } }, "space.momentum.max", /single precision, where it is 1/],
    [
      { batchNormalization: choice(true), batchSize: choice(16, 1) },
      "space.batchSize",
      /batch normalization needs more than one sample per batch/,
      /at least 2/,
    ],
    [
      { earlyStoppingPatience: { type: "int", min: 0, max: 50 } },
      "space.earlyStoppingPatience",
      /early stopping needs a validation loss/,
    ],
  ])("%j", (space, path, message, hint) => {
    const issues = issuesOf(space);
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]?.message).toMatch(message);
    if (hint) expect(issues[0]?.hint).toMatch(hint);
  });

  test("every mistake is listed, not only the first", () => {
    expect(issuesOf({ learningRate: choice(-1, 1e-3, 0), nope: choice(1) }).map((issue) => issue.path)).toEqual([
      "space.learningRate.values[0]",
      "space.learningRate.values[2]",
      "space.nope",
    ]);
  });

  test("numbers that are not finite are refused even where no schema stood before", () => {
    const definition = findExperiment("loss-minimization");
    if (!definition) throw new Error("no experiment");
    const space = { learningRate: { type: "choice" as const, values: [Number.NaN, Number.POSITIVE_INFINITY] } };
    expect(checkSpec(definition, { space, objective: undefined }).map((issue) => issue.message)).toEqual([
      expect.stringContaining("learningRate cannot be NaN"),
      expect.stringContaining("learningRate cannot be Infinity"),
    ]);
  });

  test("an objective that is not reported", () => {
    expect(issuesOf({}, { objective: { metric: "rsquared", direction: "maximize" } })).toEqual([
      {
        path: "objective.metric",
        message: 'loss-minimization reports no final figure "rsquared"',
        hint: 'did you mean "rSquared"? It reports loss, validationLoss, weightCount, initialWeightMean, initialWeightRms, plateauLoss, dropEpoch, mae, maxError, rSquared, jacobianError, hessianError, mixedDerivativeError',
      },
    ]);
  });

  test("an objective that no run of the sweep reports, by the descriptor's own rule", () => {
    const validation = { objective: { metric: "validationLoss", direction: "minimize" as const } };
    expect(issuesOf({}, validation)).toEqual([
      {
        path: "objective.metric",
        message: "no run of this sweep reports validationLoss, its objective: it is reported where validationFraction is not 0",
        hint: "set validationFraction, or choose another objective",
      },
    ]);
    expect(issuesOf({ validationFraction: choice(0.2) }, validation)).toEqual([]);
    expect(issuesOf({ validationFraction: choice(0, 0.2) }, validation)).toEqual([]);
    const plateau = { objective: { metric: "plateauLoss", direction: "minimize" as const } };
    expect(issuesOf({ epochs: choice(99) }, plateau)[0]?.message).toContain("reported where epochs is at least 100");
    expect(issuesOf({ epochs: choice(100) }, plateau)).toEqual([]);
    const folds = { experiment: "breast-cancer", objective: { metric: "crossValidationScore", direction: "maximize" as const } };
    expect(issuesOf({}, folds)[0]?.message).toContain("reported where folds is not 0");
    expect(issuesOf({ folds: choice(5) }, folds)).toEqual([]);
  });

  test("warns of an objective that some runs do not report", () => {
    const definition = findExperiment("loss-minimization");
    if (!definition) throw new Error("no experiment");
    const objective = { metric: "validationLoss", direction: "minimize" as const };
    const of = (values: number[]): Issue[] =>
      objectiveWarnings(
        definition,
        SweepSpec.parse({ experiment: definition.id, objective, space: { validationFraction: choice(...values) } }),
      );
    expect(of([0.1, 0.2])).toEqual([]);
    expect(of([0, 0.2])[0]?.message).toContain("some runs report no validationLoss");
  });

  test("an objective of the data alone, or that names a class, and none that is an experiment's own", () => {
    const of = (experiment: string, metric: string): string[] => {
      const definition = findExperiment(experiment);
      if (!definition) throw new Error("no experiment");
      const objective = { metric, direction: "minimize" as const };
      return objectiveWarnings(definition, SweepSpec.parse({ experiment, objective })).map(({ message }) => message);
    };
    expect(of("runge-interpolation", "polynomialRmse")).toEqual([expect.stringContaining("the data alone")]);
    expect(of("polynomial-regression", "leastSquaresMse")).toEqual([expect.stringContaining("the data alone")]);
    expect(of("runge-interpolation", "rmse")).toEqual([]);
    expect(of("sindy-pendulum", "outcomeClass")).toEqual([
      expect.stringMatching(/^outcomeClass names a class by its number \(0: /),
    ]);
    for (const { id, objective } of experiments) expect(of(id, objective.metric), id).toEqual([]);
  });

  test("rules of the search for a law in latent variables", () => {
    const issues = issuesOf({ procedure: choice("gauge-search") }, { experiment: "sindy-pendulum" });
    expect(issues[0]).toMatchObject({ path: "space.procedure", message: expect.stringContaining("degree 2") as string });
    const empty = { polynomialDegree: choice(0), sine: choice(false), procedure: choice("source-threshold") };
    expect(issuesOf(empty, { experiment: "sindy-pendulum" })[0]?.path).toBe("space.polynomialDegree");
  });

  test("rules across parameters see combinations, also in spaces too large to try all", () => {
    expect(issuesOf({ earlyStoppingPatience: choice(0, 5), validationFraction: { type: "fixed", value: 0.2 } })).toEqual([]);
    const many = choice(...Array.from({ length: 3000 }, (_, i) => i + 1));
    expect(issuesOf({ samples: many, earlyStoppingPatience: choice(0, 5) }).map((issue) => issue.path)).toEqual([
      "space.earlyStoppingPatience",
    ]);
  });

  test("a rule that a parameter breaks by its default names it, and its default", () => {
    expect(issuesOf({ epochs: { type: "fixed", value: 1500 } }, { experiment: "pde-discovery" })).toEqual([
      {
        path: "space.lbfgsSteps",
        message: "is more than the 1500 epochs; it is not in the space, so its default 2000 holds",
        hint: "e.g. 0",
      },
    ]);
  });
});

test("a grid of 10^12 cells is checked without being expanded", () => {
  const space = {
    learningRate: { type: "log-float", min: 1e-5, max: 1, points: 1e6 },
    momentum: { type: "float", min: 0, max: 0.9, points: 1e6 },
  } as const;
  expect(issuesOf(space)).toEqual([]);
});

test.each([
  ["learning_rate", "learningRate"],
  ["LEARNINGRATE", "learningRate"],
  ["leraning", null],
  ["lr", "learningRate"],
  ["batch", "batchSize"],
  ["epoch", "epochs"],
  ["qqqq", null],
  ["", null],
])("closest name to %j is %j", (given, name) => {
  expect(closestName(given, ["learningRate", "batchSize", "epochs"])).toBe(name);
});
