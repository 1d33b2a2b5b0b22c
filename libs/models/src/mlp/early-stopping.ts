import type { MlpParameters } from "@basin/contracts";

/** Losses of one epoch; `validation` is NaN without held-out samples. */
export interface EpochLosses {
  training: number;
  validation: number;
}

/** Counters of early stopping and of the best epoch; plain numbers, so that a checkpoint holds them. */
export interface Watch {
  /** The validation loss that the next must be below, by the threshold. */
  best: number;
  /** Epochs since `best` was set. */
  waited: number;
  /** Losses of the epoch with the lowest validation loss so far. */
  lowest: Readonly<EpochLosses>;
}

export const freshWatch: Readonly<Watch> = {
  best: Number.POSITIVE_INFINITY,
  waited: 0,
  lowest: { training: Number.NaN, validation: Number.POSITIVE_INFINITY },
};

/** The counters after an epoch, whether its validation loss was the lowest so far, and whether the run must stop. */
export function observe(
  watch: Readonly<Watch>,
  losses: EpochLosses,
  parameters: Pick<MlpParameters, "earlyStoppingPatience" | "earlyStoppingMinDelta">,
): { watch: Watch; isLowest: boolean; stop: boolean } {
  const improved = losses.validation < watch.best - parameters.earlyStoppingMinDelta;
  const isLowest = losses.validation < watch.lowest.validation;
  const waited = improved ? 0 : watch.waited + 1;
  return {
    watch: { best: improved ? losses.validation : watch.best, waited, lowest: isLowest ? losses : watch.lowest },
    isLowest,
    stop: parameters.earlyStoppingPatience > 0 && waited >= parameters.earlyStoppingPatience,
  };
}
