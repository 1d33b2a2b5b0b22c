import type { Configuration } from "@basin/contracts";
import { schrodingerPoisson as byDifferences } from "@basin/numerics";
import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { derivativeOf, type Derivative } from "../differential-equations/derivative";
import { evaluateExpression } from "../differential-equations/expression";
import type { DifferentialEquationProblem, UnknownsAtStep } from "../kinds/differential-equation";
import { noResources } from "../kinds/resources";
import { schrodingerPoisson } from "./schrodinger-poisson";

/** ψ₁, ψ₂, …, V over x. */
type Fields = readonly ((x: number) => number)[];

const problem = schrodingerPoisson.problem as DifferentialEquationProblem;
const h = 1e-3;

/** What the network is for such a field: without its factor (1 − s²), over s = 2x − 1; derivatives by differences of fourth order. */
function network(field: (x: number) => number, order: number, s: number): number {
  const value = (at: number): number => field((at + 1) / 2) / (1 - at * at);
  const even = (k: number): number => value(s + k * h) + value(s - k * h);
  const odd = (k: number): number => value(s + k * h) - value(s - k * h);
  if (order === 0) return value(s);
  return order === 1 ? (8 * odd(1) - odd(2)) / (12 * h) : (16 * even(1) - even(2) - 30 * value(s)) / (12 * h * h);
}

function judge(changes: Configuration, fields: Fields, energies: readonly number[], history: UnknownsAtStep[] = []) {
  const judged = problem.judge(
    configurationOf(schrodingerPoisson, changes),
    {
      at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) =>
        derivatives.map((orders) =>
          Float32Array.from({ length: points.length * fields.length }, (_, i) => {
            const s = points[Math.floor(i / fields.length)] ?? NaN;
            const field = fields[i % fields.length];
            return !field || Math.abs(s) === 1 ? 0 : network(field, derivativeOf(orders)[0] ?? 0, s);
          }),
        ) as { [K in keyof D]: Float32Array },
      unknowns: Object.fromEntries(energies.map((energy, i) => [`energy${i + 1}`, energy])),
      history,
      terms: {},
      loss: 0,
    },
    noResources,
  );
  const met = (schrodingerPoisson.success?.all ?? []).every(({ metric, value }) => (judged.metrics[metric] ?? NaN) <= value);
  expect(schrodingerPoisson.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(judged.metrics)));
  expect(Object.keys(judged.plots).sort()).toEqual(schrodingerPoisson.plots.map(({ id }) => id).sort());
  return { ...judged, met };
}

/** Greatest |r| of every term by its metric away from the walls, and the integral of those that are one. */
function residuals(changes: Configuration, fields: Fields, energies: readonly number[], progress: number) {
  const system = problem.system(configurationOf(schrodingerPoisson, changes), noResources);
  const points = Array.from(system.grids[0]?.points ?? []);
  return Object.fromEntries(
    system.terms.map(({ metric, residual, measure }) => {
      const values = points.map((s) =>
        evaluateExpression(residual, (symbol) => {
          if (symbol.kind === "solution") return network(fields[symbol.component] ?? (() => NaN), symbol.derivative[0] ?? 0, s);
          if (symbol.kind === "unknown") return energies[Number(symbol.name.slice(-1)) - 1] ?? NaN;
          return symbol.kind === "progress" ? progress : s;
        }),
      );
      const inner = values.filter((_, i) => Math.abs(points[i] ?? 1) < 0.98);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [metric, measure === "square-of-mean" ? mean : Math.max(...inner.map(Math.abs))];
    }),
  );
}

const wave = (n: number) => (x: number) => Math.SQRT2 * Math.sin(n * Math.PI * x);
const flat = (): number => 0;
const ground = Math.PI ** 2 / 2;

