import { figure, meanLoss, type RaceRule } from "./race-rule";

/**
 * Keeps the better half, rounded up, by the mean, and doubles the initializations (Z. Karnin, T. Koren and O. Somekh, "Almost optimal exploration
 * in multi-armed bandits", ICML 2013; K. Jamieson and A. Talwalkar 2016). What ties with the last that is kept goes by the number of its trial.
 */
export const halving: RaceRule = {
  id: "halving",
  version: 1,
  title: "Halving",
  summary: "Keeps the better half after each round and doubles the initializations: its cost is known beforehand.",
  needsIncumbent: false,
  usesAlpha: false,
  next: ({ seeds }) => 2 * seeds,
  stopped({ racers, seeds }) {
    const keep = Math.ceil(racers.length / 2);
    const ranked = racers
      .map((racer) => ({ trial: racer.trial, mean: meanLoss(racer) }))
      .sort((a, b) => worstLast(a.mean) - worstLast(b.mean) || a.trial - b.trial);
    const last = ranked[keep - 1];
    return new Map(
      ranked
        .slice(keep)
        .map(({ trial, mean }) => [
          trial,
          `its mean of ${figure(mean)} over ${seeds} is not among the best ${keep} of ${racers.length}; the last of those has ${figure(last?.mean ?? Number.NaN)}`,
        ]),
    );
  },
};

const worstLast = (mean: number): number => (Number.isNaN(mean) ? Number.MAX_VALUE : mean);
