import { expect, it } from "vitest";
import { burgersSolution } from "./burgers";

it.each([
  // mpmath 1.3, 30 digits, the quotient of integrals by tanh-sinh quadrature in pieces of 1/8.
  [0.01 / Math.PI, 0.5, 0.5, -0.592769534402051],
  [0.01 / Math.PI, 0.01, 0.99, -0.60020291040666],
  [0.01 / Math.PI, 0.1, 0.25, -0.794974359133128792],
  [0.01 / Math.PI, -0.3, 1, 0.52307929343175112],
  [0.01 / Math.PI, 0.002, 0.5, -0.294371524994754955],
  [0.1, 0.3, 0.7, -0.448299418518014123],
  [0.001, 0.3, 0.7, -0.666934956468196425],
])("with viscosity %f at (%f, %f) is the Cole–Hopf integral's value %f", (viscosity, x, t, want) => {
  expect(Math.abs(burgersSolution(viscosity)(x, t) - want)).toBeLessThan(1e-12);
});

it("is steepest at the origin, −152.00516 at πt = 1.6037 (Basdevant et al. 1986, table 1)", () => {
  const u = burgersSolution(0.01 / Math.PI);
  const h = 1e-5;
  const slopeAt = (t: number): number => (8 * (u(h, t) - u(-h, t)) - u(2 * h, t) + u(-2 * h, t)) / (12 * h);
  expect(Math.abs(slopeAt(1.6037 / Math.PI) + 152.00516)).toBeLessThan(1e-4);
  expect(slopeAt(1.58 / Math.PI)).toBeGreaterThan(slopeAt(1.6037 / Math.PI));
  expect(slopeAt(1.63 / Math.PI)).toBeGreaterThan(slopeAt(1.6037 / Math.PI));
});

it("starts at −sin πx, is odd and vanishes at the walls", () => {
  const u = burgersSolution(0.01 / Math.PI);
  expect(u(0.25, 0)).toBe(-Math.SQRT1_2);
  expect(Math.abs(u(0.25, 1e-9) + Math.SQRT1_2)).toBeLessThan(1e-8);
  for (const t of [0.1, 0.5, 1]) {
    for (const x of [-1, 0, 1]) expect(Math.abs(u(x, t))).toBeLessThan(1e-12);
    expect(u(0.37, t)).toBeCloseTo(-u(-0.37, t), 12);
  }
  expect(u(0, -1)).toBeNaN();
  expect(() => burgersSolution(0)).toThrow("the viscosity must be a positive number, not 0");
});
