import { expect, test } from "vitest";
import {
  constant,
  cosine,
  difference,
  evaluateExpression,
  exponentialOf,
  measured,
  partialDerivative,
  power,
  product,
  progress,
  sine,
  solution,
  sum,
  symbolKey,
  symbolsOf,
  time,
  unknown,
  type EquationSymbol,
} from "./expression";

const values: Record<string, number> = {
  "coordinate 0": 0.7,
  measured: -0.3,
  "solution 0 ": 0.4,
  "solution 0 2": 1.9,
  "solution 1 1,1": 0.8,
  "unknown k": -1.2,
  progress: 0.25,
};
const formula = sum(
  solution(2),
  product(unknown("k"), sine(product(constant(3), solution(), time))),
  product(cosine(difference(time, unknown("k"))), solution(), solution(), measured),
  product(progress, exponentialOf(product(unknown("k"), time)), power(solution([1, 1, 0], 1), 3)),
);

test("a formula's value and partial derivatives are those of the mathematics", () => {
  const at = (moved: Record<string, number>): number => evaluateExpression(formula, (symbol) => moved[symbolKey(symbol)] ?? NaN);
  const by = (t: number, y: number, u: number, a: number, k: number, mixed: number, s: number): number =>
    a + k * Math.sin(3 * u * t) + Math.cos(t - k) * u * u * y + s * Math.exp(k * t) * mixed ** 3;
  expect(at(values)).toBeCloseTo(by(0.7, -0.3, 0.4, 1.9, -1.2, 0.8, 0.25), 14);
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

test("one derivative has one form, and what cannot be trained is refused by name", () => {
  expect(solution()).toEqual(solution([0, 0]));
  expect(solution(2)).toEqual(solution([2, 0, 0]));
  expect(solution([0, 1])).not.toEqual(solution([1]));
  expect(() => solution(4)).toThrow("The derivative of orders (4) is of order 4; at most 3 can be trained.");
  expect(() => solution([2, 2])).toThrow("The derivative of orders (2, 2) is of order 4; at most 3 can be trained.");
  expect(() => solution([0, 0, 0, 0, 1])).toThrow("is by coordinate 5; a problem has at most 4.");
  expect(() => solution([0, -1])).toThrow("The derivative of orders (0, -1) needs whole numbers from 0 on.");
});

test("what vanishes is left out", () => {
  const absent: EquationSymbol = { kind: "mean", component: 0 };
  expect(partialDerivative(formula, absent)).toEqual(constant(0));
  expect(product(constant(0), time)).toEqual(constant(0));
  expect([power(time, 0), power(time, 1)]).toEqual([constant(1), time]);
  expect(sum(constant(2), sum(time, constant(-2)))).toEqual(time);
  expect(partialDerivative(product(constant(3), time), { kind: "coordinate", index: 0 })).toEqual(constant(3));
});
