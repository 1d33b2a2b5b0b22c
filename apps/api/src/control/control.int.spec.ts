import { randomBytes } from "node:crypto";
import { SweepId, type GrantV1 } from "@basin/contracts";
import { MetricChunksRepository, TrainersRepository } from "@basin/database";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { aChunk, aResult, aSafetensors, type FakeTrainer } from "../spec-support/fake-trainer.testing";
import { aDiagnosticSpec, countersOf, specStack, type SpecStack } from "../spec-support/spec-stack.testing";

const quick = { BASIN_LEASE_SECONDS: "1", BASIN_HEARTBEAT_SECONDS: "0.3" };

async function stateOf(stack: SpecStack, run: string): Promise<Record<string, unknown>> {
  return stack.row("SELECT state, attempt, strikes, reason, trainer_id FROM run WHERE id = $1", [run]);
}

test("a claim is granted once, and answered again to the same trainer", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const [first, second] = [await stack.trainer("first"), await stack.trainer("second")];
  await api.create(aDiagnosticSpec(1, 3));
  const invitation = await first.pull();
  const pack = invitation?.message.pack;
  if (!pack) throw new Error("no invitation came");
  const grants = await first.claim(pack);
  expect(grants.length).toBeGreaterThan(0);
  expect(grants.every((grant) => grant.attempt === 1 && grant.checkpoint === null && grant.parameters["level"] === 0)).toBe(true);
  expect(await first.claim(pack)).toEqual(grants);
  expect(await second.claim(pack)).toEqual([]);
  const { attempts } = await stack.row("SELECT count(*)::int AS attempts FROM attempt");
  expect(attempts).toBe(grants.length);
});

test("of one sign that several processes hear one is written, and what the trainer must know comes as a command", async () => {
  const stack = await specStack();
  const [api, other] = [await stack.api(), await stack.api()];
  const trainer = await stack.trainer("t");
  const written = async (): Promise<unknown> => (await stack.row("SELECT xmin::text FROM trainer"))["xmin"];
  const pulse = (draining: boolean) => api.get(TrainersRepository).pulse(trainer.id, draining, [], 6, 60);

  const before = await written();
  expect(await pulse(false)).toMatchObject({ noted: false });
  expect(await written()).toBe(before);
  expect(await pulse(true), "it says something new").toMatchObject({ noted: true });
  expect(await pulse(false)).toMatchObject({ noted: true });
  expect(await written()).not.toBe(before);
  await stack.database.query("UPDATE trainer SET lost_at = now()");
  expect(await pulse(false), "it was thought lost").toMatchObject({ noted: true });

  await api.create(aDiagnosticSpec(1, 1));
  const [grant] = (await trainer.take())?.grants ?? [];
  if (!grant) throw new Error("nothing was granted");
  trainer.beat(300);
  const heard = async (): Promise<unknown> => (await stack.row("SELECT last_sign_at::text AS at FROM trainer"))["at"];
  for (let signs = 0; signs < 3; signs++) {
    const last = await heard();
    await eventually(async () => (await heard()) !== last, { what: "the next sign is written" });
  }
  expect(trainer.commands, "nothing to say").toEqual([]);
  await other.stop();
  await stack.database.query("UPDATE trainer SET drain_asked = true");
  await eventually(() => trainer.commands.some(({ drain }) => drain));
  await stack.database.query("UPDATE attempt SET state = 'lost', finished_at = now()");
  const { run, attempt } = grant;
  await eventually(() => trainer.commands.some(({ stop }) => stop.length > 0));
  expect(trainer.commands.at(-1)?.stop).toEqual([{ run, attempt, action: "superseded" }]);
  await stack.database.query("DELETE FROM trainer");
  await eventually(() => trainer.commands.at(-1)?.unknown === true);
});

test("a trainer that is not registered is told so, and gets nothing", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("known");
  await api.create(aDiagnosticSpec(1, 1));
  const pack = (await trainer.pull())?.message.pack;
  if (!pack) throw new Error("no invitation came");
  await stack.database.query("DELETE FROM trainer");
  await expect(trainer.claim(pack)).rejects.toThrow(/not registered/);
  expect(await trainer.heartbeat()).toMatchObject({ unknown: true });
});

