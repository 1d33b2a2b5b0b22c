import type { ParameterSample, ParameterValue, Sweep } from "@basin/contracts";
import { axisOf } from "./parameter-axes";
import type { OpenQuestion } from "./questions.service";
import { bestFirstOrder, stratifiedRanks } from "./ranking";
import { runIdAt, type SweepTable } from "./sweep-table";

/** Per trial: mean of the figure over its initializations (NaN without any), how many have it, how many met the criterion. */
export function trialFigures(
  table: SweepTable,
  values: Float64Array,
  met: Uint8Array | null,
): { mean: Float64Array; n: Int32Array; met: Int32Array } {
  const sums = new Float64Array(table.trials.length);
  const n = new Int32Array(table.trials.length);
  const hits = new Int32Array(table.trials.length);
  for (let row = 0; row < table.count; row += 1) {
    const trial = table.trialRow[row] ?? 0;
    const value = values[row] ?? Number.NaN;
    hits[trial] = (hits[trial] ?? 0) + (met?.[row] ?? 0);
    if (Number.isNaN(value)) continue;
    sums[trial] = (sums[trial] ?? 0) + value;
    n[trial] = (n[trial] ?? 0) + 1;
  }
  return { mean: sums.map((sum, trial) => (n[trial] ? sum / (n[trial] ?? 1) : Number.NaN)), n, met: hits };
}

/** A sample by rank of trials or runs, with their parameters. Pure. */
export function parameterSampleOf(
  sweep: Sweep,
  { table, figure, values, met }: OpenQuestion,
  query: { per: "trial" | "run"; parameters: readonly string[]; limit: number },
): ParameterSample {
  const perRun = query.per === "run";
  const trials = perRun ? null : trialFigures(table, values, met);
  const figures = trials ? trials.mean : values;
  const order = bestFirstOrder(figures, figure.better);
  const ranks = stratifiedRanks(order.length, query.limit);
  const chosen = ranks.map((rank) => order[rank] ?? 0);
  const trialRowOf = (item: number): number => (perRun ? (table.trialRow[item] ?? 0) : item);
  const has = (item: number): boolean => !Number.isNaN(figures[item]);
  const cell = (name: string, item: number): ParameterValue | null => {
    const column = table.parameters.get(name);
    return column?.values[column.codes[trialRowOf(item)] ?? -1] ?? null;
  };
  return {
    sweep: sweep.id,
    per: query.per,
    figure,
    axes: query.parameters.flatMap((name) => {
      const column = table.parameters.get(name);
      return column ? [axisOf(sweep, name, column)] : [];
    }),
    trials: chosen.map((item) => table.trials[trialRowOf(item)] ?? 0),
    runs: perRun ? chosen.map((item) => runIdAt(table, item)) : [],
    seeds: perRun ? chosen.map((item) => table.seed[item] ?? 0) : [],
    ranks: ranks.map((rank, i) => (has(chosen[i] ?? 0) ? rank + 1 : null)),
    values: chosen.map((item) => (has(item) ? (figures[item] ?? null) : null)),
    n: chosen.map((item) => (trials ? (trials.n[item] ?? 0) : Number(has(item)))),
    succeeded: chosen.map((item) => (trials ? (trials.met[item] ?? 0) : (met?.[item] ?? 0))),
    parameters: Object.fromEntries(query.parameters.map((name) => [name, chosen.map((item) => cell(name, item))])),
    coverage: { shown: chosen.length, of: order.length },
  };
}
