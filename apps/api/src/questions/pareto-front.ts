import type { Objective, ParetoFront, Sweep } from "@basin/contracts";
import { hypervolume, nonDominationRanks, referenceOf } from "@basin/search";
import { parameterAt, stateCode, type SweepTable } from "./sweep-table";

/** What a sweep is to make better, the first objective first. */
export const objectivesOf = ({ spec, objective }: Sweep): Objective[] => spec.objectives ?? [objective];

/**
 * The trials of a sweep by their means in every objective, those of the Pareto front first. Pure. The table holds the objectives as metrics, and `names` as
 * parameters; runs that break constraints on metrics have no objective and do not count.
 */
export function paretoFrontOf(sweep: Sweep, table: SweepTable, names: readonly string[], limit: number): ParetoFront {
  const objectives = objectivesOf(sweep);
  const columns = objectives.map(({ metric }) => table.metrics.get(metric));
  const sums = new Map<number, { row: number; runs: number; values: number[] }>();
  for (let row = 0; row < table.count; row++) {
    if (table.state[row] !== stateCode.succeeded || !Number.isFinite(table.objective[row])) continue;
    const measured = columns.map((column) => column?.[row] ?? Number.NaN);
    if (!measured.every(Number.isFinite)) continue;
    const trial = table.trialIndex[row] ?? 0;
    const known = sums.get(trial) ?? { row, runs: 0, values: objectives.map(() => 0) };
    known.runs += 1;
    for (const [m, value] of measured.entries()) known.values[m] = (known.values[m] ?? 0) + value;
    sums.set(trial, known);
  }
  const all = [...sums].map(([trial, { row, runs, values }]) => ({ trial, row, runs, values: values.map((sum) => sum / runs) }));
  const signs = objectives.map(({ direction }) => (direction === "minimize" ? 1 : -1));
  const losses = all.map(({ values }) => Float64Array.from(values, (value, m) => (signs[m] ?? 1) * value));
  const ranks = nonDominationRanks(losses);
  const reference = all.length === 0 ? null : referenceOf(losses);
  const order = [...all.keys()].sort(
    (a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || (losses[a]?.[0] ?? 0) - (losses[b]?.[0] ?? 0) || a - b,
  );
  const trials = order.slice(0, limit).flatMap((i) => {
    const one = all[i];
    if (!one) return [];
    const parameters = Object.fromEntries(names.map((name) => [name, parameterAt(table, name, one.row)]));
    return [{ trial: one.trial, parameters, values: one.values, runs: one.runs, front: ranks[i] === 0 }];
  });
  const front = ranks.filter((rank) => rank === 0).length;
  return {
    sweep: sweep.id,
    objectives,
    trials,
    total: all.length,
    front,
    hypervolume: reference && {
      value: hypervolume(losses, reference),
      reference: Array.from(reference, (value, m) => (signs[m] ?? 1) * value),
    },
    reading: readingOf(objectives, all.length, front),
  };
}

function readingOf(objectives: readonly Objective[], total: number, front: number): string {
  if (total === 0) return "No trial has a value in every objective yet.";
  if (objectives.length === 1)
    return `The sweep has one objective, ${objectives[0]?.metric ?? ""}: its front is the best of ${total} trials.`;
  const said = objectives.map(({ metric, direction }) => `${direction} ${metric}`).join(", ");
  return `${front} of ${total} trials are on the front of ${said}: whatever is better in one objective is worse in another.`;
}
