import {
  attemptKeyOf,
  type AttemptKey,
  type CommitStatusV1,
  type GrantV1,
  type PackId,
  type RunResultV1,
  type StopAction,
  type SweepId,
} from "@basin/contracts";
import pLimit from "p-limit";
import { ArtifactTooLargeError, partsInMemory, sha256Of } from "../control/artifact-transfer";
import type { ResultOwner } from "../control/committer";
import { isFinal, reasonOf } from "../control/control-plane";
import type { GivingBack } from "../control/release-queue";
import { DamagedContentError } from "../spool/contents-file";
import type { LeftOver } from "../spool/spool";
import type { SpoolFile } from "../spool/spool-file";
import type { SpooledArtifact } from "../spool/spool-records";
import type { FromWorker, PackFault, StartPack, WorkerResult } from "../worker/protocol";
import type { PackListener, RunningPack } from "../worker/worker-pool";
import { bringInputs } from "./bring-inputs";
import { fetchCheckpoints } from "./fetch-checkpoints";
import { HeldAttempts, type Held } from "./held-attempts";
import type { SessionContext } from "./session-context";
import { TelemetrySender } from "./telemetry-sender";

const reasonCharacters = 8000;
const uploadsAtOnce = 8;

/** The life of one claimed pack on the main thread, until each of its attempts is committed, superseded or given back. */
export class PackSession implements ResultOwner, PackListener {
  readonly pack: PackId;
  readonly sweep: SweepId;
  readonly #held: HeldAttempts;
  readonly #telemetry: TelemetrySender;
  readonly #uploads = pLimit(uploadsAtOnce);
  /** Attempts by their index in the worker. */
  #lineup: Held[] = [];
  #running: RunningPack | null = null;
  #step = 0;

