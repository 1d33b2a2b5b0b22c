import { evaluateFormula, parseFormula, readSystem, type EquationSystem } from "@basin/equations";
import { randomStream } from "@basin/numerics";
import { expect, it } from "vitest";
import {
  evaluateExpression,
  partialDerivative,
  symbolKey,
  symbolsOf,
  type EquationSymbol,
} from "../differential-equations/expression";
import { lowerFormula, unitScales } from "./lower-formula";

const { system } = readSystem({
  unknowns: ["u", "v"],
  coordinates: ["x in [0, 3]", "t in [-1, 1]"],
  constants: ["c = 0.7"],
  trainable: ["k = 1.2"],
  equations: ["u_t = k*v", "v = u"],
  conditions: [],
  reference: [],
});
const bare = system.coordinates.map(() => ({ centre: 0, half: 1 }));
const names = system.coordinates.map(({ name }) => name);

const texts = [
  "u*u_x - c*u_xx + v_xt/2",
  "sin(pi*x)*cos(2*t) + tan(u/3)",
  "exp(-x^2)*sqrt(1 + u^2) + log(3 + v)",
  "tanh(x - t)/cosh(u) + sinh(v_x)",
  "abs(u - 2)^1.5 + abs(t)",
  "(2 + u)^(k*t) + k^2 - 3^c",
  "-(u - v)/(1 + x)^2/(k + 2)",
  "u^0 + u^1 + 2^x",
];

const keyOf = (one: EquationSymbol): string => symbolKey(one);

/** Values between ½ and 1½ for every symbol, drawn. */
function valuesFor(round: number): (key: string) => number {
  const stream = randomStream(round, "lower-formula.spec");
  const known = new Map<string, number>();
  return (key) => {
    const found = known.get(key) ?? 0.5 + stream.uniform(known.size);
    known.set(key, found);
    return found;
  };
}

function doubleValue(text: string, of: EquationSystem, value: (key: string) => number): number {
  const formula = parseFormula(text, { unknowns: of.unknowns, coordinates: names, constants: ["c", "k"] });
  return evaluateFormula(formula, (part) => {
    if (part.kind === "coordinate") return value(`coordinate ${names.indexOf(part.name)}`);
    if (part.kind === "constant") return part.name === "k" ? value("unknown k") : (of.constants.get(part.name) ?? Number.NaN);
    const orders = [...part.orders];
    while (orders.at(-1) === 0) orders.pop();
    return value(`solution ${of.unknowns.indexOf(part.name)} ${orders.join()}`);
  });
}

it.each(texts)("%s has the value that the formula has, and derivatives that finite differences have", (text) => {
  const formula = parseFormula(text, { unknowns: system.unknowns, coordinates: names, constants: ["c", "k"] });
  const expression = lowerFormula(formula, system, bare);
  for (let round = 0; round < 20; round++) {
    const value = valuesFor(round);
    const symbols = symbolsOf(expression);
    symbols.forEach((symbol) => value(keyOf(symbol)));
    const got = evaluateExpression(expression, (symbol) => value(keyOf(symbol)));
    expect(got).toBeCloseTo(doubleValue(text, system, value), 10);
    const h = 1e-5;
    for (const symbol of symbols) {
      const moved = (by: number): number => doubleValue(text, system, (key) => value(key) + (key === keyOf(symbol) ? by : 0));
      const slope = evaluateExpression(partialDerivative(expression, symbol), (one) => value(keyOf(one)));
      expect(Math.abs(slope - (moved(h) - moved(-h)) / (2 * h)) / Math.max(1, Math.abs(slope)), keyOf(symbol)).toBeLessThan(1e-6);
    }
  }
});

it("takes derivatives by scaled coordinates and coordinates back to what was typed", () => {
  const scales = unitScales(system);
  expect(scales).toEqual([
    { centre: 1.5, half: 1.5 },
    { centre: 0, half: 1 },
  ]);
  // u = x²t: u_xx = 2t, u_xt = 2x; with s = (x − 1.5)/1.5 these are u_ss/2.25 and u_st/1.5.
  const at = (text: string, s: number, t: number): number => {
    const formula = parseFormula(text, { unknowns: system.unknowns, coordinates: names, constants: [] });
    return evaluateExpression(lowerFormula(formula, system, scales), (symbol) => {
      if (symbol.kind === "coordinate") return symbol.index === 0 ? s : t;
      const x = 1.5 + 1.5 * s;
      return symbol.kind === "solution" && symbol.derivative.length === 1 ? 2 * 2.25 * t : 2 * 1.5 * x;
    });
  };
  expect(at("u_xx", 0.4, 0.3)).toBeCloseTo(0.6, 12);
  expect(at("u_xt", 0.4, 0.3)).toBeCloseTo(2 * 2.1, 12);
  expect(at("x*t", 0.4, 0.3)).toBeCloseTo(2.1 * 0.3, 12);
});
