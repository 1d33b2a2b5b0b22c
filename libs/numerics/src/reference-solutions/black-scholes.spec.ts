import { expect, it } from "vitest";
import { blackScholesCall } from "./black-scholes";
import { differencesOf } from "./partial-differential.testing";

const option = { strike: 5, maturity: 1, rate: 0.05, volatility: 0.3 };
const call = blackScholesCall(option);

it("has scipy's values", () => {
  // scipy 1.17.1, norm.cdf in the closed form.
  expect(Math.abs(call.value(5, 0) - 0.7115627392992909)).toBeLessThan(1e-12);
  expect(Math.abs(call.delta(5, 0) - 0.6242517279060125)).toBeLessThan(1e-12);
  expect(Math.abs(call.value(1, 0) - 1.1744009578435897e-8)).toBeLessThan(1e-12);
  expect(Math.abs(call.delta(1, 0) - 2.2308199627156167e-7)).toBeLessThan(1e-12);
  expect(Math.abs(call.value(20, 0.3) - 15.171972921760275)).toBeLessThan(1e-12);
  expect(Math.abs(call.delta(20, 0.3) - 0.99999999644004)).toBeLessThan(1e-12);
  expect(Math.abs(call.value(4.5, 0.95) - 0.008624547369082747)).toBeLessThan(1e-12);
  expect(Math.abs(call.delta(4.5, 0.95) - 0.06683142250239811)).toBeLessThan(1e-12);
  expect(Math.abs(call.value(6, 0.999) - 1.0002499937501046)).toBeLessThan(1e-12);
  expect(Math.abs(call.delta(6, 0.999) - 1.0)).toBeLessThan(1e-12);
});

it("solves its equation and ends as the payoff", () => {
  for (const [price, t] of [
    [3, 0.2],
    [5, 0.5],
    [8, 0.9],
  ] as const) {
    const at = differencesOf(call.value, price, t, 1e-3);
    expect(Math.abs(at.t.first + 0.045 * price ** 2 * at.x.second + 0.05 * price * at.x.first - 0.05 * at.u)).toBeLessThan(1e-7);
    expect(call.delta(price, t)).toBeCloseTo(at.x.first, 8);
  }
  expect([call.value(4, 1), call.value(7, 1), call.delta(4, 1), call.delta(5, 1), call.delta(7, 1)]).toEqual([0, 2, 0, 0.5, 1]);
  expect([call.value(0, 0.3), call.delta(0, 0.3)]).toEqual([0, 0]);
  expect([call.value(-1, 0), call.value(5, 1.1)]).toEqual([NaN, NaN]);
  expect(() => blackScholesCall({ ...option, volatility: 0 })).toThrow("the volatility must be a positive number, not 0");
});
