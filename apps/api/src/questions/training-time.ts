import { timeMetric, type Curves } from "@basin/contracts";
import { readSeries, type Database, type StoredSeries, type SeriesKey } from "@basin/database";

/** What the x of a curve is: the step, or seconds of training. */
export type CurveX = Curves["x"];

/** A series whose `steps` are seconds of training when it was read over time. */
export type TimedSeries = Omit<StoredSeries, "steps"> & { steps: Int32Array | Float64Array };

/**
 * Seconds of training at ascending steps, between the stamps that the trainer set: linear, from 0 at step 0. Steps behind the last
 * stamp are left out, so the result can be shorter than `steps`.
 */
export function secondsAt(steps: Int32Array, stamps: Pick<StoredSeries, "steps" | "values">): Float64Array {
  const last = stamps.steps.at(-1) ?? -1;
  const known = steps.findIndex((step) => step > last);
  const seconds = new Float64Array(known < 0 ? steps.length : known);
  let at = 0;
  for (let i = 0; i < seconds.length; i += 1) {
    const step = steps[i] ?? 0;
    while ((stamps.steps[at] ?? 0) < step) at += 1;
    const [toStep, toSeconds] = [stamps.steps[at] ?? 0, stamps.values[at] ?? 0];
    const [fromStep, fromSeconds] = at === 0 ? [0, 0] : [stamps.steps[at - 1] ?? 0, stamps.values[at - 1] ?? 0];
    const share = toStep > fromStep ? (step - fromStep) / (toStep - fromStep) : 1;
    seconds[i] = fromSeconds + share * (toSeconds - fromSeconds);
  }
  return seconds;
}

/** One metric of many runs, in the order of the keys. Over time, runs whose trainer set no stamps are left out. */
export async function* readTimedSeries(
  database: Database,
  keys: readonly SeriesKey[],
  metric: string,
  x: CurveX,
): AsyncGenerator<TimedSeries> {
  if (x === "step") {
    yield* readSeries(database, keys, [metric]);
    return;
  }
  let values: StoredSeries | null = null;
  let stamps: StoredSeries | null = null;
  // The two series of a run come one after the other, in either order.
  for await (const series of readSeries(database, keys, [metric, timeMetric])) {
    if (series.key !== (values ?? stamps)?.key) [values, stamps] = [null, null];
    if (series.metric === metric) values = series;
    else stamps = series;
    if (!values || !stamps) continue;
    const seconds = secondsAt(values.steps, stamps);
    if (seconds.length > 0) yield { ...values, steps: seconds, values: values.values.subarray(0, seconds.length) };
  }
}

/** Seconds of training of each key's last stamp; null where there is none. */
export async function readLastSeconds(database: Database, keys: readonly SeriesKey[]): Promise<(number | null)[]> {
  const last = keys.map((): number | null => null);
  for await (const { key, values } of readSeries(database, keys, [timeMetric])) last[key] = values.at(-1) ?? null;
  return last;
}
