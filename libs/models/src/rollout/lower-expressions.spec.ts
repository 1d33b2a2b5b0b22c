import { constant, power, product, sine, state, sum } from "@basin/problems";
import { expect, it } from "vitest";
import { lowerExpressions } from "./lower-expressions";

const sources = [{ kind: "state", width: 2 } as const];

it("computes once what is written twice, and numbers not at all", () => {
  const square = power(state(1), 2);
  const { instructions, results } = lowerExpressions(sources, [
    [sum(square, constant(2)), product(constant(3), power(state(1), 2))],
    [state(0), sine(constant(0.5))],
  ]);
  expect(instructions).toEqual([
    { op: "multiply", a: 1, b: 1, constant: 0 },
    { op: "add-constant", a: 2, b: 0, constant: 2 },
    { op: "multiply-constant", a: 2, b: 0, constant: 3 },
    { op: "constant", a: 0, b: 0, constant: Math.sin(0.5) },
  ]);
  expect(results).toEqual([
    [3, 4],
    [0, 5],
  ]);
});

it("makes whole powers of products and quotients, and others of logarithms", () => {
  const powers = (exponent: number) => lowerExpressions(sources, [[power(state(0), exponent)]]).instructions.map(({ op }) => op);
  expect(powers(5)).toEqual(["multiply", "multiply", "multiply"]);
  expect(powers(-2)).toEqual(["multiply", "reciprocal"]);
  expect(powers(0.5)).toEqual(["logarithm", "multiply-constant", "exponential"]);
});

it("refuses what the sources do not have", () => {
  expect(() => lowerExpressions(sources, [[{ op: "symbol", symbol: { kind: "output", index: 0 } }]])).toThrow(
    "A formula names output 0 where there is none.",
  );
});
