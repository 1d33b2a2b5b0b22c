import type { Configuration } from "@basin/contracts";
import { fisherKppSolution, leastSquares } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { derivativeOf, type Derivative } from "../differential-equations/derivative";
import { evaluateExpression } from "../differential-equations/expression";
import type { DifferentialEquationProblem, UnknownsAtStep } from "../kinds/differential-equation";
import { noResources } from "../kinds/resources";
import { fittedLaw } from "./candidate-law";
import { pdeDiscovery } from "./pde-discovery";

type Field = (x: number, t: number) => number;

const problem = pdeDiscovery.problem as DifferentialEquationProblem;
const names = ["c1", "c2", "c3", "c4", "c5"];
const h = 1e-3;

/** A Gaussian that drifts with 0.5 and spreads with 0.05, as the source writes it. */
const drifting: Field = (x, t) => {
  const s = Math.sqrt(0.15 ** 2 + 2 * 0.05 * t);
  return (0.15 / s) * Math.exp(-((x + 0.5 - 0.5 * t) ** 2) / (2 * s * s));
};
const population = fisherKppSolution();
/** Mirrored at the ends, through which nothing passes, so that differences may reach over them. */
const growing: Field = (x, t) => population(Math.abs(x) > 1.5 ? Math.sign(x) * 3 - x : x, t);

interface Case {
  truth: string;
  field: Field;
  law: readonly number[];
}
const cases: readonly [Case, Case] = [
  { truth: "transport-diffusion", field: drifting, law: [0, 0, 0, -0.5, 0.05] },
  { truth: "fisher-kpp", field: growing, law: [2, -2, 0, 0, 0.05] },
];

/** A derivative by central differences of fourth order. */
function derivative(field: Field, orders: Derivative, x: number, t: number): number {
  const [inX = 0, inT = 0] = derivativeOf(orders);
  const along = (k: number): number => (inT > 0 ? field(x, t + k * h) : field(x + k * h, t));
  const even = (k: number): number => along(k) + along(-k);
  if (inX + inT === 0) return field(x, t);
  if (inX === 2) return (16 * even(1) - even(2) - 30 * along(0)) / (12 * h * h);
  return (8 * (along(1) - along(-1)) - (along(2) - along(-2))) / (12 * h);
}

/** What a run tells that learned this field and these coefficients. */
function judge(changes: Configuration, field: Field, law: readonly number[], history: UnknownsAtStep[] = []) {
  const judged = problem.judge(
    configurationOf(pdeDiscovery, changes),
    {
      at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) =>
        derivatives.map((orders) =>
          Float32Array.from({ length: points.length / 2 }, (_, i) =>
            derivative(field, orders, points[2 * i] ?? NaN, points[2 * i + 1] ?? NaN),
          ),
        ) as { [K in keyof D]: Float32Array },
      unknowns: Object.fromEntries(names.map((name, i) => [name, law[i] ?? NaN])),
      history,
      terms: {},
      loss: 0,
    },
    noResources,
  );
  expect(pdeDiscovery.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(judged.metrics)));
  expect(pdeDiscovery.plots.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(judged.plots)));
  return judged;
}

