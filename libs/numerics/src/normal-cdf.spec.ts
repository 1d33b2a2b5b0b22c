import { expect, test } from "vitest";
import { normalCdf } from "./normal-cdf";
import { normalQuantile } from "./normal-quantile";
import { normalTail } from "./normal-tail";

// scipy.special.ndtr of SciPy 1.17.1.
test.each([
  [0, 0.5],
  [0.1, 0.539827837277029],
  [-0.3, 0.3820885778110474],
  [0.6, 0.7257468822499265],
  [-0.66, 0.25462691467133614],
  [0.67, 0.7485711049046899],
  [-1, 0.15865525393145707],
  [1.5, 0.9331927987311419],
  [-2.5, 0.006209665325776132],
  [3.9, 0.9999519036559824],
  [-4.2, 1.334574901590631e-5],
  [-5.6, 1.0717590258310887e-8],
  [-5.7, 5.99037140106353e-9],
  [-8, 6.22096057427174e-16],
  [-12, 1.776482112077653e-33],
  [-20, 2.7536241186061556e-89],
  [-30, 4.906713927147908e-198],
  [-37, 5.7255712225239266e-300],
  [8.5, 1],
])("the probability below %d is SciPy's", (z, expected) => {
  expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(1e-12);
});

test("agrees with the series and the continued fraction of the tail, and with the quantile", () => {
  for (let z = -36; z <= 36; z += 0.17) {
    expect(Math.abs(normalCdf(-z) / normalTail(z) - 1), `at ${-z}`).toBeLessThan(1e-11);
  }
  for (let p = 0.001; p < 1; p += 0.001) expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-15);
});

test("ends at 0 and 1, and passes NaN on", () => {
  expect(normalCdf(-50)).toBe(0);
  expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(normalCdf(Number.NaN)).toBeNaN();
});
