import {
  RunId,
  SweepId,
  type ChangeV2,
  type ExperimentDescriptor,
  type Results,
  type RunState,
  type Sweep,
} from "@basin/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SweepProgress } from "./sweep-progress";

const id = SweepId.parse("ab12cd34");
const run = (initialization: number) => RunId.parse(`${id}-0-${initialization}`);

function progressOf(stepUnit: string, defaults: object): SweepProgress {
  const counts = { pending: 0, queued: 0, running: 2, succeeded: 0, diverged: 0, failed: 0, cancelled: 0, pruned: 0, planned: 2 };
  const sweep = { id, state: "running", counts, best: null, spec: { space: {} } } as unknown as Sweep;
  const progress = new SweepProgress(sweep, { stepUnit, defaults } as ExperimentDescriptor);
  const group = { group: {}, trials: [`${id}-0`], counts: { ...counts, total: 2, unfinished: 2 } };
  progress.answered(sweep, { groups: [group], more: 0 } as unknown as Results);
  return progress;
}
const begins = (initialization: number, attempt: number, state: RunState = "running"): ChangeV2 => ({
  v: 2,
  type: "runs",
  sweep: id,
  runs: [{ run: run(initialization), state, attempt, objective: null, trainer: null }],
});
const reports = (initialization: number, step: number): ChangeV2 => ({
  v: 2,
  type: "metrics",
  sweep: id,
  points: [{ run: run(initialization), attempt: 1, metric: "loss", step, value: 1 }],
});

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** Steps per second over ten seconds in which the changes came. */
function rateAfter(progress: SweepProgress, changes: readonly ChangeV2[]): number | null {
  progress.snapshot();
  for (const change of changes) progress.changed(change);
  vi.advanceTimersByTime(10_000);
  return progress.snapshot().stepsPerSecond;
}

test("what runs had trained before the watch was joined is no part of the rate, and is part of how far they are", () => {
  const progress = progressOf("epoch", { epochs: 1000 });
  expect(rateAfter(progress, [reports(0, 500), reports(0, 520), reports(1, 400)])).toBe(2);
  expect(progress.snapshot().share).toBeCloseTo((0.52 + 0.4) / 2, 12);
});

test("a run that begins meanwhile counts from its first step, one that goes on elsewhere from where it is first heard of", () => {
  expect(rateAfter(progressOf("epoch", { epochs: 1000 }), [begins(0, 1), reports(0, 50)])).toBe(5);
  expect(rateAfter(progressOf("epoch", { epochs: 1000 }), [begins(0, 2), reports(0, 900), reports(0, 910)])).toBe(1);
});

test.each([
  ["epoch", { epochs: 200 }],
  ["block", { blocks: 200, epochs: 7 }],
  ["step", { maxSteps: 200 }],
])("the length of a run in %ss is found among its parameters", (unit, defaults) => {
  const progress = progressOf(unit, defaults);
  progress.changed(reports(0, 50));
  expect(progress.snapshot().share).toBe(0.125);
});
