import { openBackend, readSafetensors } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import { configurationOf, type ChainPotential, type ExperimentDefinition, type OutputPenalty } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack, type Recording, type TestRun } from "../testing/recorded-pack";
import { penaltyCases } from "../testing/small-experiments";
import { architectureOf, type Architecture } from "./architecture";
import { backward, forward } from "./network";
import { penaltyGradient, penaltyWeightOf, withPenalty } from "./output-penalty";

beforeAll(async () => {
  await openBackend("wasm");
});

const samples = 5;
const plain = { hiddenLayers: [4], activation: "tanh" as const, layerActivations: "", batchNormalization: false };

function draw(count: number, purpose: string, index = 0): number[] {
  const values = new Float32Array(count);
  randomStream(31, purpose, index).fillNormal(values);
  return [...values];
}

function network(inputWidth: number, outputWidth: number, softmax: boolean): Architecture {
  const chosen = softmax
    ? { loss: "cce" as const, outputActivation: "softmax" as const }
    : { loss: "mse" as const, outputActivation: "linear" as const };
  return architectureOf(chosen, { inputWidth, outputWidth }, plain);
}

type Rows = number[][];
const rowsOf = (flat: readonly number[], width: number): Rows =>
  Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));

/** The last layer's values of the network with one hidden layer of tanh, in double precision. */
function outputsOf([w0 = [], b0 = [], w1 = [], b1 = []]: readonly number[][], x: Rows): Rows {
  return x.map((row) => {
    const hidden = b0.map((b, k) => Math.tanh(row.reduce((sum, v, i) => sum + v * w0[i * b0.length + k]!, b)));
    return b1.map((b, j) => hidden.reduce((sum, h, k) => sum + h * w1[k * b1.length + j]!, b));
  });
}

function softmax(z: number[]): number[] {
  const e = z.map(Math.exp);
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / total);
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Kullback and Leibler's divergence: the penalty is written with entropies, here it is ½KL(p‖m) + ½KL(q‖m). */
const divergence = (p: number[], q: number[]): number => p.reduce((sum, v, k) => sum + v * Math.log(v / q[k]!), 0);
const jensenShannon = (p: number[], q: number[]): number => {
  const m = p.map((v, k) => (v + q[k]!) / 2);
  return (divergence(p, m) + divergence(q, m)) / 2;
};

const costs = [
  [0, 1, 3],
  [1, 0, 2],
  [3, 2, 0],
];

const chain: ChainPotential = {
  atoms: 3,
  fixed: [
    { x: 0.4, y: -1.9, charge: 0.5 },
    { x: -1.6, y: 0.3, charge: -0.2 },
  ],
  coulomb: 2,
  bondLength: 1.12,
  bondStiffness: 7,
  innerDistance: 0.85,
};

/** Energy of one pose, written out pair by pair from the formula of the potential. */
function chainEnergy(input: number[], pose: number[]): number {
  const [c, s] = input.slice(chain.atoms) as [number, number];
  const placed = chain.fixed.map(({ x, y, charge }) => ({ x: c * x - s * y, y: s * x + c * y, q: charge }));
  const own = Array.from({ length: chain.atoms }, (_, i) => ({ x: pose[2 * i]!, y: pose[2 * i + 1]!, q: input[i]! }));
  const pair = (qq: number, r: number): number => 4 * (r ** -12 - r ** -6) + (chain.coulomb * qq) / r;
  const continued = (qq: number, r: number): number => {
    const r0 = chain.innerDistance;
    if (r >= r0) return pair(qq, r);
    const slope = -48 * r0 ** -13 + 24 * r0 ** -7 - (chain.coulomb * qq) / r0 ** 2;
    return pair(qq, r0) + slope * (r - r0);
  };
  let energy = 0;
  own.forEach((a, i) => {
    for (const b of placed) energy += continued(a.q * b.q, Math.hypot(a.x - b.x, a.y - b.y));
    own.slice(i + 1).forEach((b, k) => {
      const r = Math.hypot(a.x - b.x, a.y - b.y);
      energy += k === 0 ? 0.5 * chain.bondStiffness * (r - chain.bondLength) ** 2 : continued(a.q * b.q, r);
    });
  });
  return energy;
}

