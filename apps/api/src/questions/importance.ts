import type { Importance, ParameterValue, Sweep } from "@basin/contracts";
import { permutationImportance, spreadOf } from "@basin/numerics";
import { distinctRows } from "./distinct-runs";
import { leftOutOf } from "./evidence";
import { compareValues, describeParameter } from "./parameter-axes";
import type { OpenQuestion } from "./questions.service";
import { evenlySpread } from "./ranking";
import { hasEnded, type ParameterColumn } from "./sweep-table";

/** A parameter with more values than this is cut into this many bins of equally many trials. */
const mostBins = 16;
/** The forest is grown from at most this many runs. */
const mostForestRows = 2000;
const forest = { trees: 40, leafRows: 3, depth: 12, seed: 0, repetitions: 5 };

const methods: Record<Importance["method"]["id"], Importance["method"]> = {
  "main-effects": {
    id: "main-effects",
    title: "Main effects (ω²)",
    description:
      "Share of the figure's variance over all runs that lies between the values (or 16 bins of equally many runs) of one parameter, corrected for the number of bins (ω², at least 0): its effect on average over all others. Effects that only show in combination are not seen.",
  },
  permutation: {
    id: "permutation",
    title: "Permutation importance of a random forest",
    description:
      "How much of R² a random forest (40 trees) loses on runs that it was not grown from when one parameter is shuffled. Combinations are seen; parameters that stand for each other share their importance.",
  },
};

/** The scale on which variances are compared: the logarithm where the figure is declared so and all values are positive. */
function transformed(values: readonly number[], scale: "linear" | "log"): { scale: "linear" | "log"; y: Float64Array } {
  const log = scale === "log" && values.every((value) => value > 0);
  return { scale: log ? "log" : "linear", y: Float64Array.from(values, (value) => (log ? Math.log10(value) : value)) };
}

/** Position of each trial's bin: the value's rank, or one of `mostBins` quantile bins over the given trials. */
function binsOf(column: ParameterColumn, trials: ArrayLike<number>, most: number): { ofTrial: Int32Array; bins: number } {
  const order = column.values.map((_, i) => i).sort((a, b) => compareValues(valueAt(column, a), valueAt(column, b)));
  const counts = new Float64Array(column.values.length);
  let all = 0;
  for (const trial of Array.from(trials)) {
    const code = column.codes[trial] ?? -1;
    if (code < 0) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    all += 1;
  }
  const place = new Int32Array(column.values.length);
  const names = new Map<number, number>();
  let before = 0;
  order.forEach((code, rank) => {
    const weight = counts[code] ?? 0;
    const raw = column.values.length <= most ? rank : Math.min(most - 1, Math.floor((most * (before + weight / 2)) / all));
    before += weight;
    if (weight > 0 && !names.has(raw)) names.set(raw, names.size);
    place[code] = names.get(raw) ?? 0;
  });
  return { ofTrial: Int32Array.from(column.codes, (code) => (code < 0 ? -1 : (place[code] ?? 0))), bins: names.size };
}

function valueAt(column: ParameterColumn, code: number): ParameterValue {
  return column.values[code] ?? 0;
}

/**
 * ω² = (SSB − (k − 1)·MSW) / (SST + MSW) of k levels (W. L. Hays, Statistics (1963)), at least 0: an estimate of the share of
 * variance between levels that, unlike η², is not inflated by their number. Values of a negative level (the parameter does not apply to
 * them) count in SST alone. Null when there is nothing to compare: a figure that is the same everywhere, or one level.
 */
export function shareBetween(y: ArrayLike<number>, levels: ArrayLike<number>): number | null {
  const spread = spreadOf(y);
  if (!spread) return null;
  const sums = new Map<number, { n: number; sum: number }>();
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < y.length; i += 1) {
    const level = levels[i] ?? -1;
    if (level < 0) continue;
    const deviation = spread.deviations[i] ?? 0;
    n += 1;
    sum += deviation;
    squares += deviation * deviation;
    const entry = sums.get(level);
    if (entry) {
      entry.n += 1;
      entry.sum += deviation;
    } else sums.set(level, { n: 1, sum: deviation });
  }
  const k = sums.size;
  if (k < 2 || n <= k) return null;
  let ofLevels = 0;
  for (const entry of sums.values()) ofLevels += (entry.sum * entry.sum) / entry.n;
  const between = ofLevels - (sum * sum) / n;
  const within = Math.max(0, squares - ofLevels) / (n - k);
  return Math.max(0, Math.min(1, (between - (k - 1) * within) / (spread.squares + within)));
}

