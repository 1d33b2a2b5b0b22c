import { ArtifactId, packFloat64, packInt32, PoolName, subjects, TrainerId } from "@basin/contracts";
import { ControlRefusedError, connectNats, request } from "@basin/messaging";
import { aTrainerKey, eventually } from "@basin/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { aChunk, aResult, aSafetensors, type FakeTrainer, type Held } from "../spec-support/fake-trainer.testing";
import { TrainerTokensService } from "../trainers/trainer-tokens.service";
import { aDiagnosticSpec, specStack, type SpecStack } from "../spec-support/spec-stack.testing";

/*
 * What somebody with a trainer's credentials of his own can do to others. Each of these was done before trainers had identities, with the answer that a
 * trainer of one's own would get.
 */

let stack: SpecStack;
let victim: FakeTrainer;
let stranger: FakeTrainer;
let held: Held;
const asVictim = { trainer: TrainerId.parse("victim") };

beforeEach(async () => {
  stack = await specStack();
  const api = await stack.api();
  victim = await stack.trainer("victim");
  stranger = await stack.trainer("stranger", { pool: "elsewhere" });
  await api.create(aDiagnosticSpec(1, 3));
  const taken = await victim.take();
  if (!taken) throw new Error("nothing to take");
  held = taken;
});

const first = () => held.grants[0] ?? expect.fail("no grant");
const refusal = async (asking: Promise<unknown>): Promise<string> => {
  const error = await asking.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ControlRefusedError ? error.code : error === null ? "done" : "unanswered";
};

test("every line of what strangers did is refused, and the victim goes on as if nobody had tried", async () => {
  const grant = first();
  const result = aResult(grant, { value0: -1e9 }, { trainSeconds: 1e9, chunks: {} });

  // In another's name: the body is looked at, and its subject may not be published to.
  expect(await refusal(request(stranger.nats, "commit", { v: 1, ...asVictim, results: [result] }))).toBe("not-yours");
  expect(
    await refusal(request(stranger.nats, "heartbeat", { v: 2, ...asVictim, draining: false, packs: [], measured: [] })),
  ).toBe("not-yours");
  expect(
    await refusal(
      request(stranger.nats, "release", {
        v: 2,
        ...asVictim,
        attempts: [{ run: grant.run, attempt: grant.attempt, outcome: "cancelled", reason: null }],
      }),
    ),
  ).toBe("not-yours");
  expect(await refusal(request(stranger.nats, "claim", { v: 1, ...asVictim, pack: held.pack }))).toBe("not-yours");
  for (const name of ["commit", "heartbeat", "register", "release", "artifact", "claim"]) {
    const asking = stranger.nats.request(subjects.control(victim.id, name), "{}", { timeout: 300 });
    await expect(asking, name).rejects.toThrow();
  }

  // In its own name for what it does not hold.
  expect((await stranger.commit([result]))[0]?.status).toBe("superseded");
  expect(await stranger.upload(grant, "weights", "weights", aSafetensors(8))).toBe("superseded");
  expect(await stranger.release([grant], "failed", "because")).toBe(0);
  expect(await stranger.claim(held.pack)).toEqual([]);
  await stranger.publish([{ ...aChunk(grant, 0), steps: packInt32([1000]), values: packFloat64([-1e9]) }]);
  stranger.nats.publish(subjects.telemetry(victim.id), "{}");
  await victim.publish([aChunk(grant, 0)]);
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM metric_chunk"))["n"] === 1);
  expect(await stack.row("SELECT steps, run_id AS run FROM metric_chunk")).toEqual({ steps: [1, 2, 3], run: grant.run });

  // Files: only for runs that the asker holds.
  const weights = aSafetensors(8);
  expect(await victim.upload(grant, "checkpoint", "checkpoint", weights, 1)).toBe("complete");
  const { id } = await stack.row("SELECT id FROM artifact");
  const fetch = (trainer: FakeTrainer) =>
    refusal(trainer.ask("fetch", { v: 1, trainer: trainer.id, artifact: ArtifactId.parse(id), part: 0 }));
  expect([await fetch(victim), await fetch(stranger)]).toEqual(["done", "no-such-artifact"]);

  // Words to other trainers and to browsers, streams, and listening in.
  stranger.nats.publish(subjects.command(victim.id), JSON.stringify({ v: 1, stop: [], drain: true, unknown: false }));
  stranger.nats.publish("basin.changes.k3v9x2mq", "{}");
  const heard: string[] = [];
  stranger.nats.subscribe(">", { callback: (error, message) => void (error ?? heard.push(message.subject)) });
  const manager = await jetstreamManager(stranger.nats, { checkAPI: false, timeout: 300 });
  for (const harm of [
    () => manager.streams.delete("BASIN_WORK_default"),
    () => manager.streams.purge("BASIN_TELEMETRY"),
    () => manager.streams.getMessage("BASIN_TELEMETRY", { seq: 1 }),
    () => manager.consumers.add("BASIN_TELEMETRY", { durable_name: "mine" }),
  ])
    await expect(harm(), String(harm)).rejects.toThrow();
  await stranger.nats.flush();
  victim.sign();
  await victim.finish(held.grants);
  expect([heard, victim.commands.filter(({ drain }) => drain)]).toEqual([[], []]);
  expect(await stack.row("SELECT min(objective) AS best, count(*)::int AS n FROM run WHERE state = 'succeeded'")).toEqual({
    best: 1,
    n: held.grants.length,
  });
});

test("a trainer is of the pool that it joined, and its key is nobody else's", async () => {
  const api = await stack.api();
  const tokens = api.get(TrainerTokensService);
  const pool = PoolName.parse("gpu");
  const made = await tokens.create({ name: "lab", pool, days: 1 });
  const connection = await connectNats({ url: stack.nats.urlOf(made.secret), name: "joining" });
  onTestFinished(() => connection.close());
  const [one, two] = [aTrainerKey(), aTrainerKey()];
  const join = (trainer: string, key: string, wanted = "gpu") =>
    refusal(request(connection, "join", { v: 1, trainer: TrainerId.parse(trainer), pool: PoolName.parse(wanted), key }));
  expect(await join("t-1", one)).toBe("done");
  expect(await join("t-1", one), "again").toBe("done");
  expect(await join("t-1", two)).toBe("other-key");
  expect(await join("t-2", two, "default")).toBe("other-pool");
  expect([await join("join-local", two), await join("control-plane", two)]).toEqual(["bad-id", "bad-id"]);
  const url = await stack.nats.trainerUrl("t-1", "elsewhere");
  const liar = await connectNats({ url, name: "liar" });
  onTestFinished(() => liar.close());
  const told = {
    ...{ v: 2, trainer: TrainerId.parse("t-1"), name: "t-1", pool: "elsewhere", backend: "cpu", backendReason: "", device: "" },
    ...{ slots: 1, version: "0", host: "h", pid: 1, experiments: [], build: "0123456789ab", slotBytes: 1e9 },
  };
  expect(await refusal(request(liar, "register", told as never))).toBe("other-pool");
  expect((await tokens.list()).find(({ id }) => id === made.id)).toMatchObject({ pool: "gpu", trainers: 1 });
  await tokens.revoke(made.id);
  await expect(tokens.join({ v: 1, trainer: TrainerId.parse("t-1"), pool, key: one }, made.id)).rejects.toMatchObject({
    code: "unknown-token",
  });
});