  constructor(
    private readonly context: SessionContext,
    private readonly spool: SpoolFile,
    private readonly onSettled: (session: PackSession) => void,
  ) {
    this.pack = spool.header.pack;
    this.sweep = spool.header.sweep;
    this.#held = new HeldAttempts(spool.header.attempts);
    this.#telemetry = new TelemetrySender(context, spool, (attempts, error) => this.#unwritten(attempts, error));
    spool.begun.catch((error: unknown) => this.#unwritten(spool.header.attempts, error));
  }

  get step(): number {
    return this.#step;
  }

  /** Attempts that are not settled. */
  attempts(): AttemptKey[] {
    return this.#held.unsettled().map(({ run, attempt }) => ({ run, attempt }));
  }

  /** Trains the runs that were granted; resolves when the worker is free again. Never rejects. */
  async train(experiment: string, grants: readonly GrantV1[], checkpointSeconds: number): Promise<void> {
    const brought = await this.#bring(experiment, grants);
    if (!brought) return;
    const checkpoints = await fetchCheckpoints(this.context, grants);
    const runs = grants.flatMap((grant, i) => {
      const held = this.#held.get(grant);
      if (held?.state !== "waiting") return [];
      held.state = "training";
      this.#lineup.push(held);
      const { run, attempt, seed, parameters } = grant;
      return [{ run, attempt, seed, parameters, checkpoint: checkpoints[i] ?? null }];
    });
    if (runs.length === 0) return;
    const { trainer, pool } = this.context;
    this.#running = pool.run({ type: "start", trainer, experiment, runs, ...brought, checkpointSeconds }, this);
    await this.#running.ended;
    this.#running = null;
  }

  /** Goes on with what an earlier process left: results are committed, the rest is given back as failed. */
  recover({ results, unfinished }: LeftOver): void {
    const given = new Set([...results.map(({ result }) => attemptKeyOf(result)), ...unfinished.map(attemptKeyOf)]);
    for (const held of this.#held.unsettled()) if (!given.has(attemptKeyOf(held))) held.state = "settled";
    for (const spooled of results) {
      const held = this.#held.get(spooled.result);
      if (held) Object.assign(held, { state: "ending", result: spooled } satisfies Partial<Held>);
    }
    this.context.committer.add(
      results.map(({ result }) => result),
      this,
    );
    const reason = "the trainer process ended in the middle of training";
    void this.#release(this.#held.in("waiting"), { outcome: "failed", reason });
  }

  /** What the control plane wants of one attempt; repeats and what comes too late change nothing. */
  stop(attempts: readonly AttemptKey[], action: StopAction): void {
    const held = this.#held.of(attempts);
    const training = held.filter(({ state }) => state === "training");
    for (const one of training) Object.assign(one, { state: "stopping", stop: action } satisfies Partial<Held>);
    if (training.length > 0) {
      const runs = training.map((one) => this.#lineup.indexOf(one));
      this.#running?.post({ type: "stop", runs, action: action === "hand-back" ? "hand-back" : "drop" });
    }
    const waiting = held.filter(({ state }) => state === "waiting");
    if (action === "superseded") {
      for (const one of held) this.context.committer.forget(one);
      this.#settle(held, "superseded");
    } else if (waiting.length > 0) {
      void this.#release(waiting, { outcome: action === "cancel" ? "cancelled" : "handed-back" });
    }
  }

  handBack(): void {
    this.stop(this.attempts(), "hand-back");
  }

  /** Gives back at once what is being handed back, with whatever checkpoint the control plane has. */
  async abandon(): Promise<void> {
    await this.#release(this.#held.in("waiting", "training", "stopping"), { outcome: "handed-back" });
  }

  onMessage(message: Exclude<FromWorker, { type: "idle" }>): void {
    const { series, measures, log } = this.context;
    switch (message.type) {
      case "telemetry":
        series.points.inc(message.points);
        this.#telemetry.send(message.json);
        break;
      case "progress":
        series.steps.inc(message.runSteps);
        measures.add(this.pack, message.measured, message.memoryBytes);
        this.#step = Math.max(this.#step, message.step);
        break;
      case "checkpoint":
        this.#keepCheckpoint(message);
        break;
      case "stopped":
        void this.#stopped(this.#named(message.runs));
        break;
      case "finished":
        void this.#finish(message.results);
        break;
      case "failed":
        this.#failed(this.#named(message.runs), message.fault, message.message, message.stack);
        break;
      case "warning":
        log.warn({ pack: this.pack, runs: this.#named(message.runs).map(({ run }) => run) }, message.message);
        break;
    }
  }

  onDeath(reason: string, fault: PackFault): void {
    this.#failed(this.#held.in("training", "stopping"), fault, reason);
  }

  /**
   * Where a pack of several was interrupted, did not fit or came to an error, any of them or their number may be the reason: none is
   * blamed, all go back and are packed narrower. One alone would not fit the next time either, or come to the same error.
   */
  #failed(held: readonly Held[], fault: PackFault, reason: string, stack = ""): void {
    this.context.log.warn({ pack: this.pack, runs: held.length, fault, reason, ...(stack && { stack }) }, "a pack failed");
    if (fault !== "machine" && held.length > 1)
      void this.#release(held, { outcome: "handed-back", reason, maxWidth: Math.floor(held.length / 2) });
    else void this.#release(held, { outcome: "failed", reason, final: fault === "memory" || fault === "error" });
  }

  committed(result: RunResultV1): void {
    this.#settle([result], result.outcome);
  }

  superseded(attempt: AttemptKey): void {
    this.#settle([attempt], "superseded");
  }

  refused(attempt: AttemptKey, reason: string): void {
    const held = this.#held.get(attempt);
    if (held?.state !== "ending") return;
    this.context.log.warn({ run: held.run, attempt: held.attempt, reason }, "the control plane refused a result");
    void this.#release([held], { outcome: "failed", reason: `the control plane refused the result: ${reason}` });
  }

  stuck(attempt: AttemptKey, reason: string): void {
    const held = this.#held.get(attempt);
    if (held?.state !== "ending") return;
    this.context.log.warn({ run: held.run, attempt: held.attempt, reason }, "a result is given up");
    void this.#release([held], { outcome: "handed-back", reason });
  }

  #unwritten(attempts: readonly AttemptKey[], error: unknown): void {
    this.context.room.failed(error);
    this.#unkept(attempts, error);
  }

  /**
   * The spool could not keep something of these attempts, or lost it: what they computed cannot be answered for. They are trained again,
   * here or elsewhere, and those that still train leave a checkpoint. It is the disk's fault and costs the run nothing.
   */
  #unkept(attempts: readonly AttemptKey[], error: unknown): void {
    const reason = `the trainer's spool failed: ${reasonOf(error)}`;
    const held = this.#held.of(attempts);
    const leaving = [...new Set(held)].filter(({ state }) => state === "waiting" || state === "training" || state === "ending");
    if (leaving.length === 0) return;
    this.context.log.warn({ pack: this.pack, runs: leaving.length, reason }, "runs must be trained again");
    for (const one of leaving) one.reason = reason;
    const over = leaving.filter(({ state }) => state !== "training");
    for (const one of over) this.context.committer.forget(one);
    void this.#release(over, { outcome: "handed-back", reason });
    this.stop(leaving, "hand-back");
  }

  async resend(statuses: readonly CommitStatusV1[]): Promise<void> {
    const wanted = statuses.filter((status) => this.#held.get(status)?.state === "ending");
    const chunks = wanted.reduce((sum, { missing }) => sum + missing.reduce((count, one) => count + one.chunks.length, 0), 0);
    const artifacts = wanted.reduce((sum, { missingArtifacts }) => sum + missingArtifacts.length, 0);
    this.context.log.info({ pack: this.pack, runs: wanted.length, chunks, artifacts }, "sending again what is missing");
    const lost = chunks > 0 ? await this.#telemetry.resend(wanted) : [];
    if (lost.length > 0) this.#unkept(lost, new Error("metric points are missing in the spool"));
    await Promise.all(
      wanted.map(async (status) => {
        const held = this.#held.get(status);
        if (held) await this.#uploadArtifacts(held, status.missingArtifacts);
      }),
    );
  }

  /** Null where what the runs need cannot be had, and they were given back as failed. */
  async #bring(experiment: string, grants: readonly GrantV1[]): Promise<Pick<StartPack, "datasets" | "weights"> | null> {
    const configurations = grants.map(({ parameters }) => parameters);
    try {
      return await bringInputs(this.context, experiment, configurations);
    } catch (error) {
      if (!this.context.signal.aborted)
        await this.#release(this.#held.in("waiting"), { outcome: "failed", reason: reasonOf(error) });
      return null;
    }
  }

  #keepCheckpoint({ run, step, file }: Extract<FromWorker, { type: "checkpoint" }>): void {
    const held = this.#lineup[run];
    if (!held) return;
    const { transfer, log, series, signal } = this.context;
    const artifact = {
      name: "checkpoint.safetensors",
      kind: "checkpoint",
      mediaType: "application/octet-stream",
      step,
      bytes: file.byteLength,
      parts: () => partsInMemory(file),
    } as const;
    let tooLarge = false;
    const upload = async (): Promise<void> => {
      try {
        if (held.state !== "training" && held.state !== "stopping") return;
        const status = await transfer.upload(held, { ...artifact, sha256: await sha256Of(file) }, { signal });
        series.checkpoints.inc({ outcome: status === "complete" ? "stored" : "superseded" });
        if (status === "superseded") this.stop([held], "superseded");
      } catch (error) {
        series.checkpoints.inc({ outcome: "failed" });
        tooLarge = error instanceof ArtifactTooLargeError;
        if (!signal.aborted) log.warn({ run: held.run, step, reason: reasonOf(error) }, "a checkpoint could not be stored");
      } finally {
        this.#running?.post({ type: "checkpoint-settled", run, tooLarge });
      }
    };
    const previous = held.upload;
    held.upload = previous.then(() => this.#uploads(upload));
  }

  async #stopped(stopped: Held[]): Promise<void> {
    await this.#release(
      stopped.filter(({ stop }) => stop === "cancel"),
      { outcome: "cancelled" },
    );
    const handedBack = stopped.filter(({ stop, state }) => stop === "hand-back" && state === "stopping");
    await Promise.all(
      handedBack.map(async (held) => {
        await held.upload;
        await this.#release([held], { outcome: "handed-back", reason: held.reason });
      }),
    );
  }

