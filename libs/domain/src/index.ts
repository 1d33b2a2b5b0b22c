/**
 * The rules of sweeps, runs and attempts as pure functions: which transitions are legal, when a sweep is complete, what a lost
 * attempt costs, which runs are trained together. It refuses storage, clocks and messages; the control plane applies it.
 */
export { attemptEvents, attemptTransitions, transitionAttempt, type AttemptEvent } from "./attempt-state";
export { budgetReasons, createdRuns, plannedRuns, spentPart, type BudgetUsage } from "./budget";
export { buildsOnline, chooseBuild, isOfBuild, waitingFor, type BuildPlace, type SweepBuild } from "./builds";
export { choosePacks, evenWidths, isolationStrikes, packKeyOf, targetPackWidth, type PackableRun } from "./packing";
export {
  chooseWidth,
  trustedSeconds,
  widestThatFits,
  widthClass,
  type MemoryNeed,
  type PackPlace,
  type PackRate,
  type WidthChoice,
} from "./pack-width";
export {
  afterStrike,
  afterUnfinishedAttempt,
  freshRetryBudget,
  type RetryDecision,
  type RetryInput,
  type UnfinishedOutcome,
} from "./retry-policy";
export { isRunFinished, runEvents, runStatesAccepting, runTransitions, transitionRun, type RunEvent } from "./run-state";
export type { Transition, TransitionResult } from "./state-machine";
export { isSweepComplete, sweepEvents, sweepTransitions, transitionSweep, unfinishedRuns, type SweepEvent } from "./sweep-state";
