import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  BuildId,
  controlRequests,
  joinPermissions,
  PackId,
  PoolName,
  subjects,
  SweepId,
  TrainerId,
  trainerPermissions,
  type PackMessageV2,
} from "@basin/contracts";
import { eventually, freshNats, type FreshNats } from "@basin/testing";
import { createUser } from "@nats-io/jwt";
import { connect, errors, type NatsConnection as Connection } from "@nats-io/transport-node";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  connectNats,
  ensureStreams,
  ensureWorkConsumer,
  NatsRefusedError,
  parseNatsCredentials,
  publishPack,
  publishSign,
  publishTelemetry,
  pullPack,
  request,
  sendCommand,
  serve,
  subscribeCommands,
  subscribeSigns,
  TrainerAuthority,
  type NatsConnection,
} from "./index";

const pool = PoolName.parse("gpu");
const build = BuildId.parse("3fa94c1b20de");
const queue = { pool, build };
const [me, other, elsewhere] = ["t-1", "t-2", "t-3"].map((id) => TrainerId.parse(id)) as [TrainerId, TrainerId, TrainerId];
const sweep = SweepId.parse("k3v9x2mq");
const token = "join-0123456789ab";

type Identity = "me" | "other" | "elsewhere" | "token" | "control plane";
const everybody: readonly Identity[] = ["me", "other", "elsewhere", "token", "control plane"];

let server: FreshNats;
let authority: TrainerAuthority;
beforeEach(async () => {
  server = await freshNats();
  authority = await TrainerAuthority.open(server.keys);
});

async function as(url: string): Promise<NatsConnection> {
  const connection = await connectNats({ url, name: "spec" });
  onTestFinished(() => connection.close());
  return connection;
}

async function urls(): Promise<Record<Identity, string>> {
  return {
    me: await server.trainerUrl(me, pool),
    other: await server.trainerUrl(other, pool),
    elsewhere: await server.trainerUrl(elsewhere, "default"),
    token: server.urlOf((await authority.newToken(token, pool, null)).text),
    "control plane": server.url,
  };
}

interface Row {
  /** What is tried, without wildcards for publishing. */
  subject: string;
  publish?: readonly Identity[];
  subscribe?: readonly Identity[];
}

/** Who may, beside the control plane, which may everything: a new subject without a row does not compile. */
const rows: Record<keyof typeof subjects, Row[]> = {
  work: [{ subject: subjects.work(queue) }],
  telemetry: [{ subject: subjects.telemetry(me), publish: ["me"] }],
  dead: [
    { subject: subjects.dead("work", me), publish: ["me"] },
    { subject: subjects.dead("command", me), publish: ["me"] },
    { subject: subjects.dead("telemetry", me) },
    { subject: subjects.dead("control", me) },
  ],
  control: [
    ...Object.keys(controlRequests).map((name) => ({ subject: subjects.control(me, name), publish: ["me"] as const })),
    { subject: subjects.control(token, "join"), publish: ["token"] },
    { subject: subjects.control(token, "register") },
  ],
  allControl: [{ subject: subjects.allControl("claim").replace("*", "someone") }],
  sign: [{ subject: subjects.sign(me), publish: ["me"] }],
  allSigns: [{ subject: subjects.allSigns.replace("*", "someone") }],
  command: [{ subject: subjects.command(me), subscribe: ["me"] }],
  changes: [{ subject: subjects.changes(sweep) }],
  allChanges: [{ subject: subjects.allChanges.replace("*", "something") }],
  trainers: [{ subject: subjects.trainers }],
  nudge: [{ subject: subjects.nudge }],
  inbox: [
    { subject: `${subjects.inbox(me)}.x.1`, subscribe: ["me"] },
    { subject: `${subjects.inbox(token)}.x.1`, subscribe: ["token"] },
    { subject: `${subjects.inbox("control-plane")}.x.1` },
  ],
};

