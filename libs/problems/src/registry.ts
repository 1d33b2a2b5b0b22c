import { backpropagation } from "./backpropagation/backpropagation";
import { crossValidationSearch } from "./cross-validation-search/cross-validation-search";
import { batchNormalization } from "./regularization/batch-normalization";
import { dropout } from "./regularization/dropout";
import { gradientClipping } from "./regularization/gradient-clipping";
import { vanishingGradient } from "./vanishing-gradient/vanishing-gradient";
import { breastCancer } from "./breast-cancer/breast-cancer";
import { cylinderFlow } from "./cylinder-flow/cylinder-flow";
import { irisPerceptron } from "./iris-perceptron/iris-perceptron";
import { lorenzInterpolation } from "./lorenz-interpolation/lorenz-interpolation";
import { perceptronRegression } from "./perceptron-regression/perceptron-regression";
import { polynomialRegression } from "./polynomial-regression/polynomial-regression";
import { twoFrequencies } from "./two-frequencies/two-frequencies";
import { rungeInterpolation } from "./runge-interpolation/runge-interpolation";
import { datasetAutoencoder } from "./datasets/dataset-autoencoder";
import { datasetClassification } from "./datasets/dataset-classification";
import { datasetRegression } from "./datasets/dataset-regression";
import { datasetSindy } from "./datasets/dataset-sindy";
import { diagnostic } from "./diagnostic/diagnostic";
import type { ExperimentDefinition } from "./experiment";
import { digits } from "./digits/digits";
import { digitsCnn } from "./digits/digits-cnn";
import { mnist } from "./digits/mnist";
import { logicGates } from "./logic-gates/logic-gates";
import { harmonicOscillatorPinn } from "./harmonic-oscillator-pinn/harmonic-oscillator-pinn";
import { blackScholesPinn } from "./black-scholes-pinn/black-scholes-pinn";
import { convexFreeEnergy } from "./convex-free-energy/convex-free-energy";
import { energyConservation } from "./energy-conservation/energy-conservation";
import { equationOfState } from "./equation-of-state/equation-of-state";
import { typedLaw } from "./typed-law/typed-law";
import { equation } from "./equation/equation";
import { heatPinn } from "./heat-pinn/heat-pinn";
import { laplacePinn } from "./laplace-pinn/laplace-pinn";
import { docking } from "./docking/docking";
import { hierarchicalCost } from "./hierarchical-cost/hierarchical-cost";
import { proteinSmoothness } from "./protein-smoothness/protein-smoothness";
import { inputSelection } from "./input-selection/input-selection";
import { l1L2Line } from "./l1-l2-line/l1-l2-line";
import { lasso } from "./lasso/lasso";
import { weightDecay } from "./weight-decay/weight-decay";
import { lossMinimization } from "./loss-minimization/loss-minimization";
import { boltzmann } from "./boltzmann/boltzmann";
import { bowl } from "./bowl/bowl";
import { twoMinima } from "./two-minima/two-minima";
import { saddleEscape } from "./saddle-escape/saddle-escape";
import { plateauTime } from "./plateau-time/plateau-time";
import { randomCriticalPoints } from "./random-critical-points/random-critical-points";
import { spelling } from "./spelling/spelling";
import { sharpness } from "./sharpness/sharpness";
import { optimizers } from "./optimizers/optimizers";
import { pinnBenchmarks } from "./pinn-benchmarks/pinn-benchmarks";
import { pdeDiscovery } from "./pde-discovery/pde-discovery";
import { pendulumGravity } from "./pendulum-gravity/pendulum-gravity";
import { pendulumImages } from "./pendulum-images/pendulum-images";
import { lorenzLifted } from "./lorenz-lifted/lorenz-lifted";
import { delayedEcho } from "./delayed-echo/delayed-echo";
import { maglev } from "./maglev/maglev";
import { mullerBrown } from "./muller-brown/muller-brown";
import { schrodingerPoisson } from "./schrodinger-poisson/schrodinger-poisson";
import { sindyLorenz } from "./sindy-lorenz/sindy-lorenz";
import { sindyPendulum } from "./sindy-pendulum/sindy-pendulum";

/** A new experiment is a folder and a line here. */
const catalogue: ExperimentDefinition[] = [
  lossMinimization,
  irisPerceptron,
  perceptronRegression,
  logicGates,
  optimizers,
  bowl,
  saddleEscape,
  twoMinima,
  plateauTime,
  mullerBrown,
  randomCriticalPoints,
  boltzmann,
  pendulumGravity,
  harmonicOscillatorPinn,
  laplacePinn,
  heatPinn,
  blackScholesPinn,
  pinnBenchmarks,
  equation,
  equationOfState,
  convexFreeEnergy,
  energyConservation,
  schrodingerPoisson,
  maglev,
  pdeDiscovery,
  pendulumImages,
  twoFrequencies,
  rungeInterpolation,
  cylinderFlow,
  lorenzInterpolation,
  polynomialRegression,
  breastCancer,
  digits,
  digitsCnn,
  mnist,
  vanishingGradient,
  batchNormalization,
  dropout,
  gradientClipping,
  delayedEcho,
  crossValidationSearch,
  backpropagation,
  sharpness,
  spelling,
  l1L2Line,
  lasso,
  weightDecay,
  inputSelection,
  proteinSmoothness,
  hierarchicalCost,
  docking,
  sindyPendulum,
  sindyLorenz,
  lorenzLifted,
  typedLaw,
  datasetRegression,
  datasetClassification,
  datasetAutoencoder,
  datasetSindy,
  diagnostic,
];
/** Every experiment, in the order of the catalogue: ours, then those from outside. */
export const experiments: readonly ExperimentDefinition[] = catalogue;

/** Puts experiments from outside behind the others. Throws RangeError, and adds none, when an id is taken. */
export function addExperiments(definitions: readonly ExperimentDefinition[]): void {
  const taken = definitions.find(({ id }) => findExperiment(id));
  if (taken) throw new RangeError(`There is an experiment "${taken.id}" already.`);
  catalogue.push(...definitions);
}

const external = { versions: new Map<string, ExperimentDefinition>(), newest: new Map<string, ExperimentDefinition>() };

/** Puts versions of experiments whose code is not Basin's beside the catalogue; of each id the last is the newest from now on. */
export function knowExternal(definitions: readonly ExperimentDefinition[]): void {
  for (const definition of definitions) {
    if (definition.problem.kind !== "external") throw new RangeError(`${definition.id} is no experiment from outside`);
    external.versions.set(definition.problem.ref, definition);
    external.newest.set(definition.id, definition);
  }
}

/** The newest version of every experiment whose code is not Basin's. */
export const externalExperiments = (): ExperimentDefinition[] => [...external.newest.values()];

/** By id or, one of the versions of an experiment from outside, by reference. Null when there is none. */
export function findExperiment(id: string): ExperimentDefinition | null {
  return experiments.find((experiment) => experiment.id === id) ?? external.versions.get(id) ?? external.newest.get(id) ?? null;
}
