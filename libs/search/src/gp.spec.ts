import { Space } from "@basin/contracts";
import { normalQuantile, scrambledSobol } from "@basin/numerics";
import { describe, expect, it, test } from "vitest";
import { gp } from "./gp";
import { LogExpectedImprovement, logImprovement } from "./gp/expected-improvement";
import { fitProcess, leastNoise, negativeLogPosterior, type Fitted } from "./gp/fit";
import { PointSpace } from "./gp/kernel";
import { pooledVariance } from "./gp/observed";
import { Posterior } from "./gp/posterior";
import { SearchRecord, type RunResult } from "./search-history";

/** Two numbers and a choice of three; what is compared with was computed from the same points by NumPy and SciPy. */
const space = new PointSpace([false, false, true]);
const points = [
  [0.1, 0.8, 0],
  [0.4, 0.3, 1],
  [0.75, 0.55, 0],
  [0.9, 0.1, 2],
  [0.25, 0.95, 1],
].map((point) => Float64Array.from(point));
const values = Float64Array.of(-1.2, 0.3, 0.9, -0.4, 0.4);
const noise = Float64Array.of(0.05, 0.05, 0.1, 0.025, 0.05);
const logs = (...all: number[]): Float64Array => Float64Array.from(all, Math.log);
const fitted: Fitted = { weights: Float64Array.of(3, 0.7, 1.5), scale: 0.8, noise: noise.map((own) => leastNoise + own) };

describe("the fit", () => {
  it("has the density of scipy.stats.multivariate_normal and the slopes of its differences", () => {
    const known = negativeLogPosterior(space, { points, values, noise }, logs(3, 0.7, 1.5, 0.8));
    expect(known.value).toBeCloseTo(8.20921937984932, 10);
    const slopes = [-0.4871238296288993, 0.09371010305514459, -0.3108500701287653, -0.40235594083171117];
    known.gradient.forEach((slope, i) => expect(slope).toBeCloseTo(slopes[i]!, 8));
    const free = negativeLogPosterior(space, { points, values, noise: null }, logs(3, 0.7, 1.5, 0.8, 0.03));
    expect(free.value).toBeCloseTo(9.585046263316748, 10);
    const freeSlopes = [-0.6730847690761266, 0.0986324467433519, -0.38143559191183835, -0.7287256460486445, 0.7272038131667101];
    free.gradient.forEach((slope, i) => expect(slope).toBeCloseTo(freeSlopes[i]!, 8));
  });

  it("ends where scipy.optimize.minimize ends", () => {
    const { weights, scale } = fitProcess(space, { points, values, noise });
    const best = negativeLogPosterior(space, { points, values, noise }, logs(...weights, scale)).value;
    expect(best).toBeCloseTo(7.983941119782214, 4);
    const wanted = [4.877682992279862, 0.48675756120438685, 2.7632718101627796];
    weights.forEach((weight, i) => expect(Math.abs(Math.log(weight / wanted[i]!))).toBeLessThan(0.05));
  });

  it("knows the noise of runs: within trials, pooled over all", () => {
    expect(pooledVariance([[1], [2]])).toBeNull();
    // (0.5 + 2)/(1 + 2): deviations ±0.5 about 1.5, and −1, 0, 1 about 5.
    expect(pooledVariance([[1, 2], [7], [4, 5, 6]])).toBeCloseTo(2.5 / 3, 14);
  });
});

