/**
 * Numbers that must be the same everywhere: the counter-based random generator behind every weight, shuffle and candidate,
 * elementary functions fixed to the bit, point sets, solvers and minimizers in double precision, reference solutions of known
 * equations, statistics over runs, and the cutting down of curves. It imports nothing, holds no state and refuses clocks,
 * `Math.random` and tensors.
 */
export { cosPi, exponential, logarithm, sinPi } from "./elementary";
export { ExactSum, sum } from "./exact-sum";
export { firstNotFinite } from "./first-not-finite";
export { huberRegression } from "./huber-regression";
export { interpolatingPolynomial, interpolatingSpline, type Interpolant } from "./interpolation";
export { gaussianOrthogonalMatrix } from "./gaussian-orthogonal";
export { hessian, hessianProduct, type GradientFunction } from "./hessian";
export { keptExtremes } from "./kept-extremes";
export { keyedPermutation } from "./keyed-permutation";
export { lbfgsNext, lbfgsStart, minimizeLbfgs, type LbfgsOptions, type LbfgsState, type LbfgsStatus } from "./lbfgs";
export { lbfgsFromRecord, lbfgsRecordLength, lbfgsToRecord } from "./lbfgs-record";
export { fitLine, inverseMatrix, leastSquares } from "./linear-algebra";
export { welchTest, type Welch } from "./mean-tests";
export { mostSequenceCoordinates, scrambledHalton, scrambledSobol, type PointSequence } from "./low-discrepancy";
export { medianRegression } from "./median-regression";
export { normalCdf } from "./normal-cdf";
export { normalQuantile } from "./normal-quantile";
export { normalTail } from "./normal-tail";
export { DormandPrince, odeTrajectory, solveOde, type OdeOptions, type RightHandSide } from "./ode";
export { OnlineStatistics } from "./online-statistics";
export { bestQuantile, expectedBestOf, interquartileMean, startsNeeded } from "./over-seeds";
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
export {
  dominantEigenvalue,
  greatestEigenvalue,
  type Eigenpair,
  type PowerIterationOptions,
  type SymmetricMap,
} from "./power-iteration";
export { burgersSolution } from "./reference-solutions/burgers";
export { blackScholesCall, type CallOption } from "./reference-solutions/black-scholes";
export { schrodingerPoisson, statesInWell, type BoundStates, type WellOptions } from "./reference-solutions/bound-states";
export { lotkaVolterra, vanDerPol, type LotkaVolterraRates } from "./reference-solutions/dynamical-systems";
export { kdvSolitons, type Soliton } from "./reference-solutions/kdv-solitons";
export {
  advectedGaussian,
  advectedSine,
  heatModes,
  helmholtzSolution,
  laplaceSolution,
  standingWaves,
  type GaussianStart,
  type SineTerm,
  type SourcedSolution,
} from "./reference-solutions/linear-equations";
export {
  allenCahnSolution,
  fisherKppSolution,
  reactionDiffusion,
  type FisherKpp,
  type ReactionDiffusion,
} from "./reference-solutions/reaction-diffusion";
export { symmetricEigen, type SymmetricEigen } from "./symmetric-eigenvalues";
export {
  eigenvaluesBelow,
  solveTridiagonal,
  tridiagonalEigenvalue,
  tridiagonalEigenvector,
  type SymmetricTridiagonal,
} from "./symmetric-tridiagonal";
export { fisherExact, proportionDifference } from "./proportion-tests";
export {
  cliffsDelta,
  hodgesLehmann,
  leastMannWhitneyP,
  mannWhitney,
  type CliffsDelta,
  type MannWhitney,
  type Shift,
} from "./rank-tests";
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
export { absoluteLoss, huberLoss, softThreshold, squaredLoss, type ResidualLoss } from "./residual-losses";
export {
  editCosts,
  editDistance,
  softEditDistance,
  softMinimum,
  type EditCosts,
  type SoftEditDistance,
} from "./soft-edit-distance";
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
  medianInterval,
  quantile,
  sortedQuantile,
  summarize,
  wilsonInterval,
  type Interval,
  type Summary,
} from "./statistics";
export { studentTQuantile, studentTTwoSided } from "./student-t";
