import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenlySpread } from "../analysis/ranking";
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
          if (values.length === 0) expect([curve.mean[i], curve.low[i], curve.high[i]]).toEqual([null, null, null]);
          else {
            const mean = values.reduce((a, b) => a + b, 0) / values.length;
            expect(curve.mean[i]).toBeCloseTo(mean, 8);
            if (band === "range") expect([curve.low[i], curve.high[i]]).toEqual([Math.min(...values), Math.max(...values)]);
            if (band !== "range" && values.length > 1) expect(curve.low[i]).toBeLessThanOrEqual(curve.high[i] ?? Number.NaN);
          }
        });
      }),
    );
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
