/**
 * Numbers that must be the same everywhere: the counter-based random generator behind every weight, shuffle and candidate,
 * elementary functions fixed to the bit, statistics over runs, and the cutting down of curves. It imports nothing, holds no
 * state and refuses clocks, `Math.random` and tensors.
 */
export { cosPi, exponential, logarithm, sinPi } from "./elementary";
export { ExactSum, sum } from "./exact-sum";
export { firstNotFinite } from "./first-not-finite";
export { interpolatingPolynomial, interpolatingSpline, type Interpolant } from "./interpolation";
export { keptExtremes } from "./kept-extremes";
export { keyedPermutation } from "./keyed-permutation";
export { fitLine, inverseMatrix, leastSquares } from "./linear-algebra";
export { welchTest, type Welch } from "./mean-tests";
export { normalQuantile } from "./normal-quantile";
export { normalTail } from "./normal-tail";
export { DormandPrince, solveOde, type OdeOptions, type RightHandSide } from "./ode";
export { OnlineStatistics } from "./online-statistics";
export { philox4x32 } from "./philox";
export {
  gridPoints,
  latinHypercubePoints,
  pointSet,
  pointSetKinds,
  sobolPoints,
  uniformPoints,
  type Box,
  type PointDraw,
  type PointSetKind,
  type SobolOptions,
} from "./point-sets";
export { fisherExact, proportionDifference } from "./proportion-tests";
export { cliffsDelta, hodgesLehmann, mannWhitney, type CliffsDelta, type MannWhitney, type Shift } from "./rank-tests";
export { midRanks, pearsonCorrelation, spearmanCorrelation } from "./ranks";
export { permutation, randomStream, type RandomStream } from "./random-stream";
export {
  explainedVariance,
  permutationImportance,
  RegressionForest,
  type ForestOptions,
  type PermutationImportance,
  type Regression,
} from "./regression-forest";
export {
  isConstant,
  mean,
  rSquared,
  sampleStandardDeviation,
  spreadOf,
  standardization,
  type Spread,
  type Standardization,
} from "./spread";
export {
  confidenceInterval,
  median,
  quantile,
  sortedQuantile,
  summarize,
  wilsonInterval,
  type Interval,
  type Summary,
} from "./statistics";
export { studentTQuantile, studentTTwoSided } from "./student-t";
