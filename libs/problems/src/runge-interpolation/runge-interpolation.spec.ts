import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { evenPlaces } from "../interpolation-errors";
import { noResources } from "../kinds/resources";
import { interpolantErrors, rivals, runge, rungeSecond, rungeThird } from "./runge-function";
import { rungeInterpolation } from "./runge-interpolation";

test("the rivals have the errors measured with FITPACK's knots: 0.0023 and 0.055, 0.00075 and 0.019, 1.77", () => {
  const places = evenPlaces(-1, 1, 200);
  const { spline, cubicSpline, polynomial } = rivals(15);
  const [five, cubic, fourteen] = [spline, cubicSpline, polynomial].map((fit) => interpolantErrors(fit, places));
  expect([five?.value.toFixed(4), five?.derivative.toFixed(3)]).toEqual(["0.0023", "0.055"]);
  expect([cubic?.value.toFixed(5), cubic?.derivative.toFixed(3)]).toEqual(["0.00075", "0.019"]);
  expect(fourteen?.value.toFixed(2)).toBe("1.77");
});

test("the derivative is that of the function", () => {
  for (const x of [-0.9, -0.2, 0, 0.13]) {
    expect(runge.derivative(x)).toBeCloseTo((runge.value(x + 1e-6) - runge.value(x - 1e-6)) / 2e-6, 7);
    expect(rungeSecond(x)).toBeCloseTo((runge.derivative(x + 1e-6) - runge.derivative(x - 1e-6)) / 2e-6, 5);
    expect(rungeThird(x)).toBeCloseTo((rungeSecond(x + 1e-6) - rungeSecond(x - 1e-6)) / 2e-6, 4);
  }
});

test("15 samples, scaled to [0, 1] both ways; predictions are judged in the units of f", () => {
  const { problem } = rungeInterpolation;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const parameters = configurationOf(rungeInterpolation, {});
  const { samples, inputs, targets } = problem.data(parameters, noResources);
  expect(samples).toBe(15);
  expect([inputs[0], inputs[7], inputs[14]]).toEqual([0, 0.5, 1]);
  expect([targets[0], targets[7], targets[14]]).toEqual([0, 1, 0]);
  const half = problem.evaluate(parameters, new Float32Array(200).fill(0.5), noResources);
  const middle = (1 + 1 / 26) / 2;
  const places = evenPlaces(-1, 1, 200);
  const wanted = Math.sqrt(places.reduce((sum, x) => sum + (middle - runge.value(x)) ** 2, 0) / 200);
  expect(half["rmse"]).toBeCloseTo(wanted, 6);
});
