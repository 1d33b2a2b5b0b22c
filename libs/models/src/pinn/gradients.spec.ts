import { pinnActivationNames, type PinnActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import {
  absolute,
  constant,
  coordinate,
  cosine,
  difference,
  evaluateExpression,
  exponentialOf,
  hyperbolicTangent,
  logarithmOf,
  lossParts,
  measured,
  meanSolution,
  power,
  product,
  progress,
  sine,
  solution,
  sum,
  time,
  unknown,
  type DifferentialEquationSystem,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { doubleJet } from "../testing/double-jet";
import { buildEquationLoss, disposeEquationLoss, inputJets, termsAndGradients } from "./equation-loss";
import { partWeights } from "./part-weights";

beforeAll(async () => {
  await openBackend("wasm");
});

const runs = 2;
const hidden = [3, 4];
const weights = [0.7, 1.3, 0.4, 0.9, 0.6];
const progressOfRun = [0.25, 0.75];

/** Every kind of symbol and of measure: two coupled components, an oscillator with an unknown, a condition, data, a flat mean. */
const oscillator: DifferentialEquationSystem = {
  coordinates: 1,
  components: 2,
  unknowns: [
    { name: "k", initial: () => 0.8 },
    { name: "a", initial: () => -0.4 },
  ],
  grids: [
    { points: Float32Array.of(0, 0.3, 0.55, 1.1, 1.4) },
    { points: Float32Array.of(0) },
    { points: Float32Array.of(0.2, 0.9, 1.3) },
  ],
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

/** Numbers that differ from place to place, as points in (−1, 1). */
function scattered(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 997) / 498.5 - 1);
}

/** Three coordinates, all second derivatives, enough points on the second grid for a pass of its own. */
const space: DifferentialEquationSystem = {
  coordinates: 3,
  components: 2,
  unknowns: [{ name: "k", initial: () => 0.8 }],
  grids: [{ points: scattered(3 * 7) }, { points: scattered(3 * 66) }, { points: scattered(3 * 3) }],
  terms: [
    {
      metric: "residualLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(
        solution([2]),
        product(unknown("k"), solution([1, 1]), solution([0, 1], 1)),
        product(coordinate(2), solution([0, 0, 2], 1)),
        product(progress, solution([0, 1, 1])),
        product(constant(-1), solution([1, 0, 1], 1)),
      ),
      measure: "mean-square",
    },
    {
      metric: "boundaryLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(solution([0, 1]), exponentialOf(product(coordinate(1), unknown("k")))),
      measure: "mean-square",
    },
    {
      metric: "valueLoss",
      weight: () => 1,
      grid: 2,
      measured: null,
      residual: sum(power(solution(0, 1), 3), power(difference(coordinate(0), constant(2)), -2), solution([0, 2])),
      measure: "mean-absolute",
    },
    {
      metric: "functionsLoss",
      weight: () => 1,
      grid: 2,
      measured: null,
      residual: sum(
        product(unknown("k"), hyperbolicTangent(product(constant(2), solution([1])))),
        logarithmOf(sum(constant(2), power(solution(0, 1), 2))),
        product(constant(0.5), absolute(difference(solution([0, 1]), constant(0.3)))),
      ),
      measure: "mean-square",
    },
  ],
};

function reference(
  system: DifferentialEquationSystem,
  activation: PinnActivationName,
  parameters: number[][],
  run: number,
): number[] {
  const { coordinates, components, unknowns } = system;
  const sizes = [coordinates, ...hidden, components];
  const mean = (values: number[]): number => values.reduce((all, value) => all + value, 0) / values.length;
  const unknownValues = Object.fromEntries(unknowns.map(({ name }, i) => [name, parameters[6 + i]?.[0] ?? NaN]));
  const values = system.terms.map(({ grid, measured: data, residual, measure }) => {
    const all = Array.from(system.grids[grid]?.points ?? []);
    const points = Array.from({ length: all.length / coordinates }, (_, i) => all.slice(i * coordinates, (i + 1) * coordinates));
    const jets = points.map((point) => doubleJet(activation, sizes, parameters, point));
    const values = points.map((point, i) =>
      evaluateExpression(residual, (symbol) => {
        switch (symbol.kind) {
          case "coordinate":
            return point[symbol.index] ?? NaN;
          case "measured":
            return data?.[i] ?? NaN;
          case "unknown":
            return unknownValues[symbol.name] ?? NaN;
          case "progress":
            return progressOfRun[run] ?? NaN;
          case "solution": {
            const [a, b] = symbol.derivative.flatMap((order, c) => Array<number>(order).fill(c));
            if (a === undefined) return jets[i]?.value[symbol.component] ?? NaN;
            const found = b === undefined ? jets[i]?.first[a] : jets[i]?.second[a]?.[b];
            return found?.[symbol.component] ?? NaN;
          }
          case "mean":
            return mean(jets.map((jet) => jet.value[symbol.component] ?? NaN));
        }
      }),
    );
    if (measure === "mean-square") return mean(values.map((r) => r * r));
    if (measure === "mean-absolute") return mean(values.map((r) => Math.abs(r)));
    if (measure === "square-of-mean") return mean(values) ** 2;
    return mean(values.map((r) => Math.max(r, 0) ** measure.positivePart));
  });
  if (!system.sparsity) return values;
  const points = Array.from(system.grids[system.sparsity.grid]?.points ?? []);
  const rms = Math.sqrt(mean(points.flatMap((x, i) => (i % 2 === 1 ? [x * x] : []))));
  return [...values, Math.abs(unknownValues["k"] ?? NaN) + Math.abs(unknownValues["a"] ?? NaN) * rms];
}

