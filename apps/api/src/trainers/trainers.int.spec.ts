import { TrainerId, type HeartbeatReplyV1, type Trainer } from "@basin/contracts";
import { TrainersRepository } from "@basin/database";
import { connectNats, subscribeCommands } from "@basin/messaging";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
  const add = (id: string, pool: string, draining: boolean, lastSign: string): Promise<unknown> =>
    api.sql(
      `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments, draining, last_sign_at, build)
       VALUES ($1, $1, $2, 'wasm', 'no GPU', 'a cpu', 2, '0.1.0', 'h', 1, '{}', $3, now() - $4::interval, '3fa94c1b20de')`,
      [id, pool, draining, lastSign],
    );
  await add("trainer-1", "default", false, "1 second");
  await add("trainer-2", "default", true, "0 seconds");
  await add("trainer-3", "gpu", false, "1 hour");
  await seedSweep(api, {
    id: "00000001",
    trials: [{ parameters: {}, runs: [{ state: "running" }, { state: "running" }, { state: "pending" }] }],
  });
});
afterAll(() => api.stop());

it("trainers are online, draining or offline by their last sign, with what they run", async () => {
  const { items } = (await api.call("listTrainers", {})).json as { items: Trainer[] };
  expect(items.map(({ id, state, build, runningRuns }) => ({ id, state, build, runningRuns }))).toEqual([
    { id: "trainer-1", state: "online", build: "3fa94c1b20de", runningRuns: 2 },
    { id: "trainer-2", state: "draining", build: "3fa94c1b20de", runningRuns: 0 },
    { id: "trainer-3", state: "offline", build: "3fa94c1b20de", runningRuns: 0 },
  ]);
  const gpu = (await api.call("listTrainers", { query: { pool: "gpu" } })).json as { items: Trainer[] };
  expect(gpu.items.map((trainer) => trainer.id)).toEqual(["trainer-3"]);
});

it("a trainer is told to drain, and one that is not there is named", async () => {
  const drained = await api.call("drainTrainer", { params: { trainer: "trainer-1" } });
  expect(drained).toMatchObject({ status: 200, json: { id: "trainer-1", state: "draining" } });
  const missing = await api.call("drainTrainer", { params: { trainer: "nobody" } });
  expect(missing.status).toBe(404);
  expect(api.errorOf(missing).message).toContain("nobody");
});

it("a trainer that drains is told to take packs again, and counts as draining until it says so", async () => {
  const told: HeartbeatReplyV1[] = [];
  const nats = await connectNats({ url: api.natsUrl, name: "trainers-spec" });
  subscribeCommands(nats, TrainerId.parse("trainer-1"), (command) => told.push(command));
  await nats.flush();
  const row = () => api.sql("SELECT draining, drain_asked FROM trainer WHERE id = 'trainer-1'");
  const undrained = await api.call("undrainTrainer", { params: { trainer: "trainer-1" } });
  expect(undrained).toMatchObject({ status: 200, json: { id: "trainer-1", state: "draining" } });
  await eventually(() => told.length === 1);
  expect(told).toEqual([{ v: 1, stop: [], drain: false, unknown: false }]);
  // Its next sign may have left before it was told.
  const trainers = api.app.get(TrainersRepository);
  const pulse = (draining: boolean) => trainers.pulse(TrainerId.parse("trainer-1"), draining, [], 30);
  expect(await pulse(true)).toMatchObject({ drainAsked: false });
  expect(await row()).toEqual([{ draining: true, drain_asked: false }]);
  expect(await pulse(false)).toMatchObject({ drainAsked: false });
  expect(await row()).toEqual([{ draining: false, drain_asked: false }]);
  expect((await api.call("undrainTrainer", { params: { trainer: "nobody" } })).status).toBe(404);
  await nats.close();
});

it("a trainer that registered before there were builds has to tell its own, and goes on as it was asked to", async () => {
  await api.sql("UPDATE trainer SET build = NULL, drain_asked = true WHERE id = 'trainer-2'");
  const trainers = api.app.get(TrainersRepository);
  const trainer = TrainerId.parse("trainer-2");
  expect(await trainers.pulse(trainer, true, [], 30)).toBeNull();
  const { items } = (await api.call("listTrainers", {})).json as { items: Trainer[] };
  expect(items.find(({ id }) => id === trainer)?.build).toBe("unversioned");
  const told = { trainer, name: "two", pool: "default", backend: "wasm", backendReason: "", device: "" } as const;
  const registration = {
    ...told,
    slots: 1,
    version: "0.2.0",
    build: "fedcba987654",
    host: "h",
    pid: 1,
    experiments: [],
    slotBytes: null,
    provenance: {},
  };
  await trainers.register(registration);
  expect(await trainers.pulse(trainer, true, [], 30)).toMatchObject({ drainAsked: true });
  // A new process is not draining, as ever.
  await trainers.register(registration);
  expect(await trainers.pulse(trainer, false, [], 30)).toMatchObject({ drainAsked: false });
  expect(await api.sql("SELECT version FROM build WHERE id = 'fedcba987654'")).toEqual([{ version: "0.2.0" }]);
});

it("a trainer that takes no packs by itself says why with its signs, until it takes them again", async () => {
  const trainers = api.app.get(TrainersRepository);
  const trainer = TrainerId.parse("trainer-2");
  const waits = "/data/spool has 12.0 MiB left; no pack is taken below 256.0 MiB";
  const shown = async (): Promise<Pick<Trainer, "state" | "waits"> | undefined> => {
    const { items } = (await api.call("listTrainers", {})).json as { items: Trainer[] };
    return items.find(({ id }) => id === trainer);
  };
  await trainers.pulse(trainer, false, [], 30);
  expect(await shown()).toMatchObject({ state: "online", waits: null });
  // A sign that says something else than the one a moment ago is noted at once.
  expect(await trainers.pulse(trainer, false, [], 30, 60, waits)).toMatchObject({ noted: true });
  expect(await shown()).toMatchObject({ state: "online", waits });
  expect(await trainers.pulse(trainer, false, [], 30, 60, waits)).toMatchObject({ noted: false });
  expect(await trainers.pulse(trainer, false, [], 30, 60, null)).toMatchObject({ noted: true });
  expect(await shown()).toMatchObject({ waits: null });
});

it("dead letters come newest first, with their bytes and how many there are", async () => {
  await api.sql(
    `INSERT INTO dead_letter (origin, subject, reason, payload, payload_bytes)
     SELECT 'telemetry', 'basin.telemetry.t', 'bad ' || i, convert_to('{' || i, 'UTF8'), 2 FROM generate_series(1, 5) i`,
  );
  const { json, status } = await api.call("listDeadLetters", { query: { limit: 2 } });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    total: 5,
    items: [
      { v: 1, origin: "telemetry", reason: "bad 5", payload: Buffer.from("{5").toString("base64"), payloadBytes: 2 },
      { reason: "bad 4" },
    ],
  });
});
