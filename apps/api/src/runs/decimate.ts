import type { Series } from "@basin/contracts";
import { largestTriangleThreeBuckets } from "@basin/numerics";

/** Points of one series as they are stored. */
export interface StoredSeries {
  metric: string;
  attempt: number;
  steps: Int32Array | Float64Array;
  values: Float64Array;
}

/**
 * A series cut down to `budget` points (null: all). On a logarithmic scale the shape that is kept is that of the logarithm, as
 * long as every finite value is positive: a plateau at 1e-6 is as visible as one at 1.
 */
export function decimate(series: StoredSeries, budget: number | null, scale: "linear" | "log"): Series {
  const { steps, values } = series;
  const points = steps.length;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const head = { metric: series.metric, attempt: series.attempt, points };
  if (budget === null || points <= budget) return { ...head, steps: Array.from(steps), values: Array.from(values, finite) };
  const logarithmic = scale === "log" && values.every((value) => value > 0 || !Number.isFinite(value));
  const heights = logarithmic ? values.map((value) => Math.log10(value)) : values;
  const chosen = Array.from(largestTriangleThreeBuckets(steps, heights, budget));
  return { ...head, steps: chosen.map((i) => steps[i] ?? 0), values: chosen.map((i) => finite(values[i] ?? Number.NaN)) };
}
