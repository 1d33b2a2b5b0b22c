import { attemptKeyOf, type AttemptKey, type CommitStatusV1, type RunResultV1, type TrainerId } from "@basin/contracts";
import type { Logger } from "pino";
import { isFinal, reasonOf, type ControlPlane } from "./control-plane";

/** Where the committer turns to about one result. */
export interface ResultOwner {
  committed(result: RunResultV1): void;
  superseded(attempt: AttemptKey): void;
  /** Sends again what is named, of all these attempts together; resolves when NATS and the control plane took it. */
  resend(statuses: readonly CommitStatusV1[]): Promise<void>;
  /** The control plane will never take this result. */
  refused(attempt: AttemptKey, reason: string): void;
  /** The control plane asks for the same again and again although it was sent: nothing here will complete it. */
  stuck(attempt: AttemptKey, reason: string): void;
}

interface Pending {
  result: RunResultV1;
  owner: ResultOwner;
  dueAt: number;
  pauseMilliseconds: number;
  /** Missing chunks are sent again when they have been on their way for this long: the ingest may only be behind. */
  resendAt: number;
  resendPauseMilliseconds: number;
  /** Missing artifacts are sent again at once, but only once: nothing of theirs is on its way. */
  tried: boolean;
  /** The fewest chunks and artifacts that an answer named as missing, when it did, and how often all of them were sent since. */
  fewestMissing: number;
  progressAt: number;
  resends: number;
  /** The request it was part of was refused: ask for it alone, to find the wrong one. */
  alone: boolean;
  addedAt: number;
}

export interface CommitterOptions {
  control: ControlPlane;
  trainer: TrainerId;
  log: Logger;
  signal: AbortSignal;
  /** Seconds from the end of training to the commit. */
  onCommit: (seconds: number) => void;
  /** How long the control plane may ask for the same again, sent each time, until the result is given up; default 600. */
  stuckSeconds?: number;
}

const firstPauseMilliseconds = 50;
const longestPauseMilliseconds = 1000;
const longestRetryMilliseconds = 3000;
const firstResendMilliseconds = 1000;
const longestResendMilliseconds = 15_000;
const stuckSecondsByDefault = 600;
/** However long it took: what was sent fewer times may only have had bad luck. */
const leastResendsUntilStuck = 5;
const maxResultsPerRequest = 512;
const maxRequestBytes = 512 * 1024;
const maxRequestsAtOnce = 4;

/**
 * Asks for results to be committed until each is committed or superseded, many in one request. Pauses grow and are drawn, so that
 * what failed together does not come back together; what cannot be completed ends as stuck.
 */
export class Committer {
  readonly #pending = new Map<string, Pending>();
  #due: Pending[] = [];
  #requests = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: CommitterOptions) {
    options.signal.addEventListener("abort", () => this.#timer && clearTimeout(this.#timer), { once: true });
  }

  get size(): number {
    return this.#pending.size;
  }

