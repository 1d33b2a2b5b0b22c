import { permutation, randomStream } from "@basin/numerics";

/** Which samples a run trains on and which it holds out, as indices into the data set. */
export interface Split {
  training: Int32Array;
  validation: Int32Array;
}

/**
 * Holds out ⌊fraction·samples⌋ samples (at least one when the fraction is positive, never all), chosen by the stream
 * (seed, "split"). Without a fraction the training samples keep their order.
 */
export function splitSamples(seed: number, samples: number, fraction: number): Split {
  if (fraction === 0 || samples < 2) {
    return { training: Int32Array.from({ length: samples }, (_, i) => i), validation: new Int32Array(0) };
  }
  const order = permutation(randomStream(seed, "split"), samples);
  const held = Math.min(samples - 1, Math.max(1, Math.floor(fraction * samples)));
  return { training: order.slice(held), validation: order.slice(0, held) };
}

/** Writes the training samples in the order of an epoch (from 1), by the stream (seed, "shuffle", epoch), to `out`. */
export function shuffleEpoch(seed: number, epoch: number, training: Int32Array, out: Int32Array): void {
  const order = permutation(randomStream(seed, "shuffle", epoch), training.length);
  for (let i = 0; i < order.length; i++) out[i] = training[order[i] ?? 0] ?? 0;
}

/**
 * The split for one fold of cross-validation over the samples 0 … n−1: fold `index` (from 0) holds out every k-th sample of the order by
 * the stream (seed, "folds"), starting at the index-th, so that fold sizes differ by at most one. Throws RangeError for fewer samples than folds.
 */
export function foldSplit(seed: number, samples: number, { index, folds }: { index: number; folds: number }): Split {
  if (samples < folds) throw new RangeError(`${samples} samples cannot be cut into ${folds} folds.`);
  const order = permutation(randomStream(seed, "folds"), samples);
  const held = order.filter((_, place) => place % folds === index);
  const rest = order.filter((_, place) => place % folds !== index).sort();
  return { training: rest, validation: held.sort() };
}
