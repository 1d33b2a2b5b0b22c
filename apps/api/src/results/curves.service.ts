import type { Curves, Sweep } from "@basin/contracts";
import { Database, readLastSteps, readOutcomes, readSeries, type SeriesKey } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { BandAccumulator, evenlySpread, type BandKind, type Scale } from "./band";
import { bestFirst, GroupFigures } from "./group-figures";
import { readGrouping, type TrialGroup } from "./grouping";

export interface CurvesQuery {
  metric: string;
  groupBy?: readonly string[] | undefined;
  band: BandKind;
  scale: Scale;
  points: number;
  limit: number;
}

interface GroupRuns {
  group: TrialGroup;
  runs: SeriesKey[];
}

@Injectable()
export class CurvesService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * One metric of a sweep: mean and band over the runs of each group at common steps, those of the group's longest run, thinned
   * evenly to the point budget. Series pass through one at a time; what stays is a figure per group and step.
   */
  async curves(sweep: Sweep, query: CurvesQuery): Promise<Curves> {
    const { metric, band, scale } = query;
    const groups = await this.bestGroups(sweep, query);
    const lastSteps = await this.keepReporting(groups, metric);
    const stepsOfGroups = await this.commonSteps(groups, lastSteps, metric, query.points);
    const keys = groups.flatMap((group) => group.runs);
    const placeOfKey = groups.flatMap((group, place) => group.runs.map(() => place));
    const curves: Curves["groups"] = [];
    let place = 0;
    let accumulator: BandAccumulator | null = null;
    let reported = 0;
    const finish = (until: number): void => {
      for (; place < until; place += 1) {
        const steps = stepsOfGroups[place] ?? [];
        const filled = accumulator ?? new BandAccumulator(steps, band, scale);
        const group = groups[place]?.group.group ?? {};
        curves.push({ group, runs: reported, steps: [...steps], ...filled.curve() });
        accumulator = null;
        reported = 0;
      }
    };
    for await (const series of readSeries(this.database, keys, [metric])) {
      finish(placeOfKey[series.key] ?? place);
      accumulator ??= new BandAccumulator(stepsOfGroups[place] ?? [], band, scale);
      accumulator.add(series.steps, series.values);
      reported += 1;
    }
    finish(groups.length);
    return { sweep: sweep.id, metric, band, scale, groups: curves };
  }

  /** The groups to draw, best mean objective first, with their runs that have started. */
  private async bestGroups(sweep: Sweep, query: CurvesQuery): Promise<GroupRuns[]> {
    const minimize = sweep.objective.direction === "minimize";
    const grouping = await readGrouping(this.database, sweep.id, sweep.spec, query.groupBy);
    const figures = grouping.groups.map(() => new GroupFigures(minimize, null));
    const runs = grouping.groups.map((): SeriesKey[] => []);
    for await (const page of readOutcomes(this.database, sweep.id, { metrics: false })) {
      for (const outcome of page) {
        const place = grouping.groupOf(outcome.trialIndex);
        if (place === undefined) continue;
        figures[place]?.add(outcome);
        if (outcome.attempt > 0) runs[place]?.push({ run: outcome.run, attempt: outcome.attempt });
      }
    }
    return bestFirst(figures, minimize)
      .slice(0, query.limit)
      .flatMap((place) => {
        const group = grouping.groups[place];
        return group ? [{ group, runs: runs[place] ?? [] }] : [];
      });
  }

  /** Drops the runs that never reported the metric; returns the last step of the others. */
  private async keepReporting(groups: GroupRuns[], metric: string): Promise<Map<string, number>> {
    const keys = groups.flatMap((group) => group.runs);
    const found = await readLastSteps(this.database, keys, metric);
    const lastSteps = new Map<string, number>();
    found.forEach((last, i) => {
      const key = keys[i];
      if (key && last !== null) lastSteps.set(key.run, last);
    });
    for (const group of groups) group.runs = group.runs.filter((key) => lastSteps.has(key.run));
    return lastSteps;
  }

  /** For each group the steps of its longest run, thinned; empty for a group without points. */
  private async commonSteps(
    groups: readonly GroupRuns[],
    lastSteps: ReadonlyMap<string, number>,
    metric: string,
    budget: number,
  ): Promise<number[][]> {
    const lastOf = (key: SeriesKey): number => lastSteps.get(key.run) ?? Number.NEGATIVE_INFINITY;
    const longest = groups.flatMap(({ runs }, place) => {
      const [first, ...rest] = runs;
      return first ? [{ place, ...rest.reduce((best, key) => (lastOf(key) > lastOf(best) ? key : best), first) }] : [];
    });
    const steps = groups.map((): number[] => []);
    for await (const series of readSeries(this.database, longest, [metric])) {
      const place = longest[series.key]?.place ?? 0;
      steps[place] = evenlySpread(series.steps.length, budget).map((i) => series.steps[i] ?? 0);
    }
    return steps;
  }
}
