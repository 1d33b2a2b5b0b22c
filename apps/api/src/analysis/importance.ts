import type { Importance, ParameterValue, Sweep } from "@basin/contracts";
import { permutationImportance } from "@basin/numerics";
import { compareValues, describeParameter } from "./parameter-axes";
import type { OpenQuestion } from "./questions.service";
import { evenlySpread } from "./ranking";
import type { ParameterColumn, SweepTable } from "./sweep-table";

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
export function binsOf(column: ParameterColumn, trials: ArrayLike<number>, most: number): { ofTrial: Int32Array; bins: number } {
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
 * variance between levels that, unlike η², is not inflated by their number. Null when there is nothing to compare.
 */
export function shareBetween(y: ArrayLike<number>, levels: ArrayLike<number>): number | null {
  const n = y.length;
  let mean = 0;
  for (let i = 0; i < n; i += 1) mean += (y[i] ?? 0) / n;
  const sums = new Map<number, { n: number; sum: number }>();
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    const centred = (y[i] ?? 0) - mean;
    total += centred * centred;
    const level = levels[i] ?? 0;
    const entry = sums.get(level);
    if (entry) {
      entry.n += 1;
      entry.sum += centred;
    } else sums.set(level, { n: 1, sum: centred });
  }
  let between = 0;
  for (const entry of sums.values()) between += (entry.sum * entry.sum) / entry.n;
  const k = sums.size;
  if (k < 2 || n <= k || !(total > 0)) return null;
  const within = (total - between) / (n - k);
  return Math.max(0, Math.min(1, (between - (k - 1) * within) / (total + within)));
}

/** Importance of parameters for a figure over all runs that have it. Pure. */
export function importanceOf(
  sweep: Sweep,
  { table, figure, values }: OpenQuestion,
  query: { method: Importance["method"]["id"]; parameters: readonly string[] },
): Importance {
  const rows: number[] = [];
  for (let row = 0; row < table.count; row += 1) if (!Number.isNaN(values[row])) rows.push(row);
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
    return [{ name, bins, levels: Int32Array.from(trials, (trial) => ofTrial[trial] ?? -1) }];
  });
  const measured = query.method === "permutation" ? byForest(y, factors) : byMainEffects(y, factors);
  return {
    sweep: sweep.id,
    figure,
    method: methods[query.method],
    scale,
    n: used.length,
    coverage: { shown: used.length, of: rows.length },
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
    seedShare: seedShareOf(table, used, y),
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

function byMainEffects(y: Float64Array, factors: readonly Factor[]): Measured {
  const shares = factors.map(({ levels }) => shareBetween(y, levels));
  const known = shares.filter((share) => share !== null);
  return {
    explained: known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
    parameters: shares.map((share) => ({ importance: share ?? 0, std: null })),
  };
}

function byForest(y: Float64Array, factors: readonly Factor[]): Measured {
  const mean = y.reduce((a, b) => a + b, 0) / Math.max(1, y.length);
  const levels = factors.map((factor) => Uint8Array.from(factor.levels, (level) => level + 1));
  if (y.length < 10 || levels.length === 0) {
    return { explained: null, parameters: factors.map(() => ({ importance: 0, std: null })) };
  }
  const { explained, features } = permutationImportance({ levels, targets: y.map((value) => value - mean) }, forest);
  return {
    explained: Number.isFinite(explained) ? explained : null,
    parameters: features.map(({ loss, std }) => ({
      importance: Number.isFinite(loss) ? Math.max(0, loss) : 0,
      std: Number.isFinite(std) ? std : null,
    })),
  };
}

/** One minus the share of variance between trials: what initializations alone decide. Null without trials of several runs. */
function seedShareOf(table: SweepTable, used: readonly number[], y: Float64Array): number | null {
  const share = shareBetween(
    y,
    used.map((row) => table.trialRow[row] ?? 0),
  );
  return share === null ? null : 1 - share;
}
