import type { FinalMetrics, RunBound } from "@basin/contracts";
import type { ExperimentDefinition } from "./experiment";

/** What a finished run had to reach, and what it reached: every bound of its experiment's criterion. Empty without a criterion. */
export function boundsOf(
  definition: Pick<ExperimentDefinition, "success" | "metrics" | "bounds">,
  metrics: FinalMetrics,
): RunBound[] {
  if (definition.success === null) return [];
  if (definition.bounds) return definition.bounds(metrics);
  return definition.success.all.map(({ metric, op, value: limit }) => {
    const title = definition.metrics.find(({ name }) => name === metric)?.title ?? metric;
    return bound(title, metrics[metric], op === ">=" ? "≥" : "≤", limit);
  });
}

/** A figure that is missing or not finite meets nothing. */
export function bound(title: string, value: number | null | undefined, op: "≥" | "≤", limit: number): RunBound {
  const found = typeof value === "number" && Number.isFinite(value) ? value : null;
  return { title, value: found, limit: `${op} ${limit}`, met: found !== null && (op === "≥" ? found >= limit : found <= limit) };
}
