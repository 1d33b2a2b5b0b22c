import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenlySpread } from "./ranking";
import { BandAccumulator } from "./band";

const series = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 }).chain((steps) =>
  fc.record({
    steps: fc.constant([...steps].sort((a, b) => a - b)),
    values: fc.array(fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constant(Number.NaN)), {
      minLength: steps.length,
      maxLength: steps.length,
    }),
  }),
);

describe("a band", () => {
  it("at each step is that of the values the runs had there, found the slow way", () => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 8 }), fc.constantFrom("range", "std", "iqr", "ci"), (runs, band) => {
        const steps = [0, 1, 5, 20, 40, 60];
        const accumulator = new BandAccumulator(steps, band, "linear");
        for (const run of runs) accumulator.add(run.steps, run.values);
        const curve = accumulator.curve();
        steps.forEach((step, i) => {
          const values = runs.flatMap((run) => {
            if (step > (run.steps.at(-1) ?? -1)) return [];
            const at = run.steps.findLastIndex((own) => own <= step);
            const value = run.values[at];
            return value === undefined || !Number.isFinite(value) ? [] : [value];
          });
          expect(curve.n[i]).toBe(values.length);
          if (band === "range") {
            const since = runs.flatMap((run) => {
              const own = run.values.filter((_, k) => {
                const at = run.steps[k] ?? 0;
                return at <= step && at > (steps[i - 1] ?? -1);
              });
              const standing = run.values[run.steps.findLastIndex((at) => at <= step)];
              return own.length > 0 || step > (run.steps.at(-1) ?? -1) || standing === undefined ? own : [standing];
            });
            const finite = since.filter(Number.isFinite);
            const range = finite.length === 0 ? [null, null] : [Math.min(...finite), Math.max(...finite)];
            expect([curve.low[i], curve.high[i]]).toEqual(range);
          }
          if (values.length === 0) expect(curve.mean[i]).toBeNull();
          else {
            const mean = values.reduce((a, b) => a + b, 0) / values.length;
            expect(curve.mean[i]).toBeCloseTo(mean, 8);
          }
          if (band === "range") return;
          if (values.length === 0) expect([curve.low[i], curve.high[i]]).toEqual([null, null]);
          if (values.length > 1) expect(curve.low[i]).toBeLessThanOrEqual(curve.high[i] ?? Number.NaN);
        });
      }),
    );
  });
});

describe("the range", () => {
  const series = fc.array(fc.double({ min: 1e-9, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 });

  it("reaches the least and the greatest value of all runs, however few steps are shown, on either scale", () => {
    fc.assert(
      fc.property(
        fc.array(series, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2, max: 40 }),
        fc.constantFrom("linear", "log"),
        (runs, points, scale) => {
          const longest = Math.max(...runs.map((run) => run.length));
          const steps = evenlySpread(longest, points).map((i) => i + 1);
          const accumulator = new BandAccumulator(steps, "range", scale);
          for (const run of runs)
            accumulator.add(
              run.map((_, i) => i + 1),
              run,
            );
          const { low, high } = accumulator.curve();
          const all = runs.flat();
          expect(Math.max(...high.filter((value) => value !== null))).toBe(Math.max(...all));
          expect(Math.min(...low.filter((value) => value !== null))).toBe(Math.min(...all));
        },
      ),
    );
  });

  it("holds a spike of one epoch among 20,000 of four runs", () => {
    const epochs = Array.from({ length: 20_000 }, (_, i) => i + 1);
    const steps = evenlySpread(20_000, 300).map((i) => i + 1);
    const accumulator = new BandAccumulator(steps, "range", "log");
    for (let seed = 0; seed < 4; seed += 1)
      accumulator.add(
        epochs,
        epochs.map((epoch) => (seed === 2 && epoch === 9004 ? 0.8 : 0.02 * Math.exp(-epoch / 900) + 1e-4)),
      );
    const { high } = accumulator.curve();
    const after = high.filter((_, i) => (steps[i] ?? 0) > 100);
    expect(Math.max(...after.map(Number))).toBe(0.8);
  });
});

describe("evenlySpread", () => {
  it("keeps both ends, ascends, and never exceeds the budget", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 2, max: 500 }), (count, budget) => {
        const chosen = evenlySpread(count, budget);
        expect(chosen).toHaveLength(Math.min(count, budget));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect([...chosen].sort((a, b) => a - b)).toEqual(chosen);
        if (count > 1) expect([chosen[0], chosen.at(-1)]).toEqual([0, count - 1]);
      }),
    );
  });
});
