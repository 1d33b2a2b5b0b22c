import type { Figure, LeftOut, Sweep } from "@basin/contracts";
import { median } from "@basin/numerics";
import { findExperiment } from "@basin/problems";
import { successAmong } from "./figures";
import type { OpenQuestion } from "./questions.service";
import { ascending } from "./ranking";
import { hasEnded, stateCode, type RunGrouping, type SweepTable } from "./sweep-table";

/** What a finished run without a finite value counts as: worse than any value. Null where neither end of the figure is good. */
export function worstValue(better: Figure["better"]): number | null {
  if (better === null) return null;
  return better === "lower" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** What did not enter an answer about `rows`, beside those that repeat one of them. `as`: what becomes of finished runs without a value. */
export function leftOutOf(
  table: SweepTable,
  { rows, repeats }: { rows: readonly number[]; repeats: readonly number[] },
  values: Float64Array,
  as: string,
): LeftOut {
  const ended = rows.filter((row) => hasEnded(table.state[row] ?? 0));
  const empty = ended.filter((row) => Number.isNaN(values[row] ?? Number.NaN));
  const sentences: string[] = [];
  if (repeats.length > 0) {
    const seedless = repeats.every((row) => table.twins?.seedless[table.trialRow[row] ?? 0] === 1);
    const why = seedless ? "the seed does not matter here" : "configuration and seed agree in all that has an effect";
    sentences.push(
      `${counted(repeats.length, "run repeats", "runs repeat")} one that counts, as ${why}, and ${repeats.length === 1 ? "is" : "are"} not counted again.`,
    );
  }
  if (empty.length > 0) {
    const of = (code: number): number => empty.filter((row) => table.state[row] === code).length;
    const [diverged, failed] = [of(stateCode.diverged), of(stateCode.failed)];
    const rest = empty.length - diverged - failed;
    const parts = [
      ...(diverged > 0 ? [`${diverged} diverged`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(rest > 0 ? [`${rest} undefined`] : []),
    ];
    sentences.push(
      `${empty.length} of ${counted(ended.length, "finished run", "finished runs")} without a value (${parts.join(", ")}): ${as}.`,
    );
  }
  return { repeats: repeats.length, without: empty.length, reading: sentences.join(" ") };
}

/** The rows of a grouping that count, and those that repeat one of their group. */
export function countedRows({ ofRun }: Pick<RunGrouping, "ofRun">): { rows: number[]; repeats: number[] } {
  const [rows, repeats]: [number[], number[]] = [[], []];
  ofRun.forEach((group, row) => (group < 0 ? repeats : rows).push(row));
  return { rows, repeats };
}

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** What the finished runs of a group say about a figure. */
export interface GroupEvidence {
  /** Finite values, ascending. */
  values: Float64Array;
  /** Runs that ended by themselves without one: diverged, failed, or the figure is undefined. */
  without: number;
}

export function evidenceOf(table: SweepTable, rows: Iterable<number>, values: Float64Array): GroupEvidence {
  const finite: number[] = [];
  let without = 0;
  for (const row of rows) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) finite.push(value);
    else if (hasEnded(table.state[row] ?? 0)) without += 1;
  }
  return { values: Float64Array.from(finite).sort(), without };
}

/**
 * Whether at least half of a group's finished runs have no value, or none has finished: the median over all of them is then no number, and
 * what its other runs reached stands behind what most runs of other groups do.
 */
export function halfIsWithout({ values, without }: GroupEvidence): boolean {
  return without >= values.length;
}

/** The median over finished runs, those without a value counting as the worst: infinite where they are half or more. NaN for none. */
export function medianWithFailures({ values, without }: GroupEvidence, better: Figure["better"]): number {
  const worst = worstValue(better);
  if (worst === null) return values.length === 0 ? Number.NaN : median(values);
  if (values.length + without === 0) return Number.NaN;
  return median([...values, ...new Array<number>(without).fill(worst)]);
}

/** Whether the figure is the one that the experiment itself is judged by, so that success comes first. */
function bySuccess(sweep: Sweep, { figure, met }: Pick<OpenQuestion, "figure" | "met">): boolean {
  return met !== null && figure.isObjective && figure.metric === findExperiment(sweep.spec.experiment)?.objective.metric;
}

/** What `rankedRows` goes by, in words. */
export function rankingText(sweep: Sweep, question: Pick<OpenQuestion, "figure" | "met">): string {
  const median =
    question.figure.better === null ? "median" : "median of all finished runs, those without a value counting as the worst";
  return bySuccess(sweep, question) ? `success rate, then ${median}` : median;
}

/**
 * Groups of a sweep's rows by how well their runs did, the best first: by the figure, and before it by the success rate where the figure
 * is the one that the experiment itself is judged by.
 */
export function rankedRows(
  sweep: Sweep,
  { table, figure, values, met }: Pick<OpenQuestion, "table" | "figure" | "values" | "met">,
  groups: readonly (readonly number[])[],
): number[] {
  return rankedGroups(
    groups.map((rows) => evidenceOf(table, rows, values)),
    figure.better,
    bySuccess(sweep, { figure, met }) ? groups.map((rows) => successAmong(table, rows, met)?.rate ?? null) : null,
  );
}

/**
 * Groups by how well their runs did, the best first: by success rate where one is given, then by the median that counts failures, then by
 * the share of runs with a value, then by the median of these; groups without a finished run last; ties in the order given.
 */
export function rankedGroups(
  groups: readonly GroupEvidence[],
  better: Figure["better"],
  rates: readonly (number | null)[] | null = null,
): number[] {
  const sign = better === "higher" ? -1 : 1;
  const keys = groups.map((group, i) => [
    rates === null ? 0 : -(rates[i] ?? Number.NaN),
    sign * medianWithFailures(group, better),
    group.without / (group.without + group.values.length),
    sign * (group.values.length === 0 ? Number.NaN : median(group.values)),
  ]);
  return groups
    .map((_, i) => i)
    .sort((a, b) => {
      for (let k = 0; k < 4; k += 1) {
        const [x, y] = [keys[a]?.[k] ?? Number.NaN, keys[b]?.[k] ?? Number.NaN];
        const order = x === y ? 0 : ascending(x, y);
        if (order !== 0) return order;
      }
      return a - b;
    });
}