test("an empty well has the standing waves, which satisfy every term", () => {
  const fields = [wave(1), wave(2), flat];
  const { metrics, met, labels } = judge({ coupling: 0 }, fields, [ground, 4 * ground]);
  expect(metrics["energyError"]).toBeLessThan(1e-8);
  expect(metrics["leastNorm"]).toBeCloseTo(1, 5);
  expect(metrics["overlap"]).toBeLessThan(1e-6);
  expect(met).toBe(true);
  expect(labels["energies"]).toBe("E₁ = 4.935, E₂ = 19.739");
  const found = residuals({ coupling: 0 }, fields, [ground, 4 * ground], 1);
  expect(Object.keys(found)).toEqual([
    "stateLoss1",
    "stateLoss2",
    "potentialLoss",
    "normLoss1",
    "normLoss2",
    "orthogonalityLoss",
  ]);
  for (const [metric, value] of Object.entries(found)) expect(Math.abs(value), metric).toBeLessThan(1e-3);
});

test("charged states satisfy their terms at the end, when the coupling is whole; half-way it is half", () => {
  const { energies, wave: state, potential } = byDifferences(10, 2);
  const fields = [(x: number) => state(0, x), (x: number) => state(1, x), potential];
  for (const [metric, value] of Object.entries(residuals({}, fields, energies, 1)))
    expect(Math.abs(value), metric).toBeLessThan(0.02);
  expect(residuals({}, fields, energies, 0.5)["potentialLoss"]).toBeGreaterThan(5);
  const weak = byDifferences(5, 2);
  const half = [(x: number) => weak.wave(0, x), (x: number) => weak.wave(1, x), weak.potential];
  expect(residuals({}, half, weak.energies, 0.5)["potentialLoss"]).toBeLessThan(0.02);
  // Finite differences with 2,000 points, given to five places.
  const { metrics, met } = judge({}, fields, [5.37481, 20.08543]);
  expect(metrics["energyError"]).toBeLessThan(1e-6);
  expect(metrics["middlePotential"]).toBeCloseTo(0.50231, 5);
  expect(met).toBe(true);
  const one = byDifferences(10, 1);
  const alone = judge({ states: 1 }, [(x: number) => one.wave(0, x), one.potential], [5.31233]);
  expect(alone.metrics["energyError"]).toBeLessThan(1e-6);
  expect(alone.metrics["overlap"]).toBe(0);
  expect(alone.met).toBe(true);
});

test("states that vanish, are alike, or have another energy are told", () => {
  const { energies, wave: state, potential } = byDifferences(10, 2);
  const [first, second] = [(x: number) => state(0, x), (x: number) => state(1, x)];
  const gone = judge({}, [(x) => 0.1 * first(x), second, potential], energies);
  expect(gone.metrics["leastNorm"]).toBeCloseTo(0.01, 5);
  const alike = judge({}, [first, (x) => -2 * first(x), potential], energies);
  expect(alike.metrics["overlap"]).toBeCloseTo(1, 5);
  expect(alike.met).toBe(false);
  const other = judge({}, [first, second, potential], [energies[0] ?? NaN, 1.02 * (energies[1] ?? NaN)]);
  expect(other.metrics["energyError"]).toBeCloseTo(0.02, 6);
  expect(other.met).toBe(false);
  expect(judge({}, [first, second, (x) => potential(x) + 0.1 * x * (1 - x)], energies).met).toBe(false);
});

test("the energies are drawn as they went, beside those of the finite differences", () => {
  const history = [100, 200].map((step) => ({ step, unknowns: { energy1: 5 + step / 1000, energy2: 20 } }));
  const { plots } = judge({ epochs: 200 }, [wave(1), wave(2), flat], [5.2, 20], history);
  const drawn = plots["energies"]?.kind === "curve" ? plots["energies"].series : [];
  expect(drawn.map(({ name }) => name)).toEqual(["E1, exact", "E1, network", "E2, exact", "E2, network"]);
  expect(drawn[1]).toMatchObject({ x: [100, 200], y: [5.1, 5.2] });
  expect(drawn[2]?.y[0]).toBeCloseTo(20.08543, 4);
});
