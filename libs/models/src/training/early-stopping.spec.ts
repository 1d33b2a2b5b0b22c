import { describe, expect, it } from "vitest";
import { freshWatch, observe } from "./early-stopping";

function watch(validation: number[], earlyStoppingPatience: number, earlyStoppingMinDelta = 0) {
  let state = freshWatch;
  return validation.map((loss) => {
    const seen = observe(state, loss, { earlyStoppingPatience, earlyStoppingMinDelta });
    state = seen.watch;
    return seen;
  });
}

describe("observe", () => {
  it("stops after `patience` epochs without a lower loss", () => {
    expect(watch([3, 2, 2, 2.5, 2], 3).map(({ stop }) => stop)).toEqual([false, false, false, false, true]);
    expect(watch([3, 2, 2, 1, 2, 2], 3).some(({ stop }) => stop)).toBe(false);
  });

  it("never stops at patience 0", () => {
    expect(watch(new Array<number>(50).fill(1), 0).some(({ stop }) => stop)).toBe(false);
  });

  it("counts only improvements beyond the threshold, but keeps the truly lowest epoch", () => {
    const seen = watch([1, 0.95, 0.91], 2, 0.1);
    expect(seen.map(({ stop }) => stop)).toEqual([false, false, true]);
    expect(seen.at(-1)?.watch.lowest).toBe(0.91);
  });

  it("takes NaN for no improvement", () => {
    const seen = watch([1, Number.NaN, Number.NaN], 2);
    expect(seen.at(-1)).toMatchObject({ stop: true, watch: { best: 1, lowest: 1 } });
  });
});
