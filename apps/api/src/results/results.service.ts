import { trialIdOf, type ResultGroup, type Results, type Sweep } from "@basin/contracts";
import { Database, readMetricNames, readTrainedBy } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { classesOf, countsOf } from "../analysis/distribution";
import { classMetricsOf, shareMetricsOf, sharesAmong, successAmong } from "../analysis/figures";
import { groupingOf, Questions } from "../analysis/questions.service";
import { bestFirstOrder } from "../analysis/ranking";
import { summaryOf } from "../analysis/summaries";
import { groupRuns, runIdAt, stateCode, type SweepTable } from "../analysis/sweep-table";

@Injectable()
export class ResultsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  /** The results of a sweep by configuration. What is in memory is one number per run and metric. */
  async results(
    sweep: Sweep,
    query: { groupBy?: readonly string[] | undefined; sort: "objective" | "index"; limit: number },
  ): Promise<Results> {
    const names = groupingOf(sweep, query.groupBy);
    const [metrics, builds] = await Promise.all([readMetricNames(this.database, sweep.id), this.builds(sweep)]);
    const { table, figure, values, met } = await this.questions.open(sweep, {
      parameters: names,
      metrics,
      success: true,
      classes: true,
    });
    const grouping = groupRuns(table, names);
    const rowsOf = grouping.groups.map((): number[] => []);
    for (let row = 0; row < table.count; row += 1) rowsOf[grouping.ofRun[row] ?? 0]?.push(row);
    const order =
      query.sort === "index"
        ? rowsOf.map((_, i) => i)
        : bestFirstOrder(
            rowsOf.map((rows) => meanOf(rows, values)),
            figure.better,
          );
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
          objective: summaryOf(rows.map((row) => values[row] ?? Number.NaN)),
          ...extremes(table, rows, values, figure.better === "higher"),
          metrics: Object.fromEntries(metrics.map((name) => [name, summaryOf(finals(table, rows, name))])),
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

/** Of the runs that have a value; NaN without any. */
function meanOf(rows: readonly number[], values: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (const row of rows) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    n += 1;
  }
  return n === 0 ? Number.NaN : sum / n;
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
  const sign = maximize ? -1 : 1;
  let best = -1;
  let worst = -1;
  for (const row of rows) {
    const value = sign * (values[row] ?? Number.NaN);
    if (Number.isNaN(value)) continue;
    if (best < 0 || value < sign * (values[best] ?? 0)) best = row;
    if (worst < 0 || value > sign * (values[worst] ?? 0)) worst = row;
  }
  const named = (row: number): ResultGroup["best"] => (row < 0 ? null : { run: runIdAt(table, row), value: values[row] ?? 0 });
  return { best: named(best), worst: named(worst) };
}
