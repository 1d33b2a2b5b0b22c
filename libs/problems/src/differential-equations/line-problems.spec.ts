import { describe, expect, test } from "vitest";
import type { Configuration } from "@basin/contracts";
import { convexFreeEnergy } from "../convex-free-energy/convex-free-energy";
import { configurationOf } from "../describe-experiment";
import { energyConservation } from "../energy-conservation/energy-conservation";
import { equationOfState } from "../equation-of-state/equation-of-state";
import type { ExperimentDefinition } from "../experiment";
import { noResources } from "../kinds/resources";
import { derivativeOf, type Derivative } from "./derivative";

/** The figures of a network that is the given function of its one coordinate, derivatives by differences. */
function judge(definition: ExperimentDefinition, changes: Configuration, u: (s: number) => number) {
  const { problem } = definition;
  if (problem.kind !== "differential-equation") throw new Error("no differential equation");
  const parameters = configurationOf(definition, changes);
  const h = 1e-3;
  const at = (s: number, order: number): number => {
    if (order === 0) return u(s);
    return order === 1 ? (u(s + h) - u(s - h)) / (2 * h) : (u(s + h) - 2 * u(s) + u(s - h)) / (h * h);
  };
  const { metrics, plots } = problem.judge(
    parameters,
    {
      at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) =>
        derivatives.map((derivative) => points.map((s) => at(s, derivativeOf(derivative)[0] ?? 0))) as {
          [K in keyof D]: Float32Array;
        },
      unknowns: {},
      history: [],
      terms: {},
      loss: 0,
    },
    noResources,
  );
  expect(Object.keys(plots).sort()).toEqual(definition.plots.map(({ id }) => id).sort());
  expect(definition.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(metrics)));
  const met = (definition.success?.all ?? []).every(({ metric, op, value }) =>
    op === ">=" ? (metrics[metric] ?? NaN) >= value : (metrics[metric] ?? NaN) <= value,
  );
  return { metrics, met };
}

/** The values measured for the first term. */
function dataOf({ problem }: ExperimentDefinition, parameters: Configuration): Float32Array {
  if (problem.kind !== "differential-equation") throw new Error("no differential equation");
  return problem.system(parameters, noResources).terms[0]?.measured ?? new Float32Array(0);
}

describe("convex free energy", () => {
  const energy = (interaction: number) => (s: number) => {
    const x = (s + 1) / 2;
    return x * Math.log(x) + (1 - x) * Math.log(1 - x) + interaction * x * (1 - x);
  };

  test("the true curve of Ω = 1.5 has least curvature 1 and is convex; that of 2.5 is not, and is met without error", () => {
    const stable = judge(convexFreeEnergy, {}, energy(1.5));
    expect(stable.metrics["rmse"]).toBeLessThan(1e-6);
    expect(stable.metrics["leastCurvature"]).toBeCloseTo(1, 2);
    expect([stable.metrics["concaveShare"], stable.met]).toEqual([0, true]);
    const unstable = judge(convexFreeEnergy, { interaction: 2.5 }, energy(2.5));
    expect(unstable.metrics["rmse"]).toBeLessThan(1e-6);
    expect(unstable.metrics["leastCurvature"]).toBeCloseTo(-1, 2);
    expect(unstable.met).toBe(false);
  });
});

describe("equation of state", () => {
  /** E in 0.1 eV at (V − 20 Å³)/3, with B₀ = 0.61167 eV/Å³ as it is printed. */
  const birch = (s: number): number => {
    const q = (20 / (20 + 3 * s)) ** (2 / 3);
    return (((9 * 20 * 0.61167) / 16) * ((q - 1) ** 3 * 4 + (q - 1) ** 2 * (6 - 4 * q))) / 0.1;
  };

  test("Birch's and Murnaghan's energy meets the criterion; a parabola of another stiffness does not", () => {
    const right = judge(equationOfState, {}, birch);
    expect(right.metrics["pressureError"]).toBeLessThan(2e-4);
    expect(right.metrics["bulkError"]).toBeLessThan(1e-4);
    expect(right.metrics["energyRmse"]).toBeLessThan(0.01);
    expect(right.metrics["pressureRmse"]).toBeLessThan(1e-3);
    expect(right.met).toBe(true);
    const soft = judge(equationOfState, {}, (s) => birch(s) * 0.98);
    expect(soft.metrics["bulkError"]).toBeCloseTo(0.02, 3);
    expect(soft.met).toBe(false);
    const shifted = judge(equationOfState, {}, (s) => birch(s) + 0.01 * s);
    expect(shifted.metrics["pressureError"]).toBeCloseTo((0.001 / 3) * 160.2177, 3);
    expect(shifted.met).toBe(false);
  });

  test("the energies are those of the formula but for the noise", () => {
    const parameters = configurationOf(equationOfState, { noise: 0.01 });
    dataOf(equationOfState, parameters).forEach((value, i) => {
      expect(Math.abs(value - birch(-1 + (2 * i) / 7))).toBeLessThan(5e-4);
    });
  });
});

describe("conservation of energy", () => {
  test("a pendulum at rest keeps its energy and is not the orbit; one that swings faster keeps none", () => {
    const rest = judge(energyConservation, {}, () => 0);
    expect(rest.metrics["energySpread"]).toBe(0);
    expect(rest.metrics["rmse"]).toBeGreaterThan(1);
    const fast = judge(energyConservation, {}, (s) => 2.5 * Math.cos(12 * s));
    expect(fast.metrics["energySpread"]).toBeGreaterThan(0.3);
    expect(fast.met).toBe(false);
  });

  test("small swings are those of the harmonic pendulum", () => {
    const parameters = configurationOf(energyConservation, { initialAngle: 0.1, noise: 0 });
    dataOf(energyConservation, parameters).forEach((value, i) => {
      // The period of a swing of 0.1 is longer by 0.1²/16.
      expect(Math.abs(value - 0.1 * Math.cos(((20 * i) / 19) * (1 - 0.01 / 16)))).toBeLessThan(1e-4);
    });
    expect(judge(energyConservation, { initialAngle: 0.1 }, (s) => 0.1 * Math.cos(10 * (s + 1))).met).toBe(true);
  });
});
