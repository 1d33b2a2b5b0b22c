import { permutation, randomStream } from "./random-stream";
import { rSquared } from "./spread";

/** Rows of a regression: `levels[feature][row]` is a small integer whose order means something; `targets[row]` a finite number. */
export interface Regression {
  levels: readonly Uint8Array[];
  targets: Float64Array;
}

export interface ForestOptions {
  trees: number;
  /** A split leaves at least this many rows on each side. */
  leafRows: number;
  depth: number;
  seed: number;
}

/** Trees as flat arrays: inner nodes go left when level ≤ `threshold`; a leaf has feature −1. */
interface Tree {
  feature: Int16Array;
  threshold: Uint8Array;
  left: Int32Array;
  right: Int32Array;
  value: Float64Array;
  /** 1: the row was in the tree's bootstrap sample. */
  used: Uint8Array;
}

const levelCount = 256;

/**
 * A random forest for regression (L. Breiman, Machine Learning 45 (2001)): trees grown from bootstrap samples by the split that
 * reduces the sum of squares most, over all features. The same inputs give the same forest.
 */
export class RegressionForest {
  readonly #trees: Tree[];

  constructor(
    private readonly data: Regression,
    options: ForestOptions,
  ) {
    this.#trees = Array.from({ length: options.trees }, (_, i) => grow(data, options, i));
  }

  /** Per row the mean over the trees that did not see it; NaN where every tree did. `levels` may be permuted columns. */
  outOfBag(levels: readonly Uint8Array[] = this.data.levels): Float64Array {
    const rows = this.data.targets.length;
    const sums = new Float64Array(rows);
    const counts = new Uint16Array(rows);
    for (const tree of this.#trees) {
      for (let row = 0; row < rows; row += 1) {
        if (tree.used[row] === 1) continue;
        let node = 0;
        for (let feature = tree.feature[0] ?? -1; feature >= 0; feature = tree.feature[node] ?? -1) {
          const level = levels[feature]?.[row] ?? 0;
          node = (level <= (tree.threshold[node] ?? 0) ? tree.left[node] : tree.right[node]) ?? 0;
        }
        sums[row] = (sums[row] ?? 0) + (tree.value[node] ?? 0);
        counts[row] = (counts[row] ?? 0) + 1;
      }
    }
    return sums.map((sum, row) => (counts[row] ? sum / (counts[row] ?? 1) : Number.NaN));
  }
}

/** R² of predictions; rows predicted as NaN are left out. NaN where the targets do not vary. */
export function explainedVariance(targets: ArrayLike<number>, predictions: ArrayLike<number>): number {
  const rows = Array.from({ length: targets.length }, (_, i) => i).filter((i) => !Number.isNaN(predictions[i]));
  return rSquared(
    rows.map((i) => targets[i] ?? Number.NaN),
    rows.map((i) => predictions[i] ?? Number.NaN),
  );
}

export interface PermutationImportance {
  /** R² on rows that a tree was not grown from. NaN when undefined. */
  explained: number;
  /** Per feature, the mean loss of R² when its column is shuffled, and the standard deviation over the repetitions. */
  features: { loss: number; std: number }[];
}

/** Permutation importance (Breiman, section 10) of a forest's features, on rows that its trees did not see. */
export function permutationImportance(data: Regression, options: ForestOptions & { repetitions: number }): PermutationImportance {
  const forest = new RegressionForest(data, options);
  const explained = explainedVariance(data.targets, forest.outOfBag());
  const rows = data.targets.length;
  const features = data.levels.map((column, feature) => {
    const losses = Array.from({ length: options.repetitions }, (_, repetition) => {
      const order = permutation(
        randomStream(options.seed, "permutation-importance", feature * options.repetitions + repetition),
        rows,
      );
      const shuffled = Uint8Array.from(order, (from) => column[from] ?? 0);
      const levels = data.levels.map((other, i) => (i === feature ? shuffled : other));
      return explained - explainedVariance(data.targets, forest.outOfBag(levels));
    });
    const loss = losses.reduce((a, b) => a + b, 0) / losses.length;
    const squares = losses.reduce((sum, one) => sum + (one - loss) ** 2, 0);
    return { loss, std: losses.length > 1 ? Math.sqrt(squares / (losses.length - 1)) : 0 };
  });
  return { explained, features };
}

