import type { Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import {
  evaluateExpression,
  noResources,
  type ClosedLoop,
  type ExperimentDefinition,
  type LoopExpression,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { globalNorm, limitNorm } from "../training/gradient-limit";
import { everyOperation, maglev, smallLoop, smallMaglev } from "../testing/small-loops";
import { disposeLoopData, loopData, LoopProgram } from "./closed-loop";
import { initialLoopWeights, loopNetwork, type LoopNetwork } from "./loop-network";
import { freshRolloutRun, horizonAt } from "./rollout-run";

beforeAll(async () => {
  await openBackend("wasm");
});

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The same loop trajectory by trajectory in double precision, written out: the weighted loss and its parts. */
function reference(
  loop: ClosedLoop,
  { widths, activations, memoryWidth }: LoopNetwork,
  weights: readonly Float64Array[],
  steps: number,
  factors: readonly number[],
): { loss: number; terms: number[] } {
  const { count, starts, signals } = loop.training;
  const sums = loop.terms.map(() => 0);
  for (let row = 0; row < count; row++) {
    let state = Array.from({ length: loop.states }, (_, i) => starts[row * loop.states + i]!);
    let memory = Array.from({ length: memoryWidth }, () => 0);
    for (let n = 0; n < steps; n++) {
      const before = state;
      let outputs: number[] = [];
      const valueOf = (expression: LoopExpression): number =>
        evaluateExpression(expression, ({ kind, index }) => {
          if (kind === "state") return before[index]!;
          return kind === "signal" ? signals[(n * count + row) * loop.signals + index]! : outputs[index]!;
        });
      let values = [...loop.inputs.map(valueOf), ...memory];
      activations.forEach((activation, layer) => {
        if (layer + 1 === activations.length && memoryWidth > 0) memory = values;
        const [weight, bias] = [weights[2 * layer]!, weights[2 * layer + 1]!];
        const width = widths[layer + 1]!;
        const z = Array.from({ length: width }, (_, j) =>
          values.reduce((sum, v, i) => sum + v * weight[i * width + j]!, bias[j]!),
        );
        values = activation === "linear" ? z : z.map(activation === "tanh" ? Math.tanh : softplus);
      });
      outputs = values;
      loop.terms.forEach(({ value, from = 0 }, t) => {
        if (n >= from) sums[t]! += valueOf(value) / (count * (steps - from));
      });
      state = loop.next.map(valueOf);
    }
  }
  return { loss: sums.reduce((all, term, t) => all + factors[t]! * term, 0), terms: sums };
}

function program(definition: ExperimentDefinition, parameters: Configuration) {
  const { problem } = definition;
  if (problem.kind !== "rollout") throw new Error("not a rollout");
  const one = freshRolloutRun({ index: 0, seed: 5, attempt: 1, parameters, checkpoint: null });
  const loop = problem.loop(parameters, noResources);
  return { one, loop, network: loopNetwork(loop, one.parameters) };
}

const cases: [string, ExperimentDefinition, Configuration, number][] = [
  ["a body under a magnet", maglev, smallMaglev({ energyWeight: 0.1, initializationGain: 2 }), 9],
  ["every operation, with a memory", everyOperation, smallLoop({ initializationGain: 1.5 }), 11],
  ["every operation, without", everyOperation, smallLoop({ cell: "none" }), 11],
  ["a single hidden layer that is remembered", everyOperation, smallLoop({ hiddenLayers: [5], initializationGain: 2 }), 7],
];

describe("back-propagation through time against central differences in double precision", () => {
  it.each(cases)("%s", (_, definition, parameters, steps) => {
    const { one, loop, network } = program(definition, parameters);
    const runs = [11, 12].map((seed) => initialLoopWeights(network, one.parameters, seed));
    // Biases start at 0; here they do not.
    runs.forEach((weights, r) => {
      weights.forEach((values, i) => {
        if (i % 2 === 1) values.forEach((__, j) => (values[j] = 0.1 * (1 + r) * Math.sin(3 * i + j)));
      });
    });
    const factors = loop.terms.map((term) => term.weight(parameters));
    const before = tf.memory().numTensors;
    const data = loopData(loop, loop.training, steps);
    const { terms, gradients } = tf.tidy(() => {
      const tensors = network.specs.map(({ shape: [rows = 1, columns = 1] }, i) =>
        tf.tensor3d(Float32Array.from(runs.flatMap((weights) => [...weights[i]!])), [runs.length, rows, columns]),
      );
      const weights = factors.map((factor) => tf.fill<tf.Rank.R3>([runs.length, 1, 1], factor));
      const found = new LoopProgram(loop, network).lossAndGradients(tensors, data, steps, weights);
      return { terms: found.terms.map((term) => term.dataSync()), gradients: found.gradients.map((one) => one.dataSync()) };
    });
    disposeLoopData(data);
    expect(tf.memory().numTensors).toBe(before);
    const h = 1e-6;
    let largest = 0;
    runs.forEach((weights, r) => {
      const doubles = weights.map((values) => Float64Array.from(values));
      const want = reference(loop, network, doubles, steps, factors);
      want.terms.forEach((term, t) => expect(Math.abs(terms[t]![r]! - term)).toBeLessThan(2e-6 * Math.max(1, Math.abs(term))));
      doubles.forEach((values, i) => {
        values.forEach((value, w) => {
          const at = (moved: number): number => {
            values[w] = moved;
            const { loss } = reference(loop, network, doubles, steps, factors);
            values[w] = value;
            return loss;
          };
          const slope = (at(value + h) - at(value - h)) / (2 * h);
          largest = Math.max(largest, Math.abs(slope));
          expect(Math.abs(gradients[i]![r * values.length + w]! - slope)).toBeLessThan(1e-5 * Math.max(0.1, Math.abs(slope)));
        });
      });
    });
    expect(largest).toBeGreaterThan(0.05);
  });
});

it("a limit scales all gradients of a run together to its norm, and leaves shorter ones alone", () => {
  tf.tidy(() => {
    const gradients = [tf.tensor3d([3, 0, 0.3, 0], [2, 1, 2]), tf.tensor3d([0, 4, 0, 0.4], [2, 2, 1])];
    const norm = globalNorm(gradients);
    [5, 0.5].forEach((want, r) => expect(norm.dataSync()[r]).toBeCloseTo(want, 6));
    const limited = limitNorm(gradients, norm, tf.fill<tf.Rank.R3>([2, 1, 1], 1)).map((one) => [...one.dataSync()]);
    [0.6, 0, 0.3, 0].forEach((want, i) => expect(limited[0]![i]).toBeCloseTo(want, 5));
    [0, 0.8, 0, 0.4].forEach((want, i) => expect(limited[1]![i]).toBeCloseTo(want, 5));
    expect(Math.hypot(limited[0]![0]!, limited[1]![1]!)).toBeLessThanOrEqual(1);
  });
});

it("the horizon grows evenly to its full length", () => {
  const growth = { horizon: 300, firstHorizon: 100, horizonGrowth: 0.5, epochs: 400 };
  expect([0, 1, 100, 199, 200, 399].map((epoch) => horizonAt(growth, epoch))).toEqual([100, 101, 200, 299, 300, 300]);
  expect(horizonAt({ ...growth, horizonGrowth: 0 }, 0)).toBe(300);
});
