import { attemptKeyOf, type AttemptKey, type ReleaseRequestV1, type ReleaseRequestV2, type TrainerId } from "@basin/contracts";
import type { Logger } from "pino";
import { isFinal, reasonOf, type ControlPlane } from "./control-plane";

type Release = ReleaseRequestV2["attempts"][number];

/** How attempts are given back. Of failures: whether another attempt would end the same. Of what is handed back: how wide its packs may be. */
export type GivingBack =
  | { outcome: "handed-back"; reason?: string | null; maxWidth?: number }
  | { outcome: "cancelled" }
  | { outcome: "failed"; reason: string; final?: boolean };

const maxAttemptsPerRequest = 512;
const reasonCharacters = 8000;

/** Gives attempts back, together where it can, and repeats until the control plane heard it. */
export class ReleaseQueue {
  #waiting: { release: Release; resolve: () => void }[] = [];
  #running = false;

  constructor(
    private readonly control: ControlPlane,
    private readonly trainer: TrainerId,
    /** Of the messages that the control plane understands. */
    private readonly version: () => 1 | 2,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when the control plane answered, or when the trainer ends. Never rejects. */
  async release(attempts: readonly AttemptKey[], giving: GivingBack): Promise<void> {
    await Promise.all(
      attempts.map(
        ({ run, attempt }) =>
          new Promise<void>((resolve) => {
            this.#waiting.push({ release: releaseOf({ run, attempt }, giving), resolve });
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
        const { trainer, signal } = this;
        if (this.version() === 2) await this.control.ask("release", { v: 2, trainer, attempts }, { signal });
        else await this.control.ask("release", { v: 1, trainer, attempts: attempts.map(inVersion1) }, { signal });
      } catch (error) {
        if (isFinal(error)) {
          this.log.error(
            { attempts: batch.map(({ release }) => attemptKeyOf(release)), reason: reasonOf(error) },
            "the control plane refused to take attempts back; it will take them when their lease is over",
          );
        }
      }
      for (const { resolve } of batch) resolve();
    }
    this.#running = false;
  }
}

/** Version 1 knows no bound on the width: without a strike a pack that is too wide would come back as wide for ever. */
function inVersion1(release: Release): ReleaseRequestV1["attempts"][number] {
  const { run, attempt, reason } = release;
  const tooWide = release.outcome === "handed-back" && release.maxWidth !== null;
  return { run, attempt, outcome: tooWide ? "failed" : release.outcome, reason };
}

function releaseOf(attempt: AttemptKey, giving: GivingBack): Release {
  switch (giving.outcome) {
    case "handed-back": {
      const { outcome, reason = null, maxWidth = null } = giving;
      return { ...attempt, outcome, reason: reason?.slice(0, reasonCharacters) ?? null, maxWidth };
    }
    case "cancelled":
      return { ...attempt, outcome: giving.outcome, reason: null };
    case "failed": {
      const { outcome, reason, final = false } = giving;
      return { ...attempt, outcome, reason: reason.slice(0, reasonCharacters), final };
    }
  }
}
