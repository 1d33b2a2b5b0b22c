import { trialIdOf, type QueryOf, type ResultGroup, type Results, type Sweep } from "@basin/contracts";
import { Database, readMetricNames, readTrainedBy } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { classesOf, countsOf } from "./distribution";
import { countedRows, leftOutOf, rankedRows, rankingText } from "./evidence";
import { classMetricsOf, figureOf, shareMetricsOf, sharesAmong, successAmong } from "./figures";
import { groupingOf, Questions } from "./questions.service";
import { statisticsOf } from "./summaries";
import { groupRuns, rowsByGroup, runIdAt, stateCode, type SweepTable } from "./sweep-table";

@Injectable()
export class ResultsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  /** The results of a sweep by configuration. What is in memory is one number per run and metric. */
  async results(sweep: Sweep, query: QueryOf<"getResults">): Promise<Results> {
    const names = groupingOf(sweep, query.groupBy);
    const [metrics, builds] = await Promise.all([readMetricNames(this.database, sweep.id), this.builds(sweep)]);
    const { table, figure, values, met } = await this.questions.open(sweep, {
      parameters: names,
      metrics,
      success: true,
      classes: true,
    });
    const grouping = groupRuns(table, names);
    const rowsOf = rowsByGroup(grouping);
    const question = { table, figure, values, met };
    const order = query.sort === "index" ? rowsOf.map((_, i) => i) : rankedRows(sweep, question, rowsOf);
    const shown = order.slice(0, query.limit);
    const classified = classMetricsOf(sweep);
    const shared = shareMetricsOf(sweep);
    const groups = shown.flatMap((place): ResultGroup[] => {
      const group = grouping.groups[place];
      const rows = rowsOf[place];
      if (!group || !rows) return [];
      return [
        {
          group: group.group,
          trials: group.trials.map((index) => trialIdOf(sweep.id, index)),
          trialCount: group.trialCount,
          counts: countsOf(table, rows),
          repeats: grouping.repeats[place] ?? 0,
          objective: statisticsOf(
            rows.map((row) => values[row] ?? Number.NaN),
            figure.scale,
          ),
          ...extremes(table, rows, values, figure.better === "higher"),
          metrics: Object.fromEntries(
            metrics.map((name) => [name, statisticsOf(finals(table, rows, name), figureOf(sweep, name).scale)]),
          ),
          success: successAmong(table, rows, met),
          shares: sharesAmong(table, rows, shared),
          classes: classesOf(table, rows, classified),
        },
      ];
    });
    return {
      sweep: sweep.id,
      objective: sweep.objective,
      builds,
      groupedBy: grouping.groupedBy,
      groups,
      leftOut: leftOutOf(
        table,
        countedRows(grouping),
        values,
        figure.better === null ? "they are left out" : "they rank as the worst, and are left out of means and intervals",
      ),
      rankedBy: query.sort === "index" ? "order of creation" : rankingText(sweep, question),
      more: order.length - groups.length,
    };
  }

  /** Runs are counted only where there were several builds. */
  private async builds({ id, build, earlierBuilds, counts }: Sweep): Promise<Results["builds"]> {
    if (build !== null && earlierBuilds.length > 0) return readTrainedBy(this.database, id);
    const runs = counts.succeeded + counts.diverged + counts.failed;
    return build === null || runs === 0 ? [] : [{ ...build, runs }];
  }
}

/** Values of a final metric of succeeded runs. */
function finals(table: SweepTable, rows: readonly number[], name: string): number[] {
  const column = table.metrics.get(name);
  return rows.flatMap((row) => (table.state[row] === stateCode.succeeded ? [column?.[row] ?? Number.NaN] : []));
}

function extremes(
  table: SweepTable,
  rows: readonly number[],
  values: Float64Array,
  maximize: boolean,
): Pick<ResultGroup, "best" | "worst"> {
  return { best: bestRun(table, rows, values, maximize), worst: bestRun(table, rows, values, !maximize) };
}

/** The run with the lowest (or highest) value, the first of equal ones; null where none has a value. */
export function bestRun(
  table: SweepTable,
  rows: readonly number[],
  values: Float64Array,
  maximize: boolean,
): ResultGroup["best"] {
  const sign = maximize ? -1 : 1;
  let best = -1;
  for (const row of rows) {
    const value = sign * (values[row] ?? Number.NaN);
    if (!Number.isNaN(value) && (best < 0 || value < sign * (values[best] ?? 0))) best = row;
  }
  return best < 0 ? null : { run: runIdAt(table, best), value: values[best] ?? 0 };
}
