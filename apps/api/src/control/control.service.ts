import {
  attemptKeyOf,
  controlRequests,
  PoolName,
  unversionedBuild,
  type CommitStatusV1,
  type ControlReply,
  type ControlRequest,
  type ControlRequestName,
} from "@basin/contracts";
import {
  CommitsRepository,
  PacksRepository,
  RequeueRepository,
  TrainersRepository,
  transientTrouble,
  type Registration,
  type RunMove,
} from "@basin/database";
import { isOfBuild } from "@basin/domain";
import {
  ControlFailure,
  ensureWorkConsumer,
  serve,
  type ControlHandler,
  type NatsConnection,
  type Service,
} from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import { setTimeout as sleep } from "node:timers/promises";
import { DeadLetterKeeper } from "../ingest/dead-letter-keeper";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import type { Log } from "../platform/log";
import { PrometheusSeries } from "../platform/prometheus-series";
import { ownBuild } from "../platform/own-build";
import { SchedulerBell } from "../platform/scheduler-bell";
import { ENV, LOG, NATS } from "../platform/injection-keys";
import { TrainerTokensService } from "../trainers/trainer-tokens.service";
import { ArtifactRequests } from "./artifact-requests";
import { DatasetRequests } from "./dataset-requests";
import { registrationOf } from "./message-versions";
import { Signs } from "./signs.service";
import { releasesOf } from "./message-versions";
import { commitVerdict, releaseVerdict } from "./verdicts";

/** How long a commit waits for telemetry that is on its way. */
const patienceMilliseconds = 300;

type Handlers = { [N in ControlRequestName]: ControlHandler<N> };

/** Answers trainers. Any api process may; every request is idempotent and at most one transaction. */
@Injectable()
export class ControlService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #services: Service[] = [];
  readonly handlers: Handlers = {
    register: (body) => this.register(body),
    heartbeat: (body) => this.signs.answer(body),
    claim: (body) => this.claim(body),
    commit: (body) => this.commit(body),
    release: (body) => this.release(body),
    artifact: (body) => this.artifacts.store(body),
    fetch: (body) => this.artifacts.fetch(body),
    dataset: (body) => this.datasets.fetch(body),
    join: (body, asker) => this.identities.join(body, asker),
  };

  constructor(
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(CommitsRepository) private readonly commits: CommitsRepository,
    @Inject(RequeueRepository) private readonly requeue: RequeueRepository,
    @Inject(Signs) private readonly signs: Signs,
    @Inject(ArtifactRequests) private readonly artifacts: ArtifactRequests,
    @Inject(DatasetRequests) private readonly datasets: DatasetRequests,
    @Inject(TrainerTokensService) private readonly identities: TrainerTokensService,
    @Inject(DeadLetterKeeper) private readonly deadLetters: DeadLetterKeeper,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(SchedulerBell) private readonly bell: SchedulerBell,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    for (const name of Object.keys(controlRequests) as ControlRequestName[]) this.#services.push(this.#serve(name));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
  }

  #serve<N extends ControlRequestName>(name: N): Service {
    const handler = this.handlers[name];
    const answer: ControlHandler<N> = async (body, asker) => {
      const end = this.series.counted.controlSeconds.startTimer({ request: name });
      try {
        return await handler(body, asker);
      } catch (error) {
        const trouble = transientTrouble(error);
        if (trouble !== null) throw new ControlFailure("unavailable", trouble, true);
        throw error;
      } finally {
        end();
      }
    };
    return serve(this.nats, name, answer, { onDeadLetter: (letter) => this.deadLetters.keep(letter), log: this.log });
  }

  async register(body: ControlRequest<"register">): Promise<ControlReply<"register">> {
    const registration = registrationOf(body);
    const { trainer, name, build, pool } = registration;
    await this.identities.checkPool(trainer, pool);
    await this.enrol(registration);
    // Trainers make no streams: theirs is there when they begin to pull, and again when they ask because it is gone.
    await ensureWorkConsumer(
      this.nats,
      { pool: PoolName.parse(pool), build: body.v === 1 ? unversionedBuild : build },
      { log: this.log },
    );
    if (ownBuild !== null && !isOfBuild(build, ownBuild)) {
      const text = `trainer ${name} is of build ${build}, this control plane of ${ownBuild}: each sweep is trained by one of them`;
      this.log.warn({ trainer, build, ownBuild }, text);
    }
    const { heartbeatSeconds, leaseSeconds, checkpointSeconds } = this.env;
    const terms = { heartbeatSeconds, leaseSeconds, checkpointSeconds };
    return body.v === 1 ? { v: 1, ...terms } : { v: 2, ...terms, build: ownBuild };
  }

  /** Writes a trainer down, whichever way it came. */
  async enrol(registration: Registration): Promise<void> {
    const { trainer, name, pool, slots, build, version } = registration;
    await this.trainers.register(registration);
    this.log.info({ trainer, name, pool, slots, build, version }, "a trainer registered");
    this.bell.ring();
    this.changes.trainer({ trainer, state: "online", packs: [] });
  }

  async claim(body: ControlRequest<"claim">): Promise<ControlReply<"claim">> {
    const claim = await this.packs.claim(body.pack, body.trainer);
    if (claim === "unknown-trainer") {
      throw new ControlFailure("unknown-trainer", `trainer ${body.trainer} is not registered; register and ask again`, true);
    }
    if (!claim)
      throw new ControlFailure("no-such-pack", `there is no pack ${body.pack}; acknowledge its message and forget it`, false);
    this.granted(claim.moves);
    return { v: 1, sweep: claim.sweep, experiment: claim.experiment, grants: claim.grants };
  }

  /** Tells everybody that runs were granted. */
  granted(moves: readonly RunMove[]): void {
    this.series.counted.granted.inc(moves.length);
    this.#announce(moves);
  }

  /**
   * Telemetry travels beside the request and is often a moment behind: what is incomplete is looked at again for a while
   * before the trainer is asked to send it a second time.
   */
  async commit(body: ControlRequest<"commit">): Promise<ControlReply<"commit">> {
    const deadline = performance.now() + patienceMilliseconds;
    const statuses = new Map<string, CommitStatusV1>();
    let open = body.results;
    for (let wait = 5; ; wait *= 2) {
      const answer = await this.commits.commit(body.trainer, open, commitVerdict);
      for (const { state } of answer.moves) this.series.counted.committed.inc({ outcome: state });
      this.#announce(answer.moves);
      for (const status of answer.statuses) statuses.set(attemptKeyOf(status), status);
      open = open.filter((result) => statuses.get(attemptKeyOf(result))?.status === "incomplete");
      if (open.length === 0 || performance.now() + wait > deadline) return { v: 1, statuses: [...statuses.values()] };
      await sleep(wait);
    }
  }

  async release(body: ControlRequest<"release">): Promise<ControlReply<"release">> {
    const moves = await this.requeue.release(body.trainer, releasesOf(body), releaseVerdict);
    this.#announce(moves);
    return { v: 1, released: moves.length };
  }

  #announce(moves: readonly RunMove[]): void {
    if (moves.length === 0) return;
    this.changes.moved(moves);
    this.bell.ring();
  }
}