describe("expected improvement", () => {
  // By mpmath with 60 digits: z, log(φ(z) + zΦ(z)), Φ(z)/(φ(z) + zΦ(z)).
  test.each([
    [3, 1.0987396653277078, 0.33284096845179524],
    [0.5, -0.35982768374506382, 0.99092271800410996],
    [-0.9, -2.2982829894596518, 1.8326998049212273],
    [-1.5, -3.5299359208057099, 2.2795806941564462],
    [-10, -55.553122036122356, 10.194383033412553],
    [-24.9, -317.35848574266734, 24.979936959471138],
    [-25.1, -322.37440987246407, 25.179305997377542],
    [-60, -1809.1084601822722, 60.03330560942051],
    [-1000, -500014.73445209116, 1000.001999994],
  ])("is right at z = %s, however far left", (z, value, slope) => {
    const found = logImprovement(z);
    expect(Math.abs(found.value / value - 1)).toBeLessThan(1e-8);
    expect(Math.abs(found.slope / slope - 1)).toBeLessThan(1e-6);
  });

  const at = Float64Array.of(0.6, 0.4, 1);
  const posterior = Posterior.of(space, fitted, { points, values, noise });

  it("follows from the posterior of NumPy", () => {
    const { means, variance } = posterior.at(at);
    expect(means[0]).toBeCloseTo(0.37228722592362345, 10);
    expect(variance).toBeCloseTo(0.1666260814709798, 10);
    expect(new LogExpectedImprovement(posterior, 0.5).at(at)).toBeCloseTo(-2.235887206139085, 9);
  });

  const pending = [Float64Array.of(0.7, 0.5, 0), Float64Array.of(0.3, 0.6, 1)];
  const draws = (count: number): Float64Array[] => {
    const sequence = scrambledSobol(2, 1, "gp.spec");
    return Array.from({ length: count }, (_, s) => sequence(s).map((share) => normalQuantile(share + 2 ** -34)));
  };

  it("of what is added to pending points: 20 million joint draws by NumPy gave −2.8206 ± 0.0006", () => {
    const given = posterior.given(pending, draws(4096));
    expect(new LogExpectedImprovement(given, 0.5).at(at)).toBeCloseTo(-2.8206, 2);
  });

  it("has the slopes of its differences, pending points or not", () => {
    for (const of of [posterior, posterior.given(pending, draws(64))]) {
      const improvement = new LogExpectedImprovement(of, 0.5);
      const { value, gradient } = improvement.withGradient(at);
      expect(value).toBe(improvement.at(at));
      for (const j of [0, 1]) {
        const moved = (by: number): number => improvement.at(at.map((x, i) => (i === j ? x + by : x)));
        expect(gradient[j]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
      }
      expect(gradient[2]).toBe(0);
    }
  });
});

/** Searches `objective` (several runs a trial where it gives several values); the trials in order. */
function searched(given: unknown, config: object, objective: (parameters: Record<string, unknown>, trial: number) => number[]) {
  const input = {
    space: Space.parse(given),
    config: gp.configSchema.parse({ trials: 100, batchSize: 1, ...config }),
    seed: 3,
    direction: "minimize" as const,
  };
  expect(gp.check(input)).toEqual([]);
  const record = new SearchRecord();
  let state = gp.init(input);
  for (let done = 0; done < input.config.trials;) {
    const answer = gp.next(input, state, { type: "capacity", trials: 100 }, record);
    state = answer.state;
    const made = answer.actions.flatMap((action) => (action.type === "create-trial" ? [action] : []));
    for (const { parameters } of made) record.create(parameters);
    record.tell({
      type: "results",
      trials: made.map(({ trial, parameters }) => ({
        trial,
        ended: true,
        runs: objective(parameters, trial).map((value, initialization): RunResult => ({
          initialization,
          value,
          outcome: "succeeded",
        })),
      })),
    } as { type: string });
    done += made.length;
  }
  return record.trials.map(({ parameters }) => parameters);
}

describe("the search", () => {
  it("finds the least of Branin's function to 0.02 in 30 trials, and in 34 in batches of four", () => {
    // L. C. W. Dixon, G. P. Szegö 1978: the least value is 0.397887.
    const branin = (x: number, y: number): number =>
      (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
    const given = { x: { type: "float", min: -5, max: 10 }, y: { type: "float", min: 0, max: 15 } };
    for (const config of [{ trials: 30 }, { trials: 34, batchSize: 4 }]) {
      const found = searched(given, { candidates: 256, ...config }, ({ x, y }) => [branin(Number(x), Number(y))]);
      expect(Math.min(...found.map(({ x, y }) => branin(Number(x), Number(y)))) - 0.397887).toBeLessThan(0.02);
    }
  });

  it("walks conditions and whole numbers, and tries nothing twice", () => {
    const given = {
      optimizer: { type: "choice", values: ["sgd", "adam"] },
      momentum: { type: "step", min: 0, max: 0.9, step: 0.1, when: { parameter: "optimizer", in: ["sgd"] } },
      layers: { type: "int", min: 1, max: 6 },
    };
    const cost = (p: Record<string, unknown>): number =>
      (p["optimizer"] === "sgd" ? Math.abs(Number(p["momentum"]) - 0.6) : 0.5) + 0.1 * Math.abs(Number(p["layers"]) - 4);
    const found = searched(given, { trials: 24, candidates: 64, startup: 6 }, (p) => [cost(p)]);
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(24);
    expect(Math.min(...found.map(cost))).toBeLessThan(0.11);
    expect(found.every((one) => "momentum" in one === (one["optimizer"] === "sgd"))).toBe(true);
  });

  it("refuses more parameters and larger batches than it can take, with the field", () => {
    const many = Object.fromEntries(
      Array.from({ length: 51 }, (_, i) => [
        `p${String.fromCharCode(97 + (i % 26))}${i > 25 ? "b" : "a"}`,
        { type: "float", min: 0, max: 1 },
      ]),
    );
    const check = (given: unknown, config: object) =>
      gp.check({
        space: Space.parse(given),
        config: gp.configSchema.parse({ trials: 20, ...config }),
        seed: 0,
        direction: "minimize",
      });
    expect(check(many, {})).toMatchObject([
      { path: "space", message: "51 parameters vary; a Gaussian process takes 50 at most here" },
    ]);
    expect(check({ x: { type: "float", min: 0, max: 1 } }, { batchSize: 101 })).toMatchObject([
      { path: "search.config.batchSize", hint: 'at most 100, or use the algorithm "tpe"' },
    ]);
  });
});
