import { expect, test } from "vitest";
import { curveFigures, slopePlot } from "./loss-curve";

/** A plateau of 0.04 until `drop`, then an exponential fall. */
const curve = (epochs: number, drop: number): number[] =>
  Array.from({ length: epochs }, (_, i) => (i + 1 <= drop ? 0.04 : 0.04 * Math.exp(-(i + 1 - drop) / 10)));

test("the plateau is read at epoch 100, the drop where a quarter of it is left", () => {
  // exp(−14/10) = 0.247 is the first value below a quarter.
  expect(curveFigures(curve(400, 250))).toEqual({ plateauLoss: 0.04, dropEpoch: 264 });
  expect(curveFigures(curve(400, 400))).toEqual({ plateauLoss: 0.04 });
  expect(curveFigures(curve(99, 99))).toEqual({});
});

test("the slope is that of the curve, at most 500 points of it", () => {
  const line = Array.from({ length: 2000 }, (_, i) => 5 - 0.001 * (i + 1));
  const plot = slopePlot(line);
  if (plot?.kind !== "curve") throw new Error("no curve");
  const [series] = plot.series;
  expect(series?.x.length).toBe(498);
  expect(series?.x[0]).toBe(5);
  for (const value of series?.y ?? []) expect(value).toBeCloseTo(-0.001, 10);
  expect(slopePlot([1, 2])).toBeNull();
});
