import type { AttemptKey, ReleaseRequestV1, TrainerId } from "@basin/contracts";
import type { Logger } from "pino";
import { keyOf } from "../spool/spool-records";
import { isFinal, reasonOf, type ControlPlane } from "./control-plane";

export type Release = ReleaseRequestV1["attempts"][number];

const maxAttemptsPerRequest = 512;
const reasonCharacters = 8000;

/** Gives attempts back, together where it can, and repeats until the control plane heard it. */
export class ReleaseQueue {
  #waiting: { release: Release; resolve: () => void }[] = [];
  #running = false;

  constructor(
    private readonly control: ControlPlane,
    private readonly trainer: TrainerId,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when the control plane answered, or when the trainer ends. Never rejects. */
  async release(attempts: readonly AttemptKey[], outcome: Release["outcome"], reason: string | null): Promise<void> {
    const cut = reason?.slice(0, reasonCharacters) ?? null;
    await Promise.all(
      attempts.map(
        ({ run, attempt }) =>
          new Promise<void>((resolve) => {
            this.#waiting.push({ release: { run, attempt, outcome, reason: cut }, resolve });
            if (!this.#running) void this.#work();
          }),
      ),
    );
  }

  async #work(): Promise<void> {
    this.#running = true;
    // Whatever is released in the same turn goes out together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxAttemptsPerRequest);
      try {
        const attempts = batch.map(({ release }) => release);
        await this.control.ask("release", { v: 1, trainer: this.trainer, attempts }, { signal: this.signal });
      } catch (error) {
        if (isFinal(error)) {
          this.log.error(
            { attempts: batch.map(({ release }) => keyOf(release)), reason: reasonOf(error) },
            "the control plane refused to take attempts back; it will take them when their lease is over",
          );
        }
      }
      for (const { resolve } of batch) resolve();
    }
    this.#running = false;
  }
}
