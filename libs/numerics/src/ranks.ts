/** Ranks from 1, ties sharing the mean of theirs, and how many values tie in each group of ties. */
export function midRanks(values: ArrayLike<number>): { ranks: Float64Array; ties: number[] } {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  const ties: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let i = start; i < end; i += 1) ranks[order[i] ?? 0] = (start + 1 + end) / 2;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}

/** Pearson's correlation. Null for fewer than three pairs, or when either side does not vary. */
export function pearsonCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): number | null {
  const n = xs.length;
  if (n !== ys.length) throw new RangeError(`correlation of ${n} values with ${ys.length}`);
  if (n < 3) return null;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i += 1) {
    meanX += (xs[i] ?? 0) / n;
    meanY += (ys[i] ?? 0) / n;
  }
  let sxx = 0;
  let syy = 0;
  let sxy = 0;
  for (let i = 0; i < n; i += 1) {
    const x = (xs[i] ?? 0) - meanX;
    const y = (ys[i] ?? 0) - meanY;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const scale = Math.sqrt(sxx) * Math.sqrt(syy);
  return scale > 0 && Number.isFinite(scale) ? Math.max(-1, Math.min(1, sxy / scale)) : null;
}

/** Spearman's rank correlation: Pearson's of the mid-ranks. */
export function spearmanCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): number | null {
  return pearsonCorrelation(midRanks(xs).ranks, midRanks(ys).ranks);
}
