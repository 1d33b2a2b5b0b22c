import { SweepSpec, type Configuration, type Space } from "@basin/contracts";
import { configurationOf, describeExperiment, experiments, withoutEffect, type ExperimentDefinition } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack, type TestRun } from "./testing/recorded-pack";
import { openSuiteBackend } from "./testing/suite-backend";

/** What makes a run of an experiment short, whatever it is: a few steps on little data. */
const short: Configuration = {
  epochs: 3,
  lbfgsSteps: 1,
  reportEvery: 1,
  blocks: 2,
  stepsPerBlock: 2,
  maxSteps: 200,
  plots: false,
  pixels: 6,
  orbits: 4,
  validationOrbits: 2,
  frames: 16,
  trainingFrames: 6,
  trainingSamples: 60,
  folds: 2,
};
/** Those whose shape forbids the one or the other. */
const kept: Record<string, readonly string[]> = {
  "digits-cnn": ["blocks"],
  "pendulum-images": ["pixels"],
  "perceptron-regression": ["epochs"],
  dropout: ["folds"],
};

/** Every configuration of a space of choices and fixed values. */
function configurationsOf(space: Space): Configuration[] {
  return Object.entries(space).reduce<Configuration[]>(
    (all, [name, dimension]) => {
      const values = dimension.type === "fixed" ? [dimension.value] : dimension.type === "choice" ? dimension.values : null;
      if (values === null) throw new Error(`${name} is a range`);
      return all.flatMap((before) => values.map((value) => ({ ...before, [name]: value })));
    },
    [{}],
  );
}

function shortened(definition: ExperimentDefinition, given: Configuration): Configuration {
  const own = Object.entries(short).filter(
    ([name]) => name in definition.parameters.shape && !(name in given) && !kept[definition.id]?.includes(name),
  );
  return configurationOf(definition, { ...Object.fromEntries(own), ...given });
}

/** Those that need no uploaded data. */
const own = experiments.filter(({ id, family }) => !id.startsWith("dataset-") && id !== "mnist" && family !== "diagnostic");

describe("default sweeps", () => {
  beforeAll(() => openSuiteBackend());

  it("are named by every experiment of the catalogue and can be submitted", () => {
    for (const definition of experiments) {
      expect(definition.defaultSweep, definition.id).toBeDefined();
      const { space, seeds, lesson } = describeExperiment(definition).defaultSweep;
      expect(SweepSpec.safeParse({ experiment: definition.id, space, seeds: { count: seeds } }).success).toBe(true);
      expect(lesson.length).toBeGreaterThan(10);
    }
  });

  it.each(own.map((definition) => [definition.id, definition] as const))(
    "of %s train every run differently",
    async (_, definition) => {
      const { space, seeds } = describeExperiment(definition).defaultSweep;
      const outcomes: string[] = [];
      for (const given of configurationsOf(space)) {
        const parameters = shortened(definition, given);
        const runs: TestRun[] = Array.from({ length: Math.min(2, seeds) }, (_run, seed) => ({ seed, parameters }));
        expect(
          [...withoutEffect(definition, parameters)].filter((name) => name in given || (name === "seed" && seeds > 1)),
        ).toEqual([]);
        for (const { result, series } of await trainPack(definition, runs))
          outcomes.push(JSON.stringify([result?.metrics, series]));
      }
      expect(new Set(outcomes).size).toBe(outcomes.length);
    },
  );
});
