/**
 * The catalogue: physical problems with their data, truth and judgement, and the typed parameters of the experiments built on
 * them, as pure values that load without TensorFlow. It refuses tensors (libs/models trains), search, clocks and I/O.
 */
export { checkSpec } from "./check-spec";
export { closestName } from "./closest-name";
export { ConfigurationError, configurationOf, describeExperiment } from "./describe-experiment";
export { DiagnosticParameters, diagnosticMetricNames, diagnosticValues, maxDiagnosticValues } from "./diagnostic/diagnostic";
export type { DiagnosticProblem, ExperimentDefinition, Problem, SupervisedData, SupervisedProblem } from "./experiment";
export { LogicGatesParameters, truthTables } from "./logic-gates/logic-gates";
export { LossMinimizationParameters } from "./loss-minimization/loss-minimization";
export { targetFunction } from "./loss-minimization/target-function";
export { mlpMetrics } from "./mlp-metrics";
export { experiments, findExperiment } from "./registry";
