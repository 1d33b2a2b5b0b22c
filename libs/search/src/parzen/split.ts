/** At most so many trials are good ones. */
const mostBelow = 25;
/** So many of the newest observations weigh the same. */
const newest = 25;

/** How many of n ended trials are the good ones: ⌈n/10⌉, at most 25. */
export function goodCount(n: number): number {
  return Math.min(Math.ceil(0.1 * n), mostBelow);
}

/**
 * Observations split at the loss, each part in the order of the trials: `below` holds the best, `above` the others and those of trials that
 * have not ended, so that what is being tried looks bad. `losses` of trials: NaN where one has not ended (as beyond its end), +∞ where its runs say
 * nothing, which is in neither part.
 */
export function splitObservations(trials: readonly number[], losses: Float64Array): { below: Int32Array; above: Int32Array } {
  const best: number[] = [];
  const bestLosses: number[] = [];
  let ended = 0;
  let silent = 0;
  for (let i = 0; i < trials.length; i++) {
    const loss = losses[trials[i] ?? 0] ?? Number.NaN;
    if (loss === Number.POSITIVE_INFINITY) silent += 1;
    else if (!Number.isNaN(loss)) {
      ended += 1;
      if (best.length === mostBelow && loss >= (bestLosses[mostBelow - 1] as number)) continue;
      // Equal ones in the order of the trials.
      let at = best.length;
      while (at > 0 && loss < (bestLosses[at - 1] ?? 0)) at -= 1;
      if (at >= mostBelow) continue;
      best.splice(at, 0, i);
      bestLosses.splice(at, 0, loss);
      if (best.length <= mostBelow) continue;
      best.pop();
      bestLosses.pop();
    }
  }
  const below = Int32Array.from(best.slice(0, goodCount(ended))).sort();
  const above = new Int32Array(trials.length - below.length - silent);
  for (let i = 0, at = 0, count = 0; i < trials.length; i++) {
    if (below[at] === i) at += 1;
    else if (losses[trials[i] ?? 0] !== Number.POSITIVE_INFINITY) above[count++] = i;
  }
  return { below, above };
}

/** Weight of observation k of n in the order of their trials: the newest 25 weigh 1, those before less the older they are, the oldest 1/n. */
export function recencyWeight(k: number, n: number): number {
  const older = n - newest;
  if (k >= older) return 1;
  return older === 1 ? 1 / n : 1 / n + (k / (older - 1)) * (1 - 1 / n);
}

/** Sum of the weights of n observations. */
export function recencyWeightSum(n: number): number {
  const older = n - newest;
  if (older <= 0) return n;
  return newest + (older === 1 ? 1 / n : (older * (1 + 1 / n)) / 2);
}
