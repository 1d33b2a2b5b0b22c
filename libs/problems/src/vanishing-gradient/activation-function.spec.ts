import { activationNames } from "@basin/contracts";
import { expect, test } from "vitest";
import { activationFunction } from "./activation-function";

const shape = { leakySlope: 0.2, eluAlpha: 0.7 };

test.each(activationNames)("the slope of %s is that of central differences away from its kink", (name) => {
  const h = 1e-6;
  for (const z of [-4.7, -1.3, -0.4, 0.3, 1.9, 5.2]) {
    const { slope } = activationFunction(name, z, shape);
    const along = (activationFunction(name, z + h, shape).value - activationFunction(name, z - h, shape).value) / (2 * h);
    expect(Math.abs(slope - along), `${name} at ${z}`).toBeLessThan(1e-8);
  }
});

test("values are those of the formulas", () => {
  const at = (name: (typeof activationNames)[number], z: number): number => activationFunction(name, z, shape).value;
  expect(at("elu", -1)).toBeCloseTo(0.7 * (Math.exp(-1) - 1), 12);
  expect(at("leaky-relu", -3)).toBeCloseTo(-0.6, 12);
  expect(at("cosine", 1)).toBeCloseTo(Math.cos(1), 12);
  expect(at("tanh", 0.5)).toBeCloseTo(Math.tanh(0.5), 12);
  // torch.nn.functional.gelu(1.0), to its twelve digits: Φ(1) = 0.841344746068543.
  expect(at("gelu", 1)).toBeCloseTo(0.841344746068543, 9);
});
