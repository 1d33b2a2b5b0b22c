import { expect, it } from "vitest";
import { decimate } from "./decimate";

const steps = Int32Array.from({ length: 1000 }, (_, i) => i);
/** Falls from 1 to 1e-6 within the first tenth, then has a bump of a factor of 3 and a dip of a factor of 100 far below. */
const values = Float64Array.from(steps, (step) =>
  step < 100 ? 10 ** (-step / 16.5) : step === 700 ? 1e-8 : step === 690 ? 3e-6 : 1e-6,
);

it("keeps everything without a budget and says how much there is", () => {
  const series = decimate({ metric: "loss", attempt: 3, steps, values }, null, "linear");
  expect(series).toMatchObject({ metric: "loss", attempt: 3, points: 1000 });
  expect(series.steps).toHaveLength(1000);
});

it("on a logarithmic scale keeps what only the logarithm shows", () => {
  const seen = (scale: "linear" | "log"): boolean =>
    decimate({ metric: "loss", attempt: 1, steps, values }, 30, scale).steps.includes(700);
  expect(seen("log")).toBe(true);
  expect(seen("linear")).toBe(false);
});

it("does not lose a divergence", () => {
  const diverged = values.map((value, i) => (i > 500 ? Number.NaN : value));
  const series = decimate({ metric: "loss", attempt: 1, steps, values: diverged }, 30, "log");
  expect(series.values).toContain(null);
  expect(series.values.every((value) => value === null || Number.isFinite(value))).toBe(true);
});
