import { describe, expect, it } from "vitest";
import { lbfgsNext, lbfgsStart, minimizeLbfgs, type LbfgsState } from "./lbfgs";
import { lbfgsFromRecord, lbfgsRecordLength, lbfgsToRecord } from "./lbfgs-record";

type Objective = (x: Float64Array) => { value: number; gradient: Float64Array };

/** Σ 100(x_{i+1} − x_i²)² + (1 − x_i)². */
const rosenbrock: Objective = (x) => {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i]!, x[i + 1]!];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    gradient[i]! += -400 * a * (b - a * a) - 2 * (1 - a);
    gradient[i + 1]! += 200 * (b - a * a);
  }
  return { value, gradient };
};

/** ½Σ k·x_k² − Σ x_k with k = 1, 4, 9, …: minimum at 1/k. */
const quadratic: Objective = (x) => ({
  value: x.reduce((sum, v, i) => sum + 0.5 * (i + 1) ** 2 * v * v - v, 0),
  gradient: x.map((v, i) => (i + 1) ** 2 * v - 1),
});

/** Logistic regression of 40 samples with 3 inputs and a penalty of 0.025·|w|². */
const logistic: Objective = (w) => {
  let value = 0.025 * w.reduce((sum, v) => sum + v * v, 0);
  const gradient = w.map((v) => 0.05 * v);
  for (let i = 0; i < 40; i++) {
    const y = (5 * i + 3) % 7 < 3 ? 1 : -1;
    const x = [0, 1, 2].map((j) => ((7 * i + 11 * j * j + 3 * i * j) % 17) / 8 - 1);
    const margin = y * x.reduce((sum, v, j) => sum + v * w[j]!, 0);
    value += Math.log1p(Math.exp(-margin)) / 40;
    x.forEach((v, j) => (gradient[j]! -= (y * v) / (1 + Math.exp(margin)) / 40));
  }
  return { value, gradient };
};

const beale: Objective = ([x = NaN, y = NaN]) => {
  const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y ** 3];
  return {
    value: a * a + b * b + c * c,
    gradient: Float64Array.of(
      2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y ** 3 - 1),
      2 * a * x + 4 * b * x * y + 6 * c * x * y * y,
    ),
  };
};

