import { blackScholesCall } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import type { ExperimentDefinition } from "../experiment";
import { blackScholesPinn } from "../black-scholes-pinn/black-scholes-pinn";
import { heatPinn } from "../heat-pinn/heat-pinn";
import type { DifferentialEquationProblem, LearnedSolution } from "../kinds/differential-equation";
import { noResources } from "../kinds/resources";
import { laplacePinn } from "../laplace-pinn/laplace-pinn";
import { derivativeOf, type Derivative, type DerivativeOrders } from "./derivative";
import { evaluateExpression } from "./expression";

/** A derivative of a field at a point of two coordinates. */
type Field = (orders: DerivativeOrders, x: number, y: number) => number;

function equationOf({ problem }: ExperimentDefinition): DifferentialEquationProblem {
  if (problem.kind !== "differential-equation") throw new Error("no differential equation");
  return problem;
}

/** What a network would have learned that is the given field. */
function learned(definition: ExperimentDefinition, changes: Parameters<typeof configurationOf>[1], field: Field, unknowns = {}) {
  const parameters = configurationOf(definition, changes);
  const known: Record<string, number> = unknowns;
  const system = equationOf(definition).system(parameters, noResources);
  const terms = system.terms.map(({ metric, grid, measured, residual, measure }) => {
    expect(measure).toBe("mean-square");
    const points = system.grids[grid]?.points ?? new Float32Array(0);
    const squares = Array.from({ length: points.length / 2 }, (_, i) => {
      const at = [points[2 * i] ?? NaN, points[2 * i + 1] ?? NaN] as const;
      const r = evaluateExpression(residual, (symbol) => {
        if (symbol.kind === "solution") return field(symbol.derivative, ...at);
        if (symbol.kind === "coordinate") return at[symbol.index] ?? NaN;
        if (symbol.kind === "unknown") return known[symbol.name] ?? NaN;
        return measured?.[i] ?? NaN;
      });
      return r * r;
    });
    return [metric, squares.reduce((all, one) => all + one, 0) / squares.length] as const;
  });
  const solution: LearnedSolution = {
    at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) =>
      derivatives.map((derivative) =>
        Float32Array.from({ length: points.length / 2 }, (_, i) =>
          field(derivativeOf(derivative), points[2 * i] ?? NaN, points[2 * i + 1] ?? NaN),
        ),
      ) as { [K in keyof D]: Float32Array },
    unknowns: known,
    history: [],
    terms: Object.fromEntries(terms),
    loss: 0,
  };
  const judged = equationOf(definition).judge(parameters, solution, noResources);
  const figures = { ...solution.terms, ...judged.metrics };
  const met = (definition.success?.all ?? []).every(({ metric, value }) => (figures[metric] ?? NaN) <= value);
  expect(definition.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(figures)));
  expect(Object.keys(judged.plots).sort()).toEqual(definition.plots.map(({ id }) => id).sort());
  return { terms: solution.terms, figures, labels: judged.labels, plots: judged.plots, met };
}

const pi = Math.PI;
/** cos(x + order·π/2) without its rounding: the derivatives of the sine and cosine. */
const turned = (angle: number, quarter: number): number =>
  [Math.sin(angle), Math.cos(angle), -Math.sin(angle), -Math.cos(angle)][quarter % 4] ?? NaN;

describe("Laplace's equation", () => {
  const exact: Field = ([a = 0, b = 0], x, y) =>
    (pi ** (a + b) * turned(pi * x, a) * (b % 2 === 0 ? Math.sinh(pi * y) : Math.cosh(pi * y))) / Math.sinh(pi);

  test("the exact field has no loss and is solved; its centre is 0.199268", () => {
    const { terms, figures, met } = learned(laplacePinn, {}, exact);
    for (const [name, value] of Object.entries(terms)) expect(value, name).toBeLessThan(1e-12);
    expect(figures["relativeL2"]).toBeLessThan(1e-6);
    expect(figures["centreError"]).toBeLessThan(1e-6);
    expect(exact([], 0.5, 0.5)).toBeCloseTo(0.199268, 6);
    expect(met).toBe(true);
  });

  test("a field that meets the edges alone costs nothing there and is not solved", () => {
    const bent: Field = (orders, x, y) =>
      exact(orders, x, y) + (orders.length === 0 ? 0.2 * Math.sin(pi * x) * Math.sin(2 * pi * y) : 0);
    const { terms, figures, met } = learned(laplacePinn, {}, bent);
    expect(terms["boundaryLoss"]).toBeLessThan(1e-12);
    expect(figures["relativeL2"]).toBeGreaterThan(0.3);
    expect(met).toBe(false);
  });

  test("the points are the data seed's and within the square; a grid needs a square number", () => {
    const grids = (changes: Parameters<typeof configurationOf>[1]) =>
      equationOf(laplacePinn)
        .system(configurationOf(laplacePinn, changes), noResources)
        .grids.map((grid) => [grid.points, grid.candidates?.(1), grid.candidates?.(2)]);
    expect(grids({ dataSeed: 1 })).not.toEqual(grids({}));
    expect(grids({ residualWeight: 0, learningRate: 0.1 })).toEqual(grids({}));
    const [[, first, second] = []] = grids({});
    expect(first).not.toEqual(second);
    for (const points of grids({ placement: "sobol" }).flat())
      expect(points?.every((value) => value >= 0 && value <= 1) ?? true).toBe(true);
    const check = (changes: Parameters<typeof configurationOf>[1]) => laplacePinn.check?.(configurationOf(laplacePinn, changes));
    expect(check({ placement: "grid" })).toEqual([
      { path: "points", message: "a grid in 2 coordinates has 961 or 1024 points, not 1000", hint: "e.g. 1024" },
    ]);
    expect(check({ placement: "grid", points: 1024 })).toEqual([]);
  });
});

