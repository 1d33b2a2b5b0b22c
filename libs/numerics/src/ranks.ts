import { crossProducts, spreadOf } from "./spread";

/** Ranks from 1, ties sharing the mean of theirs, and how many values tie in each group of ties. */
export function midRanks(values: ArrayLike<number>): { ranks: Float64Array; ties: number[] } {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => {
    const [x, y] = [values[a] ?? 0, values[b] ?? 0];
    return x < y ? -1 : Number(x > y);
  });
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

/** Pearson's correlation. Null for fewer than three pairs, and when either side does not vary. */
export function pearsonCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): number | null {
  const n = xs.length;
  if (n !== ys.length) throw new RangeError(`correlation of ${n} values with ${ys.length}`);
  if (n < 3) return null;
  const x = spreadOf(xs);
  const y = spreadOf(ys);
  if (!x || !y) return null;
  const correlation = crossProducts(x, y) / Math.sqrt(x.squares * y.squares);
  return Number.isFinite(correlation) ? Math.max(-1, Math.min(1, correlation)) : null;
}

/** Spearman's rank correlation: Pearson's of the mid-ranks. */
export function spearmanCorrelation(xs: ArrayLike<number>, ys: ArrayLike<number>): number | null {
  return pearsonCorrelation(midRanks(xs).ranks, midRanks(ys).ranks);
}
