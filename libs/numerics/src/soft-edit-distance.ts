import { exponential, logarithm } from "./elementary";

/** What an alignment of a source of n symbols with a target of m costs. */
export interface EditCosts {
  /** Row-major [n, m]: putting target symbol j in the place of source symbol i. */
  substitution: ArrayLike<number>;
  /** [n]: leaving source symbol i out. */
  deletion: ArrayLike<number>;
  /** [m]: putting target symbol j in. */
  insertion: ArrayLike<number>;
}

/** The soft distance and its derivative by every cost: the probability that an alignment, drawn with weight e^(−cost/γ), uses it. */
export interface SoftEditDistance {
  value: number;
  substitution: Float64Array;
  deletion: Float64Array;
  insertion: Float64Array;
}

/** −γ·ln Σ e^(−x/γ), from the least x on, so that nothing overflows; for γ = 0 the least. +∞ for no numbers. */
export function softMinimum(values: readonly number[], gamma: number): number {
  const least = Math.min(...values);
  if (gamma === 0 || !Number.isFinite(least)) return least;
  let sum = 0;
  for (const value of values) sum += exponential((least - value) / gamma);
  return least - gamma * logarithm(sum);
}

/**
 * Edit distance with a softened minimum: the soft minimum, over all alignments, of their costs, by dynamic programming with its backward pass
 * (M. Cuturi, M. Blondel, "Soft-DTW", ICML 2017, algorithms 1 and 2, for edits). It is below the hard distance by at most γ·ln(number of
 * alignments), by γ·ln k for k equally good ones as γ → 0. γ > 0; O(nm). Throws RangeError where costs do not fit together.
 */
export function softEditDistance({ substitution, deletion, insertion }: EditCosts, gamma: number): SoftEditDistance {
  const n = deletion.length;
  const m = insertion.length;
  if (substitution.length !== n * m)
    throw new RangeError(`${n} symbols against ${m} need ${n * m} costs of substitution, not ${substitution.length}`);
  if (!(gamma > 0)) throw new RangeError(`gamma must be a positive number, not ${gamma}`);
  const width = m + 1;
  const table = new Float64Array((n + 1) * width);
  const infinite = Number.POSITIVE_INFINITY;
  // Costs of the ways into cell (i, j): from the left (insertion), from above (deletion), from both (substitution).
  const fromLeft = (cell: number, j: number): number => (j > 0 ? (table[cell - 1] ?? 0) + (insertion[j - 1] ?? 0) : infinite);
  const fromAbove = (cell: number, i: number): number => (i > 0 ? (table[cell - width] ?? 0) + (deletion[i - 1] ?? 0) : infinite);
  const fromBoth = (cell: number, i: number, j: number): number =>
    i > 0 && j > 0 ? (table[cell - width - 1] ?? 0) + (substitution[(i - 1) * m + j - 1] ?? 0) : infinite;
  for (let i = 0; i <= n; i++)
    for (let j = 0; j <= m; j++) {
      const cell = i * width + j;
      if (cell === 0) continue;
      const [left, above, both] = [fromLeft(cell, j), fromAbove(cell, i), fromBoth(cell, i, j)];
      const least = Math.min(left, above, both);
      const sum =
        exponential((least - left) / gamma) + exponential((least - above) / gamma) + exponential((least - both) / gamma);
      table[cell] = least - gamma * logarithm(sum);
    }
  const out = {
    value: table[n * width + m] ?? 0,
    substitution: new Float64Array(n * m),
    deletion: new Float64Array(n),
    insertion: new Float64Array(m),
  };
  // through[i, j]: the probability that an alignment passes the cell.
  const through = new Float64Array((n + 1) * width);
  through[n * width + m] = 1;
  for (let i = n; i >= 0; i--)
    for (let j = m; j >= 0; j--) {
      const cell = i * width + j;
      if (cell === 0) break;
      const share = (cost: number): number => (through[cell] ?? 0) * exponential(((table[cell] ?? 0) - cost) / gamma);
      if (j > 0) {
        const left = share(fromLeft(cell, j));
        through[cell - 1] = (through[cell - 1] ?? 0) + left;
        out.insertion[j - 1] = (out.insertion[j - 1] ?? 0) + left;
      }
      if (i > 0) {
        const above = share(fromAbove(cell, i));
        through[cell - width] = (through[cell - width] ?? 0) + above;
        out.deletion[i - 1] = (out.deletion[i - 1] ?? 0) + above;
      }
      if (i > 0 && j > 0) {
        const both = share(fromBoth(cell, i, j));
        through[cell - width - 1] = (through[cell - width - 1] ?? 0) + both;
        out.substitution[(i - 1) * m + j - 1] = both;
      }
    }
  return out;
}

/** Costs of Levenshtein: 1 for every edit, 0 for equal symbols. Words are strings or lists of symbols. */
export function editCosts(source: ArrayLike<unknown>, target: ArrayLike<unknown>): EditCosts {
  const m = target.length;
  return {
    substitution: Float64Array.from({ length: source.length * m }, (_, at) =>
      source[Math.floor(at / m)] === target[at % m] ? 0 : 1,
    ),
    deletion: new Float64Array(source.length).fill(1),
    insertion: new Float64Array(m).fill(1),
  };
}

/** The least number of substitutions, deletions and insertions from source to target (V. I. Levenshtein 1966). Words are strings or lists of symbols. */
export function editDistance(source: ArrayLike<unknown>, target: ArrayLike<unknown>): number {
  let row = Uint32Array.from({ length: target.length + 1 }, (_, j) => j);
  for (let i = 1; i <= source.length; i++) {
    const next = new Uint32Array(row.length);
    next[0] = i;
    for (let j = 1; j <= target.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (source[i - 1] === target[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[target.length] ?? 0;
}
