import { expect, test } from "vitest";
import { withMargin } from "./margin";
import { adapted, defaultPopulation, firstDistribution, strategyConstants } from "./strategy";

// cmaes 0.13.1: CMA(mean=[.5, .5, .5], sigma=1/6, population_size=7), three generations of its own samples, rounded to six digits before they were told.
const generations = [
  [
    [0.770724, 0.398041, 0.411971],
    [0.321172, 0.644235, 0.11641],
    [0.790802, 0.373132, 0.553173],
    [0.458438, 0.743685, 0.156643],
    [0.446264, 0.435991, 0.688962],
    [0.316685, 0.471262, 0.35369],
    [0.507036, 0.597136, 0.316563],
  ],
  [
    [0.66624, 0.495261, 0.6211],
    [0.617067, 0.268872, 0.471318],
    [0.519858, 0.48209, 0.32848],
    [0.694212, 0.357071, 0.267276],
    [0.567331, 0.385397, 0.281684],
    [0.392123, 0.641861, 0.409624],
    [0.769985, 0.279018, 0.426388],
  ],
  [
    [0.586778, 0.68478, 0.368498],
    [0.231244, 0.661406, 0.42682],
    [0.502256, 0.575849, 0.450544],
    [0.47823, 0.34251, 0.384707],
    [0.425496, 0.613083, 0.43442],
    [0.41655, 0.572248, 0.538641],
    [0.500274, 0.668751, 0.378385],
  ],
];
const loss = ([x = 0, y = 0, z = 0]: ArrayLike<number> & Iterable<number>): number =>
  (x - 0.3) ** 2 + 10 * (y - 0.6) ** 2 + 100 * (z - 0.45) ** 2 + x * y;

const close = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 9);
};

test("weights and rates are those of cmaes", () => {
  const of = strategyConstants(3, 7);
  expect(defaultPopulation(3)).toBe(7);
  close(
    [of.c1, of.cMu, of.cSigma, of.dSigma, of.cc, of.muEffective, of.chi],
    [
      0.09640963257927214, 0.05124308701358615, 0.4149090010980616, 1.4149090010980616, 0.5588013228860189, 2.2548150822016044,
      1.5968775302586076,
    ],
  );
  close(
    of.weights,
    [
      0.585645106509765, 0.2928225532548825, 0.12153234023535245, 0, -0.4241269418431741, -0.7706638857059224,
      -1.0636566969842556,
    ],
  );
});

test("three generations adapt mean, step, covariance and paths as cmaes does", () => {
  const of = strategyConstants(3, 7);
  let distribution = firstDistribution(of, 1 / 6);
  for (const samples of generations) {
    const sorted = samples.map((x) => Float64Array.from(x)).sort((a, b) => loss(a) - loss(b));
    distribution = adapted(of, distribution, sorted);
  }
  close(distribution.mean, [0.32106208920673074, 0.6368579933255483, 0.4319286846444806]);
  close([distribution.sigma], [0.14608831544659773]);
  close(
    distribution.covariance,
    [
      1.735381174297857, -0.6393256451092146, -0.07962904556513364, -0.6393256451092146, 1.0697827162874405, 0.028684931378357308,
      -0.07962904556513364, 0.02868493137835732, 0.4646167677653113,
    ],
  );
  close(distribution.pathSigma, [-1.6692822822239202, 1.3837655272294378, -0.37879964259682836]);
  close(distribution.pathC, [-2.1722423108433753, 1.6659889932709377, -0.04983413960785729]);
});

test("the margin leaves each neighbouring value its probability, and nothing else alone that has it", () => {
  const of = strategyConstants(3, 7);
  const narrow = { ...firstDistribution(of, 1e-4), mean: Float64Array.from([0.52, 0.01, 0.4]) };
  const alpha = 1 / 21;
  const { mean, scale, sigma } = withMargin(narrow, [5, 5, 0], alpha);
  expect(mean[2]).toBe(0.4);
  expect(scale[2]).toBe(1);
  // Upper tail probabilities of a standard normal distribution by Simpson's rule.
  const tail = (z: number): number => {
    const [n, end] = [20_000, z + 12];
    let sum = 0;
    for (let i = 0; i <= n; i++) {
      const t = z + ((end - z) * i) / n;
      sum += (i === 0 || i === n ? 1 : i % 2 === 0 ? 2 : 4) * Math.exp((-t * t) / 2);
    }
    return (sum * (end - z)) / n / 3 / Math.sqrt(2 * Math.PI);
  };
  // The middle cell reaches from 0.4 to 0.6.
  expect(tail((0.6 - mean[0]!) / (sigma * scale[0]!))).toBeCloseTo(alpha / 2, 6);
  expect(tail((mean[0]! - 0.4) / (sigma * scale[0]!))).toBeCloseTo(alpha / 2, 6);
  // The first cell ends at 0.2.
  expect(tail((0.2 - mean[1]!) / (sigma * scale[1]!))).toBeCloseTo(alpha, 6);
  const wide = { ...narrow, sigma: 0.2, mean: Float64Array.from([0.5, 0.3, 0.4]) };
  expect(withMargin(wide, [5, 5, 0], alpha)).toEqual(wide);
});
