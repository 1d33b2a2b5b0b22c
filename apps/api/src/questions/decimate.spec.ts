import { expect, it } from "vitest";
import { decimate } from "./decimate";

const steps = Int32Array.from({ length: 1000 }, (_, i) => i);
/** Falls from 1 to 1e-6 within the first tenth, then has a bump of a factor of 3 and a dip of a factor of 100 far below. */
const values = Float64Array.from(steps, (step) =>
  step < 100 ? 10 ** (-step / 16.5) : step === 700 ? 1e-8 : step === 690 ? 3e-6 : 1e-6,
);

it("keeps everything without a budget and says how much there is", () => {
  const series = decimate({ metric: "loss", attempt: 3, steps, values }, null);
  expect(series).toMatchObject({ metric: "loss", attempt: 3, points: 1000 });
  expect(series.steps).toHaveLength(1000);
});

it("keeps what only a logarithm shows, and what only it hides", () => {
  const { steps: kept } = decimate({ metric: "loss", attempt: 1, steps, values }, 30);
  expect(kept).toEqual(expect.arrayContaining([690, 700]));
});

it("keeps the highest value of a Runge training, a spike of one epoch among 20,000, at any number of points", () => {
  // Adam at 0.02: far below 0.03 after the first hundred epochs, with single epochs up to 0.80.
  const epochs = Int32Array.from({ length: 20_000 }, (_, i) => i + 1);
  const spikes = new Map([
    [3711, 0.21],
    [9004, 0.8],
    [17_777, 0.5],
  ]);
  const losses = Float64Array.from(epochs, (epoch) => spikes.get(epoch) ?? 0.02 * Math.exp(-epoch / 900) + 1e-4);
  for (const points of [4, 5, 17, 200, 300, 1999, 2000, 19_999]) {
    const { values: kept } = decimate({ metric: "loss", attempt: 1, steps: epochs, values: losses }, points);
    expect(kept.length).toBeLessThanOrEqual(points);
    expect(Math.max(...kept.map(Number))).toBe(0.8);
    expect(Math.min(...kept.map(Number))).toBe(Math.min(...losses));
  }
});

it("does not lose a divergence", () => {
  const diverged = values.map((value, i) => (i > 500 ? Number.NaN : value));
  const series = decimate({ metric: "loss", attempt: 1, steps, values: diverged }, 30);
  expect(series.values).toContain(null);
  expect(series.values.every((value) => value === null || Number.isFinite(value))).toBe(true);
});
