import type { SweepProgress } from "@basin/contracts";

/** A run in training. */
export interface PacedRun {
  pack: string | null;
  step: number;
  /** Seconds of training up to that step; null: not known. */
  seconds: number | null;
  /** Steps that it takes at most; null: not known. */
  of: number | null;
}

/** Seconds until the run is through at its pace so far; null: its pace or its length is not known. */
export function secondsLeftOf({ step, seconds, of }: PacedRun): number | null {
  if (of === null || seconds === null || step <= 0) return null;
  return (Math.max(0, of - step) * seconds) / step;
}

/**
 * How far a sweep is. `ended`: runs that will not change any more; `planned`: runs in all, null: not known. Runs that have not begun count with the
 * mean length of those in training. The time left is that of all steps left at the pace of the runs in training together, and no shorter
 * than that of the slowest of them.
 */
export function sweepPace(
  training: readonly PacedRun[],
  { ended, planned, trainingCount }: { ended: number; planned: number | null; trainingCount: number },
): Pick<SweepProgress, "share" | "secondsLeft" | "stepsPerSecond"> {
  const known = training.filter((run): run is PacedRun & { of: number } => run.of !== null && run.of > 0);
  const scale = known.length === 0 ? 0 : trainingCount / known.length;
  const begun = known.reduce((sum, { step, of }) => sum + Math.min(1, step / of), 0) * scale;
  const share = planned === null || planned === 0 ? null : Math.min(1, (ended + begun) / planned);
  const paced = known.filter(({ step, seconds }) => step > 0 && seconds !== null && seconds > 0);
  if (paced.length === 0) return { share, secondsLeft: null, stepsPerSecond: null };
  const rate = (trainingCount / paced.length) * paced.reduce((sum, { step, seconds }) => sum + step / (seconds ?? 1), 0);
  const length = known.reduce((sum, { of }) => sum + of, 0) / known.length;
  const stepsLeft = known.reduce((sum, { step, of }) => sum + Math.max(0, of - step), 0) * scale;
  const slowest = paced.reduce((most, run) => Math.max(most, secondsLeftOf(run) ?? 0), 0);
  const waiting = planned === null ? 0 : Math.max(0, planned - ended - trainingCount);
  return {
    share,
    secondsLeft: planned === null ? null : Math.max(slowest, (stepsLeft + waiting * length) / rate),
    stepsPerSecond: rate,
  };
}
