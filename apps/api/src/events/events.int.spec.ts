import { ChangeV2, PackId, TrainerChangeV1, TrainerId, type SweepId } from "@basin/contracts";
import { connectNats, publishChange, publishTrainerChange, type NatsConnection } from "@basin/messaging";
import { eventually } from "@basin/testing";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness } from "../http/http-harness.testing";
import { ChangeListeners } from "./change-listeners";
import { EventStreams } from "./event-streams";

let api: Harness;
let nats: NatsConnection;
const sweep = "k3v9x2mq" as SweepId;
const other = "k3v9x2mr" as SweepId;

beforeAll(async () => {
  api = await startHarness();
  nats = await connectNats({ url: api.natsUrl, name: "events-spec" });
  for (const id of [sweep, other])
    await seedSweep(api, { id, trials: [{ parameters: {}, runs: [{ objective: 1 }, { state: "pending" }] }] });
  await seedSweep(api, { id: "k3v9x2ms", state: "completed" });
});
afterAll(async () => {
  await nats.close();
  await api.stop();
});

interface ServerEvent<C> {
  event: string;
  id: string;
  data: C;
}

/** Reads a stream as a browser would. */
async function listen<C>(path: string, schema: { parse(json: unknown): C }) {
  const abort = new AbortController();
  const response = await fetch(`${await api.app.getUrl()}/api/v1${path}`, { signal: abort.signal });
  const events: ServerEvent<C>[] = [];
  const seen = { text: "" };
  const done = (async () => {
    try {
      let rest = "";
      for await (const chunk of response.body ?? []) {
        const text = Buffer.from(chunk).toString();
        seen.text += text;
        const blocks = (rest + text).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const fields = Object.fromEntries(
            block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
          );
          if (fields.data)
            events.push({ event: fields.event ?? "", id: fields.id ?? "", data: schema.parse(JSON.parse(fields.data)) });
        }
      }
    } catch {
      // Cut off, or aborted by the test.
    }
  })();
  return { response, events, seen, done, close: () => abort.abort() };
}

const runsChange = (id: SweepId, n = 1): ChangeV2 => ({
  v: 2,
  type: "runs",
  sweep: id,
  runs: Array.from({ length: n }, (_, i) => ({
    run: `${id}-0-${i}` as never,
    state: "running",
    attempt: 1,
    objective: null,
    trainer: null,
  })),
});
const metricsChange: ChangeV2 = {
  v: 2,
  type: "metrics",
  sweep,
  points: [{ run: `${sweep}-0-0` as never, attempt: 1, metric: "loss", step: 3, value: 0.5 }],
};
const clientsOf = async (): Promise<string | undefined> =>
  /basin_sse_clients (\d+)/.exec((await api.send("GET", "/metrics")).text)?.[1];

it("tells a sweep's state first, then what happens to it and to no other", async () => {
  const stream = await listen(`/sweeps/${sweep}/events`, ChangeV2);
  expect(Object.fromEntries(stream.response.headers)).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
  await eventually(() => stream.events.length === 1, { what: "the snapshot" });
  expect(stream.seen.text).toMatch(/^retry: \d+\n\n/);
  expect(stream.events[0]).toMatchObject({
    event: "sweep",
    data: { sweep, state: "running", counts: { succeeded: 1, pending: 1 } },
  });
  publishChange(nats, runsChange(other));
  publishChange(nats, metricsChange);
  publishChange(nats, runsChange(sweep));
  await eventually(() => stream.events.length === 3);
  expect(stream.events.slice(1).map((e) => [e.event, e.data])).toEqual([
    ["metrics", metricsChange],
    ["runs", runsChange(sweep)],
  ]);
  expect(new Set(stream.events.map((e) => e.id)).size).toBe(3);
  expect(await clientsOf()).toBe("1");
  stream.close();
  await eventually(async () => (await clientsOf()) === "0", { what: "the client to be forgotten" });
});

