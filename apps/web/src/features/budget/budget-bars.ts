import type { Budget, BudgetPart, Sweep } from "@basin/contracts";
import { formatAgo, formatCount, formatDuration } from "@basin/ui";
import { unitText } from "../catalog/schema-fields";

/** How much of one limit is used. */
export interface BudgetBar {
  part: BudgetPart;
  label: string;
  text: string;
  /** From 0 to 1. */
  share: number;
}

type Spender = Pick<Sweep, "createdAt" | "counts" | "usage"> & { spec: { budget?: Budget | undefined } };

/** The limits of a sweep's budget, with what is used of them. `now`: milliseconds since 1970. */
export function budgetBars({ spec: { budget }, counts, usage, createdAt }: Spender, stepUnit: string, now: number): BudgetBar[] {
  const bars: BudgetBar[] = [];
  const add = (part: BudgetPart, label: string, share: number, text: string) =>
    bars.push({ part, label, text, share: Math.max(0, Math.min(1, share)) });
  if (!budget) return bars;
  const { maxRuns, maxTrainSeconds, maxSteps, deadline } = budget;
  if (maxRuns !== undefined) {
    const { planned: _, ...states } = counts;
    const runs = Object.values(states).reduce((sum, count) => sum + count, 0);
    add("runs", "Runs", runs / maxRuns, `${formatCount(runs)} of ${formatCount(maxRuns)}`);
  }
  if (maxTrainSeconds !== undefined) {
    const { trainSeconds } = usage;
    const text = `${formatDuration(trainSeconds)} of ${formatDuration(maxTrainSeconds)}`;
    add("train-seconds", "Training time of slots", trainSeconds / maxTrainSeconds, text);
  }
  if (maxSteps !== undefined) {
    const unit = unitText(stepUnit);
    const label = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`;
    add("steps", label, usage.steps / maxSteps, `${formatCount(usage.steps)} of ${formatCount(maxSteps)}`);
  }
  if (deadline !== undefined) {
    const [from, to] = [Date.parse(createdAt), Date.parse(deadline)];
    const text = `${new Date(to).toLocaleString()}, ${formatAgo(to, now)}`;
    add("deadline", "Deadline", to <= from ? 1 : (now - from) / (to - from), text);
  }
  return bars;
}

/** What became of a sweep because of its budget. */
export const spentText: Readonly<Record<BudgetPart, string>> = {
  runs: "Every run of the budget exists; the search goes on no further.",
  "train-seconds": "The training time is spent: runs that waited were cancelled.",
  steps: "The steps are spent: runs that waited were cancelled.",
  deadline: "The deadline has passed: runs that waited were cancelled.",
};
