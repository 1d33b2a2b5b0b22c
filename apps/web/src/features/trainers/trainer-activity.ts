import type { Timeline } from "@basin/contracts";

export interface TrainerActivity {
  /** Attempts that ended with a result in the window. */
  finished: number;
  /** Attempts of the window were left out of an answer, so there were more than `finished`. */
  more: boolean;
}

/** What each trainer finished, by its id, from the timelines of the sweeps. `windowSeconds`: how far back it counts. */
export function activityOf(
  timelines: readonly Pick<Timeline, "attempts" | "coverage">[],
  nowMilliseconds: number,
  windowSeconds: number,
): Map<string, TrainerActivity> {
  const since = nowMilliseconds - windowSeconds * 1000;
  const activities = new Map<string, TrainerActivity>();
  for (const { attempts, coverage } of timelines) {
    const oldest = attempts.at(-1);
    const cut = coverage.shown < coverage.of && oldest !== undefined && Date.parse(oldest.startedAt) > since;
    for (const { trainer, finishedAt, state } of attempts) {
      const activity = activities.get(trainer) ?? { finished: 0, more: false };
      activities.set(trainer, activity);
      activity.more ||= cut;
      const ended = finishedAt !== null && (state === "succeeded" || state === "diverged");
      if (ended && Date.parse(finishedAt) >= since) activity.finished += 1;
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