const [work, telemetry] = ["BASIN_WORK_gpu", "BASIN_TELEMETRY"];
const consumer = "work-gpu_3fa94c1b20de";
/** JetStream's own, as its reference lists them, and those of the server itself. */
const interfaces: Row[] = [
  ...["INFO", "STREAM.NAMES", "STREAM.LIST", "SERVER.REMOVE", "META.LEADER.STEPDOWN", "ACCOUNT.PURGE.X"].map((rest) => ({
    subject: `$JS.API.${rest}`,
  })),
  ...["CREATE", "UPDATE", "DELETE", "PURGE", "INFO", "SNAPSHOT", "RESTORE", "MSG.GET", "MSG.DELETE", "PEER.REMOVE"].flatMap(
    (verb) => [work, telemetry].map((stream) => ({ subject: `$JS.API.STREAM.${verb}.${stream}` })),
  ),
  ...["STREAM.TEMPLATE.CREATE.X", `DIRECT.GET.${telemetry}`, `STREAM.LEADER.STEPDOWN.${work}`].map((rest) => ({
    subject: `$JS.API.${rest}`,
  })),
  ...["CREATE", "DELETE", "INFO", "PAUSE", "LEADER.STEPDOWN", "DURABLE.CREATE", "UNPIN"].flatMap((verb) => [
    { subject: `$JS.API.CONSUMER.${verb}.${work}.${consumer}` },
    { subject: `$JS.API.CONSUMER.${verb}.${telemetry}.ingest` },
  ]),
  { subject: `$JS.API.CONSUMER.CREATE.${work}.mine.basin.work.gpu.x` },
  { subject: `$JS.API.CONSUMER.NAMES.${work}` },
  { subject: `$JS.API.CONSUMER.LIST.${work}` },
  { subject: `$JS.API.CONSUMER.MSG.NEXT.${work}.${consumer}`, publish: ["me", "other"] },
  { subject: `$JS.API.CONSUMER.MSG.NEXT.${telemetry}.ingest` },
  { subject: `$JS.ACK.${work}.${consumer}.1.1.1.1.0`, publish: ["me", "other"] },
  { subject: `$JS.ACK.${telemetry}.ingest.1.1.1.1.0` },
  { subject: `$JS.FC.${work}.x` },
  { subject: "$JS.EVENT.ADVISORY.x" },
  { subject: "something.else" },
];

/** What of these the server refuses: it says so before it answers the ping that a flush sends. */
async function refused(connection: Connection, attempt: () => void): Promise<string[]> {
  const violations: string[] = [];
  const following = (async () => {
    for await (const status of connection.status()) {
      if (status.type === "error" && status.error instanceof errors.PermissionViolationError) {
        violations.push(`${status.error.operation} ${status.error.subject}`);
      }
    }
  })();
  attempt();
  await connection.flush();
  await connection.flush();
  await connection.close();
  await following;
  return violations.sort();
}

