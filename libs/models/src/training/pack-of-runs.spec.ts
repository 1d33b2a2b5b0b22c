import type { PackRun, ProgramResult } from "@basin/engine";
import { describe, expect, it } from "vitest";
import { PackOfRuns } from "./pack-of-runs";
import { freshRun, type TrainingRun } from "./training-run";

/** Counts steps; run i ends after i + 1 of them. What happens while a step is awaited is told by `meanwhile`. */
class Counting extends PackOfRuns<TrainingRun> {
  readonly kept: (readonly number[])[] = [];
  disposals = 0;
  meanwhile: () => void = () => undefined;

  protected async train(): Promise<void> {
    for (const one of this.runs) one.step += 1;
    await Promise.resolve();
    this.meanwhile();
    for (const one of this.runs) {
      this.report(one, "count", 10 * one.step);
      if (one.run.index === 9) this.diverge(one, "count", Number.NaN, { count: Number.NaN });
      else if (one.step > one.run.index) this.end(one, { outcome: "succeeded", metrics: {}, reason: null, artifacts: [] });
    }
  }

  protected checkpointOf({ run }: TrainingRun, row: number): Uint8Array {
    return Uint8Array.of(run.index, row);
  }

  protected override keepRows(rows: readonly number[]): void {
    this.kept.push(rows);
  }

  protected override disposeTensors(): void {
    this.disposals += 1;
  }
}

function start(indices: readonly number[]) {
  const points: string[] = [];
  const results = new Map<number, ProgramResult>();
  const runs = indices.map((index): PackRun => ({ index, seed: index, attempt: 1, parameters: {}, checkpoint: null }));
  const pack = new Counting(
    runs.map((run) => freshRun(run, null)),
    {
      metric: (run, metric, step, value) => points.push(`${run} ${metric} ${step} ${value}`),
      finished: (run, result) => results.set(run, result),
    },
    "turn",
  );
  return { pack, points, results };
}

describe("a pack of runs", () => {
  it("keeps the rows of those that go on, asks for none when nobody is left, and says whether runs are left", async () => {
    const { pack, points, results } = start([0, 2, 1]);
    expect(await pack.advance()).toBe(true);
    expect(pack.active()).toEqual([2, 1]);
    expect(pack.step(2)).toBe(1);
    expect(pack.checkpoint(1)).toEqual(Uint8Array.of(1, 1));
    pack.drop(2);
    expect(pack.active()).toEqual([1]);
    expect(await pack.advance()).toBe(false);
    expect(await pack.advance()).toBe(false);
    expect(pack.kept).toEqual([[1, 2], [1]]);
    expect(points).toEqual(["0 count 1 10", "2 count 1 10", "1 count 1 10", "1 count 2 20"]);
    expect([...results.keys()]).toEqual([0, 1]);
  });

  it("hears nothing more of a run that was dropped while its step was awaited", async () => {
    const { pack, points, results } = start([0, 1]);
    pack.meanwhile = () => {
      pack.drop(0);
    };
    expect(await pack.advance()).toBe(true);
    expect(points).toEqual(["1 count 1 10"]);
    expect([...results.keys()]).toEqual([]);
    expect(() => pack.step(0)).toThrow("Run 0 is not in this pack any more.");
  });

  it("names the figure, its value and the step where a run diverges", async () => {
    const { pack, results } = start([9]);
    await pack.advance();
    expect(results.get(9)).toMatchObject({ outcome: "diverged", reason: "count became NaN at turn 1", artifacts: [] });
  });

  it("disposes its tensors once, and is empty then", async () => {
    const { pack } = start([3]);
    pack.dispose();
    pack.dispose();
    expect(pack.disposals).toBe(1);
    expect(pack.active()).toEqual([]);
    expect(await pack.advance()).toBe(false);
  });
});
