import type { FinalMetrics, SuccessCriterion } from "@basin/contracts";

/** Whether a run's final metrics meet a criterion. A metric that is missing or not finite meets nothing. */
export function meets(criterion: SuccessCriterion, metrics: FinalMetrics): boolean {
  return criterion.all.every(({ metric, op, value }) => {
    const figure = metrics[metric];
    if (figure === undefined || figure === null || !Number.isFinite(figure)) return false;
    return op === ">=" ? figure >= value : figure <= value;
  });
}
