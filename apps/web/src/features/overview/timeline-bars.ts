import { stateWord, type AttemptState, type Timeline } from "@basin/contracts";
import { runStateLooks, type TimelineBar } from "@basin/ui";

type Attempts = Timeline["attempts"];

/** Attempts end in more ways than runs; the two further ones look like what becomes of their run. */
const lookOf: Readonly<Record<AttemptState, keyof typeof runStateLooks>> = {
  running: "running",
  succeeded: "succeeded",
  diverged: "diverged",
  failed: "failed",
  cancelled: "cancelled",
  lost: "failed",
  "handed-back": "queued",
};

interface Stretch {
  trainer: string;
  state: AttemptState;
  runs: string[];
  from: number;
  to: number;
}

/**
 * Bars of a timeline. Attempts that a trainer began together (within a second) and that ended alike are one bar, as they were
 * trained together; what overlaps on one trainer is laid on further lanes. `now`: milliseconds since 1970, where running ones end.
 */
export function timelineBars(attempts: Attempts, now: number): TimelineBar[] {
  const stretches = new Map<string, Stretch>();
  for (const { run, trainer, trainerName, state, startedAt, finishedAt } of attempts) {
    const from = Date.parse(startedAt);
    const to = finishedAt === null ? Math.max(from, now) : Date.parse(finishedAt);
    const name = trainerName ?? trainer;
    const key = `${name} ${Math.floor(from / 1000)} ${state}`;
    const known = stretches.get(key);
    if (known) {
      known.runs.push(run);
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, to);
    } else stretches.set(key, { trainer: name, state, runs: [run], from, to });
  }
  const ends = new Map<string, number[]>();
  return [...stretches.values()]
    .sort((a, b) => a.from - b.from)
    .map(({ trainer, state, runs, from, to }) => {
      const lanes = ends.get(trainer) ?? [];
      ends.set(trainer, lanes);
      const free = lanes.findIndex((end) => end <= from);
      const lane = free < 0 ? lanes.length : free;
      lanes[lane] = to;
      return {
        id: runs[0] ?? "",
        label: runs.length === 1 ? `run ${runs[0] ?? ""}` : `${runs.length} runs`,
        lane: lane === 0 ? trainer : `${trainer} · ${lane + 1}`,
        from,
        to,
        state: stateWord(state),
        look: runStateLooks[lookOf[state]].color,
      };
    });
}
