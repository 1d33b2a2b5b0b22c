/**
 * Search algorithms as pure values: event in, state and actions out. It owns the interface, the registry, the reading of spaces
 * and the conformance suite that every entry passes. It refuses clocks, I/O and hidden state; experiments are unknown to it.
 */
export { spaceWarnings } from "./check-space";
export { checkMetricConstraints, metricViolation } from "./constraints";
export { conformanceChecks, type ConformanceCheck } from "./conformance";
export { dimensionsOf, gridSize, liesInSpace } from "./dimension";
export { hypervolume, referenceOf } from "./pareto/hypervolume";
export { nonDominationRanks } from "./pareto/ranks";
export { describeSearchAlgorithm, openSearch, type OpenSearch } from "./open-search";
export { pairedWins, pairsToDecide, signEValue } from "./racing/sign-e-process";
export { raceStep, type RaceAction, type RacedTrial } from "./racing/race-step";
export { findRaceRule, raceRules } from "./racing/registry";
export type { RaceRule } from "./racing/race-rule";
export { findStoppingRule, stoppingRules } from "./stopping/registry";
export { StoppingRecord, type ReportsEvent, type StopAction } from "./stopping/stopping-record";
export type { StoppingRule } from "./stopping/stopping-rule";
export { findSearchAlgorithm, searchAlgorithms } from "./registry";
export {
  chosenParameters,
  type EarlierTrial,
  emptyHistory,
  SearchRecord,
  type RunResult,
  type SearchedTrial,
  type SearchHistory,
  type TrialResults,
} from "./search-history";
export type { SearchAction, SearchAlgorithm, SearchEvent, SearchInput } from "./search-algorithm";
