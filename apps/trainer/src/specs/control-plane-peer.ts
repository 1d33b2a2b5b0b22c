import {
  attemptKeyOf,
  ArtifactId,
  PackId,
  PoolName,
  runIdOf,
  SweepId,
  unpackFloat64,
  unpackInt32,
  unversionedBuild,
  type AttemptKey,
  type BuildId,
  type CommitStatusV1,
  type Configuration,
  type ControlRequest,
  type ControlRequestName,
  type GrantV1,
  type MetricChunkV1,
  type RunId,
  type RunResultV1,
  type RunState,
  type StopAction,
} from "@basin/contracts";
import {
  connectNats,
  consumeTelemetry,
  ControlFailure,
  ensureStreams,
  ensureWorkConsumer,
  publishPack,
  sendCommand,
  serve,
  subscribeSigns,
  TrainerAuthority,
  type ControlHandler,
  type NatsConnection,
} from "@basin/messaging";
import { movedRun, runAccepts } from "@basin/testing";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { ArrivingParts, partOf, sha256 } from "./arriving-parts";

export interface PeerRun {
  run: RunId;
  seed: number;
  parameters: Configuration;
  experiment: string;
  state: RunState;
  attempt: number;
  result: RunResultV1 | null;
  /** By attempt and metric. */
  chunks: Map<string, Map<number, MetricChunkV1>>;
  checkpoint: { artifact: ArtifactId; step: number; content: Buffer } | null;
  artifacts: Map<string, Buffer>;
  releases: ControlRequest<"release">["attempts"][number][];
}

export interface PeerOptions {
  heartbeatSeconds?: number;
  checkpointSeconds?: number;
  /** Larger artifacts are refused. */
  largestArtifactBytes?: number;
  /** 1: as a control plane from before there were builds. Default 2. */
  understands?: 1 | 2;
}

/** What the end of an attempt does to its run. */
const endings = { succeeded: "succeed", diverged: "diverge", failed: "fail" } as const;
const pool = PoolName.parse("default");
const peerSweep = SweepId.parse("k3v9x2mq");

/**
 * The control plane's side of the protocol with its ledger in memory: grants, fences, counts chunks, keeps artifacts. Specs
 * talk to the trainer through it, and can make it lose things that a real one may lose.
 */
export class ControlPlanePeer {
  readonly runs = new Map<RunId, PeerRun>();
  readonly packs = new Map<PackId, RunId[]>();
  readonly registrations: ControlRequest<"register">[] = [];
  readonly heartbeats: ControlRequest<"heartbeat">[] = [];
  readonly commits: { results: number; statuses: CommitStatusV1["status"][] }[] = [];
  readonly deadLetters: string[] = [];
  /** A chunk for which it returns true is lost on its way, as if NATS had been emptied. */
  lose: (chunk: MetricChunkV1) => boolean = () => false;
  /** An artifact for which it returns true is gone again after it was stored. */
  loseArtifact: (request: ControlRequest<"artifact">) => boolean = () => false;
  /** Called before each request; what it throws is the answer. */
  beforeRequest: (name: ControlRequestName) => void = () => undefined;
  /** Awaited before a claim is answered. */
  beforeClaim: (pack: PackId) => Promise<void> = () => Promise.resolve();
  readonly claims: PackId[] = [];
  /** Packed contents by dataset. */
  readonly datasets = new Map<string, Uint8Array>();
  datasetParts = 0;
  partsReceived = 0;
  chunksReceived = 0;
  pointsReceived = 0;
  ingest = true;
  /** Every heartbeat is answered as that of a trainer that has to register. */
  forgotten = false;
  #stops = new Map<string, AttemptKey & { action: StopAction }>();
  readonly #parts = new ArrivingParts();
  #closing: (() => Promise<void>)[] = [];
  #trials = 0;

  private constructor(
    readonly connection: NatsConnection,
    private readonly build: BuildId,
    private readonly options: PeerOptions,
    /** Of its NATS. */
    private readonly keys: string,
  ) {}

