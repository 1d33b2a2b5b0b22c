import { SweepSpec, type SweepSpecInput } from "@basin/contracts";
import type { SearchSnapshot } from "@basin/database";
import { expect, test } from "vitest";
import { additionOf } from "./sweep-addition";
import { openSweep, searchStep } from "./search-step";

function snapshot(changes: Partial<SweepSpecInput>): SearchSnapshot<SweepSpec> {
  const spec = SweepSpec.parse({
    experiment: "diagnostic",
    space: { level: { type: "float", min: 0, max: 1, points: 3 } },
    seeds: { count: 2, first: 5 },
    ...changes,
  });
  return { spec, searchState: null, searchEvents: 7, trialsCreated: 3, seedCount: 2, exhausted: true, spent: null };
}

test("the next seeds follow the greatest one and stay a range", () => {
  const addition = additionOf(snapshot({}), { seeds: 3 });
  expect(addition.spec.seeds).toEqual({ count: 5, first: 5 });
  expect(addition).toMatchObject({ seeds: [5, 6, 7, 8, 9], trialsPlanned: 3, reopened: false, searchEvents: 7 });
  expect(additionOf(snapshot({ seeds: { list: [9, 2] } }), { seeds: 1 }).seeds).toEqual([9, 2, 10]);
});

test("listed seeds must be new, each once, and not too many or too great", () => {
  expect(additionOf(snapshot({}), { seeds: { list: [1, 100] } }).spec.seeds).toEqual({ list: [5, 6, 1, 100] });
  expect(() => additionOf(snapshot({}), { seeds: { list: [6] } })).toThrow(/seed 6 is in the sweep already/);
  expect(() => additionOf(snapshot({}), { seeds: { list: [8, 8] } })).toThrow(/seed 8 is in the sweep already/);
  expect(() => additionOf(snapshot({}), { seeds: 100_000 })).toThrow(/100002 seeds per trial; at most 100000/);
  expect(() => additionOf(snapshot({ seeds: { list: [2_147_483_647] } }), { seeds: 1 })).toThrow(/list the seeds to add/);
});

test("trials are added to a random search, and to no grid", () => {
  const random = snapshot({ search: { algorithm: "random", config: { trials: 4 } } });
  expect(additionOf(random, { trials: 6 })).toMatchObject({
    trialsPlanned: 10,
    reopened: true,
    spec: { search: { config: { trials: 10 } } },
  });
  expect(() => additionOf(snapshot({}), { trials: 1 })).toThrow(/extend its seeds, or clone/);
});

test("a search step fills parameters in and gives runs of one shape one key", () => {
  const spec = SweepSpec.parse({
    experiment: "loss-minimization",
    space: {
      activation: { type: "choice", values: ["tanh", "relu"] },
      learningRate: { type: "choice", values: [1e-3, 3e-3] },
    },
  });
  const outcome = searchStep(openSweep(spec), { next: 0, exhaustedAt: null }, 0, { type: "capacity", trials: 10 });
  expect(outcome.trials.map((trial) => trial.index)).toEqual([0, 1, 2, 3]);
  expect(outcome.exhausted).toBe(true);
  expect(Object.keys(outcome.trials[0]?.parameters ?? {})).toContain("batchSize");
  const keys = outcome.trials.map((trial) => `${String(trial.parameters["activation"])} ${trial.packKey}`);
  expect(new Set(keys).size).toBe(2);
  expect(() => searchStep(openSweep(spec), { next: 0, exhaustedAt: null }, 5, { type: "capacity", trials: 1 })).toThrow(
    /numbered a trial 0; the next one is 5/,
  );
});

test("another budget replaces the old one, and a spent one has to be replaced", () => {
  const spent = { ...snapshot({ budget: { maxRuns: 4 } }), spent: "runs" as const };
  expect(() => additionOf(spent, { seeds: 1 })).toThrow(/budget of runs is spent: give a larger one in the same request/);
  const larger = additionOf(spent, { seeds: 1, budget: { maxSteps: 9 } });
  expect(larger).toMatchObject({ rebudgeted: true, spec: { budget: { maxSteps: 9 }, seeds: { count: 3 } } });
  expect(additionOf(spent, { budget: {} }).spec).not.toHaveProperty("budget");
  expect(additionOf(snapshot({ budget: { maxRuns: 4 } }), { seeds: 1 })).toMatchObject({
    rebudgeted: false,
    spec: { budget: { maxRuns: 4 } },
  });
});
