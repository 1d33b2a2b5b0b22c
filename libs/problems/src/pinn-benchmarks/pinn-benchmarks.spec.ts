import { describe, expect, it, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { withBuiltInConditions } from "../differential-equations/built-in-conditions";
import { derivativeOf, type Derivative, type DerivativeOrders } from "../differential-equations/derivative";
import {
  coordinate,
  evaluateExpression,
  exponentialOf,
  product,
  sine,
  symbolsOf,
  type Expression,
} from "../differential-equations/expression";
import type { DifferentialEquationSystem, LearnedSolution } from "../kinds/differential-equation";
import { noResources } from "../kinds/resources";
import { benchmarkProblems, type BenchmarkName, type BenchmarkProblem } from "./benchmark-problems";
import { pinnBenchmarks } from "./pinn-benchmarks";

type Field = (x: number, second: number) => number;

/** Central differences of fourth order, one order after the other. */
function derivative(field: Field, [a = 0, b = 0]: DerivativeOrders, at: readonly [number, number], h: number): number {
  if (a === 0 && b === 0) return field(...at);
  const [orders, along] = a > 0 ? [[a - 1, b], 0] : [[a, b - 1], 1];
  const moved = (steps: number): number =>
    derivative(field, orders, along === 0 ? [at[0] + steps * h, at[1]] : [at[0], at[1] + steps * h], h);
  return (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h);
}

/** The value of an expression at a point when the network is that field. */
function valueOf(expression: Expression, network: Field, at: readonly [number, number], h: number): number {
  return evaluateExpression(expression, (symbol) => {
    if (symbol.kind === "coordinate") return at[symbol.index] ?? NaN;
    return symbol.kind === "solution" ? derivative(network, symbol.derivative, at, h) : NaN;
  });
}

const names = Object.keys(benchmarkProblems) as BenchmarkName[];
/** Points where the solution is smooth: away from Burgers' shock. */
const points = [
  [-0.71, 0.31],
  [0.43, 0.62],
  [0.18, 0.2],
] as const;

function systemOf(equation: BenchmarkName, conditions: string): DifferentialEquationSystem {
  if (pinnBenchmarks.problem.kind !== "differential-equation") throw new Error("no differential equation");
  return pinnBenchmarks.problem.system(configurationOf(pinnBenchmarks, { equation, conditions }), noResources);
}

describe("conditions that are built in", () => {
  const [x, t] = [coordinate(0), coordinate(1)];
  const lift = sine(product(x, t));
  const factor = product(t, exponentialOf(x));
  const u = withBuiltInConditions(lift, factor);
  const network: Field = (a, b) => Math.cos(2 * a + b);
  const whole: Field = (a, b) => Math.sin(a * b) + b * Math.exp(a) * network(a, b);

  it.each([[[]], [[1]], [[0, 1]], [[2]], [[1, 1]], [[0, 2]], [[3]], [[2, 1]]])(
    "have the derivatives of the whole: %j",
    (orders) => {
      const expression = u(orders);
      for (const at of points) {
        const got = evaluateExpression(expression, (symbol) => {
          if (symbol.kind === "coordinate") return at[symbol.index] ?? NaN;
          if (symbol.kind !== "solution") return NaN;
          // d/dx brings a factor 2 and a quarter turn, d/dt a quarter turn.
          const [a = 0, b = 0] = symbol.derivative;
          return 2 ** a * Math.cos(2 * at[0] + at[1] + ((a + b) * Math.PI) / 2);
        });
        expect(Math.abs(got - derivative(whole, orders, at, 0.01))).toBeLessThan(1e-5);
      }
    },
  );

  it("name nothing but the network and the coordinates", () => {
    expect(new Set(symbolsOf(u([2])).map(({ kind }) => kind))).toEqual(new Set(["coordinate", "solution"]));
  });
});

describe.each(names)("%s", (name) => {
  const problem: BenchmarkProblem = benchmarkProblems[name];
  const truth = problem.truth();
  const known = (at: readonly [number, number]): number => truth(...at);
  const lifted = (expression: Expression) => (a: number, b: number) => valueOf(expression, () => NaN, [a, b], 1);

  test("the equation holds for the known solution, whichever way the conditions are met", () => {
    const h = 0.004;
    const [plain] = systemOf(name, "in-the-loss").terms;
    const [built] = systemOf(name, "built-in").terms;
    if (!plain || !built) throw new Error("no equation");
    const [lift, factor] = [lifted(problem.lift), lifted(problem.factor)];
    const network: Field = (a, b) => (truth(a, b) - lift(a, b)) / factor(a, b);
    const wrong = (at: readonly [number, number]): number => valueOf(plain.residual, (a, b) => 1.1 * truth(a, b), at, h);
    for (const at of points) {
      expect(Math.abs(valueOf(plain.residual, truth, at, h)), at.join()).toBeLessThan(2e-4);
      expect(Math.abs(valueOf(built.residual, network, at, h)), at.join()).toBeLessThan(2e-4);
    }
    expect(Math.max(...points.map((at) => Math.abs(wrong(at))))).toBeGreaterThan(0.02);
  });

  test("the edges have the values of the known solution, the lift has them, and the factor is 0 there", () => {
    // Allen and Cahn's is -1 at the ends up to the width of a kink.
    const near = name === "allen-cahn" ? 0.006 : 1e-12;
    for (const { held, at, value } of problem.edges)
      for (const free of [-0.77, -0.2, 0.05, 0.4, 0.9].filter((one) => held === 1 || problem.second === "y" || one >= 0)) {
        const place = held === 0 ? ([at, free] as const) : ([free, at] as const);
        expect(Math.abs(known(place) - value(free)), place.join()).toBeLessThan(near);
        expect(Math.abs(lifted(problem.lift)(...place) - value(free)), place.join()).toBeLessThan(1e-12);
        expect(Math.abs(lifted(problem.factor)(...place)), place.join()).toBeLessThan(1e-12);
      }
  });

  test("a network that is the known solution has no error, the zero function an error of 1", () => {
    if (pinnBenchmarks.problem.kind !== "differential-equation") throw new Error("no differential equation");
    const parameters = configurationOf(pinnBenchmarks, { equation: name, conditions: "in-the-loss" });
    const judge = (field: Field) => {
      const learned: LearnedSolution = {
        at: <const D extends readonly Derivative[]>(places: Float32Array, derivatives: D) =>
          derivatives.map((one) => {
            expect(derivativeOf(one)).toEqual([]);
            return Float32Array.from({ length: places.length / 2 }, (_, i) =>
              field(places[2 * i] ?? NaN, places[2 * i + 1] ?? NaN),
            );
          }) as { [K in keyof D]: Float32Array },
        unknowns: {},
        history: [],
        terms: {},
        loss: 0,
      };
      if (pinnBenchmarks.problem.kind !== "differential-equation") throw new Error("no differential equation");
      return pinnBenchmarks.problem.judge(parameters, learned, noResources).metrics;
    };
    expect(judge(truth)["relativeL2"]).toBeLessThan(1e-6);
    expect(judge(() => 0)["relativeL2"]).toBe(1);
  });
});

test("only conditions in the loss have points and a weight", () => {
  const built = systemOf("burgers", "built-in");
  expect([built.grids.length, built.terms.map(({ metric }) => metric)]).toEqual([1, ["residualLoss"]]);
  const loss = systemOf("burgers", "in-the-loss");
  const defaults = configurationOf(pinnBenchmarks, {});
  expect(loss.grids.map(({ points: all }) => all.length / 2)).toEqual([defaults["points"], 300]);
  expect(loss.terms.map(({ metric, measured }) => [metric, measured?.length])).toEqual([
    ["residualLoss", undefined],
    ["conditionLoss", 300],
  ]);
});
