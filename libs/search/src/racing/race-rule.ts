/** A configuration in a race. */
export interface Racer {
  readonly trial: number;
  /**
   * Per initialization so far, in the order of the sweep's seeds, lower is better: finite, the worst of all racers' where the run diverged or
   * failed, NaN where it says nothing (cancelled by a person). All racers have the same seeds, so that losses at one place are a pair.
   */
  readonly losses: readonly number[];
}

export interface RaceField {
  /** Configurations that still race, in the order of their trials; each has as many losses as the others. */
  readonly racers: readonly Racer[];
  /** How many configurations began this race, the best of earlier ones included. */
  readonly begun: number;
  /** The best configuration so far that has been trained from every seed; null: none yet. */
  readonly incumbent: Racer | null;
  /** Initializations so far, the least and the most of each. */
  readonly seeds: number;
  readonly min: number;
  readonly max: number;
  /** The error that rules with a test allow. */
  readonly alpha: number;
}

/**
 * Says which configurations are not worth a further initialization. Pure: the same field, the same answer. Asked after every round, when all runs of
 * the round have ended. It never stops them all: without an incumbent one racer at least goes on.
 */
export interface RaceRule {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  /** Compares with an incumbent: the best of the first round is trained from all seeds before others are judged. */
  readonly needsIncumbent: boolean;
  /** Makes `alpha` part of the statement. */
  readonly usesAlpha: boolean;
  /** Initializations of the next round, of those that go on; above `seeds`. */
  next(field: RaceField): number;
  /** Trial → why it is stopped, a sentence with figures. */
  stopped(field: RaceField): ReadonlyMap<number, string>;
}

/** Of the values that say something; NaN of none. */
export function meanLoss({ losses }: Pick<Racer, "losses">, first = losses.length): number {
  let sum = 0;
  let count = 0;
  for (const loss of losses.slice(0, first)) {
    if (Number.isNaN(loss)) continue;
    sum += loss;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** The lowest mean over the first seeds, the first of equals; null of none. */
export function leaderOf(racers: readonly Racer[], first?: number): Racer | null {
  let best: Racer | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const racer of racers) {
    const loss = meanLoss(racer, first);
    if (loss < least || (best === null && !Number.isNaN(loss))) [best, least] = [racer, loss];
  }
  return best;
}

export const figure = (value: number): string => String(Number(value.toPrecision(4)));
