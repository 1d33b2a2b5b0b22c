import { Configuration, ExperimentDescriptor, MlpParameters, timeMetric } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { configurationOf, describeExperiment } from "./describe-experiment";
import { oneHot } from "./digits/classification";
import { splitDigits } from "./digits/digit-images";
import { noResources } from "./kinds/resources";
import type { SupervisedProblem } from "./kinds/supervised";
import type { TrainedNetwork } from "./kinds/trained-network";
import { truthTables } from "./logic-gates/logic-gates";
import { targetValues } from "./loss-minimization/target-function";
import { perRunFault } from "./per-run-parameters";
import { experiments, findExperiment } from "./registry";
import { networkTechniqueTruths } from "./testing/network-technique-truths";
import { supervisedTruths, type Truth } from "./testing/supervised-truths";

const perfect: Record<string, Truth> = {
  "loss-minimization": { predict: targetValues, figures: { mae: 0, maxError: 0, rSquared: 1 } },
  "logic-gates": { predict: () => truthTables.XOR, figures: { accuracy: 1, bce: 0 } },
  ...supervisedTruths,
  ...networkTechniqueTruths,
  digits: {
    predict: () => {
      const { training, test: held } = splitDigits({ dataSeed: 0, testFraction: 0.2, scaling: "unit" });
      return oneHot(Int32Array.from([...training.labels, ...held.labels]), 10);
    },
    figures: { trainingAccuracy: 1, testAccuracy: 1, testCrossEntropy: 0 },
    // Every even digit is taken for the odd one after it, and the other way round.
    spoil: (predictions) => predictions.map((_, i) => predictions[i ^ 1] ?? 0),
  },
};

/** Another accepted value for each per-run parameter of the mlp family. */
const otherValues: Configuration = {
  learningRate: 0.5,
  momentum: 0.1,
  rmspropAlpha: 0.2,
  beta1: 0.1,
  beta2: 0.1,
  epsilon: 1e-3,
  initialization: "he-normal",
  initializationGain: 3,
  schedule: "cosine",
  scheduleDecay: 0.3,
  schedulePeriod: 7,
  dropout: 0.2,
  inputDropout: 0.2,
  clipNorm: 2,
  clipValue: 3,
  l1: 0.1,
  l2: 0.1,
  proximalL1: 0.1,
  lbfgsSteps: 9,
  startFrom: "x",
  penaltyWeight: 0.7,
  plots: false,
};

