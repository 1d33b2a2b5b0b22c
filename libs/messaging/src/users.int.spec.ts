import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { PackId, PoolName, SweepId, TrainerId, unversionedBuild, type PackMessageV1, type WorkQueue } from "@basin/contracts";
import { eventually, freshNats, type FreshNats } from "@basin/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import {
  connectNats,
  ensureStreams,
  ensureWorkConsumer,
  NatsRefusedError,
  publishPack,
  publishSign,
  publishTelemetry,
  pullPack,
  request,
  sendCommand,
  serve,
  subscribeCommands,
  subscribeSigns,
  type NatsConnection,
} from "./index";

const queue: WorkQueue = { pool: PoolName.parse("default"), build: unversionedBuild };
const trainer = TrainerId.parse("trainer-1");
const sweep = SweepId.parse("k3v9x2mq");
const pack: PackMessageV1 = {
  v: 1,
  pack: PackId.parse("00000000-0000-4000-8000-000000000001"),
  sweep,
  pool: queue.pool,
  experiment: "diagnostic",
  width: 1,
  sentAt: "2026-01-01T00:00:00.000Z",
};

let server: FreshNats;
beforeEach(async () => {
  server = await freshNats();
});

async function as(url: string): Promise<NatsConnection> {
  const connection = await connectNats({ url, name: "spec" });
  onTestFinished(() => connection.close());
  return connection;
}

test("without the right user and password nobody gets in, and is told so at once instead of waiting", async () => {
  const url = new URL(server.url);
  const at = (user: string): string => `nats://${user}${url.host}`;
  const began = performance.now();
  for (const wrong of [at(""), at("api:wrong@"), at("trainer:wrong@"), at(`trainer:${url.password}@`), at("nobody:x@")]) {
    const connecting = connectNats({ url: wrong, name: "stranger" });
    await expect(connecting, wrong).rejects.toThrow(NatsRefusedError);
    await expect(connectNats({ url: wrong, name: "stranger" })).rejects.toThrow(
      /refused: wrong user or password .*NATS_PASSWORD/,
    );
  }
  expect(performance.now() - began).toBeLessThan(10_000);
  const login = { user: "api", password: url.password };
  await (await connectNats({ url: at("trainer:wrong@"), login, name: "a login beside the URL" })).close();
});

test("passwords and the files that hold them are for the account that runs the server", () => {
  const directory = dirname(server.store);
  for (const file of ["nats-api.password", "nats-trainer.password"]) {
    expect(existsSync(join(directory, file))).toBe(true);
    expect(statSync(join(directory, file)).mode & 0o777, file).toBe(0o600);
  }
  const [api, asTrainer] = [new URL(server.url).password, new URL(server.trainerUrl).password];
  expect(api).toMatch(/^[\w-]{24}$/);
  expect(asTrainer).not.toBe(api);
});

test("a trainer can do what trainers do, also after the server's store was deleted", async () => {
  const [api, own] = [await as(server.url), await as(server.trainerUrl)];
  const signs: string[] = [];
  const commands: boolean[] = [];
  subscribeSigns(api, (sign) => signs.push(sign.trainer));
  subscribeCommands(own, trainer, ({ drain }) => commands.push(drain));
  const service = serve(api, "fetch", async () => ({ v: 1, parts: 1, content: "" }));
  onTestFinished(() => service.stop());
  await Promise.all([api.flush(), own.flush()]);
  for (const wiped of [false, true]) {
    if (wiped) await server.wipe();
    else await ensureStreams(api).then(() => ensureWorkConsumer(api, queue));
    const pulling = pullPack(own, queue);
    await publishPack(api, { ...pack, sentAt: `2026-01-01T00:00:0${wiped ? 1 : 0}.000Z` });
    (await pulling)?.ack();
    const chunk = { run: `${sweep}-0-0`, attempt: 1, metric: "loss", chunk: 0, steps: "AQAAAA==", values: "AAAAAAAA8D8=" };
    await publishTelemetry(own, { v: 1, trainer, sentAt: pack.sentAt, chunks: [chunk] } as Parameters<
      typeof publishTelemetry
    >[1]);
    const fetch = { v: 1, trainer, artifact: "00000000-0000-4000-8000-000000000000", part: 0 };
    await request(own, "fetch", fetch as Parameters<typeof request<"fetch">>[2]);
    publishSign(own, { v: 2, trainer, draining: false, packs: [], measured: [] });
    sendCommand(api, trainer, { v: 1, stop: [], drain: true, unknown: false });
    await eventually(() => signs.length === (wiped ? 2 : 1) && commands.length === (wiped ? 2 : 1));
  }
});

test("a trainer cannot speak for the control plane, listen in, or take streams away", async () => {
  const [api, own] = [await as(server.url), await as(server.trainerUrl)];
  await ensureStreams(api);
  await ensureWorkConsumer(api, queue);
  const heard: string[] = [];
  api.subscribe(">", { callback: (_, message) => void heard.push(message.subject) });
  await api.flush();
  const forbidden = ["basin.changes.k3v9x2mq", "basin.command.trainer-2", "basin.trainers", "basin.nudge", "basin.work.default"];
  for (const subject of forbidden) own.publish(subject, "{}");
  own.publish("basin.sign.trainer-1", "{}");
  await own.flush();
  await eventually(() => heard.includes("basin.sign.trainer-1"));
  expect(heard.filter((subject) => forbidden.includes(subject))).toEqual([]);

  const overheard: string[] = [];
  for (const subject of [">", "basin.>", "basin.control.*", "basin.telemetry.*", "basin.changes.*"]) {
    own.subscribe(subject, {
      callback: (error, message) => {
        if (!error) overheard.push(message.subject);
      },
    });
  }
  await own.flush();
  for (const subject of ["basin.changes.k3v9x2mq", "basin.control.x", "basin.telemetry.trainer-2"]) api.publish(subject, "{}");
  await api.flush();
  await own.flush();
  expect(overheard).toEqual([]);

  const manager = await jetstreamManager(own, { checkAPI: false, timeout: 500 });
  for (const harm of [
    () => manager.streams.delete("BASIN_WORK"),
    () => manager.streams.purge("BASIN_TELEMETRY"),
    () => manager.streams.update("BASIN_WORK", { max_msgs: 1 }),
    () => manager.streams.getMessage("BASIN_TELEMETRY", { seq: 1 }),
    () => manager.streams.add({ name: "OTHER", subjects: ["other"] }),
    () => manager.consumers.delete("BASIN_WORK", "work-default"),
    () => manager.consumers.add("BASIN_TELEMETRY", { durable_name: "mine" }),
  ]) {
    await expect(harm(), String(harm)).rejects.toThrow();
  }
  const names = (await jetstreamManager(api)).streams.names();
  expect((await names.next()).sort()).toEqual(["BASIN_DEAD", "BASIN_TELEMETRY", "BASIN_WORK"]);
});
