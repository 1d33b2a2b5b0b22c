import { expect, test } from "vitest";
import { deadShare, layerPlots, outputVariance } from "./layer-outputs";

/** Three samples of two units: the first is 0 throughout, the second not. */
const half = Float32Array.of(0, 1, 0, 0, 0, 2);

test("a unit is dead that is 0 for every sample", () => {
  expect(deadShare([half], 3)).toBe(0.5);
  expect(deadShare([half, new Float32Array(9)], 3)).toBe(0.8);
  expect(deadShare([Float32Array.of(-1, 1)], 1)).toBe(0);
});

test("the variance is over units and samples", () => {
  // Mean ½, squares ¼·5 and 9/4 − … : (4·¼ + ¼ + 2¼)/6.
  expect(outputVariance(half)).toBeCloseTo(3.5 / 6, 12);
});

test("the plots hold one value per layer, before and after", () => {
  const plots = layerPlots([half], [new Float32Array(6)], 3);
  expect(plots["dead-units"]).toMatchObject({ series: [{ values: [0.5] }, { values: [1] }] });
  expect(plots["layer-variance"]).toMatchObject({ series: [{ x: [1] }, { y: [0] }] });
});