  async #finish(results: WorkerResult[]): Promise<void> {
    const ended = results.flatMap((result) => {
      const held = this.#lineup[result.run];
      return held && (held.state === "training" || held.state === "stopping") ? [{ held, result }] : [];
    });
    for (const { held } of ended) held.state = "ending";
    const finals = ended.map(({ held, result }): RunResultV1 => {
      const { outcome, metrics, labels, reason, steps, trainSeconds, chunks, artifacts } = result;
      const names = artifacts.map(({ name }) => name);
      const cut = reason?.slice(0, reasonCharacters) ?? null;
      return {
        run: held.run,
        attempt: held.attempt,
        outcome,
        metrics,
        labels,
        reason: cut,
        steps,
        trainSeconds,
        chunks,
        artifacts: names,
      };
    });
    const sent = this.#telemetry.settled();
    await Promise.all(
      ended.map(async ({ held, result: { artifacts } }, i) => {
        const result = finals[i];
        if (!result) return;
        try {
          held.result = { result, artifacts: await this.spool.appendResult(result, artifacts) };
        } catch (error) {
          this.#unwritten([held], error);
          return;
        }
        await sent;
        await this.#uploadArtifacts(held, result.artifacts).catch((error: unknown) => {
          // What is not stored is named by the next commit.
          this.context.log.warn({ run: held.run, reason: reasonOf(error) }, "an artifact could not be stored yet");
        });
        if (held.state === "ending") this.context.committer.add([held.result.result], this);
      }),
    );
  }

  /** Rejects when one of them is not stored and may be later. What can never be stored ends the attempt. */
  async #uploadArtifacts(held: Held, names: readonly string[]): Promise<void> {
    const { transfer, signal } = this.context;
    const artifacts = held.result?.artifacts.filter(({ name }) => names.includes(name)) ?? [];
    await Promise.all(
      artifacts.map((place) =>
        this.#uploads(async () => {
          if (held.state !== "ending") return;
          try {
            const parts = (): AsyncIterable<Buffer> => this.spool.readArtifact(held, place);
            const status = await transfer.upload(held, { ...place, step: null, parts }, { signal });
            if (status === "superseded") this.stop([held], "superseded");
          } catch (error) {
            if (signal.aborted) return;
            if (error instanceof DamagedContentError) this.#unkept([held], error);
            else if (error instanceof ArtifactTooLargeError) await this.#leaveOut(held, place, error.message);
            else if (isFinal(error)) this.refused(held, reasonOf(error));
            else throw error;
          }
        }),
      ),
    );
  }

  /** The run is over and has its figures; it only goes without this file, and says so. */
  async #leaveOut(held: Held, { name }: SpooledArtifact, why: string): Promise<void> {
    const spooled = held.result;
    if (!spooled) return;
    const { result, artifacts } = spooled;
    const reason = [...(result.reason === null ? [] : [result.reason]), `${name} is not kept: ${why}`].join("; ");
    const without = {
      ...result,
      reason: reason.slice(0, reasonCharacters),
      artifacts: result.artifacts.filter((one) => one !== name),
    };
    held.result = { result: without, artifacts: artifacts.filter((one) => one.name !== name) };
    this.context.committer.amend(without);
    this.context.log.warn({ run: held.run, artifact: name, reason: why }, "a result goes without an artifact");
    // Not kept: the next process finds out once more.
    await this.spool.amendResult(without, held.result.artifacts).catch((error: unknown) => this.context.room.failed(error));
  }

  async #release(attempts: readonly Held[], giving: GivingBack): Promise<void> {
    const leaving = attempts.filter(({ state }) => state !== "releasing" && state !== "settled");
    if (leaving.length === 0) return;
    for (const held of leaving) held.state = "releasing";
    await this.context.releases.release(leaving, giving);
    this.#settle(leaving, giving.outcome);
  }

  #settle(attempts: readonly AttemptKey[], outcome: string): void {
    const fresh = this.#held.of(attempts).filter(({ state }) => state !== "settled");
    if (fresh.length === 0) return;
    for (const held of fresh) held.state = "settled";
    this.context.series.runs.inc({ outcome }, fresh.length);
    if (this.context.signal.aborted) return;
    this.spool.markDone(fresh);
    if (this.attempts().length === 0) this.onSettled(this);
  }

  #named(runs: readonly number[]): Held[] {
    return runs.flatMap((run) => this.#lineup[run] ?? []);
  }
}
