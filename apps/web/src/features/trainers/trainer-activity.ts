import type { CallOutput, routes, RunId, SweepId } from "@basin/contracts";

type Timeline = CallOutput<(typeof routes)["getTimeline"]>;

/** Runs that a trainer trains together. */
export interface CurrentPack {
  sweep: SweepId;
  /** Runs of it that still train; a pack shrinks as its runs end. */
  runs: RunId[];
  startedAt: string;
}

export interface TrainerActivity {
  packs: CurrentPack[];
  /** Attempts that ended with a result in the window. */
  finished: number;
  /** Attempts of the window were left out of an answer, so there were more than `finished`. */
  more: boolean;
}

/**
 * What each trainer does, by its id, from the timelines of the sweeps that run. Runs of one sweep that a trainer began at the same
 * moment are one pack. `windowSeconds`: how far back finished attempts count.
 */
export function activityOf(
  timelines: readonly Pick<Timeline, "sweep" | "attempts" | "coverage">[],
  nowMilliseconds: number,
  windowSeconds: number,
): Map<string, TrainerActivity> {
  const since = nowMilliseconds - windowSeconds * 1000;
  const activities = new Map<string, TrainerActivity>();
  for (const { sweep, attempts, coverage } of timelines) {
    const packs = new Map<string, CurrentPack>();
    const oldest = attempts.at(-1);
    const cut = coverage.shown < coverage.of && oldest !== undefined && Date.parse(oldest.startedAt) > since;
    for (const { trainer, run, startedAt, finishedAt, state } of attempts) {
      const activity = activities.get(trainer) ?? { packs: [], finished: 0, more: false };
      activities.set(trainer, activity);
      activity.more ||= cut;
      if (finishedAt === null) {
        const key = `${trainer} ${startedAt}`;
        const pack = packs.get(key) ?? { sweep, runs: [], startedAt };
        if (!packs.has(key)) activity.packs.push(pack);
        packs.set(key, pack);
        pack.runs.push(run);
      } else if ((state === "succeeded" || state === "diverged") && Date.parse(finishedAt) >= since) activity.finished += 1;
    }
  }
  return activities;
}

/**
 * A backend's reason in parts: why this one, then what became of each other one. Commands are what stands in quotes and begins
 * with npm.
 */
export function reasonParts(reason: string): { text: string; commands: string[] }[] {
  return reason
    .split("; ")
    .filter((text) => text.trim() !== "")
    .map((text) => ({ text, commands: [...text.matchAll(/"(npm [^"]+)"/g)].map(([, command]) => command ?? "") }));
}
