import {
  ApiError,
  routeUrl,
  type AnswerOf,
  type AttemptKey,
  type CallInput,
  type SweepId,
  type TrainerId,
} from "@basin/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import { authorization, call } from "../api-calls";

/** Statuses that pass: the API says itself that it may be asked again. */
const passing = new Set([0, 408, 429, 502, 503, 504]);
const longestWait = 5000;

/**
 * A registered outside worker. Every request is sent again until it is answered, for an hour: what was done is not done twice. Throws ApiError for
 * what is refused.
 */
export class WorkSession {
  constructor(
    private readonly origin: string,
    readonly worker: TrainerId,
    private readonly registration: CallInput<"registerWorker">["body"],
    private readonly patienceSeconds = 3600,
  ) {}

  register(): Promise<AnswerOf<"registerWorker">> {
    return this.#patiently(() =>
      call(this.origin, "registerWorker", { params: { worker: this.worker }, body: this.registration }),
    );
  }

  heartbeat(body: NonNullable<CallInput<"workerHeartbeat">["body"]>): Promise<AnswerOf<"workerHeartbeat">> {
    return this.#known(() => call(this.origin, "workerHeartbeat", { params: { worker: this.worker }, body }));
  }

  claim(body: { runs: number; waitSeconds: number; sweep: SweepId; holding: AttemptKey[] }): Promise<AnswerOf<"claimRuns">> {
    return this.#known(() => call(this.origin, "claimRuns", { params: { worker: this.worker }, body }));
  }

  report(body: NonNullable<CallInput<"reportWork">["body"]>): Promise<AnswerOf<"reportWork">> {
    return this.#known(() => call(this.origin, "reportWork", { params: { worker: this.worker }, body }));
  }

  upload(
    { run, attempt }: AttemptKey,
    query: CallInput<"uploadArtifact">["query"],
    content: Buffer,
  ): Promise<AnswerOf<"uploadArtifact">> {
    const url = routeUrl(this.origin, "uploadArtifact", { params: { worker: this.worker, run, attempt }, query });
    return this.#patiently(async () => {
      const response = await fetch(url, {
        method: "PUT",
        headers: { "content-type": "application/octet-stream", ...authorization() },
        body: new Uint8Array(content),
      });
      if (!response.ok) throw new ApiError(response.status, "upload", await response.text(), []);
      return (await response.json()) as AnswerOf<"uploadArtifact">;
    });
  }

  download(artifact: string): Promise<Buffer> {
    const url = routeUrl(this.origin, "getArtifactContent", { params: { artifact } });
    return this.#patiently(async () => {
      const response = await fetch(url, { headers: authorization() });
      if (!response.ok) throw new ApiError(response.status, "download", response.statusText, []);
      return Buffer.from(await response.arrayBuffer());
    });
  }

  /** Registers again where the API does not know the worker (any more). */
  #known<T>(ask: () => Promise<T>): Promise<T> {
    return this.#patiently(async () => {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404 || !error.message.includes("worker")) throw error;
        await this.register();
        return ask();
      }
    });
  }

  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.patienceSeconds * 1000;
    for (let wait = 50; ; wait = Math.min(longestWait, wait * 2)) {
      try {
        return await ask();
      } catch (error) {
        const passes = error instanceof ApiError ? passing.has(error.status) : error instanceof TypeError;
        if (!passes || performance.now() + wait > end) throw error;
        await sleep(wait * (0.5 + Math.random()));
      }
    }
  }
}
