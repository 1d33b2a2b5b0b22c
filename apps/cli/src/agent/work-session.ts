import { ApiError, type AnswerOf, type AttemptKey, type CallInput, type SweepId, type TrainerId } from "@basin/contracts";
import { basinAt } from "../api-calls";

type Asked = "workerHeartbeat" | "claimRuns" | "reportWork";

/**
 * A registered outside worker. Every request is sent again until it is answered, for an hour: what was done is not done twice. Throws ApiError for
 * what is refused.
 */
export class WorkSession {
  readonly #basin: ReturnType<typeof basinAt>;
  readonly #patience: { patienceSeconds: number };

  constructor(
    origin: string,
    readonly worker: TrainerId,
    private readonly registration: CallInput<"registerWorker">["body"],
    patienceSeconds = 3600,
  ) {
    this.#basin = basinAt(origin);
    this.#patience = { patienceSeconds };
  }

  register(): Promise<AnswerOf<"registerWorker">> {
    return this.#basin.call("registerWorker", { params: { worker: this.worker }, body: this.registration }, this.#patience);
  }

  heartbeat(body: CallInput<"workerHeartbeat">["body"]): Promise<AnswerOf<"workerHeartbeat">> {
    return this.#known("workerHeartbeat", { params: { worker: this.worker }, body });
  }

  claim(body: { runs: number; waitSeconds: number; sweep: SweepId; holding: AttemptKey[] }): Promise<AnswerOf<"claimRuns">> {
    return this.#known("claimRuns", { params: { worker: this.worker }, body });
  }

  report(body: NonNullable<CallInput<"reportWork">["body"]>): Promise<AnswerOf<"reportWork">> {
    return this.#known("reportWork", { params: { worker: this.worker }, body });
  }

  upload(
    { run, attempt }: AttemptKey,
    query: CallInput<"uploadArtifact">["query"],
    content: Buffer,
  ): Promise<AnswerOf<"uploadArtifact">> {
    const params = { worker: this.worker, run, attempt };
    return this.#basin.upload("uploadArtifact", { params, query }, new Uint8Array(content), this.#patience);
  }

  async download(artifact: string): Promise<Buffer> {
    return Buffer.from(await this.#basin.content("getArtifactContent", { params: { artifact } }, this.#patience));
  }

  /** Registers again where the API does not know the worker (any more). */
  async #known<N extends Asked>(name: N, input: CallInput<N>): Promise<AnswerOf<N>> {
    try {
      return await this.#basin.call(name, input, this.#patience);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404 || !error.message.includes("worker")) throw error;
      await this.register();
      return this.#basin.call(name, input, this.#patience);
    }
  }
}
