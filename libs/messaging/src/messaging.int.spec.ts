import {
  DatasetId,
  PackId,
  PoolName,
  SweepId,
  TrainerId,
  unversionedBuild,
  type DeadLetterV1,
  type HeartbeatRequestV2,
  type PackMessageV1,
  type PackMessageV2,
  type TelemetryMessageV1,
  type WorkQueue,
} from "@basin/contracts";
import { eventually, freshNats, type FreshNats } from "@basin/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import {
  connectNats,
  consumeTelemetry,
  ControlFailure,
  ensureStreams,
  ensureWorkConsumer,
  linkOf,
  maxPayloadBytes,
  publishPack,
  publishSign,
  publishTelemetry,
  pullPack,
  request,
  sendCommand,
  serve,
  subscribeChanges,
  subscribeSigns,
  subscribeTrainerChanges,
  subscribeCommands,
  publishChange,
  publishTrainerChange,
  workBacklog,
  type NatsConnection,
} from "./index";

const pool = PoolName.parse("default");
const build = "3fa94c1b20de";
const queue: WorkQueue = { pool, build };
const trainer = TrainerId.parse("trainer-1");
const sweep = SweepId.parse("k3v9x2mq");

const aPack = (n: number, sentAt = "2026-01-01T00:00:00.000Z"): PackMessageV2 => ({
  v: 2,
  pack: PackId.parse(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`),
  sweep,
  pool,
  build,
  experiment: "diagnostic",
  width: 1,
  sentAt,
});

const aTelemetry = (chunk: number): TelemetryMessageV1 =>
  ({
    v: 1,
    trainer,
    sentAt: "2026-01-01T00:00:00.000Z",
    chunks: [{ run: `${sweep}-0-0`, attempt: 1, metric: "loss", chunk, steps: "AQAAAA==", values: "AAAAAAAA8D8=" }],
  }) as TelemetryMessageV1;

let server: FreshNats;
let connection: NatsConnection;
/** As the trainer. */
let own: NatsConnection;

beforeEach(async () => {
  server = await freshNats();
  connection = await connectNats({ url: server.url, name: "spec" });
  own = await connectNats({ url: await server.trainerUrl(trainer), name: "spec trainer" });
});
afterEach(async () => {
  await Promise.all([connection.close(), own.close()]);
  await server.stop();
});

describe("streams", () => {
  it("are created once, repaired when changed and created again after deletion", async () => {
    await Promise.all([ensureStreams(connection), ensureStreams(connection)]);
    const manager = await jetstreamManager(connection);
    const { config } = await manager.streams.info("BASIN_TELEMETRY");
    expect(config).toMatchObject({ retention: "workqueue", storage: "file", discard: "old" });

    await manager.streams.update("BASIN_TELEMETRY", { discard: "new" });
    await ensureStreams(connection);
    expect((await manager.streams.info("BASIN_TELEMETRY")).config.discard).toBe("old");

    await manager.streams.add({ name: "BASIN_WORK_default", subjects: ["basin.work.default.*"], retention: "limits" });
    await manager.consumers.delete("BASIN_TELEMETRY", "ingest");
    await ensureStreams(connection);
    await ensureWorkConsumer(connection, queue);
    expect((await manager.streams.info("BASIN_WORK_default")).config.retention).toBe("workqueue");
    expect((await manager.consumers.info("BASIN_TELEMETRY", "ingest")).config.ack_wait).toBe(30_000_000_000);
    await ensureWorkConsumer(connection, queue);
    expect(await workBacklog(connection, queue)).toEqual({ pending: 0, unacknowledged: 0 });
    expect(await workBacklog(connection, { pool: PoolName.parse("other"), build })).toBeNull();
  });
});

describe("packs", () => {
  it("are pulled in order, once each, and come back when they are not acknowledged", async () => {
    await ensureStreams(connection);
    await publishPack(connection, aPack(1));
    await publishPack(connection, aPack(1));
    await publishPack(connection, aPack(2));
    const first = await pullPack(connection, queue);
    expect(first?.message).toEqual(aPack(1));
    expect(first?.deliveries).toBe(1);
    first?.nak();
    const second = await pullPack(connection, queue);
    const third = await pullPack(connection, queue);
    expect([second?.message.pack, third?.message.pack].sort()).toEqual([aPack(1).pack, aPack(2).pack]);
    expect([second?.deliveries, third?.deliveries].sort()).toEqual([1, 2]);
    second?.ack();
    third?.ack();
    await eventually(async () => (await workBacklog(connection, queue))?.unacknowledged === 0);

    await publishPack(connection, aPack(1, "2026-01-01T00:00:09.000Z"));
    expect((await pullPack(connection, queue))?.message.pack).toBe(aPack(1).pack);
  });

  it("reach a waiting puller at once, and an aborted puller takes nothing along", async () => {
    const stop = new AbortController();
    const stopped = pullPack(connection, queue, { signal: stop.signal });
    await eventually(async () => (await workBacklog(connection, queue)) !== null);
    stop.abort();
    expect(await stopped).toBeNull();
    const waiting = pullPack(connection, queue);
    await publishPack(connection, aPack(1));
    const started = performance.now();
    expect((await waiting)?.message.pack).toBe(aPack(1).pack);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("flow again after the server came back with its store deleted", async () => {
    await ensureStreams(connection);
    const waiting = pullPack(connection, queue);
    await eventually(async () => (await workBacklog(connection, queue)) !== null);
    await server.wipe();
    await publishPack(connection, aPack(3));
    const delivery = await waiting;
    expect(delivery?.message).toEqual(aPack(3));
    delivery?.ack();
  });
});

describe("packs of one pool", () => {
  it("come to trainers of their build only; those that tell none get version 1", async () => {
    await ensureStreams(connection);
    const { build: _build, ...told } = aPack(1);
    const unversioned: PackMessageV1 = { ...told, v: 1 };
    const other = "fedcba987654";
    const foreign: PackMessageV2 = { ...aPack(2), build: `${other}-0a1b2c3d` };
    for (const message of [unversioned, foreign, aPack(3)]) await publishPack(connection, message);
    expect((await pullPack(connection, queue))?.message).toEqual(aPack(3));
    expect((await pullPack(connection, { pool, build: `${other}-0a1b2c3d` }))?.message).toEqual(foreign);
    expect((await pullPack(connection, { pool, build: unversionedBuild }))?.message).toEqual(unversioned);
    expect(await pullPack(connection, { pool, build: other }, { signal: AbortSignal.timeout(300) })).toBeNull();
    const names = (await (await jetstreamManager(connection)).consumers.list("BASIN_WORK_default").next()).map(
      ({ name }) => name,
    );
    // The first is the queue of trainers that were built before there were builds.
    expect(names).toContain("work-default");
    expect(names).toContain("work-default_3fa94c1b20de");
  });
});

describe("telemetry", () => {
  it("turns what does not parse into a dead letter and goes on", async () => {
    await ensureStreams(connection);
    const got: number[] = [];
    const letters: DeadLetterV1[] = [];
    const consumption = consumeTelemetry(connection, {
      onBatch: async (batch) => {
        for (const delivery of batch) got.push(delivery.message.chunks[0]?.chunk ?? -1);
      },
      onDeadLetter: (letter) => void letters.push(letter),
    });
    await publishTelemetry(connection, aTelemetry(0));
    connection.publish("basin.telemetry.trainer-1", "{ not json");
    connection.publish("basin.telemetry.trainer-1", JSON.stringify({ ...aTelemetry(1), v: 99 }));
    await publishTelemetry(connection, aTelemetry(2));
    await eventually(() => got.length === 2 && letters.length === 2);
    expect(got).toEqual([0, 2]);
    expect(letters[0]).toMatchObject({ origin: "telemetry", subject: "basin.telemetry.trainer-1", payloadBytes: 10 });
    expect(Buffer.from(letters[0]?.payload ?? "", "base64").toString()).toBe("{ not json");
    expect(letters[1]?.reason).toContain("v:");
    const manager = await jetstreamManager(connection);
    await eventually(async () => (await manager.streams.info("BASIN_TELEMETRY")).state.messages === 0);
    expect((await manager.streams.info("BASIN_DEAD")).state.messages).toBe(2);
    await consumption.stop();
  });

  it("comes again when the handler fails, and survives a wiped server", async () => {
    const got: number[] = [];
    let failures = 1;
    const consumption = consumeTelemetry(connection, {
      onBatch: async (batch) => {
        if (failures-- > 0) throw new Error("the database is away");
        for (const delivery of batch) got.push(delivery.message.chunks[0]?.chunk ?? -1);
      },
    });
    await publishTelemetry(connection, aTelemetry(0));
    await eventually(() => got.length === 1);
    await server.wipe();
    await publishTelemetry(connection, aTelemetry(1));
    await eventually(() => got.length === 2);
    const manager = await jetstreamManager(connection);
    await manager.streams.delete("BASIN_TELEMETRY");
    await Promise.all([2, 3, 4].map((chunk) => publishTelemetry(connection, aTelemetry(chunk))));
    await eventually(() => got.length === 5);
    expect(got.toSorted()).toEqual([0, 1, 2, 3, 4]);
    await manager.consumers.delete("BASIN_TELEMETRY", "ingest");
    await publishTelemetry(connection, aTelemetry(5));
    // Chunks whose acknowledgement the old consumer took with it come once more.
    await eventually(() => got.includes(5));
    await consumption.stop();
  });

  it("refuses a message above the server's limit in words", async () => {
    await ensureStreams(connection);
    const limit = maxPayloadBytes(connection);
    const message = aTelemetry(0);
    message.chunks = Array.from({ length: Math.ceil(limit / 100) }, () => aTelemetry(0).chunks[0]!);
    await expect(publishTelemetry(connection, message)).rejects.toThrow(`above the server's limit of ${limit}; split it`);
  });
});