describe("L-BFGS", () => {
  it("reaches the minimum of Rosenbrock's function in 2 and 10 unknowns", () => {
    // scipy 1.17.1's L-BFGS-B needs 47 and 97 evaluations from here.
    for (const [n, most] of [
      [2, 80],
      [10, 160],
    ] as const) {
      const found = minimizeLbfgs(
        rosenbrock,
        Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
      );
      expect(found.status).toBe("converged");
      expect(found.value).toBeLessThan(1e-15);
      for (const x of found.point) expect(Math.abs(x - 1)).toBeLessThan(1e-7);
      expect(found.evaluations).toBeLessThan(most);
    }
  });

  it("reaches the minimum of quadratics, in few iterations where all curvatures are alike", () => {
    const found = minimizeLbfgs(quadratic, new Float64Array(30), { gradientTolerance: 1e-11, memory: 5 });
    expect(found.status).toBe("converged");
    found.point.forEach((x, i) => expect(Math.abs(x - 1 / (i + 1) ** 2)).toBeLessThan(1e-10));
    const round = minimizeLbfgs(
      (x) => ({ value: x.reduce((s, v) => s + 2 * (v - 3) ** 2, 0), gradient: x.map((v) => 4 * (v - 3)) }),
      new Float64Array(50),
    );
    expect([round.status, round.evaluations]).toEqual(["converged", expect.toSatisfy((n: number) => n <= 5)]);
  });

  it("finds scipy's minima of a logistic regression and of Beale's function", () => {
    // scipy 1.17.1, minimize(method="L-BFGS-B"): the same values; the coefficients from Newton's method in numpy, to a gradient of 1e-17.
    const fit = minimizeLbfgs(logistic, new Float64Array(3), { gradientTolerance: 1e-10 });
    expect(Math.abs(fit.value - 0.6837736323276125)).toBeLessThan(1e-14);
    [0.1117856472313985, 0.016571968703526903, -0.3533857042081672].forEach((w, i) =>
      expect(Math.abs(fit.point[i]! - w)).toBeLessThan(1e-9),
    );
    const far = minimizeLbfgs(beale, [1, 1]);
    expect(far.point[0]).toBeCloseTo(3, 7);
    expect(far.point[1]).toBeCloseTo(0.5, 7);
  });

  it("accepts only steps that meet the strong Wolfe conditions", () => {
    let state = lbfgsStart([-1.2, 1, -1.2, 1]);
    let before = state;
    let accepted = 0;
    while (state.status !== "converged" && state.status !== "stuck") {
      const { value, gradient } = rosenbrock(state.trial);
      const next = lbfgsNext(state, value, gradient);
      if (next.iterations > state.iterations) {
        const slope = (g: Float64Array): number => g.reduce((sum, v, i) => sum + v * before.direction[i]!, 0);
        expect(next.value).toBeLessThanOrEqual(before.value + 1e-14 * before.value + 1e-4 * state.step * slope(before.gradient));
        expect(Math.abs(slope(next.gradient))).toBeLessThanOrEqual(-0.9 * slope(before.gradient));
        accepted += 1;
      }
      if (next.direction !== before.direction) before = next;
      state = next;
    }
    expect(state.status).toBe("converged");
    expect(accepted).toBeGreaterThan(10);
  });

  it("resumed from its record after any evaluation, goes on to the bit", () => {
    const run = (resume: boolean): LbfgsState[] => {
      let state = lbfgsStart([-1.2, 1, 0.3, -2, 4], { memory: 3 });
      const states = [state];
      for (let i = 0; i < 60; i++) {
        const { value, gradient } = rosenbrock(state.trial);
        state = lbfgsNext(state, value, gradient);
        if (resume) {
          const record = lbfgsToRecord(state);
          expect(record).toHaveLength(lbfgsRecordLength(5, 3));
          // Through bytes, as in a file.
          state = lbfgsFromRecord(new Float64Array(record.buffer.slice(0)));
        }
        states.push(state);
      }
      return states;
    };
    expect(run(true)).toEqual(run(false));
    expect(run(false).at(-1)?.steps).toHaveLength(3);
  });

  it("does not write to what it was given", () => {
    const { value, gradient } = rosenbrock(Float64Array.of(-1.2, 1));
    const first = lbfgsNext(lbfgsStart([-1.2, 1]), value, gradient);
    const kept = lbfgsToRecord(first);
    const there = rosenbrock(first.trial);
    const once = lbfgsNext(first, there.value, there.gradient);
    there.gradient.fill(NaN);
    expect(lbfgsToRecord(first)).toEqual(kept);
    const again = rosenbrock(first.trial);
    expect(lbfgsNext(first, again.value, again.gradient)).toEqual(once);
  });

  it("backs out of where the value is not finite, and stops where nothing falls", () => {
    // x − ln x is undefined for x ≤ 0 and least at 1.
    const barrier = minimizeLbfgs(([x = NaN]) => ({ value: x - Math.log(x), gradient: [1 - 1 / x] }), [30]);
    expect(barrier.point[0]).toBeCloseTo(1, 7);
    expect(minimizeLbfgs(() => ({ value: NaN, gradient: [1] }), [0]).status).toBe("stuck");
    const wrong = minimizeLbfgs(([x = NaN]) => ({ value: x * x, gradient: [-2 * x] }), [1]);
    expect([wrong.status, wrong.point[0]]).toEqual(["stuck", 1]);
    const ended = minimizeLbfgs(quadratic, [1, 1]);
    expect(lbfgsNext(ended, 7, [7, 7])).toBe(ended);
    // Flat to rounding: single precision.
    const coarse = minimizeLbfgs(
      (x) => {
        const { value, gradient } = rosenbrock(x);
        return { value: Math.fround(value + 1), gradient: gradient.map(Math.fround) };
      },
      [-1.2, 1],
    );
    expect(coarse.evaluations).toBeLessThan(500);
    expect(Math.abs(coarse.point[0]! - 1)).toBeLessThan(1e-2);
  });

  it("names options and records that are none", () => {
    expect(() => lbfgsStart([0], { memory: 0 })).toThrow("memory must be an integer from 1 on, not 0");
    expect(() => lbfgsStart([0], { curvature: 1 })).toThrow("sufficientDecrease < curvature < 1");
    expect(() => lbfgsStart([0], { maxLineEvaluations: 1 })).toThrow("maxLineEvaluations");
    expect(() => lbfgsStart([0], { gradientTolerance: NaN })).toThrow("gradientTolerance");
    expect(() => lbfgsNext(lbfgsStart([0, 0]), 1, [1])).toThrow("a gradient of 1 does not belong to 2 unknowns");
    expect(() => lbfgsFromRecord(new Float64Array(30))).toThrow("no record of an L-BFGS state");
    expect(() => lbfgsFromRecord(lbfgsToRecord(lbfgsStart([0, 0])).slice(1, -1))).toThrow(RangeError);
    expect(() => lbfgsFromRecord(lbfgsToRecord(lbfgsStart([0, 0])).slice(0, -1))).toThrow(
      "does not hold an L-BFGS state of 2 unknowns",
    );
  });
});
