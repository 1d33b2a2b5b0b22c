export interface Sample {
  milliseconds: number;
  finished: number;
}

/** The rate is that of this last stretch: long enough to be steady, short enough to follow a trainer that joins or leaves. */
export const windowMilliseconds = 30_000;

/** The samples that matter after `sample`: one just outside the window is kept as its beginning. Equal counts are kept apart in time. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1);
  // A retry or an extension makes finished runs unfinished: what was before says nothing about now.
  if (last && sample.finished < last.finished) return [sample];
  const from = samples.findLastIndex((each) => sample.milliseconds - each.milliseconds >= windowMilliseconds);
  return [...samples.slice(Math.max(0, from)), sample];
}

/** Finished runs per second over the samples; null before two samples at least a second apart exist. */
export function rateOf(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return null;
  const seconds = (last.milliseconds - first.milliseconds) / 1000;
  return seconds < 1 ? null : (last.finished - first.finished) / seconds;
}

/** Seconds until `total` runs are finished at this rate; null when that is not known. */
export function secondsLeft(finished: number, total: number | null, runsPerSecond: number | null): number | null {
  if (total === null || runsPerSecond === null || runsPerSecond <= 0) return null;
  return Math.max(0, total - finished) / runsPerSecond;
}
