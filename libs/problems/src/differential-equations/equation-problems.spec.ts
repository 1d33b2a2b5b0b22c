import { PinnParameters } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import type { ExperimentDefinition } from "../experiment";
import { harmonicOscillatorPinn } from "../harmonic-oscillator-pinn/harmonic-oscillator-pinn";
import type { DifferentialEquationProblem, LearnedSolution } from "../kinds/differential-equation";
import { noResources } from "../kinds/resources";
import { pendulumGravity } from "../pendulum-gravity/pendulum-gravity";
import { derivativeOf, type Derivative } from "./derivative";
import { evaluateExpression } from "./expression";

type Jet = (t: number) => [number, number, number];

function equationOf({ problem }: ExperimentDefinition): DifferentialEquationProblem {
  if (problem.kind !== "differential-equation") throw new Error("no differential equation");
  return problem;
}

/** What a network would have learned whose output is the given function. */
function learned(
  definition: ExperimentDefinition,
  parameters: ReturnType<typeof configurationOf>,
  u: Jet,
  unknowns: Record<string, number> = {},
): LearnedSolution {
  const { grids, terms } = equationOf(definition).system(parameters, noResources);
  const average = (values: number[]): number => values.reduce((all, value) => all + value, 0) / values.length;
  const byTerm = terms.map(({ metric, grid, measured, residual, measure }) => {
    const times = Array.from(grids[grid]?.points ?? []);
    const mean = average(times.map((t) => u(t)[0]));
    const values = times.map((t, i) =>
      evaluateExpression(residual, (symbol) => {
        if (symbol.kind === "solution") return u(t)[symbol.derivative[0] ?? 0] ?? NaN;
        if (symbol.kind === "unknown") return unknowns[symbol.name] ?? NaN;
        return { coordinate: t, measured: measured?.[i] ?? NaN, mean, progress: 1 }[symbol.kind];
      }),
    );
    return [metric, average(values.map((r) => (measure === "mean-square" ? r * r : Math.abs(r))))] as const;
  });
  return {
    at: <const D extends readonly Derivative[]>(times: Float32Array, derivatives: D) =>
      derivatives.map((d) => times.map((t) => u(t)[derivativeOf(d)[0] ?? 0] ?? NaN)) as { [K in keyof D]: Float32Array },
    unknowns,
    history: [],
    terms: Object.fromEntries(byTerm),
    loss: terms.reduce((all, term, t) => all + term.weight(parameters) * (byTerm[t]?.[1] ?? NaN), 0),
  };
}

function judge(definition: ExperimentDefinition, parameters: ReturnType<typeof configurationOf>, solution: LearnedSolution) {
  const { metrics, labels, plots } = equationOf(definition).judge(parameters, solution, noResources);
  const all: Record<string, number> = { ...solution.terms, ...metrics, loss: solution.loss };
  const declared = definition.metrics.filter(({ final }) => final).map(({ name }) => name);
  expect(declared).toEqual(expect.arrayContaining(Object.keys(all)));
  expect(Object.keys(plots).sort()).toEqual(definition.plots.map(({ id }) => id).sort());
  const met = (definition.success?.all ?? []).every(({ metric, value }) => (all[metric] ?? NaN) <= value);
  return { metrics: all, labels, met };
}

