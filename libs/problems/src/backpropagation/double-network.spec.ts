import { randomStream } from "@basin/numerics";
import { describe, expect, it } from "vitest";
import {
  activate,
  backpropagate,
  centralDifferences,
  costOf,
  doubleActivationNames,
  relativeDifference,
  type DoubleLayer,
} from "./double-network";

function normal(count: number, index: number): Float64Array {
  const values = new Float64Array(count);
  randomStream(4, "double-network-spec", index).fillNormal(values);
  return values;
}

describe("backpropagation in double precision", () => {
  it("is the chain rule by hand for two sigmoid neurons in a row", () => {
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
    const layer = (weight: number, bias: number): DoubleLayer => ({
      weight: Float64Array.of(weight),
      bias: Float64Array.of(bias),
      activation: "sigmoid",
    });
    const a1 = sigmoid(0.3 * 2 + 0.1);
    const a2 = sigmoid(-0.7 * a1 + 0.2);
    const delta2 = 2 * (a2 - 1) * a2 * (1 - a2);
    const delta1 = delta2 * -0.7 * a1 * (1 - a1);
    const layers = [layer(0.3, 0.1), layer(-0.7, 0.2)];
    const data = { samples: 1, inputs: [2], targets: [1] };
    expect(costOf(layers, data)).toBeCloseTo((a2 - 1) ** 2, 15);
    const [first, second] = backpropagate(layers, data);
    expect([first?.weight[0], first?.bias[0]]).toEqual([expect.closeTo(2 * delta1, 14), expect.closeTo(delta1, 14)]);
    expect([second?.weight[0], second?.bias[0]]).toEqual([expect.closeTo(a1 * delta2, 14), expect.closeTo(delta2, 14)]);
  });

  it.each(doubleActivationNames)("agrees with central differences to 1e-6 with %s units", (activation) => {
    const widths = [3, 5, 4, 2];
    const layers = widths.slice(1).map((columns, l): DoubleLayer => {
      const rows = widths[l] ?? 0;
      const weight = normal(rows * columns, 2 * l).map((value) => value / Math.sqrt(rows));
      return { weight, bias: normal(columns, 2 * l + 1), activation: l === 2 ? "linear" : activation };
    });
    const data = { samples: 7, inputs: normal(21, 8), targets: normal(14, 9) };
    const before = layers.map(({ weight }) => [...weight]);
    const differences = centralDifferences(layers, data, 1e-5);
    expect(layers.map(({ weight }) => [...weight])).toEqual(before);
    backpropagate(layers, data).forEach((gradient, l) => {
      expect(relativeDifference(gradient.weight, differences[l]?.weight ?? [])).toBeLessThan(1e-6);
      expect(relativeDifference(gradient.bias, differences[l]?.bias ?? [])).toBeLessThan(1e-6);
    });
  });
});

it.each(doubleActivationNames)("the slope of %s is the derivative of its value", (name) => {
  for (const z of [-3.1, -0.4, 0.7, 2.9, 30]) {
    const slope = (activate(name, z + 1e-6).value - activate(name, z - 1e-6).value) / 2e-6;
    expect(activate(name, z).slope).toBeCloseTo(slope, 7);
  }
});

it("compares arrays by their norms", () => {
  expect(relativeDifference([3, 4], [3, 4])).toBe(0);
  expect(relativeDifference([3, 4], [0, 0])).toBe(1);
  expect(relativeDifference([0, 0], [0, 0])).toBe(0);
  expect(relativeDifference([3, 4], [3, 4.5])).toBeCloseTo(0.5 / Math.hypot(3, 4.5), 14);
  expect(relativeDifference([1], [])).toBeNaN();
});
