import {
  attemptKeyOf,
  StopAction,
  type AttemptKey,
  type Backend,
  type BuildId,
  type ClaimReplyV1,
  type ControlRequest,
  type HeartbeatReplyV1,
  type PackId,
  type PackMessage,
  type TrainerId,
} from "@basin/contracts";
import { linkOf, pullPack, subscribeCommands, type Delivery, type Listening, type NatsConnection } from "@basin/messaging";
import { setMaxListeners } from "node:events";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import manifest from "../package.json" with { type: "json" };
import { ArtifactTransfer } from "./control/artifact-transfer";
import { Committer } from "./control/committer";
import { ControlPlane, isFinal, reasonOf } from "./control/control-plane";
import { register, type Terms } from "./control/registration";
import { ReleaseQueue } from "./control/release-queue";
import { beat, keepBeating, type HeartbeatOptions } from "./heartbeat";
import { DatasetStore } from "./packs/dataset-store";
import { LookAhead } from "./packs/look-ahead";
import { PackMeasures } from "./packs/pack-measures";
import { PackSession } from "./packs/pack-session";
import type { SessionContext } from "./packs/session-context";
import { trainerMetrics, type TrainerMetrics } from "./platform/prometheus-series";
import type { Spool } from "./spool/spool";
import type { SpoolFile } from "./spool/spool-file";
import { SpoolRoom } from "./spool/spool-room";
import type { UnsentBytes } from "./worker/protocol";
import { WorkerPool } from "./worker/worker-pool";

export interface TrainerOptions {
  connection: NatsConnection;
  id: TrainerId;
  name: string;
  pool: string;
  build: BuildId;
  slots: number;
  /** Memory that a pack in one slot may take. */
  slotBytes: number;
  backend: { backend: Backend; device: string; reason: string };
  /** Ids of the experiments it can train. */
  experiments: string[];
  spool: Spool;
  /** No pack is taken while the disk under the spool has less left; null leaves it to the disk's size. */
  keepFreeBytes: number | null;
  /** Where datasets that were fetched are kept. */
  datasetFolder: string;
  /** The bundled worker/pack-worker. */
  workerScript: URL;
  /** Its files were replaced while it ran, so that a new worker would be of another build: it has to be started again. */
  onOtherBuild: () => void;
  /** Start the first worker before the first pack. */
  prewarm: boolean;
  /** Where its series are registered. */
  registry: Registry;
  log: Logger;
}

/** A claim is repeated for this long; the message comes back to somebody else after the ack wait of 30 s. */
const claimSeconds = 20;
/** Packs whose results wait for their commit, besides the ones that train. */
const maxUncommittedPacks = 32;
/** Above this no new pack is taken: the control plane is away for long, or the disk would fill. */
const maxSpoolBytes = 4 * 1024 ** 3;
const prewarmDelayMilliseconds = 500;
/** How often a claimer looks again while the trainer takes nothing. */
const closedMilliseconds = 20;
/** How often one that has no place looks again; there are as many of these as slots, all the time that packs are long. */
const idleMilliseconds = 250;

