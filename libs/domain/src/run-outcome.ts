import type { FinalMetrics, RunOutcome, RunState, SuccessCriterion } from "@basin/contracts";

/** Whether a run's final metrics meet a criterion. A metric that is missing or not finite meets nothing. */
export function meets(criterion: SuccessCriterion, metrics: FinalMetrics): boolean {
  return criterion.all.every(({ metric, op, value }) => {
    const figure = metrics[metric];
    if (figure === undefined || figure === null || !Number.isFinite(figure)) return false;
    return op === ">=" ? figure >= value : figure <= value;
  });
}

/** What became of a run under its experiment's criterion; only one that trained to its end has met or missed it. */
export function outcomeOf(state: RunState, metrics: FinalMetrics, criterion: SuccessCriterion | null): RunOutcome {
  if (state !== "succeeded" || criterion === null) return "none";
  return meets(criterion, metrics) ? "met" : "missed";
}
