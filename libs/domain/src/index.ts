/**
 * The rules of sweeps, runs and attempts as pure functions: which transitions are legal, when a sweep is complete, what a lost
 * attempt costs, which runs are trained together. It refuses storage, clocks and messages; the control plane applies it.
 */
export { budgetReasons, plannedRuns, spentPart, type BudgetUsage } from "./budget";
export { buildsOnline, chooseBuild, isOfBuild, waitingFor } from "./builds";
export { longestWaitSeconds, packToHandBack } from "./fair-share";
export { choosePacks, packKeyOf } from "./packing";
export {
  chooseWidth,
  widestThatFits,
  widthClass,
  type MemoryNeed,
  type PackPlace,
  type PackRate,
  type WidthChoice,
} from "./pack-width";
export { afterUnfinishedAttempt, type RetryDecision, type RetryInput, type UnfinishedOutcome } from "./retry-policy";
export { meets, outcomeOf } from "./run-outcome";
export { isRunFinished, runStatesAccepting, runTransitions, transitionRun, type RunEvent } from "./run-state";
export type { Transition } from "./state-machine";
export { sweepTransitions, transitionSweep, unfinishedRuns, type SweepEvent } from "./sweep-state";
