import type { BandCurve, BandKind } from "@basin/contracts";
import { readLastSteps, readSeries, type Database, type SeriesKey } from "@basin/database";
import { keptExtremes } from "@basin/numerics";
import { evenlySpread, thinned } from "./ranking";
import { decimate } from "./decimate";
import { BandAccumulator, type Scale } from "./band";
import { readTimedSeries, readLastSeconds, type CurveX } from "./training-time";

/** Runs whose series make one curve. Those that have not started are left out before. */
export type CurveSet = readonly SeriesKey[];

export interface CurveOptions {
  metric: string;
  band: BandKind;
  scale: Scale;
  /** Default: step. */
  x?: CurveX;
  points: number;
  /** Most runs read of a set; larger ones are thinned evenly. Never the same for all sets together: a curve is what its own runs make it. */
  mostRuns: number;
  /** A set of one run as a band of one, or as its own series with `median`, `low`, `high` and `n` empty. */
  single: "band" | "series";
}

/**
 * One metric over sets of runs: centre lines and band at common steps, those of the set's longest run, thinned evenly to the point
 * budget; of a set of one run those that keep its spikes. Series pass through one at a time; what stays is a figure per set, run and step.
 */
export async function bandCurves(database: Database, sets: readonly CurveSet[], options: CurveOptions): Promise<BandCurve[]> {
  const { metric, band, scale, points, x = "step" } = options;
  const read = await reporting(
    database,
    sets.map((set) => thinned(set, options.mostRuns)),
    metric,
  );
  const steps = x === "step" ? await commonSteps(database, read, options) : await commonSeconds(database, read, points);
  const placeOf = read.flatMap(({ keys }, place) => keys.map(() => place));
  const curves = sets.map((set): BandCurve => ({ ...emptyCurve, of: set.length }));
  const accumulators = new Map<number, BandAccumulator>();
  const finish = (until: number): void => {
    for (const [place, accumulator] of accumulators) {
      if (place >= until) continue;
      accumulators.delete(place);
      const curve = curves[place];
      if (curve) Object.assign(curve, { steps: [...accumulator.steps], ...accumulator.curve() });
    }
  };
  const keys = read.flatMap((set) => set.keys);
  for await (const series of readTimedSeries(database, keys, metric, x)) {
    const place = placeOf[series.key] ?? 0;
    const curve = curves[place];
    if (!curve) continue;
    finish(place);
    curve.runs += 1;
    if (options.single === "series" && sets[place]?.length === 1) {
      const own = decimate(series, points);
      Object.assign(curve, { steps: own.steps, mean: own.values });
      continue;
    }
    let accumulator = accumulators.get(place);
    if (!accumulator) accumulators.set(place, (accumulator = new BandAccumulator(steps[place] ?? [], band, scale)));
    accumulator.add(series.steps, series.values);
  }
  finish(Number.POSITIVE_INFINITY);
  return curves;
}

const emptyCurve: BandCurve = { runs: 0, of: 0, steps: [], n: [], mean: [], median: [], low: [], high: [] };

interface ReportingSet {
  keys: SeriesKey[];
  /** Position of the longest series; −1 without any. */
  longest: number;
}

/** Drops the runs that never reported the metric. */
async function reporting(database: Database, sets: readonly CurveSet[], metric: string): Promise<ReportingSet[]> {
  const lastSteps = await readLastSteps(database, sets.flat(), metric);
  let at = 0;
  return sets.map((set) => {
    const kept = set.flatMap((key) => {
      const last = lastSteps[at++] ?? null;
      return last === null ? [] : [{ key, last }];
    });
    const longest = kept.reduce((best, { last }, i) => (best < 0 || last > (kept[best]?.last ?? 0) ? i : best), -1);
    return { keys: kept.map(({ key }) => key), longest };
  });
}

async function commonSteps(
  database: Database,
  sets: readonly ReportingSet[],
  { metric, points, single }: CurveOptions,
): Promise<number[][]> {
  const longest = sets.flatMap(({ keys, longest: at }, place) => {
    const key = keys[at];
    return key && (single === "band" || keys.length > 1) ? [{ place, ...key }] : [];
  });
  const steps = sets.map((): number[] => []);
  for await (const series of readSeries(database, longest, [metric])) {
    const place = longest[series.key]?.place ?? 0;
    const alone = sets[place]?.keys.length === 1;
    steps[place] = Array.from(
      alone ? keptExtremes(series.values, points) : evenlySpread(series.steps.length, points),
      (i) => series.steps[i] ?? 0,
    );
  }
  return steps;
}

/** Evenly spread seconds from the start to the end of the set's longest training. */
async function commonSeconds(database: Database, sets: readonly ReportingSet[], points: number): Promise<number[][]> {
  const last = await readLastSeconds(
    database,
    sets.flatMap(({ keys }) => keys),
  );
  let at = 0;
  return sets.map(({ keys }) => {
    const longest = keys.reduce((most) => Math.max(most, last[at++] ?? 0), 0);
    return longest === 0 ? [] : Array.from({ length: points }, (_, i) => (longest * (i + 1)) / points);
  });
}