describe("harmonic oscillator", () => {
  const parameters = configurationOf(harmonicOscillatorPinn, {});
  const w = Math.sqrt(9.8 / 0.5);
  const swing: Jet = (t) =>
    [Math.cos(w * t), -w * Math.sin(w * t), -w * w * Math.cos(w * t)].map((v) => (v * Math.PI) / 4) as ReturnType<Jet>;

  test("the analytic solution has no loss and is solved", () => {
    const { metrics, labels, met } = judge(
      harmonicOscillatorPinn,
      parameters,
      learned(harmonicOscillatorPinn, parameters, swing),
    );
    expect(metrics["loss"]).toBeLessThan(1e-10);
    expect(metrics["relativeL2"]).toBeLessThan(1e-6);
    expect([labels["outcome"], met]).toEqual(["solved", true]);
  });

  test("θ ≡ 0 costs (π/4)² and is trivial; a swing of another frequency is neither", () => {
    const zero = judge(
      harmonicOscillatorPinn,
      parameters,
      learned(harmonicOscillatorPinn, parameters, () => [0, 0, 0]),
    );
    expect(zero.metrics["loss"]).toBeCloseTo(0.61685, 5);
    expect(zero.metrics["relativeL2"]).toBe(1);
    expect([zero.labels["outcome"], zero.met]).toEqual(["trivial", false]);
    const v = 4.6;
    const off: Jet = (t) =>
      [Math.cos(v * t), -v * Math.sin(v * t), -v * v * Math.cos(v * t)].map((x) => (x * Math.PI) / 4) as ReturnType<Jet>;
    const other = judge(harmonicOscillatorPinn, parameters, learned(harmonicOscillatorPinn, parameters, off));
    expect([other.labels["outcome"], other.met]).toEqual(["other", false]);
  });

  test("angles along the swing and at its end are terms of their own, which the source's loss leaves out", () => {
    const given = configurationOf(harmonicOscillatorPinn, { dataPoints: 5, endCondition: true });
    const right = judge(harmonicOscillatorPinn, given, learned(harmonicOscillatorPinn, given, swing));
    expect(right.metrics["loss"]).toBeLessThan(1e-10);
    const zero = judge(
      harmonicOscillatorPinn,
      given,
      learned(harmonicOscillatorPinn, given, () => [0, 0, 0]),
    );
    // (π/4)² for θ(0), as without; its mean of cos² at t = 0, ½ … 2; and cos² at the end.
    const squares = [0, 0.5, 1, 1.5, 2].map((t) => ((Math.PI / 4) * Math.cos(w * t)) ** 2);
    const mean = squares.reduce((a, b) => a + b, 0) / 5;
    expect(zero.metrics["loss"]).toBeCloseTo(0.61685 + mean + (squares[4] ?? NaN), 4);
    expect(zero.metrics["sourceLoss"]).toBeCloseTo(0.61685, 5);
    const noisy = configurationOf(harmonicOscillatorPinn, { dataPoints: 2000, dataNoise: 0.1 });
    const off = judge(harmonicOscillatorPinn, noisy, learned(harmonicOscillatorPinn, noisy, swing));
    expect(Math.abs((off.metrics["loss"] ?? NaN) - 0.01)).toBeLessThan(0.0015);
  });
});

describe("gravity from a pendulum", () => {
  const cases = [
    { changes: {}, truth: Math.sqrt(0.981), estimate: 9.81 },
    { changes: { estimate: "parameter" }, truth: Math.sqrt(0.981), estimate: 9.81 },
    { changes: { learn: "amplitude", gravity: 0.98, length: 0.5 }, truth: 1, estimate: 1 },
    { changes: { learn: "amplitude", estimate: "parameter", gravity: 0.98, length: 0.5 }, truth: 1, estimate: 1 },
  ];

  test.each(cases)("the true value fits the data and is found: $changes", ({ changes, truth, estimate }) => {
    const parameters = configurationOf(pendulumGravity, changes);
    const at = (value: number) =>
      judge(
        pendulumGravity,
        parameters,
        learned(pendulumGravity, parameters, () => [value, 0, 0], { frequency: value, amplitude: value }),
      );
    const right = at(truth);
    expect(right.metrics["loss"]).toBeLessThan(1e-12);
    expect(right.metrics["estimate"]).toBeCloseTo(estimate, 6);
    expect(right.metrics["extrapolationRmse"]).toBeLessThan(1e-6);
    expect(right.met).toBe(true);
    const wrong = at(truth + 0.05);
    expect(wrong.metrics["loss"]).toBeGreaterThan(1e-5);
    expect(wrong.met).toBe(false);
  });

  test("the noise is the data seed's, has the given size, and per-run parameters do not touch the data", () => {
    const data = (changes: Parameters<typeof configurationOf>[1]): Float32Array => {
      const [term] = equationOf(pendulumGravity).system(
        configurationOf(pendulumGravity, { noise: 0.1, ...changes }),
        noResources,
      ).terms;
      return term?.measured ?? new Float32Array(0);
    };
    const clean = data({ noise: 0 });
    expect(clean[0]).toBe(1);
    const spread = data({}).reduce((all, value, i) => all + (value - (clean[i] ?? 0)) ** 2, 0) / clean.length;
    expect(Math.sqrt(spread)).toBeGreaterThan(0.085);
    expect(Math.sqrt(spread)).toBeLessThan(0.115);
    expect(data({ dataSeed: 1 })).not.toEqual(data({}));
    expect(data({ learningRate: 0.5, spreadWeight: 3, initialization: "normal" })).toEqual(data({}));
  });
});

test.each([pendulumGravity, harmonicOscillatorPinn])(
  "$id has every parameter of its family and refuses a block that does not fit",
  (definition) => {
    expect(Object.keys(definition.parameters.shape)).toEqual(expect.arrayContaining(Object.keys(PinnParameters.shape)));
    expect(definition.check?.(configurationOf(definition, { epochs: 15 }))).toEqual([
      { path: "reportEvery", message: "does not divide the 15 epochs", hint: "e.g. 1" },
    ]);
  },
);
