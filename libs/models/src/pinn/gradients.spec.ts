import { pinnActivationNames, type PinnActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import {
  coordinate,
  difference,
  evaluateExpression,
  lossParts,
  measured,
  solution,
  sum,
  time,
  unknown,
  type DifferentialEquationSystem,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { doubleJet, type DoubleJet } from "../testing/double-jet";
import { measures, oscillator, space, waves } from "../testing/gradient-systems";
import { buildEquationLoss, disposeEquationLoss, inputJets, termsAndGradients } from "./equation-loss";
import { partWeights } from "./part-weights";

beforeAll(async () => {
  await openBackend("wasm");
});

const runs = 2;
const hidden = [3, 4];
const weights = [0.7, 1.3, 0.4, 0.9, 0.6];
const progressOfRun = [0.25, 0.75];

function pointsOfGrid({ grids, coordinates }: DifferentialEquationSystem, grid: number): number[][] {
  const all = Array.from(grids[grid]?.points ?? []);
  return Array.from({ length: all.length / coordinates }, (_, i) => all.slice(i * coordinates, (i + 1) * coordinates));
}

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
  const grids = system.grids.map((_, grid) => pointsOfGrid(system, grid));
  /** A point's derivatives are asked for by many symbols. */
  const known = new Map<readonly number[], DoubleJet>();
  const jetAt = (point: readonly number[]): DoubleJet => {
    const jet = known.get(point) ?? doubleJet(activation, sizes, parameters, point);
    known.set(point, jet);
    return jet;
  };
  const values = system.terms.map(({ grid, measured: data, residual, measure }) => {
    const points = grids[grid] ?? [];
    /** Third derivatives by central differences of the second ones. */
    const derivativeAt = (symbol: { component: number; derivative: readonly number[] }, at: readonly number[]): number => {
      const [a, b, c] = symbol.derivative.flatMap((order, index) => Array<number>(order).fill(index));
      const jet = jetAt(at);
      if (a === undefined) return jet.value[symbol.component] ?? NaN;
      if (b === undefined) return jet.first[a]?.[symbol.component] ?? NaN;
      if (c === undefined) return jet.second[a]?.[b]?.[symbol.component] ?? NaN;
      const step = 1e-4;
      const [above, below] = [step, -step].map((by) => {
        const moved = at.map((one, index) => (index === c ? one + by : one));
        return doubleJet(activation, sizes, parameters, moved).second[a]?.[b]?.[symbol.component] ?? NaN;
      });
      return ((above ?? NaN) - (below ?? NaN)) / (2 * step);
    };
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
            const at = symbol.grid === undefined ? points[i] : grids[symbol.grid]?.[i];
            return derivativeAt(symbol, at ?? []);
          }
          case "mean":
            return mean(points.map((point) => jetAt(point).value[symbol.component] ?? NaN));
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

const systems = {
  "third derivatives and partners": waves,
  "one coordinate": oscillator,
  "three coordinates": space,
  "all measures": measures,
};
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

it("takes a partner's points through the network once, and refuses one whose points do not match", () => {
  const equationLoss = buildEquationLoss("tanh", waves);
  expect(equationLoss.passes.map(({ grids, plan }) => [grids, plan.entries.length])).toEqual([
    [[0], 9],
    [[1, 2], 2],
  ]);
  disposeEquationLoss(equationLoss);
  const term = (residual: (typeof waves.terms)[number]["residual"]) => () =>
    buildEquationLoss("tanh", { ...waves, terms: [{ ...waves.terms[1], residual } as (typeof waves.terms)[number]] });
  expect(term(difference(solution(), solution([], 0, 0)))).toThrow(
    'The loss term "periodLoss" takes the solution on grid 0, which has 6 points, not 70.',
  );
  expect(term(difference(solution(), solution([], 0, 7)))).toThrow("takes the solution on grid 7, which has 0 points, not 70.");
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
  const fourth = { op: "symbol", symbol: { kind: "solution", component: 0, derivative: [4] } } as const;
  expect(build({ residual: fourth })).toThrow(
    `${named} cannot be trained: The derivative of orders (4) is of order 4; at most 3 can be trained.`,
  );
  expect(() => buildEquationLoss("tanh", { ...oscillator, coordinates: 5 })).toThrow("has 1 to 4 coordinates, not 5");
  expect(() => buildEquationLoss("tanh", { ...oscillator, coordinates: 2 })).toThrow(
    "Grid 0 has 5 numbers, which are no points of 2",
  );
  expect(tf.memory().numTensors).toBe(before);
});
