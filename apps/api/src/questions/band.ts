import type { BandCurve, BandKind, Curves } from "@basin/contracts";
import { OnlineStatistics, sortedQuantile } from "@basin/numerics";
import { t975 } from "./summaries";

export type Scale = Curves["scale"];

interface Slot {
  moments: OnlineStatistics;
  values: number[];
  /** Of every value reported after the step before and up to this one, whatever the scale; with no such value, of the one that stands. */
  least: number;
  greatest: number;
}

/**
 * Mean, median and band of one group at fixed steps, fed run by run. At each step a run counts with the last value it reported at or
 * before it, as long as it lasted: before its first and behind its last point it does not count. Values that are not finite
 * (and on a logarithmic scale, not positive) do not count either; `n` says how many do. The band `range` leaves nothing out: it
 * spans every value since the step before, those of runs that ended in between too.
 */
export class BandAccumulator {
  private readonly perStep: Slot[];

  constructor(
    readonly steps: readonly number[],
    private readonly band: BandKind,
    private readonly scale: Scale,
  ) {
    this.perStep = steps.map(() => ({
      moments: new OnlineStatistics(),
      values: [],
      least: Number.POSITIVE_INFINITY,
      greatest: Number.NEGATIVE_INFINITY,
    }));
  }

  /** One run's series; `steps` ascending. */
  add(steps: ArrayLike<number>, values: ArrayLike<number>): void {
    const last = steps.length === 0 ? Number.NEGATIVE_INFINITY : (steps[steps.length - 1] ?? 0);
    let at = -1;
    for (const [i, step] of this.steps.entries()) {
      const slot = this.perStep[i];
      if (!slot) return;
      const before = at;
      while (at + 1 < steps.length && (steps[at + 1] ?? 0) <= step) {
        at += 1;
        this.extend(slot, values[at]);
      }
      if (step > last) return;
      if (at < 0) continue;
      const value = values[at] ?? Number.NaN;
      if (at === before) this.extend(slot, value);
      if (!this.counts(value)) continue;
      const height = this.scale === "log" ? Math.log10(value) : value;
      slot.moments.add(height);
      slot.values.push(height);
    }
  }

  private counts(value: number): boolean {
    return Number.isFinite(value) && (this.scale === "linear" || value > 0);
  }

  private extend(slot: Slot, value = Number.NaN): void {
    if (!this.counts(value)) return;
    slot.least = Math.min(slot.least, value);
    slot.greatest = Math.max(slot.greatest, value);
  }

  /** On a logarithmic scale mean and band are returned as values again, so the mean is the geometric one. */
  curve(): Pick<BandCurve, "n" | "mean" | "median" | "low" | "high"> {
    const back = (value: number | null): number | null => {
      if (value === null) return null;
      const result = this.scale === "log" ? 10 ** value : value;
      return Number.isFinite(result) ? result : null;
    };
    const sorted = this.perStep.map((slot) => Float64Array.from(slot.values).sort());
    const bounds = this.perStep.map((slot, i): [number | null, number | null] => {
      if (this.band === "range") return slot.least <= slot.greatest ? [slot.least, slot.greatest] : [null, null];
      const [low, high] = boundsOf(this.band, slot.moments, sorted[i] ?? []) ?? [null, null];
      return [back(low), back(high)];
    });
    return {
      n: this.perStep.map((slot) => slot.moments.count),
      mean: this.perStep.map((slot) => back(slot.moments.count === 0 ? null : slot.moments.mean)),
      median: sorted.map((values) => back(values.length === 0 ? null : sortedQuantile(values, 0.5))),
      low: bounds.map(([low]) => low),
      high: bounds.map(([, high]) => high),
    };
  }
}

/** Null where there are too few values: interval and deviation need two. `sorted` are the values of `moments`, ascending. */
export function boundsOf(band: BandKind, moments: OnlineStatistics, sorted: ArrayLike<number>): [number, number] | null {
  const n = moments.count;
  if (n === 0) return null;
  if (band === "range") return [sorted[0] ?? 0, sorted[n - 1] ?? 0];
  if (band === "iqr") return [sortedQuantile(sorted, 0.25), sortedQuantile(sorted, 0.75)];
  if (n < 2) return null;
  const std = moments.sampleStandardDeviation;
  const half = band === "std" ? std : (t975(n - 1) * std) / Math.sqrt(n);
  return [moments.mean - half, moments.mean + half];
}