/** Every measure, and unknowns whose sizes cost. */
const measures: DifferentialEquationSystem = {
  coordinates: 2,
  components: 1,
  unknowns: [
    { name: "k", initial: () => 0.8 },
    { name: "a", initial: () => 0.1 },
  ],
  grids: [{ points: scattered(2 * 11) }, { points: scattered(2 * 5) }],
  terms: [
    ...([1, 2, 3] as const).map((positivePart) => ({
      metric: `above${positivePart}Loss`,
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(solution([1, 1]), product(unknown("k"), solution([2])), constant(0.1)),
      measure: { positivePart },
    })),
    {
      metric: "integralLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(power(solution(), 2), product(unknown("a"), meanSolution())),
      measure: "square-of-mean",
    },
  ],
  sparsity: {
    metric: "sparsityLoss",
    weight: () => 1,
    grid: 0,
    of: [
      { unknown: "k", factor: null },
      { unknown: "a", factor: coordinate(1) },
    ],
    prune: null,
  },
};

const systems = { "one coordinate": oscillator, "three coordinates": space, "all measures": measures };
const cases = Object.entries(systems).flatMap(([name, system]) =>
  pinnActivationNames.map((activation) => ({ name, system, activation })),
);

it.each(cases)(
  "gives the terms and their gradients as central differences in double precision do: $name, $activation",
  ({ system, activation }) => {
    const sizes = [system.coordinates, ...hidden, system.components];
    const shapes = [
      ...sizes.slice(1).flatMap((out, i) => [
        [sizes[i] ?? 1, out],
        [1, out],
      ]),
      ...system.unknowns.map(() => [1, 1]),
    ];
    const parameters = Array.from({ length: runs }, (_, r) =>
      shapes.map(([rows = 1, columns = 1], i) => {
        const values = new Float32Array(rows * columns);
        randomStream(7, "pinn/gradients", 100 * r + i).fillNormal(values);
        return Array.from(values, (value) => Math.fround(0.8 * value));
      }),
    );
    const before = tf.memory().numTensors;
    const equationLoss = buildEquationLoss(activation, system);
    const { terms, gradients } = tf.tidy(() => {
      const stacked = shapes.map((shape, i) =>
        tf.tensor(
          parameters.flatMap((run) => run[i] ?? []),
          [runs, ...shape],
          "float32",
        ),
      );
      const result = termsAndGradients(equationLoss, stacked, {
        jets: inputJets(equationLoss, runs),
        progress: tf.tensor3d(progressOfRun, [runs, 1, 1]),
        weights: partWeights(
          Array.from({ length: runs }, () => weights),
          lossParts(system).length,
        ),
        values: true,
      });
      return {
        terms: result.terms.map((term) => term.dataSync<"float32">()),
        gradients: result.gradients.map((one) => one.dataSync<"float32">()),
      };
    });
    disposeEquationLoss(equationLoss);
    expect(tf.memory().numTensors).toBe(before);
    const h = 1e-5;
    parameters.forEach((run, r) => {
      const loss = (all: number[][]): number =>
        reference(system, activation, all, r).reduce((sum, term, t) => sum + (weights[t] ?? 0) * term, 0);
      reference(system, activation, run, r).forEach((want, t) => {
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

it("takes grids of many points that need fewer derivatives through the network on their own", () => {
  const equationLoss = buildEquationLoss("tanh", space);
  expect(equationLoss.passes.map(({ grids, plan }) => [grids, plan.entries.length])).toEqual([
    [[0, 2], 10],
    [[1], 2],
  ]);
  disposeEquationLoss(equationLoss);
});

it("refuses a system that contradicts itself, and leaves no tensor", () => {
  const [term] = oscillator.terms;
  if (!term) throw new Error("no term");
  const before = tf.memory().numTensors;
  const build = (changes: Partial<typeof term>) => () =>
    buildEquationLoss("tanh", { ...oscillator, terms: [{ ...term, ...changes }] });
  expect(build({ grid: 9 })).toThrow('The loss term "residualLoss" has no points.');
  expect(build({ measured: Float32Array.of(1) })).toThrow('The loss term "residualLoss" has 1 measured values on 5 points.');
  expect(build({ residual: time })).toThrow('The loss term "residualLoss" contains nothing that can be learned.');
  const named = 'The loss term "residualLoss"';
  expect(build({ residual: sum(solution(), coordinate(1)) })).toThrow(
    `${named} names coordinate 1; there are 1, counted from 0.`,
  );
  expect(build({ residual: solution([0, 1]) })).toThrow(
    `${named} has a derivative by coordinate 1; there are 1, counted from 0.`,
  );
  expect(build({ residual: solution(0, 2) })).toThrow(`${named} names component 2; there are 2, counted from 0.`);
  expect(build({ residual: unknown("z") })).toThrow(`${named} names "z", which is no unknown of the system.`);
  expect(build({ residual: sum(solution(), measured) })).toThrow(`${named} names the measured value, but has none.`);
  const third = { op: "symbol", symbol: { kind: "solution", component: 0, derivative: [3] } } as const;
  expect(build({ residual: third })).toThrow(
    `${named} cannot be trained: The derivative of orders (3) is of order 3; at most 2 can be trained.`,
  );
  expect(() => buildEquationLoss("tanh", { ...oscillator, coordinates: 5 })).toThrow("has 1 to 4 coordinates, not 5");
  expect(() => buildEquationLoss("tanh", { ...oscillator, coordinates: 2 })).toThrow(
    "Grid 0 has 5 numbers, which are no points of 2",
  );
  expect(tf.memory().numTensors).toBe(before);
});