interface Case {
  name: string;
  penalty: OutputPenalty;
  net: Architecture;
  /** Of the whole batch. */
  value: (z: Rows, x: Rows, targets: Rows) => number;
  inputs: number[];
}

const oneHot = [0, 2, 1, 1, 0].map((label) => [0, 1, 2].map((k) => Number(k === label)));
/** Charges, and the angle of the fixed atoms. */
const chainInputs = Array.from({ length: samples }, (_, i) => [
  ...draw(3, "charges", i).map((q) => 0.3 * q),
  Math.cos(i),
  Math.sin(i),
]).flat();
const cases: Case[] = [
  {
    name: "jsd-neighbours",
    penalty: { id: "jsd-neighbours" },
    net: network(2, 3, true),
    value: (z) => mean(z.slice(1).map((row, i) => jensenShannon(softmax(z[i]!), softmax(row)))),
    inputs: draw(2 * samples, "inputs"),
  },
  {
    name: "cost-matrix",
    penalty: { id: "cost-matrix", costs },
    net: network(2, 3, true),
    value: (z, _, targets) =>
      mean(z.map((row, i) => softmax(row).reduce((sum, p, k) => sum + p * costs[targets[i]!.indexOf(1)]![k]!, 0))),
    inputs: draw(2 * samples, "inputs"),
  },
  {
    name: "lennard-jones-coulomb",
    penalty: { id: "lennard-jones-coulomb", chain },
    net: network(5, 6, false),
    value: (z, x) => mean(z.map((row, i) => chainEnergy(x[i]!, row))),
    inputs: chainInputs,
  },
];

describe.each(cases)("$name", ({ penalty, net, value, inputs }) => {
  const values = net.specs.map(({ shape: [rows, columns] }, i) => draw(rows * columns, "arrays", i));
  const [inputWidth = 0, outputWidth = 0] = [net.widths[0], net.widths.at(-1)];
  const x = rowsOf(inputs, inputWidth);

  /** Gradients of the loss with the penalty, of the same network in every row, for as many rows as there are weights. */
  function gradients(weights: readonly number[], penalized = true): Float32Array[] {
    const runs = weights.length;
    return tf.tidy(() => {
      const repeated = (all: readonly number[]): number[] => weights.flatMap(() => [...all]);
      const tensors = values.map((all, i) => tf.tensor3d(repeated(all), [runs, ...net.specs[i]!.shape]));
      const batch = tf.tensor3d(repeated(inputs), [runs, samples, inputWidth]);
      const targets = tf.tensor3d(repeated(oneHot.flat()), [runs, samples, 3]);
      const { output, traces } = forward(net, tensors, batch, { traces: true, batchStatistics: true, masks: null });
      const loss = tf.mul<tf.Tensor3D>(output, 1 / (samples * outputWidth));
      const gradient = penalized
        ? withPenalty(loss, { output, x: batch, targets }, penaltyGradient(penalty, net), weights)
        : loss;
      return backward(net, tensors, traces, gradient).map((tensor) => tensor.dataSync<"float32">());
    });
  }

  it("has the gradient of central differences in double precision", () => {
    const h = 1e-5;
    const [none, whole] = [gradients([1], false), gradients([1])];
    let [greatest, worst] = [0, 0];
    values.forEach((all, i) => {
      all.forEach((_, w) => {
        const at = (change: number): number => {
          const moved = values.map((one, j) => (j === i ? one.map((v, k) => (k === w ? v + change : v)) : one));
          return value(outputsOf(moved, x), x, oneHot);
        };
        const want = (at(h) - at(-h)) / (2 * h);
        greatest = Math.max(greatest, Math.abs(want));
        const got = (whole[i]![w] ?? NaN) - (none[i]![w] ?? NaN);
        worst = Math.max(worst, Math.abs(got - want));
      });
    });
    expect(greatest).toBeGreaterThan(1e-3);
    expect(worst).toBeLessThan(3e-6 * Math.max(1, greatest));
  });

  it("leaves a run of weight 0 as it is to the bit, also beside one of another weight", () => {
    const plainly = gradients([0], false);
    expect(gradients([0])).toEqual(plainly);
    gradients([0, 2]).forEach((both, i) => {
      const half = both.length / 2;
      expect(both.slice(0, half)).toEqual(gradients([0, 0], false)[i]!.slice(0, half));
      expect(both.slice(half)).toEqual(gradients([2])[i]);
      expect(both.slice(half)).not.toEqual(plainly[i]);
    });
  });
});

