"use client";
import type { RunId, Sweep, SweepProgress } from "@basin/contracts";
import { formatCount, formatDuration } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";

const everyMilliseconds = 5000;

/** How far a sweep is by the steps of its runs, asked anew while it runs; undefined while it does not, or nothing is known yet. */
export function useProgress(sweep: Pick<Sweep, "id" | "state"> | undefined): SweepProgress | undefined {
  const running = sweep?.state === "running";
  const query = useQuery({
    ...routeQuery("getProgress", running ? { params: { sweep: sweep.id }, query: { runs: 500 } } : null),
    refetchInterval: everyMilliseconds,
  });
  return running ? query.data : undefined;
}

/** `epoch 620 of 1400, 5 min left`; null: the run is not among those in training. */
export function runProgressText(progress: SweepProgress | undefined, run: RunId, stepUnit: string): string | null {
  const found = progress?.runs.find((one) => one.run === run);
  if (!found) return null;
  const of = found.of === null ? "" : ` of ${formatCount(found.of)}`;
  const left = found.secondsLeft === null ? "" : `, ${formatDuration(found.secondsLeft)} left`;
  return `${stepUnit} ${formatCount(found.step)}${of}${left}`;
}