describe("heat in a rod", () => {
  const cooling =
    (k: number, alpha: number): Field =>
    ([a = 0, b = 0], x, t) =>
      (k * pi) ** a * turned(k * pi * x, a) * (-alpha * (k * pi) ** 2) ** b * Math.exp(-alpha * (k * pi) ** 2 * t);

  test.each([
    { changes: {}, exact: cooling(1, 1) },
    { changes: { boundary: "mixed", diffusivity: 0.5, endTime: 1 }, exact: cooling(0.5, 0.5) },
    { changes: { inverse: true, noise: 0, diffusivity: 0.7 }, exact: cooling(1, 0.7) },
  ])("the exact field has no loss and is solved: $changes", ({ changes, exact }) => {
    const { terms, figures, labels, met } = learned(heatPinn, changes, exact, { diffusivity: 0.7 });
    for (const [name, value] of Object.entries(terms)) expect(value, name).toBeLessThan(1e-10);
    expect(figures["relativeL2"]).toBeLessThan(1e-6);
    expect(figures["fluxError"]).toBeLessThan(1e-6);
    expect(met).toBe(true);
    if ("inverse" in changes) expect([labels["estimate"], figures["diffusivityError"]]).toEqual(["α = 0.7000", 0]);
  });

  test("a rod that cools at another rate, or loses heat at its insulated end, is not solved", () => {
    expect(learned(heatPinn, {}, cooling(1, 1.05)).met).toBe(false);
    const leaky: Field = (orders, x, t) =>
      cooling(0.5, 0.5)(orders, x, t) + (orders.length === 1 && orders[0] === 1 ? -0.03 * x : 0);
    const { figures, met } = learned(heatPinn, { boundary: "mixed", diffusivity: 0.5, endTime: 1 }, leaky);
    expect(figures["fluxError"]).toBeCloseTo(0.03 / (pi / 2), 5);
    expect(met).toBe(false);
  });
});

describe("the price of an option", () => {
  const call = blackScholesCall({ strike: 5, maturity: 1, rate: 0.05, volatility: 0.3 });
  const value = (x: number, t: number): number => call.value(20 * x, t) / 5;
  const h = 1e-4;
  /** V/K over S/20 and t, derivatives by differences. */
  const exact: Field = ([a = 0, b = 0], x, t) => {
    if (b === 1) return (value(x, t + h) - value(x, t - h)) / (2 * h);
    if (a === 1) return (value(x + h, t) - value(x - h, t)) / (2 * h);
    return a === 2 ? (value(x + h, t) - 2 * value(x, t) + value(x - h, t)) / (h * h) : value(x, t);
  };

  test("the closed form satisfies the equation, the payoff and the edges, and is solved", () => {
    const { terms } = equationOf(blackScholesPinn).system(configurationOf(blackScholesPinn, {}), noResources);
    const residual = terms[0]?.residual;
    if (!residual) throw new Error("no equation");
    for (const [x, t] of [
      [0.25, 0],
      [0.2, 0.5],
      [0.3, 0.8],
      [0.9, 0.3],
    ] as const) {
      const r = evaluateExpression(residual, (symbol) => {
        if (symbol.kind === "solution") return exact(symbol.derivative, x, t);
        return symbol.kind === "coordinate" ? ([x, t][symbol.index] ?? NaN) : NaN;
      });
      expect(Math.abs(r), `at ${x}, ${t}`).toBeLessThan(1e-5);
    }
    const { terms: losses, figures, met } = learned(blackScholesPinn, {}, exact);
    for (const name of ["terminalLoss", "lowerLoss"]) expect(losses[name], name).toBeLessThan(1e-12);
    // At four times the strike the edge's value is that of the share less the strike, but for the chance to fall below.
    expect(losses["upperLoss"]).toBeLessThan(1e-8);
    expect(figures["mae"]).toBeLessThan(1e-6);
    expect(call.value(5, 0)).toBeCloseTo(0.7116, 4);
    expect(call.delta(5, 0)).toBeCloseTo(0.6243, 4);
    expect([figures["priceError"], figures["deltaError"]].every((error) => (error ?? NaN) < 1e-5)).toBe(true);
    expect(met).toBe(true);
  });

  test("a payoff that nothing carries back in time is not solved", () => {
    const payoff: Field = (orders, x) => (orders.length === 0 ? Math.max(4 * x - 1, 0) : x > 0.25 ? 4 : 0);
    const { figures, met } = learned(blackScholesPinn, {}, payoff);
    expect(figures["priceError"]).toBeCloseTo(0.7116, 3);
    expect(met).toBe(false);
  });
});
