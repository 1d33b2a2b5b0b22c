import { pinnActivationNames, type PinnActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import {
  constant,
  cosine,
  difference,
  evaluateExpression,
  measured,
  meanSolution,
  product,
  sine,
  solution,
  sum,
  time,
  unknown,
  type DifferentialEquationSystem,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { buildObjective, disposeObjective, termsAndGradients, timeJet } from "./objective";

beforeAll(async () => {
  await openBackend("wasm");
});

const runs = 2;
const sizes = [1, 3, 4, 2];
const weights = [0.7, 1.3, 0.4, 0.9, 0.6];

/** Every kind of symbol and of measure: two coupled components, an oscillator with an unknown, a condition, data, a flat mean. */
const system: DifferentialEquationSystem = {
  components: 2,
  unknowns: [
    { name: "k", initial: () => 0.8 },
    { name: "a", initial: () => -0.4 },
  ],
  grids: [Float32Array.of(0, 0.3, 0.55, 1.1, 1.4), Float32Array.of(0), Float32Array.of(0.2, 0.9, 1.3)],
  terms: [
    {
      metric: "residualLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(solution(2, 0), product(unknown("k"), sine(solution(0, 0)), solution(1, 1)), product(time, unknown("a"))),
      measure: "mean-square",
    },
    {
      metric: "boundaryLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(solution(1, 1), constant(0.5)),
      measure: "mean-square",
    },
    {
      metric: "dataLoss",
      weight: () => 1,
      grid: 2,
      measured: Float32Array.of(0.4, -0.2, 0.9),
      residual: difference(measured, product(unknown("a"), cosine(product(meanSolution(1), time)))),
      measure: "mean-square",
    },
    {
      metric: "spreadLoss",
      weight: () => 1,
      grid: 2,
      measured: null,
      residual: difference(solution(0, 1), meanSolution(1)),
      measure: "mean-absolute",
    },
    {
      metric: "rateLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: product(solution(2, 1), solution(0, 0)),
      measure: "mean-absolute",
    },
  ],
};

/** f, f′, f″ by hand, apart from what the family uses. */
const functions: Record<PinnActivationName, (h: number) => [number, number, number]> = {
  tanh: (h) => [Math.tanh(h), 1 / Math.cosh(h) ** 2, (-2 * Math.sinh(h)) / Math.cosh(h) ** 3],
  sigmoid: (h) => {
    const e = Math.exp(-h);
    return [1 / (1 + e), e / (1 + e) ** 2, (e * (e - 1)) / (1 + e) ** 3];
  },
  elu: (h) => (h >= 0 ? [h, 1, 0] : [Math.expm1(h), Math.exp(h), Math.exp(h)]),
  sine: (h) => [Math.sin(h), Math.cos(h), -Math.sin(h)],
};

/** u, u̇, ü at t, [derivative][component], in double precision. */
function network(activation: PinnActivationName, parameters: number[][], t: number): number[][] {
  let jet: number[][] = [[t], [1], [0]];
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [weight = [], bias = []] = parameters.slice(2 * layer, 2 * layer + 2);
    const out = sizes[layer + 1] ?? 0;
    const [h = [], u = [], v = []] = jet.map((values, d) =>
      Array.from({ length: out }, (_, j) =>
        values.reduce((all, x, i) => all + x * (weight[i * out + j] ?? 0), d === 0 ? (bias[j] ?? 0) : 0),
      ),
    );
    if (layer + 2 === sizes.length) return [h, u, v];
    const slopes = h.map((one) => functions[activation](one));
    jet = [
      slopes.map(([f]) => f),
      slopes.map(([, f1], j) => f1 * (u[j] ?? 0)),
      slopes.map(([, f1, f2], j) => f2 * (u[j] ?? 0) ** 2 + f1 * (v[j] ?? 0)),
    ];
  }
  return jet;
}

function reference(activation: PinnActivationName, parameters: number[][]): number[] {
  const mean = (values: number[]): number => values.reduce((all, value) => all + value, 0) / values.length;
  const unknowns: Record<string, number> = { k: parameters[6]?.[0] ?? 0, a: parameters[7]?.[0] ?? 0 };
  return system.terms.map(({ grid, measured: data, residual, measure }) => {
    const times = Array.from(system.grids[grid] ?? []);
    const jets = times.map((t) => network(activation, parameters, t));
    const values = times.map((t, i) =>
      evaluateExpression(residual, (symbol) => {
        switch (symbol.kind) {
          case "time":
            return t;
          case "measured":
            return data?.[i] ?? NaN;
          case "unknown":
            return unknowns[symbol.name] ?? NaN;
          case "solution":
            return jets[i]?.[symbol.derivative]?.[symbol.component] ?? NaN;
          case "mean":
            return mean(jets.map((jet) => jet[0]?.[symbol.component] ?? NaN));
        }
      }),
    );
    return mean(values.map((r) => (measure === "mean-square" ? r * r : Math.abs(r))));
  });
}

it.each(pinnActivationNames)(
  "gives the terms and their gradients as central differences in double precision do: %s",
  (activation) => {
    const shapes = [
      ...sizes.slice(1).flatMap((out, i) => [
        [sizes[i] ?? 1, out],
        [1, out],
      ]),
      [1, 1],
      [1, 1],
    ];
    const parameters = Array.from({ length: runs }, (_, r) =>
      shapes.map(([rows = 1, columns = 1], i) => {
        const values = new Float32Array(rows * columns);
        randomStream(7, "pinn/gradients", 100 * r + i).fillNormal(values);
        return Array.from(values, (value) => Math.fround(0.8 * value));
      }),
    );
    const before = tf.memory().numTensors;
    const objective = buildObjective(activation, system);
    const { terms, gradients } = tf.tidy(() => {
      const stacked = shapes.map((shape, i) =>
        tf.tensor(
          parameters.flatMap((run) => run[i] ?? []),
          [runs, ...shape],
          "float32",
        ),
      );
      const columns = weights.map((value) => tf.fill<tf.Rank.R3>([runs, 1, 1], value));
      const result = termsAndGradients(objective, stacked, timeJet(objective, runs), columns);
      return {
        terms: result.terms.map((term) => term.dataSync<"float32">()),
        gradients: result.gradients.map((one) => one.dataSync<"float32">()),
      };
    });
    disposeObjective(objective);
    expect(tf.memory().numTensors).toBe(before);
    const loss = (all: number[][]): number =>
      reference(activation, all).reduce((sum, term, t) => sum + (weights[t] ?? 0) * term, 0);
    const h = 1e-5;
    parameters.forEach((run, r) => {
      reference(activation, run).forEach((want, t) => {
        expect(Math.abs((terms[t]?.[r] ?? NaN) - want)).toBeLessThan(1e-5 * Math.max(1, want));
      });
      run.forEach((values, i) => {
        const wanted = values.map((value, w) => {
          const at = (moved: number): number => loss(run.map((all, j) => (j === i ? all.with(w, moved) : all)));
          return (at(value + h) - at(value - h)) / (2 * h);
        });
        // Single precision cancels within a tensor, so its greatest gradient sets the scale.
        const scale = wanted.reduce((most, want) => Math.max(most, Math.abs(want)), 1);
        wanted.forEach((want, w) => {
          const got = gradients[i]?.[r * values.length + w] ?? NaN;
          expect(Math.abs(got - want), `tensor ${i}[${w}] of run ${r}: ${got}, not ${want}`).toBeLessThan(1e-4 * scale);
        });
      });
    });
  },
);

it("refuses a system that contradicts itself, and leaves no tensor", () => {
  const [term] = system.terms;
  if (!term) throw new Error("no term");
  const before = tf.memory().numTensors;
  const build = (changes: Partial<typeof term>) => () => buildObjective("tanh", { ...system, terms: [{ ...term, ...changes }] });
  expect(build({ grid: 9 })).toThrow('The loss term "residualLoss" has no points.');
  expect(build({ measured: Float32Array.of(1) })).toThrow('The loss term "residualLoss" has 1 measured values on 5 points.');
  expect(build({ residual: time })).toThrow('The loss term "residualLoss" contains nothing that can be learned.');
  expect(tf.memory().numTensors).toBe(before);
});
