import { describe, expect, it } from "vitest";
import { schrodingerPoisson, statesInWell } from "./bound-states";

const integral = (f: (x: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < 2000; i++) sum += f((i + 0.5) / 2000) / 2000;
  return sum;
};

describe("statesInWell", () => {
  it("of an empty well are √2·sin nπx with n²π²/2", () => {
    const well = statesInWell(() => 0, 3);
    well.energies.forEach((energy, i) => {
      expect(Math.abs(energy / (((i + 1) ** 2 * Math.PI ** 2) / 2) - 1)).toBeLessThan(1e-9);
      for (const x of [0, 0.0007, 0.123, 0.5, 0.98, 1])
        expect(Math.abs(well.wave(i, x) - Math.SQRT2 * Math.sin((i + 1) * Math.PI * x))).toBeLessThan(1e-8);
    });
    expect([well.wave(0, -0.1), well.wave(0, 1.1), well.potential(0.3)]).toEqual([0, 0, 0]);
  });

  it("of a parabola far from the walls are the oscillator's", () => {
    // V = ½ω²(x − ½)², ω = 200: E = ω(n + ½), ψ_0 = (ω/π)^¼·e^(−ω(x − ½)²/2).
    const { energies, wave } = statesInWell((x) => 0.5 * 200 ** 2 * (x - 0.5) ** 2, 3);
    energies.forEach((energy, n) => expect(Math.abs(energy - 200 * (n + 0.5))).toBeLessThan(1e-4));
    expect(wave(0, 0.53)).toBeCloseTo((200 / Math.PI) ** 0.25 * Math.exp(-100 * 0.03 ** 2), 5);
    const finer = statesInWell((x) => 0.5 * 200 ** 2 * (x - 0.5) ** 2, 1, { intervals: 800 }).energies[0] ?? NaN;
    // Order 4: half the distance leaves a sixteenth of the error.
    expect(((energies[0] ?? NaN) - 100) / (finer - 100)).toBeGreaterThan(14);
  });

  it("names what it cannot solve", () => {
    expect(() => statesInWell(() => 0, 0)).toThrow("the number of states must be a positive number");
    expect(() => statesInWell(() => 0, 101)).toThrow("400 intervals carry 1 to 100 states, not 101");
    expect(() => statesInWell(() => 0, 1, { intervals: 4 })).toThrow("8 or more intervals");
    expect(() => statesInWell(() => 0, 1).wave(1, 0.5)).toThrow("there are states 0 to 0, not 1");
  });
});

describe("schrodingerPoisson", () => {
  // numpy/scipy 1.17.1: central differences on 1,000 and 2,000 intervals (scipy.linalg.eigh_tridiagonal, solve_banded, iterated to 1e-12) and
  // Richardson's extrapolation of the two. Without a coupling n²π²/2.
  it.each<[coupling: number, energies: number[], middle: number]>([
    [0, [4.934802200544679, 19.739208802178716], 0],
    [10, [5.374808763414987, 20.085448483512657], 0.5023093644773383],
    [100, [9.065271158862668, 23.03184356755705], 4.6681425861474155],
    [10, [5.312329810397061], 0.5033670874553572],
    [10, [5.4034588013800935, 20.11373684534154, 44.77047980925434], 0.5595901212571086],
  ])("with a coupling of %f has the energies %j and the potential %f in the middle", (coupling, energies, middle) => {
    const found = schrodingerPoisson(coupling, energies.length);
    energies.forEach((energy, i) => expect(Math.abs((found.energies[i] ?? NaN) / energy - 1)).toBeLessThan(1e-9));
    expect(Math.abs(found.potential(0.5) - middle)).toBeLessThan(1e-9);
  });

  it("solves both equations, with states of length 1 that are orthogonal", () => {
    const { energies, wave, potential } = schrodingerPoisson(10, 2);
    const second = (f: (x: number) => number, x: number): number => {
      const h = 1 / 400;
      return (16 * (f(x + h) + f(x - h)) - f(x + 2 * h) - f(x - 2 * h) - 30 * f(x)) / (12 * h * h);
    };
    for (const x of [0.1, 0.35, 0.5, 0.8025]) {
      for (const i of [0, 1]) {
        const psi = (at: number): number => wave(i, at);
        expect(Math.abs(-0.5 * second(psi, x) + (potential(x) - (energies[i] ?? NaN)) * psi(x))).toBeLessThan(1e-4);
      }
      expect(Math.abs(second(potential, x) + 10 * (wave(0, x) ** 2 + wave(1, x) ** 2 - 2))).toBeLessThan(1e-4);
    }
    expect(integral((x) => wave(0, x) ** 2)).toBeCloseTo(1, 6);
    expect(integral((x) => wave(1, x) ** 2)).toBeCloseTo(1, 6);
    expect(Math.abs(integral((x) => wave(0, x) * wave(1, x)))).toBeLessThan(1e-9);
  });

  it("says when a coupling is none, or is too strong to settle", () => {
    expect(() => schrodingerPoisson(-1, 1)).toThrow("a number from 0 on, not -1");
    expect(() => schrodingerPoisson(NaN, 1)).toThrow("a number from 0 on");
    expect(() => schrodingerPoisson(1e5, 2, { intervals: 32 })).toThrow("does not settle with a coupling of 100000");
  });
});