test("commit asks for exactly the chunks and artifacts that are missing, and is idempotent", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  await api.create(aDiagnosticSpec(1, 1));
  const [grant] = (await trainer.take())?.grants ?? [];
  if (!grant) throw new Error("nothing was granted");
  await trainer.publish([aChunk(grant, 0), aChunk(grant, 2), aChunk(grant, 2)]);
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM metric_chunk"))["n"] === 2);
  const result = aResult(grant, { value0: 0.25 }, { steps: 12, chunks: { value0: 4, value1: 1 }, artifacts: ["weights"] });
  const [incomplete] = await trainer.commit([result]);
  expect(incomplete?.status).toBe("incomplete");
  expect([...(incomplete?.missing ?? [])].sort((a, b) => a.metric.localeCompare(b.metric))).toEqual([
    { metric: "value0", chunks: [1, 3] },
    { metric: "value1", chunks: [0] },
  ]);
  expect(incomplete?.missingArtifacts).toEqual(["weights"]);
  await trainer.publish([aChunk(grant, 1), aChunk(grant, 3), { ...aChunk(grant, 0), metric: "value1" }]);
  expect(await trainer.upload(grant, "weights", "weights", randomBytes(1000))).toBe("complete");
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM metric_chunk"))["n"] === 5);
  expect((await trainer.commit([result]))[0]?.status).toBe("committed");
  expect((await trainer.commit([result]))[0]?.status).toBe("committed");
  const run = await stack.row("SELECT state, objective, metrics, steps FROM run");
  expect(run).toEqual({ state: "succeeded", objective: 0.25, metrics: { value0: 0.25 }, steps: 12 });
  expect(await stack.row("SELECT state, best_value, succeeded FROM sweep")).toEqual({
    state: "completed",
    best_value: 0.25,
    succeeded: 1,
  });
});

test("a superseded attempt can write nothing: not a chunk, not an artifact, not a result", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const old = await stack.trainer("old");
  await api.create(aDiagnosticSpec(1, 1));
  const [first] = (await old.take())?.grants ?? [];
  if (!first) throw new Error("nothing was granted");
  await old.publish([aChunk(first, 0)]);
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM metric_chunk"))["n"] === 1);

  const fresh = await stack.trainer("fresh");
  fresh.beat(200);
  const [second] = (await fresh.take())?.grants ?? [];
  expect(second).toMatchObject({ run: first.run, attempt: 2, seed: first.seed, parameters: first.parameters });
  if (!second) throw new Error("nothing was granted");

  // The old trainer comes back with everything that it held.
  await old.publish([aChunk(first, 1)]);
  await old.publish([aChunk(second, 0, 7)]);
  await fresh.publish([aChunk(second, 0)]);
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM metric_chunk WHERE attempt = 2"))["n"] === 1);
  expect(await stack.row("SELECT count(*)::int AS n FROM metric_chunk WHERE attempt = 1")).toEqual({ n: 1 });
  expect(await stack.row("SELECT steps FROM metric_chunk WHERE attempt = 2"), "of who holds it").toEqual({ steps: [1, 2, 3] });
  expect(await old.upload(first, "weights", "weights", randomBytes(10))).toBe("superseded");
  const stop = (await old.heartbeat()).stop;
  expect(stop).toEqual([{ run: first.run, attempt: 1, action: "superseded" }]);
  expect((await old.commit([aResult(first, { value0: 666 })]))[0]?.status).toBe("superseded");
  expect((await old.commit([aResult(second, { value0: 666 })]))[0]?.status).toBe("superseded");
  expect(await old.release([first], "failed", "late")).toBe(0);
  expect(await stateOf(stack, first.run)).toMatchObject({ state: "running", attempt: 2, strikes: 0, trainer_id: "fresh" });

  // The statement itself refuses the row, whoever sends it; of the attempt that is current it takes the same.
  const chunk = {
    trainer: fresh.id,
    run: first.run,
    metric: "value0",
    chunk: 1,
    steps: Int32Array.of(4),
    values: Float64Array.of(1),
  };
  const chunks = api.get(MetricChunksRepository);
  expect(await chunks.insert([{ ...chunk, attempt: 1 }])).toBe(0);
  expect(await chunks.insert([{ ...chunk, attempt: 2, trainer: old.id }])).toBe(0);
  expect(await chunks.insert([{ ...chunk, attempt: 2 }])).toBe(1);

  const result = aResult(second, { value0: 0.5 }, { chunks: { value0: 2 }, steps: 4 });
  expect((await fresh.commit([result]))[0]?.status).toBe("committed");
  expect(await stack.row("SELECT array_agg(DISTINCT attempt) AS attempts FROM metric_chunk")).toEqual({ attempts: [2] });
  expect(await stack.row("SELECT objective FROM run")).toEqual({ objective: 0.5 });
  expect((await stack.database.query("SELECT state FROM attempt ORDER BY number")).map((row) => row["state"])).toEqual([
    "lost",
    "succeeded",
  ]);
});

