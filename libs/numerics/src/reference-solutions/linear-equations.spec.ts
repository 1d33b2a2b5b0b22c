import { describe, expect, it } from "vitest";
import { advectedGaussian, advectedSine, heatModes, helmholtzSolution, laplaceSolution, standingWaves } from "./linear-equations";
import { differencesOf } from "./partial-differential.testing";

const places = [
  [0.1, 0.2],
  [0.37, 0.05],
  [0.5, 0.5],
  [0.93, 0.8],
] as const;

/** The greatest residual of an equation over the places, by differences of order 4. */
function residual(u: (x: number, t: number) => number, of: (at: ReturnType<typeof differencesOf>) => number): number {
  return Math.max(...places.map(([x, t]) => Math.abs(of(differencesOf(u, x, t, 1e-3)))));
}

describe("each solution solves its equation and meets its conditions", () => {
  it("wave", () => {
    const u = standingWaves(2, 1, [
      { mode: 1, amplitude: 1 },
      { mode: 4, amplitude: 0.5 },
    ]);
    expect(residual(u, (at) => at.t.second - 4 * at.x.second)).toBeLessThan(1e-5);
    // sin πx·cos 2πt + ½ sin 4πx·cos 8πt.
    expect(u(0.3, 0.7)).toBeCloseTo(
      Math.sin(0.3 * Math.PI) * Math.cos(1.4 * Math.PI) + 0.5 * Math.sin(1.2 * Math.PI) * Math.cos(5.6 * Math.PI),
      13,
    );
    for (const t of [0, 0.3, 1]) expect([u(0, t) + 0, u(1, t) + 0]).toEqual([0, 0]);
  });

  it("heat, with ends at zero and with one that passes no flux", () => {
    const closed = heatModes(0.5, 1, [{ mode: 0.5, amplitude: 1 }]);
    expect(residual(closed, (at) => at.t.first - 0.5 * at.x.second)).toBeLessThan(1e-8);
    expect(Math.abs(differencesOf(closed, 1, 0.4, 1e-3).x.first)).toBeLessThan(1e-12);
    expect(closed(0.4, 0.6)).toBeCloseTo(Math.exp((-0.5 * Math.PI ** 2 * 0.6) / 4) * Math.sin(0.2 * Math.PI), 14);
    const zero = heatModes(1, 2, [
      { mode: 1, amplitude: 3 },
      { mode: 2, amplitude: -1 },
    ]);
    expect(residual(zero, (at) => at.t.first - at.x.second)).toBeLessThan(1e-7);
    expect([zero(0, 0.3) + 0, zero(2, 0.3) + 0]).toEqual([0, 0]);
  });

  it("Laplace: .199268 in the centre, also for many modes", () => {
    const u = laplaceSolution();
    expect(residual(u, (at) => at.x.second + at.t.second)).toBeLessThan(1e-7);
    // mpmath: sinh(π/2)/sinh π.
    expect(u(0.5, 0.5)).toBeCloseTo(0.19926840766919334, 15);
    expect([u(0.3, 0), u(0, 0.3), u(1, 0.3)].map((v) => v + 0)).toEqual([0, 0, 0]);
    expect(u(0.3, 1)).toBeCloseTo(Math.sin(0.3 * Math.PI), 15);
    expect(u(0.5, 1e-9)).toBeCloseTo((Math.PI * 1e-9) / Math.sinh(Math.PI), 22);
    expect(laplaceSolution(401)(0.5, 1)).toBe(1);
  });

  it("advection–diffusion, from a Gaussian and round a circle", () => {
    const drift = advectedGaussian(0.5, 0.05, { centre: 0.2, width: 0.15 });
    expect(residual(drift, (at) => at.t.first + 0.5 * at.x.first - 0.05 * at.x.second)).toBeLessThan(1e-6);
    expect([drift(0.2, 0), drift(0.35, 0)]).toEqual([1, expect.closeTo(Math.exp(-0.5), 14)]);
    // Diffusion keeps the amount: height·width.
    expect(drift(0.2 + 0.5 * 3, 3)).toBeCloseTo(0.15 / Math.sqrt(0.15 ** 2 + 0.3), 14);
    const ring = advectedSine(1.5, 0.02, 2);
    expect(residual(ring, (at) => at.t.first + 1.5 * at.x.first - 0.02 * at.x.second)).toBeLessThan(1e-7);
    expect(ring(0.3 + 2, 0.4)).toBeCloseTo(ring(0.3, 0.4), 14);
  });

  it("Helmholtz and Poisson, with the source that they need", () => {
    for (const wavenumber of [0, 1, 7]) {
      const { solution, source } = helmholtzSolution([1, 4], wavenumber);
      const u = (x: number, y: number): number => solution([x, y]);
      const worst = Math.max(
        ...places.map(([x, y]) => {
          const at = differencesOf(u, x, y, 1e-3);
          return Math.abs(at.x.second + at.t.second + wavenumber ** 2 * at.u - source([x, y]));
        }),
      );
      expect(worst).toBeLessThan(1e-6);
    }
    // ∇²(sin πx·sin πy·sin 2πz) = −6π²·u.
    expect(helmholtzSolution([1, 1, 2]).source([0.5, 0.5, 0.25])).toBeCloseTo(-6 * Math.PI ** 2, 11);
    expect(helmholtzSolution([1, 1]).solution([0.5])).toBeNaN();
  });

  it("a quantity that must be positive is named", () => {
    expect(() => standingWaves(0, 1, [])).toThrow("the speed");
    expect(() => heatModes(1, -1, [])).toThrow("the length");
    expect(() => laplaceSolution(NaN)).toThrow("the mode");
    expect(() => advectedGaussian(1, 1, { centre: 0, width: 0 })).toThrow("the width");
    expect(() => advectedSine(1, 0, 1)).toThrow("the diffusivity");
  });
});
