import { createHash, randomBytes } from "node:crypto";
import {
  artifactMaxBytes,
  artifactPartBytes,
  packFloat64,
  packInt32,
  unversionedBuild,
  type BuildId,
  type ControlReply,
  type ControlRequest,
  type GrantV1,
  type HeartbeatReplyV1,
  type PackId,
  type PackMeasure,
  type ReleaseRequestV2,
  type RunResultV1,
  type TelemetryMessageV1,
  TrainerId,
} from "@basin/contracts";
import {
  connectNats,
  publishSign,
  publishTelemetry,
  pullPack,
  request,
  subscribeCommands,
  type Delivery,
  type NatsConnection,
} from "@basin/messaging";
import { setTimeout as sleep } from "node:timers/promises";

export interface Held {
  pack: PackId;
  grants: GrantV1[];
}

export interface SpecArtifact {
  name: string;
  kind: "weights" | "checkpoint" | "plot";
  content: Buffer;
  sha256: string;
  step: number | null;
}

const partsAtOnce = 8;
const partsOf = (content: Buffer): number => Math.max(1, Math.ceil(content.byteLength / artifactPartBytes));

export interface FakeTrainerOptions {
  pool?: string;
  slots?: number;
  slotBytes?: number;
  /** Default: the build of all fake trainers; `unversioned` speaks version 1 of the messages. */
  build?: BuildId;
}

const fakeBuild: BuildId = "0123456789ab";

/** Speaks a trainer's side of the protocol, step by step, so that a spec can hold any step back. Trains nothing. */
export class FakeTrainer {
  readonly held = new Map<string, { pack: PackId; grant: GrantV1 }>();
  readonly commands: HeartbeatReplyV1[] = [];
  readonly #ending = new AbortController();
  #beating: NodeJS.Timeout | null = null;

  private constructor(
    readonly nats: NatsConnection,
    readonly id: TrainerId,
    readonly pool: string,
    readonly slots: number,
    readonly slotBytes: number,
    readonly build: BuildId,
  ) {}

  static async start(natsUrl: string, name: string, options: FakeTrainerOptions = {}): Promise<FakeTrainer> {
    const nats = await connectNats({ url: natsUrl, name });
    const trainer = new FakeTrainer(
      nats,
      TrainerId.parse(name),
      options.pool ?? "default",
      options.slots ?? 1,
      options.slotBytes ?? 1024 ** 4,
      options.build ?? fakeBuild,
    );
    subscribeCommands(nats, trainer.id, (command) => trainer.commands.push(command));
    await trainer.register();
    return trainer;
  }

  register(): Promise<ControlReply<"register">> {
    const told = {
      trainer: this.id,
      name: this.id,
      pool: this.pool,
      backend: "cpu" as const,
      backendReason: "a spec",
      device: "none",
      slots: this.slots,
      version: "0",
      host: "localhost",
      pid: process.pid,
      experiments: ["diagnostic", "loss-minimization"],
    };
    const { build, slotBytes } = this;
    return this.ask("register", build === unversionedBuild ? { v: 1, ...told } : { v: 2, ...told, build, slotBytes });
  }

  /** Gives signs by itself until `silence`. */
  beat(everyMilliseconds: number): void {
    this.#beating = setInterval(() => this.sign(), everyMilliseconds);
  }

  sign(): void {
    const sign = this.#heartbeat([]);
    if (sign.v === 2) publishSign(this.nats, sign);
    else void this.ask("heartbeat", sign).catch(() => undefined);
  }

