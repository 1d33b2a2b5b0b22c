import type { SearchInput } from "../search-algorithm";
import type { SearchedTrial } from "../search-history";
import { TrialLosses } from "../trial-losses";

/** A loss for each objective of each trial, kept up with a history. */
export class ObjectiveLosses {
  readonly #each: readonly TrialLosses[];

  constructor({ direction, others = [] }: Pick<SearchInput<unknown>, "direction" | "others">) {
    this.#each = [direction, ...others].map((one, m) => new TrialLosses(one, m));
  }

  get count(): number {
    return this.#each.length;
  }

  update(trials: readonly SearchedTrial[]): void {
    for (const one of this.#each) one.update(trials);
  }

  /** Of each of the first `known` trials its losses; null where it has not ended or says nothing. */
  of(known: number): (Float64Array | null)[] {
    const each = this.#each.map((one) => one.of(known));
    return Array.from({ length: each[0]?.length ?? 0 }, (_, i) => {
      const losses = Float64Array.from(each, (one) => one[i] ?? Number.NaN);
      return losses.every(Number.isFinite) ? losses : null;
    });
  }
}
