import type { Configuration, Space } from "@basin/contracts";
import { z } from "zod";
import { completed, knownFirst } from "./known-first";
import { takeCandidates, type NumberedState } from "./numbered-candidates";
import type { SearchAction, SearchEvent } from "./search-algorithm";
import type { SearchHistory } from "./search-history";

/** Fields of the config of a search whose trials depend on results. */
export const batchFields = {
  batch: z
    .enum(["synchronous", "asynchronous"])
    .default("synchronous")
    .meta({
      title: "Batches",
      description: "When trials are chosen",
      "x-choices": {
        synchronous: "A batch at a time, when all before it have ended: the same trials whatever the trainers",
        asynchronous: "One by one as others end: no trainer waits, but the trials depend on how fast each is",
      },
    }),
  batchSize: z.int().min(1).max(1024).default(10).meta({
    title: "Trials in a batch",
    description: "At most so many train at a time; each knows nothing of the others' results",
  }),
  first: knownFirst,
};
export interface BatchConfig {
  trials: number;
  batch: "synchronous" | "asynchronous";
  batchSize: number;
  first?: Configuration[] | undefined;
}

/**
 * Answers an event of a search that learns: tries the configurations that are listed first, then makes as many trials as room and batches allow, and says once when the end is reached.
 * `suggest` is told the trial's number, of how many trials the results may be used (those before `known` that have ended), and the
 * trials of this answer before it.
 */
export function takeSuggestions(
  space: Space,
  { trials, batch, batchSize, first }: BatchConfig,
  state: NumberedState,
  event: SearchEvent,
  history: SearchHistory,
  suggest: (trial: number, known: number, made: readonly Configuration[]) => Configuration,
): { state: NumberedState; actions: SearchAction[] } {
  if (event.type !== "capacity") return { state, actions: [] };
  const begun = Math.floor(state.next / batchSize) * batchSize;
  const looked = batch === "synchronous" ? begun : state.next;
  const training = looked - endedOf(history, looked);
  const room = batch === "asynchronous" ? batchSize - training : training > 0 ? 0 : begun + batchSize - state.next;
  const known = batch === "synchronous" ? begun : state.next;
  const made: Configuration[] = [];
  const capacity = { ...event, trials: Math.max(0, Math.min(event.trials, room)) };
  return takeCandidates(state, capacity, trials, (trial) => {
    const listed = first?.[trial];
    const parameters = listed ? completed(space, listed) : suggest(trial, known, made);
    made.push(parameters);
    return parameters;
  });
}

/** Of the first trials, how many have ended. */
export function endedOf({ trials }: SearchHistory, known: number): number {
  let ended = 0;
  for (let i = 0; i < Math.min(known, trials.length); i++) if (trials[i]?.ended) ended += 1;
  return ended;
}
