import { describe, expect, it } from "vitest";
import { DormandPrince, odeTrajectory, solveOde } from "./ode";

describe("solveOde", () => {
  it("follows the exponential and the circle", () => {
    const times = Array.from({ length: 41 }, (_, i) => i / 4);
    const circle = solveOde(
      (_, [x = 0, v = 0], out) => {
        out[0] = v;
        out[1] = -x;
      },
      [1, 0],
      times,
    );
    circle.forEach((state, i) => {
      expect(state[0]).toBeCloseTo(Math.cos(times[i] ?? 0), 8);
      expect(state[1]).toBeCloseTo(-Math.sin(times[i] ?? 0), 8);
    });
    const decay = solveOde((t, [y = 0], out) => void (out[0] = -2 * t * y), [1], [0, 0.5, 1.5]);
    expect(decay[2]?.[0]).toBeCloseTo(Math.exp(-2.25), 9);
  });

  it("holds the tolerance it was given, and a tenth of it costs a fitting number of steps", () => {
    const errorAt = (relativeTolerance: number): [error: number, steps: number] => {
      let calls = 0;
      const end = solveOde(
        (_, [x = 0, v = 0], out) => {
          calls += 1;
          out[0] = v;
          out[1] = -Math.sin(x);
        },
        [2.0943951023931953, 0],
        [0, 8.6260625],
        { relativeTolerance, absoluteTolerance: relativeTolerance },
      ).at(-1);
      return [Math.abs((end?.[0] ?? NaN) - 2.0943951023931953), calls];
    };
    const [coarse, few] = errorAt(1e-5);
    const [fine, many] = errorAt(1e-9);
    expect(fine).toBeLessThan(1e-6);
    expect(coarse).toBeLessThan(1e-2);
    // Order 5: four digits more cost 10^(4/5) = 6.3 times the steps.
    expect(many / few).toBeGreaterThan(3);
    expect(many / few).toBeLessThan(10);
  });

  it("says NaN from where a solution blows up", () => {
    const states = solveOde((_, [y = 0], out) => void (out[0] = y * y), [1], [0, 0.5, 2], { maxSteps: 5000 });
    expect(states[1]?.[0]).toBeCloseTo(2, 6);
    expect(states[2]?.[0]).toBeNaN();
  });
});

it("has a continuous extension that meets both ends of a step", () => {
  const solver = new DormandPrince((_, [y = 0], out) => void (out[0] = -y), 0, [1]);
  solver.advance(10);
  solver.advance(10);
  const out = new Float64Array(1);
  for (const share of [0, 0.3, 0.5, 0.9, 1]) {
    const t = solver.previous + share * (solver.t - solver.previous);
    solver.at(t, out);
    expect(out[0]).toBeCloseTo(Math.exp(-t), 9);
  }
});

describe("odeTrajectory", () => {
  it("gives the state at any time in any order, and NaN outside its range", () => {
    const at = odeTrajectory((_, [y = 0], out) => void (out[0] = -y), [1], [1, 6]);
    const out = new Float64Array(1);
    for (const t of [6, 1, 3.7, 1.0001, 5.9]) {
      at(t, out);
      expect(Math.abs((out[0] ?? NaN) - Math.exp(1 - t))).toBeLessThan(1e-8);
    }
    for (const t of [0.99, 6.01, NaN]) {
      at(t, out);
      expect(out[0]).toBeNaN();
    }
  });

  it("says NaN from where a solution blows up, and refuses a range that goes nowhere", () => {
    const at = odeTrajectory((_, [y = 0], out) => void (out[0] = y * y), [1], [0, 2], { maxSteps: 5000 });
    const out = new Float64Array(1);
    at(0.5, out);
    expect(out[0]).toBeCloseTo(2, 6);
    at(1.5, out);
    expect(out[0]).toBeNaN();
    expect(() => odeTrajectory(() => undefined, [1], [2, 2])).toThrow("not from 2 to 2");
  });
});
