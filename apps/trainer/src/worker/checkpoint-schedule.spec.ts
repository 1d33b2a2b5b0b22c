import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CheckpointSchedule } from "./checkpoint-schedule";

interface Pack {
  runs: number;
  interval: number;
  /** Milliseconds of each step. */
  steps: readonly number[];
  /** Milliseconds that one checkpoint takes. */
  cost: number;
}

/** Trains on a clock of its own. `worstLoss`: the most work of a run that a kill just before the end of a step would have lost. */
function train({ runs, interval, steps, cost }: Pack): { worstLoss: number; writing: number; milliseconds: number } {
  const startedAt = 1000;
  const schedule = new CheckpointSchedule(runs, startedAt, interval);
  const writtenAt = new Array<number>(runs).fill(startedAt);
  const candidates = writtenAt.map((_, run) => run);
  let now = startedAt;
  let writing = 0;
  let worstLoss = 0;
  for (const step of steps) {
    now += step;
    worstLoss = Math.max(worstLoss, now - Math.min(...writtenAt));
    const at = now;
    for (let run = schedule.next(candidates, at, step); run !== null; run = schedule.next(candidates, at, step)) {
      now += cost;
      writing += cost;
      schedule.wrote(run, at, cost);
      writtenAt[run] = at;
    }
  }
  return { worstLoss, writing, milliseconds: now - startedAt };
}

describe("the schedule of checkpoints", () => {
  it("loses at most a step of a pack of eight whose steps take longer than the interval", () => {
    const { worstLoss } = train({ runs: 8, interval: 10_000, steps: new Array<number>(100).fill(17_000), cost: 5 });
    expect(worstLoss).toBeLessThan(17_100);
  });

  it("loses at most the interval, or two steps, whatever the width, as long as writing is cheap", () => {
    const pack = fc
      .record({
        runs: fc.integer({ min: 1, max: 64 }),
        interval: fc.integer({ min: 100, max: 20_000 }),
        step: fc.integer({ min: 1, max: 60_000 }),
      })
      .map(({ runs, interval, step }) => ({
        runs,
        interval,
        steps: new Array<number>(Math.min(20_000, Math.ceil((5 * Math.max(interval, step)) / step))).fill(step),
        cost: (0.04 * Math.min(interval, Math.max(step, interval / 2))) / runs,
        step,
      }));
    fc.assert(
      fc.property(pack, (one) => {
        const { worstLoss } = train(one);
        expect(worstLoss).toBeLessThanOrEqual(Math.max(one.interval, 2 * one.step) + one.cost * one.runs + 1e-6);
      }),
    );
  });

  it("spends a tenth of the time at most where checkpoints are dear, and lets every run have its turn", () => {
    const pack: Pack = { runs: 32, interval: 1000, steps: new Array<number>(20_000).fill(10), cost: 200 };
    const { worstLoss, writing, milliseconds } = train(pack);
    expect(writing).toBeLessThanOrEqual(0.1 * milliseconds + pack.cost);
    // 32 checkpoints of 200 ms are a tenth of 64 s.
    expect(worstLoss).toBeLessThan(64_000 * 1.1);
  });

  it("writes nothing in the first half of the first interval, and no more than one after a short step", () => {
    const schedule = new CheckpointSchedule(4, 0, 8000);
    const due: number[] = [];
    for (let now = 1; now <= 8001; now++) {
      for (let run = schedule.next([0, 1, 2, 3], now, 1); run !== null; run = schedule.next([0, 1, 2, 3], now, 1)) {
        schedule.wrote(run, now, 1);
        due.push(now);
      }
    }
    expect(due).toEqual([5000, 6000, 7000, 8000]);
  });

  it("passes over runs that are no candidates, and over those that never get one again", () => {
    const schedule = new CheckpointSchedule(3, 0, 100);
    expect(schedule.next([0, 1, 2], 1000, 1)).toBe(0);
    expect(schedule.next([1, 2], 1000, 1)).toBe(1);
    schedule.never(1);
    expect(schedule.next([1, 2], 1000, 1)).toBe(2);
    expect(schedule.next([1], 1000, 1)).toBeNull();
    expect(schedule.next([], 1000, 1)).toBeNull();
  });
});
