import { describe, expect, it } from "vitest";
import { freshWatch, noRest, observe, observeRest } from "./early-stopping";

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

describe("observeRest", () => {
  const rest = (losses: readonly number[], plateauPatience: number, plateauTolerance = 0.01): number => {
    let state = noRest;
    return losses.findIndex((loss) => {
      const seen = observeRest(state, loss, { plateauPatience, plateauTolerance });
      state = seen.rest;
      return seen.stop;
    });
  };

  it("stops when the loss has not changed by more than its share for so many epochs", () => {
    expect(rest([4, 2, 1, 1.005, 0.995, 1.009, 1], 3)).toBe(5);
    expect(rest([4, 2, 1, 1, 1.02, 1.02, 1.02, 1.02], 3)).toBe(7);
  });

  it("takes a rise for a change, and a slow fall too, once it has left where the rest began", () => {
    expect(rest([1, 1.005, 1.011, 1.016, 1.022], 3)).toBe(-1);
    expect(
      rest(
        Array.from({ length: 40 }, (_, i) => 0.997 ** i),
        4,
      ),
    ).toBe(-1);
    expect(
      rest(
        Array.from({ length: 40 }, (_, i) => 0.997 ** i),
        3,
      ),
    ).toBe(3);
  });

  it("never stops at patience 0, nor before a second loss, and takes 0 for a rest at 0", () => {
    expect(rest(new Array<number>(50).fill(1), 0)).toBe(-1);
    expect(rest([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 1)).toBe(-1);
    expect(rest([0, 0, 0], 2)).toBe(2);
  });
});
