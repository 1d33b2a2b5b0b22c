import type { ParameterSample, ParameterValue, QueryOf, Sweep } from "@basin/contracts";
import { mean } from "@basin/numerics";
import { distinctRows } from "./distinct-runs";
import { evidenceOf, halfIsWithout } from "./evidence";
import { axisOf } from "./parameter-axes";
import type { OpenQuestion } from "./questions.service";
import { bestFirstOrder, stratifiedRanks } from "./ranking";
import { runIdAt, type SweepTable } from "./sweep-table";

/** Per trial: mean of the figure over its initializations (NaN without any), how many have it, how many met the criterion, whether half ended without. */
function trialFigures(
  table: SweepTable,
  values: Float64Array,
  met: Uint8Array | null,
): { mean: Float64Array; n: Int32Array; met: Int32Array; half: readonly boolean[] } {
  const lists = Array.from({ length: table.trials.length }, (): number[] => []);
  // Runs of a configuration that was drawn again belong to its first trial.
  for (let row = 0; row < table.count; row += 1) {
    const trial = table.trialRow[row] ?? 0;
    lists[table.twins?.same[trial] ?? trial]?.push(row);
  }
  const distinct = lists.map((rows) => distinctRows(table, rows).rows);
  const evidence = distinct.map((rows) => evidenceOf(table, rows, values));
  return {
    mean: Float64Array.from(evidence, (own) => mean(own.values)),
    n: Int32Array.from(evidence, (own) => own.values.length),
    met: Int32Array.from(distinct, (rows) => rows.reduce((sum, row) => sum + (met?.[row] ?? 0), 0)),
    half: evidence.map(halfIsWithout),
  };
}

/** Trials of which half of the runs ended without a value stand behind the others; of a configuration the first trial. */
function bestTrialsFirst(
  table: SweepTable,
  { mean: means, half }: Pick<ReturnType<typeof trialFigures>, "mean" | "half">,
  better: "lower" | "higher" | null,
): number[] {
  const first = bestFirstOrder(means, better).filter((trial) => (table.twins?.same[trial] ?? trial) === trial);
  const last = (trial: number): boolean => half[trial] === true;
  return [...first.filter((trial) => !last(trial)), ...first.filter(last)];
}

/** Ranks from 1 of figures in their order; neighbours that are equal share the first one's. */
function sharedRanks(figures: readonly number[]): number[] {
  const ranks: number[] = [];
  for (const [i, figure] of figures.entries()) ranks.push(i > 0 && figure === figures[i - 1] ? (ranks[i - 1] ?? i + 1) : i + 1);
  return ranks;
}

/** A sample by rank of trials or runs, with their parameters. Pure. */
export function parameterSampleOf(
  sweep: Sweep,
  { table, figure, values, met }: OpenQuestion,
  query: QueryOf<"getParameterSample"> & { parameters: readonly string[] },
): ParameterSample {
  const perRun = query.per === "run";
  const trials = perRun ? null : trialFigures(table, values, met);
  const figures = trials ? trials.mean : values;
  const order = trials
    ? bestTrialsFirst(table, trials, figure.better)
    : distinctRows(table, bestFirstOrder(figures, figure.better)).rows;
  const ranks = stratifiedRanks(order.length, query.limit);
  const shared = sharedRanks(order.map((item) => figures[item] ?? Number.NaN));
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
    ranks: ranks.map((rank, i) => (has(chosen[i] ?? 0) ? (shared[rank] ?? null) : null)),
    values: chosen.map((item) => (has(item) ? (figures[item] ?? null) : null)),
    n: chosen.map((item) => (trials ? (trials.n[item] ?? 0) : Number(has(item)))),
    succeeded: chosen.map((item) => (trials ? (trials.met[item] ?? 0) : (met?.[item] ?? 0))),
    parameters: Object.fromEntries(query.parameters.map((name) => [name, chosen.map((item) => cell(name, item))])),
    coverage: { shown: chosen.length, of: order.length },
  };
}