test("a lost trainer's runs go to another, and resume from its checkpoint", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const dying = await stack.trainer("dying");
  await api.create(aDiagnosticSpec(1, 2, { maxPackWidth: 2 }));
  const first = await dying.take();
  const [grant] = first?.grants ?? [];
  if (!grant) throw new Error("nothing was granted");
  const older = randomBytes(100);
  const newer = randomBytes(900_000);
  expect(await dying.upload(grant, "checkpoint-10", "checkpoint", older, 10)).toBe("complete");
  expect(await dying.upload(grant, "checkpoint-20", "checkpoint", newer, 20)).toBe("complete");
  expect(await stack.row("SELECT array_agg(step) AS steps FROM artifact")).toEqual({ steps: [20] });

  const heir = await stack.trainer("heir", { slots: 2 });
  heir.beat(200);
  const again = await eventually(async () => {
    const taken = await heir.take(5);
    return taken?.grants.find((one) => one.run === grant.run);
  });
  expect(again).toMatchObject({ attempt: 2, checkpoint: { step: 20, bytes: newer.byteLength } });
  const { checkpoint } = again;
  if (!checkpoint) throw new Error("no checkpoint");
  const parts: Buffer[] = [];
  for (let part = 0, of = 1; part < of; part++) {
    const reply = await heir.ask("fetch", { v: 1, trainer: heir.id, artifact: checkpoint.artifact, part });
    of = reply.parts;
    parts.push(Buffer.from(reply.content, "base64"));
  }
  expect(Buffer.concat(parts).equals(newer)).toBe(true);
  expect(await stack.row("SELECT resumed_from_step FROM attempt WHERE run_id = $1 AND number = 2", [grant.run])).toEqual({
    resumed_from_step: 20,
  });
  await heir.publish([aChunk(again, 0)]);
  await eventually(async () => (await heir.commit([aResult(again, { value0: 1 })]))[0]?.status === "committed");
  expect(await stack.row("SELECT count(*)::int AS n FROM artifact WHERE run_id = $1", [grant.run])).toEqual({ n: 0 });
});

test("attempts that a restarted trainer no longer lists are given out again", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const trainer = await stack.trainer("t");
  await api.create(aDiagnosticSpec(1, 1));
  const [grant] = (await trainer.take())?.grants ?? [];
  if (!grant) throw new Error("nothing was granted");
  trainer.held.clear();
  trainer.beat(200);
  const [again] = (await trainer.take())?.grants ?? [];
  expect(again).toMatchObject({ run: grant.run, attempt: 2 });
});

/** Takes the one run of a sweep on a trainer of its own, and goes on holding it. */
async function takenBy(stack: SpecStack, name: string): Promise<{ trainer: FakeTrainer; grant: GrantV1 }> {
  const trainer = await stack.trainer(name);
  const [grant] = (await trainer.take())?.grants ?? [];
  if (!grant) throw new Error(`${name} was granted nothing`);
  return { trainer, grant };
}

async function lost(stack: SpecStack, { grant }: { grant: GrantV1 }): Promise<Record<string, unknown>> {
  return eventually(async () => {
    const { state } = await stack.row("SELECT state FROM attempt WHERE run_id = $1 AND number = $2", [grant.run, grant.attempt]);
    return state === "lost" ? stateOf(stack, grant.run) : null;
  });
}

test("a trainer's silence is not its runs' fault, as long as it comes back", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  await api.create(aDiagnosticSpec(1, 1, { retryLimit: 0 }));
  for (let round = 0; round < 4; round++) {
    const held = await takenBy(stack, `t${round % 2}`);
    expect(await lost(stack, held)).toMatchObject({ strikes: 0, reason: null });
    // It had only been stopped: it still lists what it held, and is told to let go.
    const { run, attempt } = held.grant;
    expect((await held.trainer.heartbeat()).stop).toEqual([{ run, attempt, action: "superseded" }]);
    await held.trainer.stop();
  }
});

test("a run with which one trainer after another disappears is given up, the first time forgiven", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  await api.create(aDiagnosticSpec(1, 1, { retryLimit: 1 }));
  for (const [i, want] of [
    { state: "pending", strikes: 0 },
    { state: "pending", strikes: 1 },
    { state: "failed", strikes: 2 },
  ].entries()) {
    expect(await lost(stack, await takenBy(stack, `t${i}`))).toMatchObject(want);
  }
  expect((await stack.row("SELECT reason FROM run"))["reason"]).toBe(
    "gave up: 2 attempts failed or took their trainer with them (retry limit 1). The last: trainer t2 gave no sign for 1 s",
  );
  await api.commands.retryFailed(SweepId.parse((await stack.row("SELECT id FROM sweep"))["id"]));
  expect(await lost(stack, await takenBy(stack, "t3")), "a fresh budget forgets the dead").toMatchObject({
    state: "pending",
    strikes: 0,
  });
});

