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

/** Draws before a bootstrap sample is given up; with n samples a draw leaves none out with probability n!/nⁿ. */
const mostDraws = 64;

/**
 * The `index`-th bootstrap sample (B. Efron 1979) of 0 … n−1: n draws with replacement by the stream (seed, "bootstrap", index), in order, to
 * train on, and to judge by those that were not drawn, 37 % of them on average; drawn again where none is left. Throws RangeError for fewer than two.
 */
export function bootstrapSplit(seed: number, samples: number, index: number): Split {
  if (samples < 2) throw new RangeError("A bootstrap sample needs at least two samples to leave one out.");
  const stream = randomStream(seed, "bootstrap", index);
  for (let draw = 0; draw < mostDraws; draw++) {
    const training = Int32Array.from({ length: samples }, (_, i) =>
      Math.min(samples - 1, Math.floor(samples * stream.uniform(draw * samples + i))),
    ).sort();
    const drawn = new Set(training);
    const validation = Int32Array.from({ length: samples }, (_, i) => i).filter((i) => !drawn.has(i));
    if (validation.length > 0) return { training, validation };
  }
  throw new RangeError(`No bootstrap sample of ${samples} samples leaves one out.`);
}
