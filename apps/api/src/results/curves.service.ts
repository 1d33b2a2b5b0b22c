import { type Curves, type RunSeries, type Sweep, type Configuration } from "@basin/contracts";
import { Database, type SeriesKey } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { groupingOf, Questions } from "../analysis/questions.service";
import { bestFirstOrder, thinned } from "../analysis/ranking";
import { groupRuns, rowsOfGroup, runIdAt, type SweepTable } from "../analysis/sweep-table";
import { CatalogService } from "../catalog/catalog.service";
import { decimate } from "../runs/decimate";
import type { BandKind, Scale } from "./band";
import { bandCurves } from "./band-curves";
import { readCurveSeries, type CurveX } from "./training-time";

export interface CurvesQuery {
  metric: string;
  groupBy?: readonly string[] | undefined;
  band: BandKind;
  scale: Scale;
  x: CurveX;
  points: number;
  limit: number;
  runs: number;
}

@Injectable()
export class CurvesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
    @Inject(CatalogService) private readonly catalog: CatalogService,
  ) {}

  /** One metric of a sweep over the runs of each group, best mean objective first. */
  async curves(sweep: Sweep, query: CurvesQuery): Promise<Curves> {
    const names = groupingOf(sweep, query.groupBy);
    const { table, figure, values } = await this.questions.open(sweep, { parameters: names });
    const grouping = groupRuns(table, names);
    const sums = new Float64Array(grouping.groups.length);
    const counts = new Int32Array(grouping.groups.length);
    const keys = grouping.groups.map((): SeriesKey[] => []);
    for (let row = 0; row < table.count; row += 1) {
      const place = grouping.ofRun[row] ?? 0;
      const value = values[row] ?? Number.NaN;
      if (!Number.isNaN(value)) {
        sums[place] = (sums[place] ?? 0) + value;
        counts[place] = (counts[place] ?? 0) + 1;
      }
      const key = startedKey(table, row);
      if (key) keys[place]?.push(key);
    }
    const order = bestFirstOrder(
      sums.map((sum, place) => (counts[place] ? sum / (counts[place] ?? 1) : Number.NaN)),
      figure.better,
    );
    const shown = order.slice(0, query.limit);
    const { metric, band, scale, x, points } = query;
    const sets = shown.map((place) => keys[place] ?? []);
    const curves = await bandCurves(this.database, sets, {
      metric,
      band,
      scale,
      x,
      points,
      mostRuns: query.runs,
      single: "band",
    });
    return {
      sweep: sweep.id,
      metric,
      band,
      scale,
      groups: shown.flatMap((place, i) => {
        const curve = curves[i];
        return curve ? [{ group: grouping.groups[place]?.group ?? {}, ...curve }] : [];
      }),
      more: order.length - shown.length,
    };
  }

  /** Series of single runs of a group, evenly spread over its runs. */
  async members(
    sweep: Sweep,
    query: { metric: string; group?: Configuration | undefined; x: CurveX; points: number; limit: number },
  ): Promise<{ of: number; runs: RunSeries[] }> {
    const { table } = await this.questions.open(sweep, { parameters: [], group: query.group });
    const all = rowsOfGroup(table, query.group ?? {}).flatMap((row) => startedKey(table, row) ?? []);
    const keys = thinned(all, query.limit);
    const scale = this.catalog.scaleOf(sweep.spec.experiment, query.metric);
    const runs = keys.map((key): RunSeries => ({ run: key.run, series: [] }));
    for await (const series of readCurveSeries(this.database, keys, query.metric, query.x))
      runs[series.key]?.series.push(decimate(series, query.points, scale));
    return { of: all.length, runs };
  }
}

/** Null for a run that has not started. */
export function startedKey(table: SweepTable, row: number): SeriesKey | null {
  const attempt = table.attempt[row] ?? 0;
  return attempt > 0 ? { run: runIdAt(table, row), attempt } : null;
}
