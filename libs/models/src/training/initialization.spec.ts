import { initializationNames, type InitializationName } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { initialLayer } from "./initialization";

const fanIn = 120;
const fanOut = 80;
const deviations: Record<InitializationName, number> = {
  normal: 1,
  uniform: Math.sqrt(1 / 3),
  "near-zero": 0.01,
  "glorot-uniform": Math.sqrt(2 / (fanIn + fanOut)),
  "glorot-normal": Math.sqrt(2 / (fanIn + fanOut)),
  "he-uniform": Math.sqrt(2 / fanIn),
  "he-normal": Math.sqrt(2 / fanIn),
  "lecun-uniform": Math.sqrt(1 / fanIn),
  "lecun-normal": Math.sqrt(1 / fanIn),
  "torch-default": Math.sqrt(1 / (3 * fanIn)),
};

function moments(values: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), largest: values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
}

describe.each(initializationNames)("%s", (name) => {
  const { weight, bias } = initialLayer(name, 1, 42, 0, fanIn, fanOut);
  const want = deviations[name];

  it("has mean 0 and the stated deviation", () => {
    const { mean, deviation, largest } = moments(weight);
    expect(Math.abs(mean)).toBeLessThan(0.04 * want);
    expect(Math.abs(deviation / want - 1)).toBeLessThan(0.03);
    if (name.endsWith("uniform") || name === "torch-default")
      expect(largest).toBeLessThanOrEqual(want * Math.sqrt(3) * (1 + 1e-7));
    else expect(largest).toBeGreaterThan(3 * want);
  });

  it("starts biases at 0, except torch's", () => {
    if (name === "torch-default") expect(Math.abs(moments(bias).deviation / want - 1)).toBeLessThan(0.25);
    else expect(bias.every((value) => value === 0)).toBe(true);
  });

  it("scales weights with the gain, not biases", () => {
    const doubled = initialLayer(name, 2, 42, 0, fanIn, fanOut);
    expect(doubled.weight).toEqual(weight.map((value) => 2 * value));
    expect(doubled.bias).toEqual(bias);
  });

  it("depends on seed and layer", () => {
    expect(initialLayer(name, 1, 43, 0, fanIn, fanOut).weight).not.toEqual(weight);
    expect(initialLayer(name, 1, 42, 1, fanIn, fanOut).weight).not.toEqual(weight);
  });
});