describe("the table of subjects and identities", () => {
  const all = [...Object.values(rows).flat(), ...interfaces];

  test("has a row for every subject of the contracts", () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(subjects).sort());
    expect(all.length).toBeGreaterThan(70);
  });

  test("is what the server does, publishing and subscribing", async () => {
    const at = await urls();
    for (const identity of everybody) {
      const may = (row: Row, operation: "publish" | "subscribe"): boolean =>
        identity === "control plane" || (row[operation] ?? []).includes(identity);
      const speaking = await connectNats({ url: at[identity], name: "spec" });
      const publishing = await refused(speaking, () => {
        for (const { subject } of all) speaking.publish(subject, "{}");
      });
      const expected = (operation: "publish" | "subscribe") =>
        all
          .filter((row) => !may(row, operation))
          .map(({ subject }) => `${operation === "publish" ? "publish" : "subscription"} ${subject}`);
      expect(publishing, identity).toEqual(expected("publish").sort());
      const listening = await connectNats({ url: at[identity], name: "spec" });
      const subscribing = await refused(listening, () => {
        for (const { subject } of all) listening.subscribe(subject, { callback: () => undefined });
      });
      expect(subscribing, identity).toEqual(expected("subscribe").sort());
    }
  });

  test("knows no wildcard that would hear more", async () => {
    const at = await urls();
    const wide = [
      ">",
      "*",
      "basin.>",
      "basin.*.*",
      "basin.control.>",
      "basin.control.*.*",
      "basin.telemetry.*",
      "basin.command.*",
    ];
    const inboxes = ["_INBOX.>", "_INBOX.t-2.>", "_INBOX.control-plane.>", "$JS.>", "$SYS.>", "basin.sign.*", "basin.work.>"];
    for (const identity of ["me", "token"] as const) {
      const connection = await connectNats({ url: at[identity], name: "spec" });
      const refusals = await refused(connection, () => {
        for (const subject of [...wide, ...inboxes]) connection.subscribe(subject, { callback: () => undefined });
      });
      expect(refusals, identity).toEqual([...wide, ...inboxes].map((subject) => `subscription ${subject}`).sort());
    }
    expect(
      [...trainerPermissions(me, pool).publish, ...joinPermissions(token).publish].filter((one) => one.startsWith("basin.")),
    ).toEqual(expect.not.arrayContaining([expect.stringMatching(/^basin\.(\*|>)/)]));
  });
});

test("without credentials, or with those of another server, nobody gets in, and is told so at once", async () => {
  const address = `nats://${new URL(server.url).host}`;
  const foreign = await freshNats({ ownKeys: true });
  const strangersKey = createUser();
  const own = parseNatsCredentials((await authority.newToken(token, pool, null)).text);
  const stolen = { ...own, seed: Buffer.from(strangersKey.getSeed()).toString("utf8") };
  const began = performance.now();
  for (const wrong of [address, address.replace("//", "//api:password@"), address.replace("//", "//trainer:@")])
    await expect(connectNats({ url: wrong, name: "stranger" }), wrong).rejects.toThrow(NatsRefusedError);
  await expect(connectNats({ url: address, name: "stranger" })).rejects.toThrow(/as nobody.*NATS_TOKEN.*basin trainer token/);
  await expect(connectNats({ url: address, login: stolen, name: "a JWT without its key" })).rejects.toThrow(NatsRefusedError);
  const theirs = await (await TrainerAuthority.open(foreign.keys)).newToken(token, null, null);
  await expect(connectNats({ url: address, login: parseNatsCredentials(theirs.text), name: "stranger" })).rejects.toThrow(
    /token "join-0123456789ab" are revoked, or made for another server/,
  );
  const past = await authority.newToken(token, pool, Math.floor(Date.now() / 1000) - 60);
  await expect(connectNats({ url: address, login: parseNatsCredentials(past.text), name: "late" })).rejects.toThrow(/expired at/);
  expect(performance.now() - began).toBeLessThan(20_000);
  await expect(connect({ servers: new URL(server.url).host, maxReconnectAttempts: 0 })).rejects.toThrow(/authorization/i);
});

test("who is revoked is thrown out at once, and stays out when the server starts again; the others stay", async () => {
  const [one, two] = [await authority.newToken(token, pool, null), await authority.newToken("join-2", pool, null)];
  let thrownOut = false;
  const first = await connectNats({ url: server.urlOf(one.text), name: "first", onRefused: () => (thrownOut = true) });
  onTestFinished(() => first.close());
  const second = await as(server.urlOf(two.text));
  await authority.revoke({ [one.key]: Math.ceil(Date.now() / 1000) }, { url: server.url, tls: null });
  await eventually(() => thrownOut);
  const again = () => connectNats({ url: server.urlOf(one.text), name: "first again" });
  await expect(again()).rejects.toThrow(NatsRefusedError);
  await second.flush();
  await server.restart();
  await expect(again()).rejects.toThrow(NatsRefusedError);
  await (await connectNats({ url: server.urlOf(two.text), name: "second again" })).close();
});

