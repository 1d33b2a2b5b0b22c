import type { Budget, BudgetPart, RunCounts } from "@basin/contracts";

/** What a sweep has used so far. */
export interface BudgetUsage {
  /** Runs that exist, whatever their state. */
  runs: number;
  trainSeconds: number;
  steps: number;
  /** Milliseconds since 1970. */
  now: number;
}

/** The first part of a budget that is spent; null while everything may go on. */
export function spentPart(budget: Budget | undefined, usage: BudgetUsage): BudgetPart | null {
  if (!budget) return null;
  const { maxRuns, maxTrainSeconds, maxSteps, deadline } = budget;
  if (deadline !== undefined && Date.parse(deadline) <= usage.now) return "deadline";
  if (maxTrainSeconds !== undefined && usage.trainSeconds >= maxTrainSeconds) return "train-seconds";
  if (maxSteps !== undefined && usage.steps >= maxSteps) return "steps";
  if (maxRuns !== undefined && usage.runs >= maxRuns) return "runs";
  return null;
}

/** Why a run that waited was cancelled. Runs with these reasons wait again when a sweep gets another budget. */
export const budgetReasons: Readonly<Record<BudgetPart, string>> = {
  runs: "the sweep's budget of runs is spent",
  "train-seconds": "the sweep's budget of training time is spent",
  steps: "the sweep's budget of steps is spent",
  deadline: "the sweep's deadline has passed",
};

/** Runs that exist. */
export function createdRuns(counts: Omit<RunCounts, "planned">): number {
  const { pending, queued, running, succeeded, diverged, failed, cancelled, pruned } = counts;
  return pending + queued + running + succeeded + diverged + failed + cancelled + pruned;
}

/** Runs the sweep will have in the end: what the search plans, at most what the budget allows; null when neither is known. */
export function plannedRuns(search: number | null, budget: Budget | undefined): number | null {
  const most = budget?.maxRuns ?? null;
  return search === null ? most : most === null ? search : Math.min(search, most);
}
