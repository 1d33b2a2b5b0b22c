import type { AppliedParameters, ParameterValue, QueryOf, Sweep, SweepAnswer } from "@basin/contracts";
import { medianInterval } from "@basin/numerics";
import { answerSentence, type JudgedGroup } from "./answer-sentence";
import { countsOf } from "./distribution";
import { evidenceOf, medianWithFailures, rankedGroups, worstValue, type GroupEvidence } from "./evidence";
import { successAmong } from "./figures";
import { describeParameter } from "./parameter-axes";
import type { OpenQuestion } from "./questions.service";
import { bestRun } from "./results.service";
import { groupRuns, hasEnded, isUnfinished, rowsByGroup, stateCode, type SweepTable } from "./sweep-table";

/**
 * What a sweep found. Configurations stand in the order of the lower ends of their success rates' intervals, where there is a criterion, and
 * then of their medians: 1 of 1 is no better evidence than 9 of 10. Pure.
 */
export function answerOf(sweep: Sweep, open: OpenQuestion, names: readonly string[], query: QueryOf<"getAnswer">): SweepAnswer {
  const { table, figure, values, met, criterion } = open;
  const grouping = groupRuns(table, names);
  const rowsOf = rowsByGroup(grouping);
  const evidence = rowsOf.map((rows) => evidenceOf(table, rows, values));
  const successes = rowsOf.map((rows) => successAmong(table, rows, met));
  const order = rankedGroups(evidence, figure.better, met && successes.map((success) => success?.low ?? null));
  const judged = order.map((place): JudgedGroup => {
    const rows = rowsOf[place] ?? [];
    const { values: finite, without } = evidence[place] ?? { values: new Float64Array(), without: 0 };
    const failed = rows.filter((row) => table.state[row] === stateCode.failed).length;
    const success = successes[place] ?? null;
    const group = grouping.groups[place]?.group ?? {};
    return { label: configurationLabel(sweep, group), values: finite, diverged: without - failed, failed, success };
  });
  const shown = order.slice(0, query.limit);
  const cells = cellsOf(
    table,
    met,
    shown.map((place) => grouping.groups[place]?.firstTrial ?? -1),
    query.seeds,
  );
  return {
    sweep: sweep.id,
    sentence: answerSentence({
      figure,
      judged,
      hasCriterion: criterion !== null,
      state: sweep.state,
      planned: sweep.counts.planned,
      runs: table.count,
      ended: table.state.reduce((sum, code) => sum + Number(hasEnded(code)), 0),
    }),
    criterion: criterion?.text ?? null,
    figure,
    groupedBy: grouping.groupedBy,
    seeds: seedsOfPlaces(table, query.seeds),
    rows: shown.flatMap((place, i): SweepAnswer["rows"] => {
      const group = grouping.groups[place];
      const rows = rowsOf[place];
      const found = evidence[place];
      if (!group || !rows || !found) return [];
      return [
        {
          group: group.group,
          trial: group.firstTrial,
          counts: countsOf(table, rows),
          success: successes[place] ?? null,
          ...medianOf(found, figure.better),
          best: bestRun(table, rows, values, figure.better === "higher"),
          cells: cells[i] ?? "",
        },
      ];
    }),
    configurations: order.length,
    seedCount: sweep.seedCount,
  };
}

const finiteOrNull = (value: number | undefined): number | null => (Number.isFinite(value) ? (value ?? null) : null);

/** Of the runs that ended; those without a value count as the worst where one end is good, and are left out elsewhere. */
function medianOf(
  group: GroupEvidence,
  better: OpenQuestion["figure"]["better"],
): Pick<SweepAnswer["rows"][number], "median" | "low" | "high"> {
  const worst = worstValue(better);
  const ordered = Float64Array.from([
    ...group.values,
    ...(worst === null ? [] : new Array<number>(group.without).fill(worst)),
  ]).sort();
  const interval = medianInterval(ordered);
  return {
    median: finiteOrNull(medianWithFailures(group, better)),
    low: finiteOrNull(interval?.low),
    high: finiteOrNull(interval?.high),
  };
}

/** A letter for each initialization of each of these trials, as `SweepAnswer` says. */
function cellsOf(table: SweepTable, met: Uint8Array | null, trials: readonly number[], most: number): string[] {
  const letters = new Map(trials.map((trial) => [trial, [] as string[]]));
  for (let row = 0; row < table.count; row += 1) {
    const seedIndex = table.seedIndex[row] ?? 0;
    if (seedIndex >= most) continue;
    const line = letters.get(table.trialIndex[row] ?? -1);
    if (line) line[seedIndex] = letterOf(table.state[row] ?? 0, met && met[row] === 1);
  }
  return trials.map((trial) => Array.from(letters.get(trial) ?? [], (letter) => (letter as string | undefined) ?? " ").join(""));
}

function letterOf(code: number, met: boolean | null): string {
  if (isUnfinished(code)) return "u";
  switch (code) {
    case stateCode.succeeded:
      return met === null ? "f" : met ? "m" : "x";
    case stateCode.diverged:
      return "d";
    case stateCode.failed:
      return "e";
    case stateCode.pruned:
      return "p";
    default:
      return "c";
  }
}

/** The seed at each place, as far as a run of it is there. */
function seedsOfPlaces(table: SweepTable, most: number): number[] {
  const seeds: number[] = [];
  for (let row = 0; row < table.count; row += 1) {
    const place = table.seedIndex[row] ?? 0;
    if (place < most) seeds[place] ??= table.seed[row] ?? 0;
  }
  return Array.from(seeds, (seed: number | undefined) => seed ?? 0);
}

/** "tanh · learning rate 0.001": words speak for themselves, everything else carries its parameter's title. */
function configurationLabel(sweep: Sweep, group: AppliedParameters): string {
  const parts = Object.entries(group).map(([name, value]) => {
    if (typeof value === "string") return value;
    const { title } = describeParameter(sweep, name);
    const within = /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
    return `${within} ${value === null ? "–" : valueText(value)}`;
  });
  return parts.length === 0 ? "all runs" : parts.join(" · ");
}

function valueText(value: ParameterValue): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (!Array.isArray(value)) return value;
  return value.length === 0
    ? "none"
    : value.map((one) => valueText(one)).join(value.some((one) => typeof one === "string") ? "; " : " × ");
}