test("a run whose trainer's process ends again and again is given up only when it does not get further", async () => {
  const stack = await specStack();
  const api = await stack.api();
  await api.create(aDiagnosticSpec(1, 1, { retryLimit: 0 }));
  const restart = async ({ trainer, grant }: { trainer: FakeTrainer; grant: GrantV1 }): Promise<Record<string, unknown>> => {
    await trainer.register();
    await trainer.release([grant], "failed", "the trainer process ended in the middle of training");
    return stateOf(stack, grant.run);
  };
  for (let step = 1; step <= 3; step++) {
    const held = await takenBy(stack, "t");
    expect(await held.trainer.upload(held.grant, "checkpoint.safetensors", "checkpoint", aSafetensors(50), step)).toBe(
      "complete",
    );
    expect(await restart(held), `after step ${step}`).toMatchObject({ strikes: 0, reason: null });
  }
  expect(await restart(await takenBy(stack, "t"))).toMatchObject({ strikes: 0, reason: null });
  expect(await restart(await takenBy(stack, "t"))).toMatchObject({ state: "failed", strikes: 1, attempt: 5 });
  expect((await stack.database.query("SELECT DISTINCT state FROM attempt")).map((row) => row["state"])).toEqual(["lost"]);
});

test("a grant whose answer did not arrive is given out again, at no cost", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const trainer = await stack.trainer("t");
  trainer.beat(200);
  await api.create(aDiagnosticSpec(1, 1, { retryLimit: 0 }));
  for (let attempt = 1; attempt <= 3; attempt++) {
    expect((await trainer.take())?.grants[0]).toMatchObject({ attempt });
    trainer.held.clear();
  }
  await eventually(async () => (await stack.row("SELECT state FROM run"))["state"] !== "running");
  expect(await stack.row("SELECT strikes FROM run")).toEqual({ strikes: 0 });
  expect((await stack.row("SELECT reason FROM attempt WHERE number = 1"))["reason"]).toMatch(
    /answer to its claim did not arrive/,
  );
});

test("a poison run is parked as failed once its retries are spent, with the reason; its neighbour is not", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  const sweep = await api.create(aDiagnosticSpec(2, 1, { retryLimit: 2, maxPackWidth: 2 }));
  const widths: number[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    const poison = await eventually(async () => {
      const taken = await trainer.take(5);
      const bad = taken?.grants.find((grant) => grant.run.endsWith("-0-0"));
      if (bad) widths.push(taken?.grants.length ?? 0);
      await trainer.finish((taken?.grants ?? []).filter((grant) => grant !== bad));
      return bad;
    });
    expect(poison.attempt).toBe(attempt);
    await trainer.release([poison], "failed", `boom ${attempt}`);
  }
  expect(widths.at(-1)).toBe(1);
  const run = await stateOf(stack, `${sweep}-0-0`);
  expect(run).toMatchObject({ state: "failed", attempt: 3, strikes: 3 });
  expect(run["reason"]).toMatch(/gave up: 3 attempts .*boom 3/);
  expect(await stateOf(stack, `${sweep}-1-0`)).toMatchObject({ state: "succeeded", strikes: 0 });
  expect(await stack.row("SELECT state, failed, succeeded FROM sweep")).toEqual({ state: "completed", failed: 1, succeeded: 1 });
  const { kept, counted } = await countersOf(stack, sweep);
  expect(kept).toEqual(counted);
});

test("telemetry that makes no sense becomes a dead letter, and what comes with it is stored", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  await api.create(aDiagnosticSpec(1, 1));
  const [grant] = (await trainer.take())?.grants ?? [];
  if (!grant) throw new Error("nothing was granted");
  trainer.nats.publish("basin.telemetry.t", "{not json");
  await trainer.publish([{ ...aChunk(grant, 0), values: aChunk(grant, 0, 2).values }]);
  await trainer.publish([aChunk(grant, 1)]);
  await eventually(async () => (await stack.row("SELECT count(*)::int AS n FROM metric_chunk"))["n"] === 1);
  const letters = await eventually(async () => {
    const rows = await stack.database.query("SELECT origin, reason FROM dead_letter ORDER BY id");
    return rows.length === 2 ? rows : null;
  });
  expect(letters.map((letter) => letter["origin"])).toEqual(["telemetry", "telemetry"]);
  expect(letters.map((letter) => String(letter["reason"])).join("\n")).toMatch(/not JSON[\s\S]*3 steps with 2 values/);
});
