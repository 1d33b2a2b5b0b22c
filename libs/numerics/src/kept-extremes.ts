/**
 * Indices of at most `budget` points that keep what a curve reaches: its first and last point, and the least and the greatest of each of
 * equally long stretches between them. From a budget of four on the least and greatest value of the whole are among them, however
 * narrow a spike is; of three, the one farther from both ends. Ascending; all points when they fit. Where values are not
 * finite, each stretch also keeps the first such point, so that the gap a divergence leaves stays visible (from five points on). Throws
 * RangeError for a budget below 2.
 */
export function keptExtremes(values: ArrayLike<number>, budget: number): Int32Array {
  const n = values.length;
  if (!Number.isSafeInteger(budget) || budget < 2) {
    throw new RangeError(`the point budget must be an integer of at least 2, not ${budget}`);
  }
  if (n <= budget) return Int32Array.from({ length: n }, (_, i) => i);
  const room = budget - 2;
  if (room < 2) return Int32Array.from([0, ...(room === 1 ? farthest(values) : []), n - 1]);
  const perStretch = room >= 3 && hasGap(values) ? 3 : 2;
  const stretches = Math.floor(room / perStretch);
  const chosen = [0];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = 1 + Math.floor((stretch * (n - 2)) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * (n - 2)) / stretches);
    const { least, greatest, gap } = marked(values, from, to);
    const kept = new Set([least, greatest, perStretch === 3 ? gap : -1]);
    chosen.push(...[...kept].filter((at) => at >= 0).sort((a, b) => a - b));
  }
  return Int32Array.from([...chosen, n - 1]);
}

function hasGap(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return true;
  return false;
}

interface Marked {
  /** Positions; −1: there is none. */
  least: number;
  greatest: number;
  gap: number;
}

/** The first of each within [from, to). */
function marked(values: ArrayLike<number>, from: number, to: number): Marked {
  const found: Marked = { least: -1, greatest: -1, gap: -1 };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = from; i < to; i += 1) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      if (found.gap < 0) found.gap = i;
      continue;
    }
    if (value < low) [low, found.least] = [value, i];
    if (value > high) [high, found.greatest] = [value, i];
  }
  return found;
}

/** The inner point farthest from the middle of both ends; none where no value is finite. */
function farthest(values: ArrayLike<number>): number[] {
  const { least, greatest } = marked(values, 1, values.length - 1);
  if (least < 0) return [];
  const middle = ((values[0] ?? Number.NaN) + (values[values.length - 1] ?? Number.NaN)) / 2;
  return [middle - (values[least] ?? 0) > (values[greatest] ?? 0) - middle ? least : greatest];
}
