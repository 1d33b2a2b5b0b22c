import { optimizerSlots, type OptimizerName } from "@basin/contracts";

/** Samples of an epoch and of a step. A batch of 0 is all of them. */
export function trainingSizes(
  samples: number,
  { validationFraction, batchSize }: { validationFraction: number; batchSize: number },
): { training: number; validation: number; batch: number } {
  const validation = Math.floor(validationFraction * samples);
  const training = samples - validation;
  return { training, validation, batch: batchSize === 0 ? training : Math.min(batchSize, training) };
}

/**
 * Values that go with each weight of a run: `held` between steps (the weight, what the optimizer keeps, the best one where that is kept) and
 * `changing`, what a step makes before the old ones go.
 */
export function valuesPerWeight(optimizer: OptimizerName, keepsBest: boolean): { held: number; changing: number } {
  const arrays = 1 + optimizerSlots[optimizer];
  return keepsBest ? { held: arrays + 1, changing: arrays + 1 } : { held: arrays, changing: arrays };
}