test("keys and credentials are for the account that runs the server", () => {
  const files = readdirSync(server.keys);
  expect(files).toEqual(
    expect.arrayContaining(["account.seed", "api.creds", "operator.seed", "server.json", "system.creds", "system.seed"]),
  );
  for (const file of files) expect(statSync(join(server.keys, file)).mode & 0o777, file).toBe(0o600);
  expect(statSync(server.keys).mode & 0o777).toBe(0o700);
});

test("a trainer can do what trainers do, also after the server's store was deleted and the control plane made it again", async () => {
  const [api, own] = [await as(server.url), await as(await server.trainerUrl(me, pool))];
  const signs: string[] = [];
  const commands: boolean[] = [];
  subscribeSigns(api, (sign) => signs.push(sign.trainer));
  subscribeCommands(own, me, ({ drain }) => commands.push(drain));
  const service = serve(api, "fetch", async () => ({ v: 1, parts: 1, content: "" }));
  onTestFinished(() => service.stop());
  await Promise.all([api.flush(), own.flush()]);
  for (const wiped of [false, true]) {
    if (wiped) await server.wipe();
    const pulling = pullPack(own, queue, { onMissing: () => ensureStreams(api).then(() => ensureWorkConsumer(api, queue)) });
    const pack: PackMessageV2 = {
      ...{ v: 2, pack: PackId.parse("00000000-0000-4000-8000-000000000001"), sweep, pool, build, experiment: "diagnostic" },
      ...{ width: 1, sentAt: `2026-01-01T00:00:0${wiped ? 1 : 0}.000Z` },
    };
    await publishPack(api, pack);
    (await pulling)?.ack();
    const chunk = { run: `${sweep}-0-0`, attempt: 1, metric: "loss", chunk: 0, steps: "AQAAAA==", values: "AAAAAAAA8D8=" };
    await publishTelemetry(own, { v: 1, trainer: me, sentAt: pack.sentAt, chunks: [chunk] } as Parameters<
      typeof publishTelemetry
    >[1]);
    const fetch = { v: 1, trainer: me, artifact: "00000000-0000-4000-8000-000000000000", part: 0 };
    await request(own, "fetch", fetch as Parameters<typeof request<"fetch">>[2]);
    publishSign(own, { v: 2, trainer: me, draining: false, packs: [], measured: [] });
    sendCommand(api, me, { v: 1, stop: [], drain: true, unknown: false });
    await eventually(() => signs.length === (wiped ? 2 : 1) && commands.length === (wiped ? 2 : 1));
  }
});

test("an answer goes to nobody but its asker, and no body speaks for another", async () => {
  const [api, own] = [await as(server.url), await as(await server.trainerUrl(me, pool))];
  let asked = 0;
  const service = serve(api, "fetch", async () => {
    asked++;
    return { v: 1, parts: 1, content: "" };
  });
  onTestFinished(() => service.stop());
  const heard: string[] = [];
  for (const subject of ["basin.command.t-2", "_INBOX.t-2.x", "basin.telemetry.t-2"])
    api.subscribe(subject, { callback: (_, message) => void heard.push(message.subject) });
  await api.flush();
  const body = { v: 1, trainer: me, artifact: "00000000-0000-4000-8000-000000000000", part: 0 } as Parameters<
    typeof request<"fetch">
  >[2];
  for (const reply of ["basin.command.t-2", "_INBOX.t-2.x", "basin.telemetry.t-2"])
    own.publish(subjects.control(me, "fetch"), JSON.stringify(body), { reply });
  own.publish(subjects.control(me, "fetch"), JSON.stringify(body));
  await expect(request(own, "fetch", { ...body, trainer: other })).rejects.toMatchObject({ code: "not-yours", retry: false });
  await request(own, "fetch", body);
  expect([asked, heard]).toEqual([1, []]);
});