function grow({ levels, targets }: Regression, { leafRows, depth, seed }: ForestOptions, index: number): Tree {
  const count = targets.length;
  const picks = new Uint32Array(count);
  randomStream(seed, "forest-bootstrap", index).fillIntegers(picks, Math.max(1, count));
  const used = new Uint8Array(count);
  for (const row of picks) used[row] = 1;
  const nodes: { feature: number; threshold: number; left: number; right: number; value: number }[] = [];
  const build = (from: number, to: number, level: number): number => {
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += targets[picks[i] ?? 0] ?? 0;
    const node = { feature: -1, threshold: 0, left: -1, right: -1, value: sum / (to - from) };
    const place = nodes.push(node) - 1;
    const split = level < depth ? bestSplit(levels, targets, picks.subarray(from, to), leafRows) : null;
    if (!split) return place;
    const middle = from + partition(picks.subarray(from, to), levels[split.feature] ?? new Uint8Array(count), split.threshold);
    Object.assign(node, split, { left: build(from, middle, level + 1), right: build(middle, to, level + 1) });
    return place;
  };
  if (count > 0) build(0, count, 0);
  else nodes.push({ feature: -1, threshold: 0, left: -1, right: -1, value: Number.NaN });
  return {
    feature: Int16Array.from(nodes, (node) => node.feature),
    threshold: Uint8Array.from(nodes, (node) => node.threshold),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    value: Float64Array.from(nodes, (node) => node.value),
    used,
  };
}

/** The split with the greatest Σ(side)²/n(side) over both sides, which is the one with the least sum of squares within. */
function bestSplit(
  levels: readonly Uint8Array[],
  targets: Float64Array,
  rows: Uint32Array,
  leafRows: number,
): { feature: number; threshold: number } | null {
  const n = rows.length;
  if (n < 2 * leafRows) return null;
  let total = 0;
  for (const row of rows) total += targets[row] ?? 0;
  let best: { feature: number; threshold: number } | null = null;
  let bestScore = (total * total) / n + 1e-12 * Math.abs((total * total) / n);
  const sums = new Float64Array(levelCount);
  const counts = new Uint32Array(levelCount);
  levels.forEach((column, feature) => {
    sums.fill(0);
    counts.fill(0);
    let last = 0;
    for (const row of rows) {
      const level = column[row] ?? 0;
      sums[level] = (sums[level] ?? 0) + (targets[row] ?? 0);
      counts[level] = (counts[level] ?? 0) + 1;
      if (level > last) last = level;
    }
    let below = 0;
    let rowsBelow = 0;
    for (let level = 0; level < last; level += 1) {
      below += sums[level] ?? 0;
      rowsBelow += counts[level] ?? 0;
      if (counts[level] === 0 || rowsBelow < leafRows || n - rowsBelow < leafRows) continue;
      const above = total - below;
      const score = (below * below) / rowsBelow + (above * above) / (n - rowsBelow);
      if (score > bestScore) {
        bestScore = score;
        best = { feature, threshold: level };
      }
    }
  });
  return best;
}

/** Brings the rows with level ≤ threshold to the front, in their order; returns how many. */
function partition(rows: Uint32Array, column: Uint8Array, threshold: number): number {
  const fits = (row: number): boolean => (column[row] ?? 0) <= threshold;
  const low = rows.filter(fits);
  const high = rows.filter((row) => !fits(row));
  rows.set(low, 0);
  rows.set(high, low.length);
  return low.length;
}
