/**
 * The catalogue: physical problems with their data, truth and judgement, and the typed parameters of the experiments built on
 * them, as pure values that load without TensorFlow. It refuses tensors (libs/models trains), search, clocks and I/O.
 */
export { checkData, dependsOnData, type DataFindings } from "./check-data";
export { checkSpec, objectiveWarnings, parameterWarnings, unknownParameter } from "./check-spec";
export { describeShape, parameterShapes } from "./parameter-shape";
export type { LawSnapshot } from "./dynamics/equation";
export { checkLawSearch } from "./dynamics/check-law-search";
export { latentMetrics } from "./dynamics/latent-metrics";
export {
  baseFunctions,
  buildLibrary,
  evaluateTerms,
  latentVariables,
  reciprocalSoftening,
  type Library,
  type Term,
  type Variable,
} from "./dynamics/library";
export { ConfigurationError, configurationOf, describeExperiment } from "./describe-experiment";
export { checkDatasets, datasetsOf } from "./datasets/check-datasets";
export {
  derivativeOf,
  entryOf,
  jetPlan,
  type Derivative,
  type DerivativeOrders,
  type JetPlan,
} from "./differential-equations/derivative";
export {
  constant,
  coordinate,
  absolute,
  cosine,
  hyperbolicTangent,
  logarithmOf,
  difference,
  evaluateExpression,
  exponentialOf,
  measured,
  meanSolution,
  partialDerivative,
  power,
  product,
  progress,
  sine,
  solution,
  sum,
  symbolKey,
  symbolsOf,
  time,
  unknown,
  type EquationSymbol,
  type Expression,
} from "./differential-equations/expression";
export { requireWindow, stepOf, weightAt } from "./differential-equations/moment";
export { gridsOf, learnedSymbols, lossParts, networkPasses, pointsOf, type NetworkPass } from "./differential-equations/passes";
export { requireSystem } from "./differential-equations/require-system";
export { DiagnosticParameters, diagnosticMetricNames, diagnosticValues, maxDiagnosticValues } from "./diagnostic/diagnostic";
export type { DiagnosticProblem, ExperimentDefinition, Problem } from "./experiment";
export type { ExtensionFamilyId, FamilyId } from "./families";
export { ExtensionError, extensionNames, loadExtensions, type ExperimentKit, type Extension } from "./extensions";
export {
  CustomLossParameters,
  type CustomLossOutcome,
  type CustomLossProblem,
  type LossDraw,
  type OutputBatch,
} from "./kinds/custom-loss";
export type { DescentHistory, DescentProblem } from "./kinds/descent";
export type {
  DifferentialEquationProblem,
  DifferentialEquationSystem,
  LearnedSolution,
  UnknownsAtStep,
  LossTerm,
  Measure,
  Moment,
  PhysicalParameter,
  PointSet,
  SparsityTerm,
} from "./kinds/differential-equation";
export type { ClassifierOutcome, LabelledImages, LabelledImagesProblem } from "./kinds/labelled-images";
export type {
  Jet,
  LatentDynamicsData,
  LatentDynamicsProblem,
  LatentJudgement,
  LatentModel,
  LossSnapshot,
} from "./kinds/latent-dynamics";
export type { MeasuredDynamicsProblem, MeasuredLaw, MeasuredStates } from "./kinds/measured-dynamics";
export type { Reconstructions, ReconstructionProblem } from "./kinds/reconstruction";
export type { ChainPotential, OutputPenalty } from "./kinds/output-penalty";
export { noResources, type ProblemResources } from "./kinds/resources";
export {
  output,
  signal,
  state,
  type ClosedLoop,
  type LearnedLoop,
  type LoopExpression,
  type LoopSymbol,
  type LoopTerm,
  type RolledOut,
  type RolloutProblem,
  type Trajectories,
} from "./kinds/rollout";
export { requireLoop, requireTrajectories } from "./rollout/require-loop";
export type { PlotsById } from "./kinds/plots-by-id";
export type { SupervisedData, SupervisedProblem } from "./kinds/supervised";
export type { TableRows } from "./kinds/table-rows";
export type { NamedArray, NetworkWeights, TrainedNetwork } from "./kinds/trained-network";
export { LogicGatesParameters, truthTables } from "./logic-gates/logic-gates";
export { LossMinimizationParameters } from "./loss-minimization/loss-minimization";
export { targetFunction } from "./loss-minimization/target-function";
export { checkMinimization, checkMlpParameters, crossValidationMetrics, mlpMetrics } from "./mlp-metrics";
export { checkStarts, startParameter, startsOf, type WeightsMetadata } from "./check-start";
export { UntrainableError } from "./untrainable-error";
export { holdsFor } from "./parameter-rule";
export { penaltyWeightName } from "./penalty-weight";
export { checkMemory, gigabytes, memorySentence, type SlotRoom } from "./memory/check-memory";
export { estimatePackMemory, packBytes, type PackMemory } from "./memory/pack-memory";
export type { DatasetShape } from "./datasets/dataset-fields";
export type { DataSizes, DatasetShapes } from "./memory/data-sizes";
export { boundsOf } from "./run-bounds";
export { addExperiments, experiments, externalExperiments, findExperiment, knowExternal } from "./registry";
export { checkExternalDefaults, externalDefinition } from "./external-experiment";
export { trainedSamples, type TrainedSamples } from "./training-samples";
export {
  effectiveConfiguration,
  equalValues,
  idleParameters,
  inapplicableIn,
  withoutEffect,
  type EqualValues,
  type IdleParameter,
} from "./without-effect";
export { pendulumOutcome, pendulumOutcomes, type PendulumOutcome } from "./sindy-pendulum/outcome";
