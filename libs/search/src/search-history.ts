import { applicable, Configuration, type Space } from "@basin/contracts";
import { z } from "zod";
import { dimensionsOf } from "./dimension";

/** How the training of a trial from one initialization ended. */
export const RunResult = z.strictObject({
  /** Index in the sweep's list of seeds. */
  initialization: z.int().min(0),
  /** The objective as it was measured; null where the run has none (it did not succeed, or the figure was not finite). */
  value: z.number().nullable(),
  /** Further objectives of the sweep in its order, as the first; absent where there is one only. */
  others: z.array(z.number().nullable()).optional(),
  /** By how much its metrics break the sweep's constraints on them, all together; absent: they hold, or there are none. */
  violation: z.number().positive().optional(),
  outcome: z.enum(["succeeded", "diverged", "failed", "cancelled", "pruned"]),
});
export type RunResult = z.infer<typeof RunResult>;

/** What is told of a trial at once: all its runs that ended, so that what is told later replaces what was told before. */
export const TrialResults = z.strictObject({
  trial: z.int().min(0),
  /** Every run that the trial was given has ended. */
  ended: z.boolean(),
  runs: z.array(RunResult),
});
export type TrialResults = z.infer<typeof TrialResults>;

/** A trial as a search knows it. Never changed: another object takes its place. */
export interface SearchedTrial {
  readonly parameters: Configuration;
  readonly ended: boolean;
  readonly runs: readonly RunResult[];
}

/**
 * All trials by their numbers, with what was told of them. It follows from the stored events, so an algorithm keeps none of it in its
 * state. The same object grows from event to event; what an algorithm derives from it may be kept beside it (a WeakMap), never instead.
 */
export interface SearchHistory {
  readonly trials: readonly SearchedTrial[];
  /** Trials of an earlier sweep that the search begins with, then those of `trials`; absent: there was no earlier one. */
  readonly learned?: readonly SearchedTrial[] | undefined;
}

export const emptyHistory: SearchHistory = Object.freeze({ trials: Object.freeze([]) });

/** A trial of an earlier sweep over the same experiment and objective, with how its runs ended. */
export const EarlierTrial = z.object({ parameters: Configuration, runs: z.array(RunResult) });
export type EarlierTrial = z.infer<typeof EarlierTrial>;

const Told = z.discriminatedUnion("type", [
  z.object({ type: z.literal("results"), trials: z.array(TrialResults) }),
  z.object({ type: z.literal("extended"), seeds: z.unknown() }),
  z.object({ type: z.literal("warm-start"), trials: z.array(EarlierTrial) }),
]);

/** The history, kept up as trials are created and events are told; rebuilt from stored events it is the same. */
export class SearchRecord implements SearchHistory {
  readonly #trials: SearchedTrial[] = [];
  #learned: SearchedTrial[] | undefined;

  get trials(): readonly SearchedTrial[] {
    return this.#trials;
  }

  get learned(): readonly SearchedTrial[] | undefined {
    return this.#learned;
  }

  create(parameters: Configuration): void {
    const made = Object.freeze({ parameters, ended: false, runs: [] });
    this.#trials.push(made);
    this.#learned?.push(made);
  }

  /** An event as it is stored; those that say nothing of results change nothing. Throws on results of a trial that is not there. */
  tell(event: { readonly type: string }): void {
    if (event.type !== "results" && event.type !== "extended" && event.type !== "warm-start") return;
    const told = Told.parse(event);
    if (told.type === "warm-start") {
      if (this.#trials.length > 0) throw new Error("a search begins with earlier trials before it makes any");
      this.#learned = told.trials.map((trial) => Object.freeze({ ...trial, ended: true }));
      return;
    }
    if (told.type === "results") {
      for (const { trial, ended, runs } of told.trials) this.#replace(trial, { ended, runs });
      return;
    }
    // Every trial is given the new seeds, and is told anew when it has been trained from them.
    if (told.seeds !== undefined) for (const trial of this.#trials.keys()) this.#replace(trial, { ended: false });
  }

  #replace(trial: number, changes: Partial<SearchedTrial>): void {
    const known = this.#trials[trial];
    if (!known) throw new Error(`results of trial ${trial} were told; there are ${this.#trials.length} trials`);
    const next = Object.freeze({ ...known, ...changes });
    this.#trials[trial] = next;
    if (this.#learned) this.#learned[this.#learned.length - this.#trials.length + trial] = next;
  }
}

/** What the search chose of a trial's parameters: those of the space that apply. */
export function chosenParameters(space: Space, parameters: Configuration): Configuration {
  const listed = dimensionsOf(space).flatMap(([name]) => {
    const value = parameters[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return applicable(space, Object.fromEntries(listed));
}