  silence(): void {
    if (this.#beating) clearInterval(this.#beating);
    this.#beating = null;
  }

  /** As a request, which trainers of earlier builds send; its answer says what a sign would be answered by a command. */
  heartbeat(measured: PackMeasure[] = []): Promise<ControlReply<"heartbeat">> {
    return this.ask("heartbeat", this.#heartbeat(measured));
  }

  #heartbeat(measured: PackMeasure[]): ControlRequest<"heartbeat"> {
    const packs = new Map<PackId, { run: GrantV1["run"]; attempt: number }[]>();
    for (const { pack, grant } of this.held.values()) {
      packs.set(pack, [...(packs.get(pack) ?? []), { run: grant.run, attempt: grant.attempt }]);
    }
    const told = { trainer: this.id, draining: false, packs: [...packs].map(([pack, runs]) => ({ pack, step: 0, runs })) };
    return this.build === unversionedBuild ? { v: 1, ...told } : { v: 2, ...told, measured };
  }

  /** The next invitation, unacknowledged. Null when none came in time. */
  async pull(timeoutSeconds = 10): Promise<Delivery<{ pack: PackId }> | null> {
    return pullPack(
      this.nats,
      { pool: this.pool, build: this.build },
      {
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(Math.max(0, Math.round(timeoutSeconds * 1000)))]),
      },
    );
  }

  async claim(pack: PackId): Promise<GrantV1[]> {
    const { grants } = await this.ask("claim", { v: 1, trainer: this.id, pack });
    for (const grant of grants) this.held.set(grant.run, { pack, grant });
    return grants;
  }

  /** Pulls until a pack grants something, acknowledging on the way. Null when none came in time. */
  async take(timeoutSeconds = 10): Promise<Held | null> {
    const deadline = performance.now() + timeoutSeconds * 1000;
    while (performance.now() < deadline) {
      const delivery = await this.pull((deadline - performance.now()) / 1000);
      if (!delivery) return null;
      const { pack } = delivery.message;
      const grants = await this.claim(pack);
      delivery.ack();
      if (grants.length > 0) return { pack, grants };
    }
    return null;
  }

  async publish(chunks: TelemetryMessageV1["chunks"]): Promise<void> {
    await publishTelemetry(this.nats, { v: 1, trainer: this.id, sentAt: new Date().toISOString(), chunks });
  }

  async commit(results: RunResultV1[]): Promise<ControlReply<"commit">["statuses"]> {
    const { statuses } = await this.ask("commit", { v: 1, trainer: this.id, results });
    for (const status of statuses) if (status.status !== "incomplete") this.held.delete(status.run);
    return statuses;
  }

  /** Publishes one chunk per run and commits, asking again until the telemetry has arrived. */
  async finish(grants: readonly GrantV1[], points = 3): Promise<void> {
    if (grants.length === 0) return;
    for (let at = 0; at < grants.length; at += 500)
      await this.publish(grants.slice(at, at + 500).map((grant) => aChunk(grant, 0, points)));
    let results = grants.map((grant) => aResult(grant, { value0: 1 }, { steps: Math.max(3, points) }));
    for (let tries = 0; results.length > 0; tries++) {
      if (tries > 500) throw new Error(`${results.length} runs stay incomplete`);
      const statuses = await this.commit(results);
      const again = new Set(statuses.filter((status) => status.status === "incomplete").map((status) => status.run));
      results = results.filter((result) => again.has(result.run));
      if (results.length > 0) await sleep(10);
    }
  }

  async giveBack(attempts: ReleaseRequestV2["attempts"]): Promise<number> {
    const { released } = await this.ask("release", { v: 2, trainer: this.id, attempts });
    for (const { run } of attempts) this.held.delete(run);
    return released;
  }

  async release(
    grants: readonly GrantV1[],
    outcome: ControlRequest<"release">["attempts"][number]["outcome"],
    reason: string | null = null,
  ): Promise<number> {
    const attempts = grants.map(({ run, attempt }) => ({ run, attempt, outcome, reason }));
    const { released } = await this.ask("release", { v: 1, trainer: this.id, attempts });
    for (const grant of grants) this.held.delete(grant.run);
    return released;
  }

  /** Sends every part, the first and the last alone; resolves to the last answer. */
  async upload(
    grant: GrantV1,
    name: string,
    kind: "weights" | "checkpoint" | "plot",
    content: Buffer,
    step: number | null = null,
  ): Promise<string> {
    const parts = partsOf(content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const send = async (part: number): Promise<string> =>
      (await this.sendPart(grant, { name, kind, content, sha256, step }, part)).status;
    let status = await send(0);
    for (let part = 1; part < parts - 1; part += partsAtOnce) {
      const until = Math.min(parts - 1, part + partsAtOnce);
      await Promise.all(Array.from({ length: until - part }, (_, i) => send(part + i)));
    }
    if (parts > 1) status = await send(parts - 1);
    return status;
  }

  sendPart(
    { run, attempt }: GrantV1,
    { name, kind, content, sha256, step }: SpecArtifact,
    part: number,
  ): Promise<ControlReply<"artifact">> {
    return this.ask("artifact", {
      v: content.byteLength > artifactMaxBytes ? 2 : 1,
      trainer: this.id,
      run,
      attempt,
      name,
      kind,
      mediaType: "application/octet-stream",
      step,
      bytes: content.byteLength,
      sha256,
      part,
      parts: partsOf(content),
      content: content.subarray(part * artifactPartBytes, (part + 1) * artifactPartBytes).toString("base64"),
    });
  }

  /** Takes, finishes and takes again until stopped, in as many lanes as it has slots. */
  async work(points = 1): Promise<void> {
    const lane = async (): Promise<void> => {
      while (!this.#ending.signal.aborted) {
        const taken = await this.take(3600);
        if (taken) await this.finish(taken.grants, points);
      }
    };
    await Promise.all(Array.from({ length: this.slots }, lane));
  }

  ask<N extends "register" | "heartbeat" | "claim" | "commit" | "release" | "artifact" | "fetch">(
    name: N,
    body: ControlRequest<N>,
  ): Promise<ControlReply<N>> {
    return request(this.nats, name, body, { timeoutSeconds: 20 });
  }

  async stop(): Promise<void> {
    this.silence();
    this.#ending.abort();
    await this.nats.close();
  }
}

/** A safetensors file of one tensor with `bytes` random bytes, as a spec writes it by hand. */
export function aSafetensors(bytes: number): Buffer {
  const header = Buffer.from(JSON.stringify({ w: { dtype: "U8", shape: [bytes], data_offsets: [0, bytes] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, randomBytes(bytes)]);
}

/** Chunk `chunk` of `value0` with `points` points; steps follow on those of the chunk before. */
export function aChunk(grant: Pick<GrantV1, "run" | "attempt">, chunk: number, points = 3): TelemetryMessageV1["chunks"][number] {
  const steps = Array.from({ length: points }, (_, i) => chunk * points + i + 1);
  return {
    run: grant.run,
    attempt: grant.attempt,
    metric: "value0",
    chunk,
    steps: packInt32(steps),
    values: packFloat64(steps.map((step) => 1 / step)),
  };
}

/** A success with one chunk of `value0`. */
export function aResult(
  grant: Pick<GrantV1, "run" | "attempt">,
  metrics: Record<string, number | null>,
  changes: Partial<RunResultV1> = {},
): RunResultV1 {
  return {
    run: grant.run,
    attempt: grant.attempt,
    outcome: "succeeded",
    metrics,
    labels: {},
    reason: null,
    steps: 3,
    trainSeconds: 0.1,
    chunks: { value0: 1 },
    artifacts: [],
    ...changes,
  };
}
