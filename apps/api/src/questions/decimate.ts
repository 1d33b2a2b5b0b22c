import type { Series } from "@basin/contracts";
import { keptExtremes } from "@basin/numerics";
import type { TimedSeries } from "./training-time";

/** A series cut down to `budget` points (null: all) that keep its spikes: the least and greatest value of every stretch. */
export function decimate(series: Omit<TimedSeries, "key" | "run">, budget: number | null): Series {
  const { steps, values } = series;
  const points = steps.length;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const head = { metric: series.metric, attempt: series.attempt, points };
  if (budget === null || points <= budget) return { ...head, steps: Array.from(steps), values: Array.from(values, finite) };
  const chosen = Array.from(keptExtremes(values, budget));
  return { ...head, steps: chosen.map((i) => steps[i] ?? 0), values: chosen.map((i) => finite(values[i] ?? Number.NaN)) };
}