  /** `build`: of the trainers that its packs are for. */
  static async start(url: string, build: BuildId, options: PeerOptions = {}): Promise<ControlPlanePeer> {
    const peer = new ControlPlanePeer(
      await connectNats({ url, name: "control plane of a spec" }),
      build,
      options,
      dirname(new URL(url).searchParams.get("creds") ?? ""),
    );
    await ensureStreams(peer.connection);
    await ensureWorkConsumer(peer.connection, { pool, build: peer.understands === 1 ? unversionedBuild : build });
    peer.#listen();
    return peer;
  }

  /** May change, as if another version were started. */
  get understands(): 1 | 2 {
    return this.options.understands ?? 2;
  }

  async stop(): Promise<void> {
    for (const close of this.#closing) await close();
    await this.connection.close();
  }

  /** Makes runs of one shape and sends them as one pack. */
  async submit(experiment: string, runs: readonly { seed: number; parameters: Configuration }[]): Promise<PeerRun[]> {
    const made = runs.map(({ seed, parameters }): PeerRun => {
      const run = runIdOf(peerSweep, this.#trials++, 0);
      const record: PeerRun = {
        run,
        seed,
        parameters,
        experiment,
        state: "pending",
        attempt: 0,
        result: null,
        chunks: new Map(),
        checkpoint: null,
        artifacts: new Map(),
        releases: [],
      };
      this.runs.set(run, record);
      return record;
    });
    await this.dispatch(made);
    return made;
  }

  /** Sends pending runs as one new pack. */
  async dispatch(runs: readonly PeerRun[]): Promise<PackId> {
    const pack = PackId.parse(randomUUID());
    for (const run of runs) run.state = movedRun(run.state, "queue");
    this.packs.set(
      pack,
      runs.map(({ run }) => run),
    );
    await this.invite(pack);
    return pack;
  }

  async invite(pack: PackId): Promise<void> {
    const runs = this.packs.get(pack) ?? [];
    const experiment = this.#run(runs[0]!).experiment;
    const told = { pack, sweep: peerSweep, pool, experiment, width: runs.length, sentAt: new Date().toISOString() };
    await publishPack(this.connection, this.understands === 1 ? { v: 1, ...told } : { v: 2, ...told, build: this.build });
  }

  /** Wishes an attempt to stop: with the next heartbeat, or pushed at once. */
  wish({ run, attempt }: AttemptKey, action: StopAction, push = false): void {
    const wish = { run, attempt, action };
    if (!push) this.#stops.set(attemptKeyOf({ run, attempt }), wish);
    const trainer = this.registrations.at(-1)?.trainer;
    if (push && trainer) sendCommand(this.connection, trainer, { v: 1, stop: [wish], drain: false, unknown: false });
  }

  /** The series of a run's newest attempt: every chunk from 0 must be there. */
  series(run: PeerRun, metric: string): { steps: number[]; values: number[] } {
    const chunks = run.chunks.get(`${run.attempt}/${metric}`) ?? new Map<number, MetricChunkV1>();
    const steps: number[] = [];
    const values: number[] = [];
    for (let number = 0; number < chunks.size; number++) {
      const chunk = chunks.get(number);
      if (!chunk) throw new Error(`chunk ${number} of ${run.run} ${metric} is missing`);
      steps.push(...unpackInt32(chunk.steps));
      values.push(...unpackFloat64(chunk.values));
    }
    return { steps, values };
  }

  #listen(): void {
    const handlers: { [N in ControlRequestName]: ControlHandler<N> } = {
      register: async (request) => {
        this.#refuseNewer(request.v);
        this.registrations.push(request);
        await ensureWorkConsumer(this.connection, { pool, build: request.v === 1 ? unversionedBuild : request.build });
        const { heartbeatSeconds = 0.2, checkpointSeconds = 10 } = this.options;
        const terms = { heartbeatSeconds, leaseSeconds: 6, checkpointSeconds };
        return request.v === 1 ? { v: 1, ...terms } : { v: 2, ...terms, build: this.build };
      },
      heartbeat: async (request) => {
        this.#refuseNewer(request.v);
        this.heartbeats.push(request);
        const held = new Set(request.packs.flatMap(({ runs }) => runs.map(attemptKeyOf)));
        return {
          v: 1,
          stop: [...this.#stops].filter(([key]) => held.has(key)).map(([, stop]) => stop),
          drain: false,
          unknown: this.forgotten || this.registrations.length === 0,
        };
      },
      claim: async ({ pack }) => {
        this.claims.push(pack);
        await this.beforeClaim(pack);
        const members = (this.packs.get(pack) ?? []).map((run) => this.#run(run));
        const waiting = members.filter(({ state }) => runAccepts(state, "claim"));
        for (const record of waiting) {
          record.state = movedRun(record.state, "claim");
          record.attempt++;
        }
        // Whoever asks again gets the same grants: the first answer may have been lost.
        const runs = members.filter(({ state }) => state === "running");
        const grants = runs.map(({ run, attempt, seed, parameters, checkpoint }): GrantV1 => {
          return {
            run,
            attempt,
            seed,
            parameters,
            checkpoint: checkpoint && {
              artifact: checkpoint.artifact,
              step: checkpoint.step,
              bytes: checkpoint.content.byteLength,
              sha256: sha256(checkpoint.content),
            },
          };
        });
        const experiment = runs[0]?.experiment ?? "diagnostic";
        return { v: 1, sweep: peerSweep, experiment, grants };
      },
      commit: async ({ results }) => {
        const statuses = results.map((result) => this.#commit(result));
        this.commits.push({ results: results.length, statuses: statuses.map(({ status }) => status) });
        return { v: 1, statuses };
      },
      release: async ({ attempts }) => {
        let released = 0;
        for (const release of attempts) {
          const record = this.#run(release.run);
          record.releases.push(release);
          if (record.attempt !== release.attempt || !runAccepts(record.state, "return")) continue;
          const over = "final" in release && release.final ? "fail" : "return";
          record.state = movedRun(record.state, release.outcome === "cancelled" ? "cancel" : over);
          released++;
        }
        return { v: 1, released };
      },
      artifact: async (request) => {
        this.#refuseNewer(request.v);
        const { largestArtifactBytes = Infinity } = this.options;
        if (request.bytes > largestArtifactBytes) {
          throw new ControlFailure("artifact-too-large", `at most ${largestArtifactBytes} bytes are kept`, false);
        }
        const status = this.#store(request);
        return request.v === 1
          ? { v: 1, status }
          : { v: 2, status, next: request.part === 0 ? this.#parts.firstMissing(request) : null };
      },
      dataset: async ({ dataset, part }) => {
        const content = this.datasets.get(dataset);
        if (!content) throw new ControlFailure("no-such-dataset", `there is no dataset ${dataset}`, false);
        this.datasetParts += 1;
        return { v: 1, ...partOf(content, part), bytes: content.byteLength, sha256: sha256(content) };
      },
      join: async ({ trainer, pool: wanted, key }) => {
        const authority = await TrainerAuthority.open(this.keys);
        return { v: 1, jwt: await authority.trainer(trainer, wanted, key) };
      },
      fetch: async ({ artifact, part }) => {
        const content = [...this.runs.values()].find(({ checkpoint }) => checkpoint?.artifact === artifact)?.checkpoint?.content;
        if (!content) throw new ControlFailure("not-found", "there is no such artifact", false);
        return { v: 1, ...partOf(content, part) };
      },
    };
    const onDeadLetter = ({ reason }: { reason: string }): void => void this.deadLetters.push(reason);
    const listen = <N extends ControlRequestName>(name: N, handler: ControlHandler<N>): void => {
      const service = serve<N>(
        this.connection,
        name,
        async (body, asker) => {
          this.beforeRequest(name);
          return handler(body, asker);
        },
        { onDeadLetter },
      );
      this.#closing.push(() => service.stop());
    };
    listen("register", handlers.register);
    listen("heartbeat", handlers.heartbeat);
    listen("claim", handlers.claim);
    listen("commit", handlers.commit);
    listen("release", handlers.release);
    listen("artifact", handlers.artifact);
    listen("fetch", handlers.fetch);
    listen("dataset", handlers.dataset);
    listen("join", handlers.join);
    const signs = subscribeSigns(this.connection, (sign) => {
      if (this.understands === 1) return;
      void handlers.heartbeat(sign, sign.trainer).then((told) => {
        if (told.unknown || told.stop.length > 0 || told.drain !== sign.draining) {
          sendCommand(this.connection, sign.trainer, told);
        }
      });
    });
    this.#closing.push(async () => signs.stop());
    if (!this.ingest) return;
    const consumption = consumeTelemetry(this.connection, {
      onBatch: async (batch) => {
        for (const { message } of batch) for (const chunk of message.chunks) this.#keep(chunk);
      },
      onDeadLetter,
    });
    this.#closing.push(() => consumption.stop());
  }

  /** As a control plane does that cannot parse a request. */
  #refuseNewer(version: number): void {
    if (version > this.understands)
      throw new ControlFailure("bad-request", "could not be parsed: v: Invalid input: expected 1", false);
  }

  #run(run: RunId): PeerRun {
    const record = this.runs.get(run);
    if (!record) throw new ControlFailure("not-found", `there is no run ${run}`, false);
    return record;
  }

  #current({ run, attempt }: AttemptKey): PeerRun | null {
    const record = this.#run(run);
    return record.attempt === attempt && runAccepts(record.state, "succeed") ? record : null;
  }

  #keep(chunk: MetricChunkV1): void {
    this.chunksReceived++;
    if (this.lose(chunk)) return;
    const record = this.runs.get(chunk.run);
    if (!record || record.attempt !== chunk.attempt) return;
    const key = `${chunk.attempt}/${chunk.metric}`;
    const chunks = record.chunks.get(key) ?? new Map<number, MetricChunkV1>();
    const known = chunks.get(chunk.chunk);
    if (known && (known.steps !== chunk.steps || known.values !== chunk.values)) {
      throw new Error(`chunk ${chunk.chunk} of ${chunk.run} ${chunk.metric} came again with another content`);
    }
    if (!known) this.pointsReceived += chunk.steps.length / (16 / 3);
    chunks.set(chunk.chunk, chunk);
    record.chunks.set(key, chunks);
  }

  #commit(result: RunResultV1): CommitStatusV1 {
    const { run, attempt } = result;
    const record = this.#run(run);
    const base = { run, attempt, missing: [], missingArtifacts: [] };
    if (record.attempt === attempt && record.result) return { ...base, status: "committed" };
    if (!this.#current(result)) return { ...base, status: "superseded" };
    const missing = Object.entries(result.chunks).flatMap(([metric, count]) => {
      const have = record.chunks.get(`${attempt}/${metric}`);
      const chunks = Array.from({ length: count }, (_, i) => i).filter((i) => !have?.has(i));
      return chunks.length > 0 ? [{ metric, chunks }] : [];
    });
    const missingArtifacts = result.artifacts.filter((name) => !record.artifacts.has(`${attempt}/${name}`));
    if (missing.length > 0 || missingArtifacts.length > 0)
      return { run, attempt, status: "incomplete", missing, missingArtifacts };
    record.state = movedRun(record.state, endings[result.outcome]);
    record.result = result;
    return { ...base, status: "committed" };
  }

  #store(request: ControlRequest<"artifact">): "part-stored" | "complete" | "superseded" {
    const record = this.#current(request);
    if (!record) return "superseded";
    this.partsReceived++;
    const content = this.#parts.add(request);
    if (!content) return "part-stored";
    if (request.kind === "checkpoint") {
      record.checkpoint = { artifact: ArtifactId.parse(randomUUID()), step: request.step ?? 0, content };
    } else if (!this.loseArtifact(request)) {
      record.artifacts.set(`${request.attempt}/${request.name}`, content);
    }
    return "complete";
  }
}