it("tells about all sweeps that can still change, without metrics", async () => {
  const stream = await listen("/events", ChangeV2);
  await eventually(() => stream.events.length === 2);
  expect(stream.events.map((e) => e.data.sweep).sort()).toEqual([sweep, other]);
  publishChange(nats, metricsChange);
  publishChange(nats, runsChange(other));
  await eventually(() => stream.events.length === 3);
  expect(stream.events[2]?.data).toEqual(runsChange(other));
  stream.close();
});

it("tells who trains: the ledger first, then what trainers say", async () => {
  const add = "INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments)";
  await api.sql(`${add} VALUES ('t-1', 'one', 'default', 'wasm', '', '', 1, '0', 'h', 1, '{}')`);
  const stream = await listen("/trainers/events", TrainerChangeV1);
  await eventually(() => stream.events.length === 1);
  expect(stream.events[0]).toMatchObject({ event: "trainer", data: { trainer: "t-1", state: "online", packs: null } });
  const told: TrainerChangeV1 = {
    v: 1,
    type: "trainer",
    trainer: TrainerId.parse("t-1"),
    state: "draining",
    at: "2026-01-01T00:00:00.000Z",
    packs: [{ pack: PackId.parse("6f9c1d52-0b7e-4c55-9a38-2f7d1c0e4b11"), sweep, runs: 2, step: 7 }],
  };
  publishChange(nats, runsChange(sweep));
  publishTrainerChange(nats, told);
  await eventually(() => stream.events.length === 2);
  expect(stream.events[1]?.data).toEqual(told);
  stream.close();
});

it("answers 404 for a sweep that is not there, and 200 without a body to HEAD", async () => {
  expect((await api.send("GET", "/api/v1/sweeps/00000000/events")).status).toBe(404);
  const response = await fetch(`${await api.app.getUrl()}/api/v1/sweeps/${sweep}/events`, { method: "HEAD" });
  expect(response.status).toBe(200);
});

it("cuts off a client that does not read, instead of keeping everything for it", async () => {
  const { port } = new URL(await api.app.getUrl());
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`GET /api/v1/sweeps/${sweep}/events HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  socket.pause();
  let closed = false;
  socket.on("close", () => (closed = true));
  socket.on("error", () => undefined);
  await eventually(async () => (await clientsOf()) === "1");
  const before = process.memoryUsage().rss;
  const big = runsChange(sweep, 500);
  for (let i = 0; i < 1200 && (await clientsOf()) === "1"; i += 100) {
    for (let k = 0; k < 100; k += 1) publishChange(nats, big);
    await nats.flush();
  }
  await eventually(async () => (await clientsOf()) === "0", { what: "the slow client to be cut off" });
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  socket.resume();
  await eventually(() => closed);
});

it("gives a client the present state again after NATS was away", async () => {
  const stream = await listen(`/sweeps/${sweep}/events`, ChangeV2);
  await eventually(() => stream.events.length === 1);
  await api.sql("UPDATE sweep SET state = 'paused' WHERE id = $1", [sweep]);
  await (await natsOfApi()).reconnect();
  await eventually(() => stream.events.at(-1)?.data.type === "sweep" && stream.events.length >= 2, { what: "a new snapshot" });
  expect(stream.events.at(-1)?.data).toMatchObject({ state: "paused" });
  publishChange(nats, runsChange(sweep));
  await eventually(() => stream.events.at(-1)?.data.type === "runs");
  stream.close();
});

it("ends its streams when the application stops", async () => {
  const stream = await listen(`/sweeps/${sweep}/events`, ChangeV2);
  await eventually(() => stream.events.length === 1);
  api.app.get(EventStreams).onModuleDestroy();
  api.app.get(ChangeListeners).onModuleDestroy();
  await stream.done;
  expect(stream.seen.text).toContain("event: sweep");
});

async function natsOfApi(): Promise<NatsConnection> {
  const { NATS } = await import("../platform/injection-keys");
  return api.app.get<NatsConnection>(NATS);
}