describe("control requests", () => {
  const fetchBody = { v: 1, trainer, artifact: "00000000-0000-4000-8000-000000000001", part: 0 } as Parameters<
    typeof request<"fetch">
  >[2];

  it("are answered once, with the handler's answer or its error", async () => {
    const services = [
      serve(connection, "fetch", async (body) => {
        if (body.part === 1) throw new ControlFailure("not-found", "no such part", false);
        if (body.part === 2) throw new Error("the database is away");
        return { v: 1, parts: 1, content: "AAAA" };
      }),
    ];
    expect(await request(own, "fetch", fetchBody)).toEqual({ v: 1, parts: 1, content: "AAAA" });
    await expect(request(own, "fetch", { ...fetchBody, part: 1 })).rejects.toMatchObject({
      code: "not-found",
      retry: false,
    });
    await expect(request(own, "fetch", { ...fetchBody, part: 2 })).rejects.toMatchObject({
      code: "internal",
      message: "the database is away",
      retry: true,
    });
    for (const service of services) await service.stop();
    await expect(request(own, "fetch", fetchBody, { timeoutSeconds: 0.3 })).rejects.toThrow(/no control plane is listening/);
  });

  it("are sent again when the process that was drawn hangs, and any answer counts", async () => {
    let asked = 0;
    const service = serve(connection, "fetch", async () => {
      asked++;
      return asked === 1 ? new Promise<never>(() => undefined) : { v: 1, parts: asked, content: "" };
    });
    const began = performance.now();
    expect(await request(own, "fetch", fetchBody, { timeoutSeconds: 10 })).toMatchObject({ parts: 2 });
    expect(performance.now() - began).toBeLessThan(4000);
    // A slow answer to the first is as good as one to the second.
    let slow = 0;
    const other = serve(connection, "dataset", async () => {
      const parts = ++slow;
      await sleep(parts === 1 ? 2500 : 60_000);
      return { v: 1, parts, bytes: 0, sha256: "0".repeat(64), content: "" };
    });
    const answer = await request(own, "dataset", { v: 1, trainer, dataset: DatasetId.parse("ab".repeat(32)), part: 0 });
    expect([answer.parts, slow]).toEqual([1, 2]);
    void service.stop();
    void other.stop();
  });

  it("that do not parse are refused for good and become dead letters", async () => {
    const letters: DeadLetterV1[] = [];
    await ensureStreams(connection);
    const service = serve(connection, "fetch", async () => ({ v: 1, parts: 1, content: "" }), {
      onDeadLetter: (letter) => void letters.push(letter),
    });
    await expect(request(own, "fetch", { ...fetchBody, part: -1 })).rejects.toMatchObject({
      code: "bad-request",
      retry: false,
    });
    await eventually(() => letters.length === 1);
    expect(letters[0]).toMatchObject({ origin: "control", subject: "basin.control.trainer-1.fetch" });
    await service.stop();
  });

  it("wait for the server and the control plane, and name what was missing when they give up", async () => {
    await server.stop();
    await expect(request(own, "fetch", fetchBody, { timeoutSeconds: 0.4 })).rejects.toThrow(
      /no answer to "fetch" from the control plane within 0.4 s: (not connected|the connection to NATS was lost)/,
    );
    const late = request(own, "fetch", fetchBody, { timeoutSeconds: 20 });
    await server.restart();
    const second = await connectNats({ url: server.url, name: "control plane" });
    const service = serve(second, "fetch", async () => ({ v: 1, parts: 7, content: "" }));
    expect((await late).parts).toBe(7);
    await service.stop();
    await second.close();
  });
});

