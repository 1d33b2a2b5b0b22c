import type { SweepProgress } from "@basin/contracts";
import { formatNumber, missing } from "@basin/ui";

export interface Pace {
  rate: string;
  unit: string;
  secondsLeft: number | null;
}

/**
 * How fast a sweep is, in the unit in which that is a figure: runs per second where runs are short, per minute where they are longer, steps per
 * second while none has ended. The time left comes from the steps of the runs in training unless runs end every second.
 */
export function paceText(
  { runsPerSecond, secondsLeft }: { runsPerSecond: number | null; secondsLeft: number | null },
  progress: Pick<SweepProgress, "stepsPerSecond" | "secondsLeft"> | undefined,
  stepUnit: string,
): Pace {
  const left = runsPerSecond !== null && runsPerSecond >= 1 ? secondsLeft : (progress?.secondsLeft ?? secondsLeft);
  if (runsPerSecond !== null && runsPerSecond >= 0.5)
    return { rate: formatNumber(runsPerSecond, 3), unit: "runs per second", secondsLeft: left };
  if (runsPerSecond !== null && runsPerSecond > 0)
    return { rate: formatNumber(runsPerSecond * 60, 2), unit: "runs per minute", secondsLeft: left };
  const steps = progress?.stepsPerSecond ?? null;
  if (steps !== null) return { rate: formatNumber(steps, 3), unit: `${stepUnit}s per second, all runs`, secondsLeft: left };
  return { rate: missing, unit: "runs per second", secondsLeft: left };
}
