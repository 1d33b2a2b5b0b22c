import { describe, expect, it } from "vitest";
import type { NetworkWeights } from "../kinds/trained-network";
import { curvatureOf, direction, distances, dot, lossOfWeights } from "./curvature";
import { inputNoises, testMoons, testPoints, trainingMoons } from "./two-moons";

/** Weights that single precision holds exactly. */
const theta = Array.from({ length: 13 }, (_, i) => Math.round(Math.sin(3 * i + 1) * 256) / 256);
const array = (from: number, shape: number[]) => ({
  shape,
  values: Float32Array.from(theta.slice(from, from + shape.reduce((a, b) => a * b, 1))),
});
const network: NetworkWeights = {
  "layers.0.weight": array(0, [2, 3]),
  "layers.0.bias": array(6, [1, 3]),
  "layers.1.weight": array(9, [3, 1]),
  "layers.1.bias": array(12, [1, 1]),
};
const data = {
  samples: 4,
  inputs: Float32Array.of(0.5, -0.25, -1, 0.75, 0.125, 1.5, 1.75, -0.5),
  targets: Float32Array.of(0, 1, 1, 0),
};
const loss = lossOfWeights(network, ["tanh"], data);

describe("the loss as a function of the weights", () => {
  it("has the value, gradient and eigenvalues that were computed with forty digits", () => {
    // mpmath with 40 digits: the cross-entropy from logits, and all second derivatives by central differences of it with h = 1e-10.
    expect(loss.value(loss.weights)).toBeCloseTo(1.194780048973696, 14);
    const { eigen, power } = curvatureOf(loss, 1);
    const want = [
      -0.603941868635731, -0.500987241267686, -0.411263890864382, -0.238310125731031, -0.142289433351084, -0.0720803109160976,
      -0.0540883726494366, -0.04175671745221, -0.027905917332437, 0.218457267923983, 0.27053833702597, 0.284283559565089,
      0.545519259166115,
    ];
    eigen.values.forEach((value, i) => expect(Math.abs(value - want[i]!)).toBeLessThan(1e-9));
    // The eigenvalue of greatest size is negative, the greatest one is asked for.
    expect(power.converged).toBe(true);
    expect(Math.abs(power.value - 0.545519259166115)).toBeLessThan(1e-6);
    loss.gradient(loss.weights).forEach((slope, i) => {
      const at = (by: number): number => loss.value(loss.weights.map((w, k) => (k === i ? w + by : w)));
      expect(Math.abs(slope - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-9);
    });
  });

  it("is off its parabola by the third power of the distance", () => {
    const { deviations, order } = curvatureOf(loss, 1);
    expect(order).toBeGreaterThan(2.95);
    expect(order).toBeLessThan(3.05);
    expect(distances[0]).toBeCloseTo(1e-3, 15);
    expect(distances.at(-1)).toBeCloseTo(1e-1, 15);
    // At a tenth of the distance a thousandth.
    expect(deviations[8]! / deviations[4]!).toBeGreaterThan(900);
    expect(deviations[8]! / deviations[4]!).toBeLessThan(1100);
  });

  it("is exactly a parabola where there is nothing but one: an error of another order is seen", () => {
    // ½ Σ i·w² with its gradient in the place of a network's: what is left is rounding, which does not grow as s³.
    const bowl = {
      weights: Float64Array.from({ length: 5 }, (_, i) => i / 8),
      value: (w: Float64Array) => w.reduce((sum, x, i) => sum + ((i + 1) * x * x) / 2, 0),
      gradient: (w: Float64Array) => w.map((x, i) => (i + 1) * x),
    };
    const { eigen, power, deviations } = curvatureOf(bowl, 3);
    eigen.values.forEach((value, i) => expect(value).toBeCloseTo(i + 1, 8));
    expect(power.value).toBeCloseTo(5, 6);
    expect(Math.max(...deviations)).toBeLessThan(1e-11);
  });
});

describe("directions", () => {
  it("have length 1 and are those of the seed", () => {
    const d = direction(4, 65, 2);
    expect(dot(d, d)).toBeCloseTo(1, 14);
    expect(direction(4, 65, 2)).toEqual(d);
    expect(direction(4, 65, 3)).not.toEqual(d);
  });
});

describe("the two moons", () => {
  it("are half circles about (0, 0) and (1, ½) without noise", () => {
    const { inputs, targets } = trainingMoons({ samples: 200, noise: 0, dataSeed: 1 });
    targets.forEach((label, i) => {
      const [x, y] = [inputs[2 * i]!, inputs[2 * i + 1]!];
      expect(label === 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5)).toBeCloseTo(1, 6);
      expect(label === 0 ? y : 0.5 - y).toBeGreaterThanOrEqual(-1e-6);
    });
    expect(targets.reduce((sum, label) => sum + label, 0)).toBe(100);
  });

  it("have noise of the size asked for, and test points that are moved by as much as is said", () => {
    const setting = { samples: 200, noise: 0.25, dataSeed: 1 };
    const { inputs, targets } = testMoons(setting);
    expect([inputs.length, targets.length]).toEqual([2 * testPoints * inputNoises.length, testPoints * inputNoises.length]);
    inputNoises.forEach((deviation, k) => {
      let squares = 0;
      for (let i = 0; i < 2 * testPoints; i++) squares += (inputs[2 * testPoints * k + i]! - inputs[i]!) ** 2;
      // Standard error of a standard deviation over 4,000 numbers: 1.1 %.
      expect(Math.abs(Math.sqrt(squares / (2 * testPoints)) - deviation)).toBeLessThan(0.05 * deviation + 1e-12);
    });
  });
});