describe("broadcasts", () => {
  it("carry a trainer's signs to every listener, and none that was given while NATS was away", async () => {
    const second = await connectNats({ url: server.url, name: "another control plane" });
    const heard: [number[], number[]] = [[], []];
    [connection, second].forEach((one, i) => subscribeSigns(one, ({ packs }) => void heard[i]?.push(packs[0]?.step ?? -1)));
    await Promise.all([connection.flush(), second.flush()]);
    const sign = (step: number): HeartbeatRequestV2 => ({
      v: 2,
      measured: [],
      trainer,
      draining: false,
      packs: [{ pack: aPack(1).pack, step, runs: [] }],
    });
    publishSign(connection, sign(1));
    connection.publish("basin.sign.trainer-1", "{}");
    publishSign(connection, sign(2));
    await eventually(() => heard.every((steps) => steps.length === 2));
    await server.stop();
    await eventually(() => !linkOf(connection).connected && !linkOf(second).connected);
    publishSign(connection, sign(3));
    await server.restart();
    await eventually(() => linkOf(connection).connected && linkOf(second).connected);
    publishSign(connection, sign(4));
    await eventually(() => heard.every((steps) => steps.length === 3));
    expect(heard).toEqual([
      [1, 2, 4],
      [1, 2, 4],
    ]);
    await second.close();
  });

  it("reach their listeners, and a bad command becomes a dead letter", async () => {
    await ensureStreams(connection);
    const changes: string[] = [];
    const trainers: string[] = [];
    const commands: boolean[] = [];
    const letters: DeadLetterV1[] = [];
    subscribeChanges(connection, (change) => changes.push(change.type), { sweep });
    subscribeTrainerChanges(connection, (change) => trainers.push(change.state));
    subscribeCommands(connection, trainer, (command) => commands.push(command.drain), {
      onDeadLetter: (letter) => void letters.push(letter),
    });
    publishChange(connection, { v: 2, type: "runs", sweep, runs: [] });
    connection.publish("basin.trainers", "{}");
    publishTrainerChange(connection, {
      v: 1,
      type: "trainer",
      trainer,
      state: "online",
      at: new Date().toISOString(),
      packs: null,
    });
    sendCommand(connection, trainer, { v: 1, stop: [], drain: true, unknown: false });
    connection.publish("basin.command.trainer-1", "{}");
    await eventually(() => changes.length === 1 && trainers.length === 1 && commands.length === 1 && letters.length === 1);
    expect(letters[0]?.origin).toBe("command");
  });
});
