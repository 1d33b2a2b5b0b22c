import { expect, test } from "vitest";
import {
  constant,
  cosine,
  difference,
  evaluateExpression,
  measured,
  partialDerivative,
  product,
  sine,
  solution,
  sum,
  symbolKey,
  symbolsOf,
  time,
  unknown,
  type EquationSymbol,
} from "./expression";

const values: Record<string, number> = { time: 0.7, measured: -0.3, "solution 0 0": 0.4, "solution 0 2": 1.9, "unknown k": -1.2 };
const formula = sum(
  solution(2),
  product(unknown("k"), sine(product(constant(3), solution(), time))),
  product(cosine(difference(time, unknown("k"))), solution(), solution(), measured),
);

test("a formula's value and partial derivatives are those of the mathematics", () => {
  const at = (moved: Record<string, number>): number => evaluateExpression(formula, (symbol) => moved[symbolKey(symbol)] ?? NaN);
  const by = (t: number, y: number, u: number, a: number, k: number): number =>
    a + k * Math.sin(3 * u * t) + Math.cos(t - k) * u * u * y;
  expect(at(values)).toBeCloseTo(by(0.7, -0.3, 0.4, 1.9, -1.2), 14);
  const symbols = symbolsOf(formula);
  expect(symbols.map(symbolKey).sort()).toEqual(Object.keys(values).sort());
  const h = 1e-6;
  for (const symbol of symbols) {
    const key = symbolKey(symbol);
    const moved = (by: number): number => at({ ...values, [key]: (values[key] ?? NaN) + by });
    const got = evaluateExpression(partialDerivative(formula, symbol), (one) => values[symbolKey(one)] ?? NaN);
    expect(got, key).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 8);
  }
});

test("what vanishes is left out", () => {
  const absent: EquationSymbol = { kind: "mean", component: 0 };
  expect(partialDerivative(formula, absent)).toEqual(constant(0));
  expect(product(constant(0), time)).toEqual(constant(0));
  expect(sum(constant(2), sum(time, constant(-2)))).toEqual(time);
  expect(partialDerivative(product(constant(3), time), { kind: "time" })).toEqual(constant(3));
});