/** Equal to the bit; element by element takes seconds for the larger data sets. */
function sameBytes(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

test("ids are unique and known", () => {
  const ids = experiments.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(findExperiment("loss-minimization")?.id).toBe("loss-minimization");
  expect(findExperiment("nonsense")).toBeNull();
});

describe.each(experiments.map((definition) => [definition.id, definition] as const))("%s", (_, definition) => {
  const { problem } = definition;

  test("has defaults for every parameter, and a descriptor that the contract accepts", () => {
    const descriptor = describeExperiment(definition);
    expect(ExperimentDescriptor.parse(JSON.parse(JSON.stringify(descriptor)))).toEqual(descriptor);
    expect(Object.keys(descriptor.defaults).sort()).toEqual(Object.keys(definition.parameters.shape).sort());
    expect(Configuration.parse(descriptor.defaults)).toEqual(descriptor.defaults);
    expect(definition.check?.(descriptor.defaults) ?? []).toEqual([]);
    const properties = descriptor.parameters.properties as Record<string, { title?: string; default?: unknown }>;
    for (const [name, property] of Object.entries(properties)) {
      expect(property.title, `${name} needs a title`).toBeTruthy();
      expect(property.default, `${name} needs a default`).toEqual(descriptor.defaults[name]);
    }
    expect(descriptor.parameters.required ?? []).toEqual([]);
  });

  test("says what every name of a choice is, and what every metric is the formula of", () => {
    const descriptor = describeExperiment(definition);
    const properties = descriptor.parameters.properties as Record<
      string,
      { enum?: string[]; "x-choices"?: Record<string, string> }
    >;
    for (const [name, property] of Object.entries(properties)) {
      if (!property.enum) continue;
      expect(Object.keys(property["x-choices"] ?? {}), name).toEqual(property.enum);
      for (const text of Object.values(property["x-choices"] ?? {})) expect(text).not.toBe("");
    }
    if (definition.diagnostic) return;
    for (const { name, description } of descriptor.metrics) expect(description?.length ?? 0, name).toBeGreaterThan(5);
  });

  test("its per-run parameters exist, and its objective and criterion are final figures it reports", () => {
    const names = Object.keys(definition.parameters.shape);
    expect(names).toEqual(expect.arrayContaining([...definition.perRunParameters]));
    expect(perRunFault(definition)).toBeNull();
    const finals = definition.metrics.filter((metric) => metric.final).map((metric) => metric.name);
    expect(finals).toContain(definition.objective.metric);
    for (const { metric } of definition.success?.all ?? []) expect(finals).toContain(metric);
    expect(new Set(definition.metrics.map((metric) => metric.name)).size).toBe(definition.metrics.length);
    expect(definition.metrics.map((metric) => metric.name)).not.toContain(timeMetric);
    expect(definition.summary.trimEnd()).toMatch(/^[A-Z].*\.$/);
  });

  test.runIf(problem.kind === "supervised" && !definition.problemOf)(
    "its data are finite, of the declared shape, the same each time and for every run of a pack",
    () => {
      const supervised = problem as SupervisedProblem;
      const parameters = configurationOf(definition, {});
      const data = supervised.data(parameters, noResources);
      expect(data.inputs.length).toBe(data.samples * supervised.inputWidth);
      expect(data.targets.length).toBe(data.samples * supervised.outputWidth);
      expect([...data.inputs, ...data.targets].every(Number.isFinite)).toBe(true);
      expect(supervised.data(parameters, noResources)).toEqual(data);
      const inputs = supervised.evaluationInputs(parameters, noResources);
      expect(definition.perRunParameters.filter((name) => !(name in otherValues))).toEqual([]);
      for (const name of definition.perRunParameters) {
        const other = configurationOf(definition, { ...parameters, [name]: otherValues[name] ?? 0 });
        const again = supervised.data(other, noResources);
        const same = [sameBytes(again.inputs, data.inputs), sameBytes(again.targets, data.targets)];
        expect(same, `the data depend on ${name}`).toEqual([true, true]);
        const moved = supervised.evaluationInputs(other, noResources);
        expect(sameBytes(moved, inputs), `the evaluation inputs depend on ${name}`).toBe(true);
      }
    },
  );

  test.runIf(problem.kind === "supervised" && !definition.problemOf)(
    "judges the truth to be perfect, noise to be worse, and reports what it declares",
    async () => {
      const supervised = problem as SupervisedProblem;
      const parameters = configurationOf(definition, {});
      const inputs = supervised.evaluationInputs(parameters, noResources);
      const points = inputs.length / supervised.inputWidth;
      const truth = perfect[definition.id];
      if (!truth) throw new Error(`add ${definition.id} to the table of perfect predictions`);
      const predictions = Float32Array.from(truth.predict(inputs));
      expect(predictions.length).toBe(points * supervised.outputWidth);
      const figures = supervised.evaluate(parameters, predictions, noResources);
      expect(Object.keys(figures).sort()).toEqual(Object.keys(truth.figures).sort());
      for (const [name, value] of Object.entries(truth.figures)) expect(figures[name]).toBeCloseTo(value, 6);
      const declared = definition.metrics.filter((metric) => metric.final).map((metric) => metric.name);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(figures)));

      const examined = (network: TrainedNetwork | undefined) =>
        network ? supervised.examine?.(parameters, network, noResources) : undefined;
      const found = await examined(truth.trained?.right);
      for (const [name, value] of Object.entries(truth.trained?.figures ?? {})) expect(found?.[name], name).toBeCloseTo(value, 4);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(found ?? {})));

      const wrong = supervised.evaluate(
        parameters,
        truth.spoil?.(predictions) ?? predictions.map((value, i) => value + (i % 2 === 0 ? 0.3 : -0.3)),
        noResources,
      );
      const sign = definition.objective.direction === "minimize" ? 1 : -1;
      const objective = definition.objective.metric;
      // An objective that predictions do not decide comes from the trained network or, with folds, from the family.
      if (objective in figures) {
        expect(sign * (wrong[objective] ?? NaN)).toBeGreaterThan(sign * (figures[objective] ?? NaN));
        const diverged = supervised.evaluate(
          parameters,
          predictions.map(() => NaN),
          noResources,
        );
        expect(Number.isNaN(diverged[objective] ?? 0)).toBe(true);
      } else {
        expect([...Object.keys(found ?? {}), "crossValidationScore"]).toContain(objective);
      }
      const met = (reached: Record<string, number>): boolean =>
        (definition.success?.all ?? []).every(({ metric, op, value }) =>
          op === ">=" ? (reached[metric] ?? NaN) >= value : (reached[metric] ?? NaN) <= value,
        );
      const criterion = definition.success?.all ?? [];
      const criterionIsExamined = criterion.every(({ metric }) => metric in (found ?? {}));
      expect(met({ ...figures, ...found })).toBe(true);
      expect(met({ ...wrong, ...found })).toBe(criterionIsExamined);
      if (truth.trained) expect(met({ ...figures, ...(await examined(truth.trained.wrong)) })).toBe(false);
    },
  );

  test.runIf(definition.family === "mlp")("has every parameter of its family", () => {
    expect(Object.keys(definition.parameters.shape)).toEqual(expect.arrayContaining(Object.keys(MlpParameters.shape)));
  });
});

test("configurationOf fills in defaults and names the parameter that is wrong", () => {
  const definition = findExperiment("loss-minimization");
  if (!definition) throw new Error("no experiment");
  expect(configurationOf(definition, { epochs: 5 })).toMatchObject({ epochs: 5, samples: 2000, hiddenLayers: [64, 64, 32] });
  expect(() => configurationOf(definition, { epochs: 0 })).toThrow(/no configuration of loss-minimization: epochs: /);
  expect(() => configurationOf(definition, { hiddenLayers: [4, 0.5] })).toThrow(/hiddenLayers\[1\]: /);
  expect(() => configurationOf(definition, { lernRate: 1 })).toThrow(/lernRate: unknown field/);
});
