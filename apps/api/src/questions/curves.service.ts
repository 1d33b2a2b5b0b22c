import type { Curves, QueryOf, RunSeries, Sweep } from "@basin/contracts";
import { Database, type SeriesKey } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { groupingOf, Questions } from "./questions.service";
import { rankedRows } from "./evidence";
import { thinned } from "./ranking";
import { groupRuns, rowsByGroup, rowsOfGroup, runIdAt, type SweepTable } from "./sweep-table";
import { decimate } from "./decimate";
import { bandCurves } from "./band-curves";
import { readTimedSeries } from "./training-time";

@Injectable()
export class CurvesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  /**
   * One metric of a sweep over the runs of each group, best first. How many runs of a group are read depends on the number of all groups,
   * not of those shown: a curve is the same whatever else is shown beside it.
   */
  async curves(sweep: Sweep, query: QueryOf<"getCurves">): Promise<Curves> {
    const names = groupingOf(sweep, query.groupBy);
    const { table, figure, values, met } = await this.questions.open(sweep, { parameters: names, success: true });
    const grouping = groupRuns(table, names);
    const rows = rowsByGroup(grouping);
    const order = rankedRows(sweep, { table, figure, values, met }, rows);
    const shown = order.slice(0, query.limit);
    const { metric, band, scale, x, points } = query;
    const sets = shown.map((place) => (rows[place] ?? []).flatMap((row) => startedKey(table, row) ?? []));
    const mostRuns = Math.max(1, Math.floor(query.runs / Math.max(1, rows.length)));
    const curves = await bandCurves(this.database, sets, { metric, band, scale, x, points, mostRuns, single: "band" });
    return {
      sweep: sweep.id,
      metric,
      band,
      scale,
      x,
      groups: shown.flatMap((place, i) => {
        const curve = curves[i];
        return curve ? [{ group: grouping.groups[place]?.group ?? {}, ...curve }] : [];
      }),
      more: order.length - shown.length,
    };
  }

  /** Series of single runs of a group, evenly spread over its runs. */
  async members(sweep: Sweep, query: QueryOf<"getCurveMembers">): Promise<{ of: number; runs: RunSeries[] }> {
    const { table } = await this.questions.open(sweep, { parameters: [], group: query.group });
    const all = rowsOfGroup(table, query.group ?? {}).flatMap((row) => startedKey(table, row) ?? []);
    const keys = thinned(all, query.limit);
    const runs = keys.map((key): RunSeries => ({ run: key.run, series: [] }));
    for await (const series of readTimedSeries(this.database, keys, query.metric, query.x))
      runs[series.key]?.series.push(decimate(series, query.points));
    return { of: all.length, runs };
  }
}

/** Null for a run that has not started. */
export function startedKey(table: SweepTable, row: number): SeriesKey | null {
  const attempt = table.attempt[row] ?? 0;
  return attempt > 0 ? { run: runIdAt(table, row), attempt } : null;
}
