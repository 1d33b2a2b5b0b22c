import type { MlpParameters } from "@basin/contracts";

/** Losses of one epoch. */
export interface EpochLosses {
  /** Mean over its batches, each before its step. */
  training: number;
  /** After it; NaN without held-out samples. */
  validation: number;
}

/** Counters of early stopping and of the best epoch; plain numbers, so that a checkpoint holds them. */
export interface Watch {
  /** The validation loss that the next must be below, by the threshold. */
  best: number;
  /** Epochs since `best` was set. */
  waited: number;
  /** The lowest validation loss so far. */
  lowest: number;
}

export const freshWatch: Readonly<Watch> = {
  best: Number.POSITIVE_INFINITY,
  waited: 0,
  lowest: Number.POSITIVE_INFINITY,
};

/** How long the training loss has rested, and where; a checkpoint holds it. */
export interface Rest {
  level: number;
  /** Epochs since it was there first. */
  epochs: number;
}

export const noRest: Readonly<Rest> = { level: Number.POSITIVE_INFINITY, epochs: 0 };

/** The rest after an epoch with that training loss, and whether it has lasted long enough for the run to end. */
export function observeRest(
  { level, epochs }: Readonly<Rest>,
  training: number,
  { plateauPatience, plateauTolerance }: Pick<MlpParameters, "plateauPatience" | "plateauTolerance">,
): { rest: Rest; stop: boolean } {
  const rests = Math.abs(training - level) <= plateauTolerance * Math.abs(level) && Number.isFinite(level);
  const rest = rests ? { level, epochs: epochs + 1 } : { level: training, epochs: 0 };
  return { rest, stop: plateauPatience > 0 && rest.epochs >= plateauPatience };
}

/** The counters after an epoch with that validation loss, whether its validation loss was the lowest so far, and whether the run must stop. */
export function observe(
  watch: Readonly<Watch>,
  validation: number,
  parameters: Pick<MlpParameters, "earlyStoppingPatience" | "earlyStoppingMinDelta">,
): { watch: Watch; isLowest: boolean; stop: boolean } {
  const improved = validation < watch.best - parameters.earlyStoppingMinDelta;
  const isLowest = validation < watch.lowest;
  const waited = improved ? 0 : watch.waited + 1;
  return {
    watch: { best: improved ? validation : watch.best, waited, lowest: isLowest ? validation : watch.lowest },
    isLowest,
    stop: parameters.earlyStoppingPatience > 0 && waited >= parameters.earlyStoppingPatience,
  };
}