describe.each(cases)("$truth", ({ truth, field, law }) => {
  test("the true field satisfies the true law and no other", () => {
    const [, residual] = problem.system(configurationOf(pdeDiscovery, { truth }), noResources).terms;
    if (!residual) throw new Error("no equation");
    const at = (coefficients: readonly number[], x: number, t: number): number =>
      evaluateExpression(residual.residual, (symbol) => {
        if (symbol.kind === "solution") return derivative(field, symbol.derivative, x, t);
        return symbol.kind === "unknown" ? (coefficients[names.indexOf(symbol.name)] ?? NaN) : NaN;
      });
    for (const [x, t] of [
      [-0.6, 0.1],
      [-0.3, 0.5],
      [0.1, 0.9],
    ] as const) {
      expect(Math.abs(at(law, x, t)), `${x}, ${t}`).toBeLessThan(1e-5);
      expect(Math.abs(at(law.with(4, 0.06), x, t)), `${x}, ${t}`).toBeGreaterThan(1e-3);
    }
  });

  test("what is measured is the true field, with noise of its share of the root mean square", () => {
    const measured = (noise: number) => {
      const system = problem.system(configurationOf(pdeDiscovery, { truth, noise }), noResources);
      return { points: system.grids[0]?.points ?? new Float32Array(0), values: system.terms[0]?.measured ?? new Float32Array(0) };
    };
    const clean = measured(0);
    expect(clean.values.length).toBe(1000);
    clean.values.forEach((value, i) => {
      expect(Math.abs(value - field(clean.points[2 * i] ?? NaN, clean.points[2 * i + 1] ?? NaN))).toBeLessThan(1e-6);
    });
    const noisy = measured(0.05);
    expect(noisy.points).toEqual(clean.points);
    const square = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
    const noise = noisy.values.map((value, i) => value - (clean.values[i] ?? NaN));
    // A deviation of a thousand draws has a relative error of 1/√2000.
    expect(Math.abs(Math.sqrt(square(noise) / square(clean.values)) / 0.05 - 1)).toBeLessThan(0.08);
  });
});

test("coefficients are told by the classes of known laws", () => {
  const [{ field, law }] = cases;
  const outcome = (coefficients: readonly number[]) => {
    const { metrics, labels } = judge({}, field, coefficients);
    return [labels["outcome"], metrics["outcomeClass"], metrics["lawRecovered"], metrics["activeTerms"]];
  };
  expect(outcome(law)).toEqual(["law", 0, 1, 2]);
  expect(outcome([0, 0, 0, -0.5, 0.053])).toEqual(["support", 1, 0, 2]);
  expect(outcome([0, -0.1, 0, -0.5, 0.05])).toEqual(["extra", 2, 0, 3]);
  expect(outcome([0, 0, 0, -0.5, 0])).toEqual(["missing", 3, 0, 1]);
  expect(outcome([0.1, 0, 0, -0.5, 0])).toEqual(["wrong", 4, 0, 2]);
  expect(outcome([0, 0, 0, 0, 0])).toEqual(["none", 5, 0, 0]);
  // Below 0.03·rms(u_t): no part of the equation.
  expect(outcome([0, -0.008, 0, -0.5, 0.05])).toEqual(["law", 0, 1, 2]);
  const { metrics, labels } = judge({}, field, [0, 0, 0, -0.45, 0.05]);
  expect(metrics["worstCoefficient"]).toBeCloseTo(0.1, 12);
  expect(metrics["coefficientError"]).toBeCloseTo(0.05 / Math.hypot(0.5, 0.05), 12);
  expect(metrics["relativeL2"]).toBeLessThan(1e-6);
  expect(labels).toMatchObject({ equation: "u_t = −0.450 u_x + 0.0500 u_xx", support: "{u_x, u_xx}" });
});

test("the coefficients are drawn from their start, with a mark where they were pruned", () => {
  const moments = [1500, 3000, 4500].map((step, i) => ({
    step,
    unknowns: { c1: i < 2 ? 0.1 : 0, c2: 0, c3: 0, c4: -0.4 - 0.05 * i, c5: 0.05 },
  }));
  const { plots } = judge({ epochs: 5000 }, drifting, [0, 0, 0, -0.5, 0.05], moments);
  expect(plots["coefficients"]).toMatchObject({ marks: [{ x: 3000, label: "terms chosen" }], x: { label: "epoch" } });
  expect(plots["coefficients"]?.kind === "curve" && plots["coefficients"].series.map(({ name, x, y }) => [name, x, y])).toEqual([
    ["u", [0, 1500, 3000, 4500], [0, 0.1, 0.1, 0]],
    ["u_x", [0, 1500, 3000, 4500], [0, -0.4, -0.45, -0.5]],
    ["u_xx", [0, 1500, 3000, 4500], [0, 0.05, 0.05, 0.05]],
  ]);
  expect(plots["equation"]).toMatchObject({
    text: "u_t = −0.500 u_x + 0.0500 u_xx",
    truth: { text: "u_t = −0.500 u_x + 0.0500 u_xx" },
    rows: [
      {
        active: [false, false, false, true, true],
        history: [0, 1500, 3000, 4500, 5000].map((step) => ({
          step,
          active: [step === 1500 || step === 3000, false, false, step > 0, step > 0],
        })),
      },
    ],
  });
});

