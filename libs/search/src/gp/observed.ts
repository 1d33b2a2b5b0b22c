import type { SearchedTrial } from "../search-history";
import type { Domain } from "./domain";
import type { Observed } from "./fit";

/** Of more trials than this the best and the newest are looked at, half and half. */
const mostObserved = 200;

/** What a process is fitted to, and which trials that are. */
export interface ObservedTrials extends Observed {
  trials: readonly number[];
}

/**
 * The trials that have a loss (`losses`: NaN or +∞ where one has none), standardized so that greater is better. The variance of the noise of a trial is
 * s²/n: n of its runs, s² pooled over the runs of all trials that have two or more, so that it is known as soon as seeds are repeated. Null: fewer than two trials.
 */
export function observedTrials(domain: Domain, all: readonly SearchedTrial[], losses: Float64Array): ObservedTrials | null {
  const trials = kept(losses);
  if (trials.length < 2) return null;
  // Of the greatest size 1, so that no sum of squares overflows.
  const greatest = trials.reduce((most, i) => Math.max(most, Math.abs(losses[i] ?? 0)), 0) || 1;
  const scaled = trials.map((i) => -(losses[i] ?? 0) / greatest);
  const mean = scaled.reduce((sum, value) => sum + value / scaled.length, 0);
  const variance = scaled.reduce((sum, value) => sum + ((value - mean) * (value - mean)) / scaled.length, 0);
  const deviation = Math.sqrt(variance) || 1;
  const pooled = pooledVariance(trials.map((i) => valuesOf(all[i], greatest)));
  return {
    trials,
    points: trials.map((i) => domain.pointOf(all[i]?.parameters ?? {})),
    values: Float64Array.from(scaled, (value) => (value - mean) / deviation),
    noise:
      pooled === null
        ? null
        : Float64Array.from(trials, (i) => pooled / (deviation * deviation) / Math.max(1, valuesOf(all[i], greatest).length)),
  };
}

function kept(losses: Float64Array): number[] {
  const known = Array.from(losses.keys()).filter((i) => Number.isFinite(losses[i]));
  if (known.length <= mostObserved) return known;
  const byLoss = [...known].sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0) || a - b);
  const best = new Set(byLoss.slice(0, mostObserved / 2));
  const newest = known.filter((i) => !best.has(i)).slice(-mostObserved / 2);
  return [...best, ...newest].sort((a, b) => a - b);
}

function valuesOf(trial: SearchedTrial | undefined, unit: number): number[] {
  return (trial?.runs ?? []).flatMap(({ outcome, value }) => (outcome === "cancelled" || value === null ? [] : [value / unit]));
}

/** Σ(x − x̄)² over all groups by its degrees of freedom; null: no group has two values. */
export function pooledVariance(groups: readonly (readonly number[])[]): number | null {
  let [squares, freedom] = [0, 0];
  for (const values of groups) {
    if (values.length < 2) continue;
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    squares += values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    freedom += values.length - 1;
  }
  return freedom === 0 ? null : squares / freedom;
}
