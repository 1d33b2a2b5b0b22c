import { expect, it } from "vitest";
import { kdvSolitons } from "./kdv-solitons";
import { differencesOf } from "./partial-differential.testing";

it("of one soliton is ½c·sech²(½√c·(x − ct − centre))", () => {
  const u = kdvSolitons([{ speed: 4, centre: -1 }]);
  for (const [x, t] of [
    [-1, 0],
    [0.3, 0.2],
    [5, 1],
    [-400, 0],
    [300, 2],
  ] as const)
    expect(Math.abs(u(x, t) - 2 / Math.cosh(x - 4 * t + 1) ** 2)).toBeLessThan(1e-13);
});

it("of two with speeds 16 and 4 is N. Zabusky's and M. Kruskal's sech² start 6·sech² x and its closed form", () => {
  // Both centres such that u(x, 0) = 6 sech² x: phases ln 3 (P. G. Drazin, R. S. Johnson, Solitons, 1989, section 4.3.1):
  // u = 12(3 + 4cosh(2x − 8t) + cosh(4x − 64t)) / (3cosh(x − 28t) + cosh(3x − 36t))².
  const u = kdvSolitons([
    { speed: 16, centre: -Math.log(3) / 4 },
    { speed: 4, centre: -Math.log(3) / 2 },
  ]);
  for (const [x, t] of [
    [0, 0],
    [0.4, 0],
    [-1.2, 0],
    [0.5, 0.1],
    [3, 0.2],
    [-2, -0.15],
    [6, 0.4],
  ] as const) {
    const top = 12 * (3 + 4 * Math.cosh(2 * x - 8 * t) + Math.cosh(4 * x - 64 * t));
    const want = top / (3 * Math.cosh(x - 28 * t) + Math.cosh(3 * x - 36 * t)) ** 2;
    expect(Math.abs(u(x, t) - want)).toBeLessThan(1e-12 * Math.max(1, want));
  }
  expect(u(0.4, 0)).toBeCloseTo(6 / Math.cosh(0.4) ** 2, 12);
});

it("of three solves the equation", () => {
  const u = kdvSolitons([
    { speed: 1, centre: 0 },
    { speed: 2.2, centre: -3 },
    { speed: 0.5, centre: 2 },
  ]);
  for (const [x, t] of [
    [0, 0],
    [1.3, 0.7],
    [4, 2],
    [-2, -1],
  ] as const) {
    const at = differencesOf(u, x, t, 0.01);
    expect(Math.abs(at.t.first + 6 * at.u * at.x.first + at.x.third)).toBeLessThan(1e-6);
  }
});

it("names what are no solitons", () => {
  expect(() => kdvSolitons([])).toThrow("1 to 6 solitons, not 0");
  expect(() => kdvSolitons([{ speed: 0, centre: 0 }])).toThrow("a soliton's speed must be a positive number");
  expect(() =>
    kdvSolitons([
      { speed: 1, centre: 0 },
      { speed: 1, centre: 3 },
    ]),
  ).toThrow("different speeds");
});
