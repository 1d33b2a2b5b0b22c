import { expect, test } from "vitest";
import { distance, lineAt, measuredValues, places, referenceLine, slopeVarianceRatio, truth } from "./line-data";

const none = { outliers: "none", outlierSize: 10, dataSeed: 5 } as const;

test("raises the five rows named by the size, and adds noise of 0.1 to all", () => {
  const clean = measuredValues(none);
  const spread = measuredValues({ ...none, outliers: "spread" });
  const end = measuredValues({ ...none, outliers: "right-end", outlierSize: 2 });
  const raised = (values: Float64Array) => Array.from(values, (y, i) => Math.round(y - (clean[i] ?? NaN)));
  expect(raised(spread).flatMap((by, i) => (by === 10 ? i : []))).toEqual([5, 15, 25, 35, 45]);
  expect(raised(end).flatMap((by, i) => (by === 2 ? i : []))).toEqual([45, 46, 47, 48, 49]);
  const errors = Array.from(clean, (y, i) => y - lineAt(truth, places[i] ?? NaN));
  expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / 50)).toBeCloseTo(0.1, 1);
});

test("raised points move the line of squares by what the normal equations say, and that of absolute values hardly", () => {
  // Σ(x − x̄)² = (10/49)²·(50³ − 50)/12 = 433.67; raised by s at the last five rows: Σ(x − x̄)s = (10/49)·5·22.5 s = 22.959 s.
  const squares = (outliers: "none" | "right-end") =>
    referenceLine({ loss: "mse", huberDelta: 1 }, measuredValues({ ...none, outliers }));
  const [before, after] = [squares("none"), squares("right-end")];
  expect(after.slope - before.slope).toBeCloseTo((22.959184 * 10) / 433.673469, 6);
  // The mean rises by 1, of which the slope takes 5 times its own change.
  expect(after.intercept - before.intercept).toBeCloseTo(1 - 5 * ((22.959184 * 10) / 433.673469), 6);
  for (const outliers of ["spread", "right-end"] as const) {
    const values = measuredValues({ ...none, outliers });
    expect(distance(referenceLine({ loss: "mae", huberDelta: 1 }, values), truth)).toBeLessThan(0.1);
  }
});

test("the slope of median regression varies about π/2 times as much under normal noise, and the ratio is of the setting asked for", () => {
  const ratio = slopeVarianceRatio(none, 300);
  expect(Math.abs(ratio - Math.PI / 2)).toBeLessThan(0.35);
  expect(slopeVarianceRatio({ ...none, dataSeed: 6 }, 300)).not.toBe(ratio);
  expect(slopeVarianceRatio(none, 300)).toBe(ratio);
});