test.each(cases)("without the equation the law of $truth is read off the fit, whatever was trained", ({ truth, field, law }) => {
  const without = { truth, residualWeight: 0, noise: 0 };
  // Differences in time need a little of it on both sides.
  const within: Field = truth === "fisher-kpp" ? (x, t) => field(x, 3 * h + (1 - 6 * h) * t) : field;
  const { metrics, labels, plots } = judge(without, within, [0, 0, 0, 0, 0]);
  expect(labels["outcome"]).toBe("law");
  expect(metrics["coefficientError"]).toBeLessThan(0.01);
  expect(Object.keys(plots).sort()).toEqual(["equation", "map"]);
  expect(law.map((value) => value !== 0)).toEqual(
    plots["equation"]?.kind === "equation" ? plots["equation"].rows[0]?.active : null,
  );
  const wavy: Field = (x, t) => within(x, t) + 2e-3 * Math.sin(40 * x) * Math.cos(30 * t);
  expect(judge(without, wavy, [...law]).labels["outcome"]).not.toBe("law");
});

test("a least-squares law drops what is small for the rate, and fits the rest again", () => {
  const n = 50;
  const u = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
  const ux = Float64Array.from({ length: n }, (_, i) => Math.cos(2.7 * i));
  const uxx = Float64Array.from({ length: n }, (_, i) => Math.sin(5.1 * i + 1));
  const ut = Float64Array.from({ length: n }, (_, i) => 3 * (u[i] ?? NaN) + 0.01 * (ux[i] ?? NaN));
  const exact = fittedLaw({ u, ux, uxx, ut }, 0);
  expect(exact[0]).toBeCloseTo(3, 10);
  expect(exact[3]).toBeCloseTo(0.01, 10);
  const [first, ...others] = fittedLaw({ u, ux, uxx, ut }, 0.03);
  expect(others).toEqual([0, 0, 0, 0]);
  // The normal equation of one unknown.
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
  expect(first).toBeCloseTo(dot(u, ut) / dot(u, u), 10);
});

test("of growth and diffusion the data hardly tell u² from u³: what separates the two laws is below the threshold, and the sizes prefer the wrong one", () => {
  const places = Array.from(
    { length: 61 * 21 },
    (_, i) => [-1.45 + ((i % 61) * 2.9) / 60, Math.floor(i / 61) * 0.048 + 0.02] as const,
  );
  const at = places.map(([x, t]) => ({ u: growing(x, t), uxx: derivative(growing, [2], x, t) }));
  const ut = at.map(({ u, uxx }) => 2 * u - 2 * u * u + 0.05 * uxx);
  const rms = (values: readonly number[]): number => Math.sqrt(values.reduce((all, one) => all + one * one, 0) / values.length);
  const wrong = leastSquares(Float64Array.from(at.flatMap(({ u, uxx }) => [u, u ** 3, uxx])), ut, 3);
  const [c1 = NaN, c3 = NaN, c5 = NaN] = wrong;
  const apart = at.map(({ u, uxx }, i) => c1 * u + c3 * u ** 3 + c5 * uxx - (ut[i] ?? NaN));
  expect(rms(apart) / rms(ut)).toBeGreaterThan(0.02);
  expect(rms(apart) / rms(ut)).toBeLessThan(0.03);
  const size = (coefficient: number, of: (one: { u: number; uxx: number }) => number): number =>
    Math.abs(coefficient) * rms(at.map(of));
  const sizes = (...of: number[]): number => of.reduce((all, one) => all + one, 0);
  const ofTruth = sizes(
    size(2, ({ u }) => u),
    size(-2, ({ u }) => u * u),
    size(0.05, ({ uxx }) => uxx),
  );
  const ofWrong = sizes(
    size(c1, ({ u }) => u),
    size(c3, ({ u }) => u ** 3),
    size(c5, ({ uxx }) => uxx),
  );
  expect(ofWrong / ofTruth).toBeLessThan(0.85);
});
