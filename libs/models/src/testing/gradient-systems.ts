import {
  absolute,
  constant,
  coordinate,
  cosine,
  difference,
  exponentialOf,
  hyperbolicTangent,
  logarithmOf,
  measured,
  meanSolution,
  power,
  product,
  progress,
  sine,
  solution,
  sum,
  time,
  unknown,
  type DifferentialEquationSystem,
} from "@basin/problems";

/** Every kind of symbol and of measure: two coupled components, an oscillator with an unknown, a condition, data, a flat mean. */
export const oscillator: DifferentialEquationSystem = {
  coordinates: 1,
  components: 2,
  unknowns: [
    { name: "k", initial: () => 0.8 },
    { name: "a", initial: () => -0.4 },
  ],
  grids: [
    { points: Float32Array.of(0, 0.3, 0.55, 1.1, 1.4) },
    { points: Float32Array.of(0) },
    { points: Float32Array.of(0.2, 0.9, 1.3) },
  ],
  terms: [
    {
      metric: "residualLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(solution(2, 0), product(unknown("k"), sine(solution(0, 0)), solution(1, 1)), product(time, unknown("a"))),
      measure: "mean-square",
    },
    {
      metric: "boundaryLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(solution(1, 1), constant(0.5)),
      measure: "mean-square",
    },
    {
      metric: "dataLoss",
      weight: () => 1,
      grid: 2,
      measured: Float32Array.of(0.4, -0.2, 0.9),
      residual: difference(measured, product(unknown("a"), cosine(product(meanSolution(1), time)))),
      measure: "mean-square",
    },
    {
      metric: "spreadLoss",
      weight: () => 1,
      grid: 2,
      measured: null,
      residual: difference(solution(0, 1), meanSolution(1)),
      measure: "mean-absolute",
    },
    {
      metric: "rateLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: product(solution(2, 1), solution(0, 0)),
      measure: "mean-absolute",
    },
  ],
};

/** Numbers that differ from place to place, as points in (−1, 1). */
function scattered(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 997) / 498.5 - 1);
}

/** Three coordinates, all second derivatives, enough points on the second grid for a pass of its own. */
export const space: DifferentialEquationSystem = {
  coordinates: 3,
  components: 2,
  unknowns: [{ name: "k", initial: () => 0.8 }],
  grids: [{ points: scattered(3 * 7) }, { points: scattered(3 * 66) }, { points: scattered(3 * 3) }],
  terms: [
    {
      metric: "residualLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(
        solution([2]),
        product(unknown("k"), solution([1, 1]), solution([0, 1], 1)),
        product(coordinate(2), solution([0, 0, 2], 1)),
        product(progress, solution([0, 1, 1])),
        product(constant(-1), solution([1, 0, 1], 1)),
      ),
      measure: "mean-square",
    },
    {
      metric: "boundaryLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(solution([0, 1]), exponentialOf(product(coordinate(1), unknown("k")))),
      measure: "mean-square",
    },
    {
      metric: "valueLoss",
      weight: () => 1,
      grid: 2,
      measured: null,
      residual: sum(power(solution(0, 1), 3), power(difference(coordinate(0), constant(2)), -2), solution([0, 2])),
      measure: "mean-absolute",
    },
    {
      metric: "functionsLoss",
      weight: () => 1,
      grid: 2,
      measured: null,
      residual: sum(
        product(unknown("k"), hyperbolicTangent(product(constant(2), solution([1])))),
        logarithmOf(sum(constant(2), power(solution(0, 1), 2))),
        product(constant(0.5), absolute(difference(solution([0, 1]), constant(0.3)))),
      ),
      measure: "mean-square",
    },
  ],
};

/** Every measure, and unknowns whose sizes cost. */
export const measures: DifferentialEquationSystem = {
  coordinates: 2,
  components: 1,
  unknowns: [
    { name: "k", initial: () => 0.8 },
    { name: "a", initial: () => 0.1 },
  ],
  grids: [{ points: scattered(2 * 11) }, { points: scattered(2 * 5) }],
  terms: [
    ...([1, 2, 3] as const).map((positivePart) => ({
      metric: `above${positivePart}Loss`,
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(solution([1, 1]), product(unknown("k"), solution([2])), constant(0.1)),
      measure: { positivePart },
    })),
    {
      metric: "integralLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(power(solution(), 2), product(unknown("a"), meanSolution())),
      measure: "square-of-mean",
    },
  ],
  sparsity: {
    metric: "sparsityLoss",
    weight: () => 1,
    grid: 0,
    of: [
      { unknown: "k", factor: null },
      { unknown: "a", factor: coordinate(1) },
    ],
    prune: null,
  },
};

/** Third derivatives along one coordinate and mixed, and a solution that is the same at matching points of two grids. */
export const waves: DifferentialEquationSystem = {
  coordinates: 2,
  components: 2,
  unknowns: [{ name: "k", initial: () => 0.8 }],
  grids: [{ points: scattered(2 * 6) }, { points: scattered(2 * 70) }, { points: scattered(2 * 70).map((x) => -x) }],
  terms: [
    {
      metric: "residualLoss",
      weight: () => 1,
      grid: 0,
      measured: null,
      residual: sum(
        solution([0, 1]),
        product(unknown("k"), solution(), solution([1])),
        solution([3]),
        product(solution([1, 2]), solution([2, 1], 1)),
      ),
      measure: "mean-square",
    },
    {
      metric: "periodLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(solution(), solution([], 0, 2)),
      measure: "mean-square",
    },
    {
      metric: "slopeLoss",
      weight: () => 1,
      grid: 1,
      measured: null,
      residual: difference(solution([1], 1), product(unknown("k"), solution([1], 1, 2))),
      measure: "mean-square",
    },
  ],
};
