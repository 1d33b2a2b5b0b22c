import type { Objective } from "@basin/contracts";
import type { SearchedTrial } from "./search-history";

/** What the runs of one trial say, as far as its values alone tell it. */
interface RunSums {
  /** Mean of the finite values, each divided by the number of runs that count; lower is better. */
  sum: number;
  /** Share of the runs that count and have no value: they diverged, failed or were pruned. */
  failing: number;
  /** Greatest finite value; −∞: none. */
  worst: number;
  /** Runs that count: cancelled ones say nothing. */
  counted: number;
  /** By how much constraints on metrics are broken, mean of the runs that count. */
  violation: number;
}

/**
 * The loss of each trial: the mean of the objective over its initializations, turned so that lower is better. A run that diverged, failed or was pruned
 * counts as the worst value that any run has had. A trial that breaks constraints on metrics is worse than that, by up to the range of all values, the more it breaks them. Kept up with a history by looking for trials that were replaced.
 */
export class TrialLosses {
  readonly #seen: SearchedTrial[] = [];
  readonly #sums: RunSums[] = [];

  /** `objective`: 0 for the first, and so on. */
  constructor(
    private readonly direction: Objective["direction"],
    private readonly objective = 0,
  ) {}

  update(trials: readonly SearchedTrial[]): void {
    for (let i = 0; i < trials.length; i++) {
      const trial = trials[i];
      if (!trial || this.#seen[i] === trial) continue;
      this.#seen[i] = trial;
      this.#sums[i] = this.#sumsOf(trial);
    }
  }

  /** Whether one of the first trials, told before, has other results now. */
  changed(trials: readonly SearchedTrial[], first: number): boolean {
    for (let i = 0; i < first; i++) if (this.#seen[i] !== trials[i]) return true;
    return false;
  }

  #sumsOf({ runs }: SearchedTrial): RunSums {
    const counted = runs.filter(({ outcome }) => outcome !== "cancelled");
    const sums: RunSums = { sum: 0, failing: 0, worst: Number.NEGATIVE_INFINITY, counted: counted.length, violation: 0 };
    for (const run of counted) {
      const value = this.objective === 0 ? run.value : (run.others?.[this.objective - 1] ?? null);
      sums.violation += (run.violation ?? 0) / counted.length;
      if (value === null) {
        sums.failing += 1 / counted.length;
        continue;
      }
      const loss = this.direction === "minimize" ? value : -value;
      sums.sum += loss / counted.length;
      sums.worst = Math.max(sums.worst, loss);
    }
    return sums;
  }

  #bestOf(count: number, worst: number): number {
    let best = worst;
    for (let i = 0; i < count; i++) {
      const sums = this.#sums[i];
      if (sums && this.#seen[i]?.ended && sums.counted > 0 && sums.failing === 0) best = Math.min(best, sums.sum);
    }
    return best;
  }

  /** Losses of the first `known` trials: NaN where one has not ended, +∞ where none of its runs says anything. */
  of(known: number): Float64Array {
    const count = Math.min(known, this.#sums.length);
    let worst = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) if (this.#seen[i]?.ended) worst = Math.max(worst, this.#sums[i]?.worst ?? worst);
    if (worst === Number.NEGATIVE_INFINITY) worst = 0;
    const best = this.#bestOf(count, worst);
    const losses = new Float64Array(count).fill(Number.NaN);
    for (let i = 0; i < count; i++) {
      const sums = this.#sums[i];
      if (!sums || !this.#seen[i]?.ended) continue;
      const measured = sums.failing === 0 ? sums.sum : sums.sum + sums.failing * worst;
      const share = sums.violation === Number.POSITIVE_INFINITY ? 1 : sums.violation / (1 + sums.violation);
      const loss = sums.violation > 0 ? worst + (worst - best || 1) * share : measured;
      losses[i] = sums.counted === 0 ? Number.POSITIVE_INFINITY : Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, loss));
    }
    return losses;
  }
}