/** Importance of parameters for a figure over all runs that have it. Pure. */
export function importanceOf(
  sweep: Sweep,
  { table, figure, values }: OpenQuestion,
  query: { method: Importance["method"]["id"]; parameters: readonly string[] },
): Importance {
  const considered = distinctRows(
    table,
    Array.from({ length: table.count }, (_, row) => row),
  );
  const rows = considered.rows.filter((row) => !Number.isNaN(values[row] ?? Number.NaN));
  const ended = considered.rows.filter((row) => hasEnded(table.state[row] ?? 0)).length;
  const limit = query.method === "permutation" ? mostForestRows : rows.length;
  const used = evenlySpread(rows.length, limit).map((i) => rows[i] ?? 0);
  const { scale, y } = transformed(
    used.map((row) => values[row] ?? 0),
    figure.scale,
  );
  const trials = Int32Array.from(used, (row) => table.trialRow[row] ?? 0);
  const factors = query.parameters.flatMap((name) => {
    const column = table.parameters.get(name);
    if (!column || column.values.length < 2) return [];
    const { ofTrial, bins } = binsOf(column, trials, query.method === "permutation" ? 64 : mostBins);
    // A value without effect says as little as one that does not apply.
    const idle = table.twins?.idle.get(name);
    return [{ name, bins, levels: Int32Array.from(trials, (trial) => (idle?.[trial] === 1 ? -1 : (ofTrial[trial] ?? -1))) }];
  });
  const shares = factors.map(({ levels }) => shareBetween(y, levels));
  const betweenTrials = shareBetweenTrials(y, trials, shares);
  const measured = query.method === "permutation" ? byForest(y, factors) : byMainEffects(shares, betweenTrials);
  return {
    sweep: sweep.id,
    figure,
    method: methods[query.method],
    scale,
    n: used.length,
    coverage: { shown: used.length, of: Math.max(ended, rows.length) },
    leftOut: leftOutOf(table, considered, values, "they are left out, so the shares speak for the others alone"),
    explained: measured.explained,
    parameters: factors
      .map(({ name, bins }, i) => ({
        name,
        title: describeParameter(sweep, name).title,
        importance: measured.parameters[i]?.importance ?? 0,
        std: measured.parameters[i]?.std ?? null,
        bins,
      }))
      .sort((a, b) => b.importance - a.importance || (a.name < b.name ? -1 : 1)),
    seedShare: betweenTrials === null ? null : 1 - betweenTrials,
  };
}

interface Factor {
  bins: number;
  levels: Int32Array;
}
interface Measured {
  explained: number | null;
  parameters: { importance: number; std: number | null }[];
}

/** What lies between trials is at least what one parameter does, though ω² takes more off for many trials than for few values. */
export function shareBetweenTrials(
  y: ArrayLike<number>,
  trials: ArrayLike<number>,
  shares: readonly (number | null)[],
): number | null {
  const share = shareBetween(y, trials);
  return share === null ? null : Math.max(share, ...shares.map((one) => one ?? 0));
}

/** Shares of parameters that vary together overlap: what they explain together is at most what lies between trials. */
function byMainEffects(shares: readonly (number | null)[], betweenTrials: number | null): Measured {
  const known = shares.filter((share) => share !== null);
  const sum = known.reduce((a, b) => a + b, 0);
  return {
    explained: known.length === 0 ? null : Math.min(sum, betweenTrials ?? 1),
    parameters: shares.map((share) => ({ importance: share ?? 0, std: null })),
  };
}

function byForest(y: Float64Array, factors: readonly Factor[]): Measured {
  const spread = spreadOf(y);
  const levels = factors.map((factor) => Uint8Array.from(factor.levels, (level) => level + 1));
  if (!spread || y.length < 10 || levels.length === 0) {
    return { explained: null, parameters: factors.map(() => ({ importance: 0, std: null })) };
  }
  const { explained, features } = permutationImportance({ levels, targets: spread.deviations }, forest);
  return {
    explained: Number.isFinite(explained) ? explained : null,
    parameters: features.map(({ loss, std }) => ({
      importance: Number.isFinite(loss) ? Math.max(0, loss) : 0,
      std: Number.isFinite(std) ? std : null,
    })),
  };
}
