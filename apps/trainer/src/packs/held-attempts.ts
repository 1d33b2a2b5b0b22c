import { attemptKeyOf, type AttemptKey, type StopAction } from "@basin/contracts";
import type { SpooledResult } from "../spool/spool-file";

export interface Held {
  run: AttemptKey["run"];
  attempt: number;
  /**
   * waiting: not in the worker yet; training: in the worker; stopping: told to leave it; ending: its result is on the way to
   * a commit; releasing: on the way back without one; settled: nothing is left to do.
   */
  state: "waiting" | "training" | "stopping" | "ending" | "releasing" | "settled";
  stop: StopAction | null;
  /** Why it is given back, where nobody asked for it. */
  reason: string | null;
  /** The upload of its newest checkpoint; never rejects. */
  upload: Promise<void>;
  result: SpooledResult | null;
}

/** The attempts that were granted with a pack. */
export class HeldAttempts {
  readonly #held: ReadonlyMap<string, Held>;

  constructor(attempts: readonly AttemptKey[]) {
    this.#held = new Map(
      attempts.map(({ run, attempt }) => [
        attemptKeyOf({ run, attempt }),
        { run, attempt, state: "waiting", stop: null, reason: null, upload: Promise.resolve(), result: null },
      ]),
    );
  }

  get(attempt: AttemptKey): Held | undefined {
    return this.#held.get(attemptKeyOf(attempt));
  }

  /** Those of them that are known here. */
  of(attempts: readonly AttemptKey[]): Held[] {
    return attempts.flatMap((attempt) => this.get(attempt) ?? []);
  }

  in(...states: Held["state"][]): Held[] {
    return [...this.#held.values()].filter(({ state }) => states.includes(state));
  }

  unsettled(): Held[] {
    return [...this.#held.values()].filter(({ state }) => state !== "settled");
  }
}