  add(results: readonly RunResultV1[], owner: ResultOwner): void {
    const now = performance.now();
    for (const result of results) {
      this.#pending.set(attemptKeyOf(result), {
        result,
        owner,
        dueAt: now,
        pauseMilliseconds: firstPauseMilliseconds,
        resendAt: now + firstResendMilliseconds,
        resendPauseMilliseconds: firstResendMilliseconds,
        tried: false,
        fewestMissing: Infinity,
        progressAt: now,
        resends: 0,
        alone: false,
        addedAt: now,
      });
    }
    this.#schedule(0);
  }

  /** Asks for this result in the place of the one of the same attempt, if that is asked for. */
  amend(result: RunResultV1): void {
    const pending = this.#pending.get(attemptKeyOf(result));
    if (pending) pending.result = result;
  }

  /** The attempt is no longer ours; its owner is not told. */
  forget(attempt: AttemptKey): void {
    this.#pending.delete(attemptKeyOf(attempt));
  }

  #schedule(milliseconds: number): void {
    if (this.options.signal.aborted) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#collect(), Math.max(0, milliseconds));
  }

  /** Moves what is due into requests, and sleeps until the next is. */
  #collect(): void {
    this.#timer = null;
    const now = performance.now();
    let next = Infinity;
    for (const pending of this.#pending.values()) {
      if (pending.dueAt <= now) {
        pending.dueAt = Infinity;
        this.#due.push(pending);
      } else if (pending.dueAt < next) {
        next = pending.dueAt;
      }
    }
    while (this.#due.length > 0 && this.#requests < maxRequestsAtOnce) void this.#commit(this.#take());
    if (Number.isFinite(next)) this.#schedule(next - now);
  }

  #take(): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const pending of this.#due) {
      if (pending.alone && count > 0) break;
      bytes +=
        200 +
        pending.result.artifacts.length * 60 +
        JSON.stringify(pending.result.metrics).length +
        (pending.result.reason?.length ?? 0);
      bytes += Object.keys(pending.result.chunks).length * 40;
      if (count > 0 && (bytes > maxRequestBytes || count >= maxResultsPerRequest)) break;
      count++;
      if (pending.alone) break;
    }
    return this.#due.splice(0, count);
  }

  async #commit(batch: Pending[]): Promise<void> {
    const { control, trainer, log, signal } = this.options;
    const wanted = batch.filter(({ result }) => this.#pending.has(attemptKeyOf(result)));
    if (wanted.length === 0) return;
    this.#requests++;
    try {
      const reply = await control.once(
        "commit",
        { v: 1, trainer, results: wanted.map(({ result }) => result) },
        { signal, timeoutSeconds: 15 },
      );
      const statuses = new Map(reply.statuses.map((status) => [attemptKeyOf(status), status]));
      const incomplete = new Map<ResultOwner, { pending: Pending; status: CommitStatusV1 }[]>();
      for (const pending of wanted) {
        const status = statuses.get(attemptKeyOf(pending.result));
        if (!this.#conclude(pending, status) && status) {
          incomplete.set(pending.owner, [...(incomplete.get(pending.owner) ?? []), { pending, status }]);
        }
      }
      for (const [owner, missing] of incomplete) void this.#resend(owner, missing);
    } catch (error) {
      if (signal.aborted) return;
      for (const pending of wanted) this.#failed(pending, error, wanted.length === 1);
      if (isFinal(error)) log.error({ results: wanted.length, reason: reasonOf(error) }, "a commit was refused");
    } finally {
      this.#requests--;
      this.#schedule(0);
    }
  }

  /** Returns false when what is missing must be sent again now. */
  #conclude(pending: Pending, status: CommitStatusV1 | undefined): boolean {
    const { result, owner } = pending;
    const now = performance.now();
    if (status?.status === "committed") {
      this.#pending.delete(attemptKeyOf(result));
      this.options.onCommit((performance.now() - pending.addedAt) / 1000);
      owner.committed(result);
    } else if (status?.status === "superseded") {
      this.#pending.delete(attemptKeyOf(result));
      owner.superseded(result);
    } else if (status && this.#isStuck(pending, status, now)) {
      this.#pending.delete(attemptKeyOf(result));
      owner.stuck(result, stuckReason(status, pending.resends));
    } else if (status && ((status.missingArtifacts.length > 0 && !pending.tried) || now >= pending.resendAt)) {
      return false;
    } else {
      this.#later(pending, longestPauseMilliseconds);
    }
    return true;
  }

  /** Notes whether less is missing than before. */
  #isStuck(pending: Pending, status: CommitStatusV1, now: number): boolean {
    const missing = status.missing.reduce((sum, { chunks }) => sum + chunks.length, status.missingArtifacts.length);
    if (missing < pending.fewestMissing) {
      pending.fewestMissing = missing;
      pending.progressAt = now;
      pending.resends = 0;
    }
    const { stuckSeconds = stuckSecondsByDefault } = this.options;
    return pending.resends >= leastResendsUntilStuck && now - pending.progressAt > stuckSeconds * 1000;
  }

  async #resend(owner: ResultOwner, missing: readonly { pending: Pending; status: CommitStatusV1 }[]): Promise<void> {
    try {
      await owner.resend(missing.map(({ status }) => status));
      for (const { pending } of missing) pending.resends++;
    } catch (error) {
      this.options.log.warn({ results: missing.length, reason: reasonOf(error) }, "what is missing could not be sent again yet");
    }
    for (const { pending } of missing) {
      pending.tried = true;
      pending.resendAt = performance.now() + drawn(pending.resendPauseMilliseconds);
      pending.resendPauseMilliseconds = Math.min(pending.resendPauseMilliseconds * 2, longestResendMilliseconds);
      pending.pauseMilliseconds = firstPauseMilliseconds;
      this.#later(pending, longestPauseMilliseconds);
    }
    this.#schedule(0);
  }

  #failed(pending: Pending, error: unknown, alone: boolean): void {
    if (!isFinal(error)) {
      this.#later(pending, longestRetryMilliseconds);
    } else if (alone) {
      this.#pending.delete(attemptKeyOf(pending.result));
      pending.owner.refused(pending.result, reasonOf(error));
    } else {
      pending.alone = true;
      pending.dueAt = performance.now();
    }
  }

  #later(pending: Pending, longest: number): void {
    pending.dueAt = performance.now() + drawn(pending.pauseMilliseconds);
    pending.pauseMilliseconds = Math.min(pending.pauseMilliseconds * 2, longest);
  }
}

/** Half of a pause to all of it. */
function drawn(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}

function stuckReason({ missing, missingArtifacts }: CommitStatusV1, resends: number): string {
  const chunks = missing.map(({ metric, chunks: numbers }) => `${numbers.length} chunks of ${metric}`);
  return `the result cannot be completed: sent ${resends} times, the control plane still lacks ${[...chunks, ...missingArtifacts].join(", ")}`;
}