/** One trainer: takes packs of its pool, trains them in worker threads, and hands every run back, committed or not. */
export class Trainer {
  readonly #series: TrainerMetrics;
  readonly #options: TrainerOptions;
  readonly #control: ControlPlane;
  readonly #workers: WorkerPool;
  readonly #context: SessionContext;
  readonly #sessions = new Set<PackSession>();
  readonly #ahead: LookAhead;
  readonly #ending = new AbortController();
  #pulling = new AbortController();
  #draining = false;
  #stopping = false;
  readonly #claiming = new Set<PackId>();
  #terms: Terms | null = null;
  #registering: Promise<void> | null = null;
  #commands: Listening | null = null;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(options: TrainerOptions) {
    this.#options = options;
    const { connection, id, log, spool, keepFreeBytes } = options;
    const signal = this.#ending.signal;
    // Every request, upload and commit under way listens for the end.
    setMaxListeners(0, signal);
    const unsentBytes: UnsentBytes = new Int32Array(new SharedArrayBuffer(4));
    this.#control = new ControlPlane(connection, log);
    this.#ahead = new LookAhead(options.slots);
    this.#workers = new WorkerPool(
      options.workerScript,
      { backend: options.backend.backend, build: options.build, slotBytes: options.slotBytes, unsentBytes },
      log,
      options.onOtherBuild,
    );
    const room = new SpoolRoom({ directory: spool.directory, keepFreeBytes, log });
    this.#series = trainerMetrics(options.registry, {
      trainer: options.name,
      pool: options.pool,
      backend: options.backend.backend,
      build: options.build,
      spoolBytes: () => spool.bytes,
      spoolFreeBytes: () => room.freeBytes,
      slots: options.slots,
      slotsBusy: () => this.#workers.busy,
      uncommitted: () => this.#context.committer.size,
    });
    this.#context = {
      trainer: id,
      connection,
      committer: new Committer({
        control: this.#control,
        trainer: id,
        log,
        signal,
        onCommit: (seconds) => this.#series.commitSeconds.observe(seconds),
      }),
      releases: new ReleaseQueue(this.#control, id, () => this.#terms?.version ?? 2, log, signal),
      transfer: new ArtifactTransfer(this.#control, id),
      datasets: new DatasetStore(options.datasetFolder, this.#control, id, log),
      pool: this.#workers,
      room,
      series: this.#series,
      measures: new PackMeasures(),
      unsentBytes,
      log,
      signal,
    };
  }

  /** Null when it is in service, else why not. */
  notReady(): string | null {
    if (!linkOf(this.#options.connection).connected) return "not connected to NATS";
    if (!this.#terms) return "not registered with the control plane yet";
    if (this.#draining || this.#stopping) return "draining";
    return null;
  }

  /** Why no packs are taken although it is in service; null: they are. */
  waits(): string | null {
    return this.#context.room.shortage;
  }

  /** Registers, takes up what an earlier process left, and starts to take packs. Waits for the control plane. */
  async start(): Promise<void> {
    const { connection, id, log, slots } = this.#options;
    await this.#register();
    if (this.#ending.signal.aborted) return;
    for (const leftOver of await this.#options.spool.leftOvers()) {
      const results = leftOver.results.length;
      log.info(
        { pack: leftOver.file.header.pack, results, unfinished: leftOver.unfinished.length },
        "found what an earlier process left",
      );
      this.#open(leftOver.file).recover(leftOver);
    }
    await this.#context.room.start();
    this.#commands = subscribeCommands(connection, id, (command) => this.#obey(command), { log });
    this.#loops = Promise.all([keepBeating(this.#heartbeat), ...Array.from({ length: 2 * slots }, () => this.#claimer())]);
    if (this.#options.prewarm) {
      await sleep(prewarmDelayMilliseconds, undefined, { ref: false });
      this.#workers.prewarm();
    }
  }

  /**
   * Takes nothing new, hands back what trains with a checkpoint, commits what it can, and ends within `graceSeconds`. Results
   * that are not committed by then stay in the spool for the next start.
   */
  async stop(graceSeconds = 4.5): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const { log } = this.#options;
    const deadline = performance.now() + graceSeconds * 1000;
    log.info({ packs: this.#sessions.size }, "draining: handing back what runs");
    this.#pulling.abort();
    if (this.#terms) beat(this.#heartbeat);
    for (const session of this.#sessions) session.handBack();
    while (this.#sessions.size + this.#claiming.size > 0 && performance.now() < deadline - 500) await sleep(20);
    if (this.#sessions.size > 0) {
      log.warn({ packs: this.#sessions.size }, "not everything could be handed back in time");
      const abandoned = Promise.all([...this.#sessions].map((session) => session.abandon()));
      await Promise.race([abandoned, sleep(Math.max(0, deadline - performance.now()))]);
    }
    this.#ending.abort();
    this.#context.room.stop();
    this.#commands?.stop();
    await this.#workers.close();
    await Promise.all([this.#loops, this.#options.spool.close()]);
  }

  async #register(): Promise<void> {
    const { id, name, pool, build, slots, slotBytes, backend, experiments, log } = this.#options;
    const told = {
      trainer: id,
      name,
      pool,
      backend: backend.backend,
      backendReason: backend.reason,
      device: backend.device,
      slots,
      version: manifest.version,
      build,
      host: hostname(),
      pid: process.pid,
      experiments,
      slotBytes,
    };
    try {
      const terms = await register(this.#control, told, log, { signal: this.#ending.signal });
      const moved = this.#terms !== null && this.#terms.queue !== terms.queue;
      this.#terms = terms;
      if (moved && !this.#draining && !this.#stopping) this.#pullAnew();
      log.info({ trainer: id, pool, slots, backend: backend.backend, build, version: terms.version }, "registered");
    } catch (error) {
      if (isFinal(error)) throw error;
    }
  }

  /** Claimers leave the queue that they wait at. */
  #pullAnew(): void {
    this.#pulling.abort();
    this.#pulling = new AbortController();
  }

  get #heartbeat(): HeartbeatOptions {
    return {
      connection: this.#options.connection,
      seconds: () => this.#terms?.heartbeatSeconds ?? 1,
      control: this.#control,
      sign: (): ControlRequest<"heartbeat"> => {
        const told = {
          trainer: this.#options.id,
          draining: this.#draining || this.#stopping,
          packs: [...this.#sessions].map((session) => ({ pack: session.pack, step: session.step, runs: session.attempts() })),
        };
        const measured = this.#context.measures.take();
        const waits = this.waits()?.slice(0, 1000);
        return this.#terms?.version === 1 ? { v: 1, ...told } : { v: 2, ...told, ...(waits && { waits }), measured };
      },
      onReply: (reply) => this.#obey(reply),
      signal: this.#ending.signal,
    };
  }

  /** The control plane does not know this trainer, or not which build it is; or its queue is gone, which registering makes again. */
  #registerAgain(): Promise<void> {
    this.#registering ??= this.#register()
      .catch((error: unknown) => this.#options.log.error({ reason: reasonOf(error) }, "the trainer was refused"))
      .finally(() => (this.#registering = null));
    return this.#registering;
  }

  #obey({ stop, drain, unknown }: HeartbeatReplyV1): void {
    for (const action of StopAction.options) {
      const attempts = stop.filter((one) => one.action === action);
      if (attempts.length > 0) this.#stopAttempts(attempts, action);
    }
    if (unknown) {
      // What it was asked to do comes after the next sign.
      void this.#registerAgain();
      return;
    }
    if (drain !== this.#draining && !this.#stopping) {
      this.#draining = drain;
      this.#options.log.info({}, drain ? "told to drain: handing back what runs" : "told to take packs again");
      if (drain) {
        this.#pulling.abort();
        for (const session of this.#sessions) session.handBack();
      } else {
        this.#pullAnew();
      }
    }
  }

  /** An attempt that nobody here holds is given back, so that the control plane need not wait for its lease. */
  #stopAttempts(attempts: readonly AttemptKey[], action: StopAction): void {
    const held = new Set<string>();
    for (const session of this.#sessions) {
      for (const attempt of session.attempts()) held.add(attemptKeyOf(attempt));
      session.stop(attempts, action);
    }
    const unheld = attempts.filter((attempt) => !held.has(attemptKeyOf(attempt)));
    if (unheld.length === 0 || action === "superseded") return;
    void this.#context.releases.release(unheld, { outcome: action === "cancel" ? "cancelled" : "handed-back" });
  }

  /** Twice as many of these as there are slots: see LookAhead. */
  async #claimer(): Promise<void> {
    const { connection, pool, build, log, slots, spool } = this.#options;
    const full = (): boolean => this.#sessions.size >= slots + maxUncommittedPacks || spool.bytes > maxSpoolBytes;
    const noRoom = (): boolean => this.#context.room.shortage !== null;
    while (!this.#stopping) {
      const closed = this.#draining || full() || noRoom();
      if (closed || !this.#ahead.takePlace()) {
        await sleep(closed ? closedMilliseconds : idleMilliseconds);
        continue;
      }
      const queue = { pool, build: this.#terms?.queue ?? build };
      const onMissing = (): Promise<void> => this.#registerAgain();
      const delivery = await pullPack(connection, queue, { signal: this.#pulling.signal, log, onMissing });
      // It was asked for before there was too little room: somebody else may have more.
      if (delivery && noRoom()) delivery.nak(1);
      else if (delivery) await this.#take(delivery);
      this.#ahead.giveBack();
    }
  }

  /**
   * Claims a pack and trains it. Never rejects. A pack may be sent twice (its first message was believed lost), and a claim that is repeated
   * is answered with the same attempts: trained twice, their chunks would have the same numbers and other borders.
   */
  async #take(delivery: Delivery<PackMessage>): Promise<void> {
    const { id, log, spool } = this.#options;
    const { pack } = delivery.message;
    if ([...this.#sessions].some((session) => session.pack === pack)) {
      delivery.ack();
      return;
    }
    if (this.#claiming.has(pack)) {
      // Not forgotten: the claim under way may yet be given up.
      delivery.nak(1);
      return;
    }
    let claim: ClaimReplyV1;
    this.#claiming.add(pack);
    try {
      const signal = this.#ending.signal;
      claim = await this.#control.ask(
        "claim",
        { v: 1, trainer: id, pack },
        { signal, giveUpSeconds: claimSeconds, timeoutSeconds: 8 },
      );
    } catch (error) {
      if (isFinal(error)) {
        log.error({ pack, reason: reasonOf(error) }, "the control plane refused a claim; the pack is forgotten");
        delivery.ack();
      } else {
        delivery.nak(1);
      }
      return;
    } finally {
      this.#claiming.delete(pack);
    }
    const { sweep, experiment, grants } = claim;
    if (grants.length === 0) {
      delivery.ack();
      return;
    }
    this.#series.packWidth.observe(grants.length);
    const session = this.#open(spool.create({ pack, sweep, attempts: grants.map(({ run, attempt }) => ({ run, attempt })) }));
    delivery.ack();
    if (this.#stopping || this.#draining) session.handBack();
    if (!(await this.#ahead.enter())) {
      session.handBack();
      return;
    }
    const startedAt = performance.now();
    await session.train(experiment, grants, this.#terms?.checkpointSeconds ?? 10);
    this.#ahead.leave((performance.now() - startedAt) / 1000);
  }

  #open(file: SpoolFile): PackSession {
    const session = new PackSession(this.#context, file, (settled) => {
      this.#sessions.delete(settled);
    });
    this.#sessions.add(session);
    return session;
  }
}