describe("far from what is usual", () => {
  it("probabilities of 0 and a single sample have finite gradients", () => {
    const gradient = penaltyGradient({ id: "jsd-neighbours" }, network(1, 3, true));
    tf.tidy(() => {
      const of = (logits: number[][]) => {
        const output = tf.tensor3d([logits]);
        return gradient({ output, x: output, targets: output }).dataSync();
      };
      const opposite = of([
        [500, -500, 0],
        [-500, 500, 0],
      ]);
      expect([...opposite].every(Number.isFinite)).toBe(true);
      expect([...of([[1, 2, 3]])]).toEqual([0, 0, 0]);
    });
  });

  it("atoms that lie on one another repel with the slope of the inner distance, and where no direction is left with none", () => {
    const two: ChainPotential = { ...chain, atoms: 1, fixed: [{ x: 0, y: 0, charge: 0 }] };
    const gradient = penaltyGradient({ id: "lennard-jones-coulomb", chain: two }, network(3, 2, false));
    const slope = -48 * 0.85 ** -13 + 24 * 0.85 ** -7;
    tf.tidy(() => {
      const at = (x: number): number => {
        const output = tf.tensor3d([[[x, 0]]]);
        return gradient({ output, x: tf.tensor3d([[[0, 1, 0]]]), targets: output }).dataSync()[0]!;
      };
      expect(at(0.2) / slope).toBeCloseTo(1, 5);
      expect(at(-0.8) / slope).toBeCloseTo(-1, 5);
      expect(at(0)).toBe(0);
      // Two atoms at rest: r = 2^(1/6).
      expect(Math.abs(at(2 ** (1 / 6)))).toBeLessThan(1e-4);
    });
  });
});

it.each(penaltyCases)(
  "a run of weight 0 is the network of a problem without $name, to the bit",
  async ({ definition, changes }) => {
    const { problem } = definition;
    if (problem.kind !== "supervised") throw new Error("no labelled samples");
    const { outputPenalty, ...rest } = problem;
    expect(outputPenalty).toBeDefined();
    const without: ExperimentDefinition = { ...definition, problem: rest };
    const run = (penaltyWeight: number): TestRun => ({
      seed: 3,
      parameters: configurationOf(definition, { ...changes, epochs: 3, plots: false, penaltyWeight }),
    });
    const [plain] = await trainPack(without, [run(0)]);
    const [alone] = await trainPack(definition, [run(0)]);
    const [beside, weighed] = await trainPack(definition, [run(0), run(0.5)]);
    expect(alone).toEqual(plain);
    expect(beside).toEqual(plain);
    const weights = ({ result }: Recording): unknown => readSafetensors(result!.artifacts[0]!.content).tensors;
    expect(weights(weighed!)).not.toEqual(weights(plain!));
  },
);

it("what does not go with a network is refused", () => {
  const chainOf = { id: "lennard-jones-coulomb" as const, chain };
  expect(() => penaltyGradient({ id: "jsd-neighbours" }, network(2, 3, false))).toThrow(/"jsd-neighbours" is told of class/);
  expect(() => penaltyGradient({ id: "cost-matrix", costs }, network(2, 4, true))).toThrow(/needs 4 rows of 4 costs/);
  expect(() => penaltyGradient(chainOf, network(5, 3, true))).toThrow(/coordinates, which are linear outputs/);
  expect(() => penaltyGradient(chainOf, network(4, 6, false))).toThrow(/needs 5 inputs and 6 outputs, not 4 and 6/);
  expect(() => penaltyWeightOf({ parameters: {} })).toThrow(/needs a parameter penaltyWeight/);
});
