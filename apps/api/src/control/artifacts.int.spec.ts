import { artifactPartBytes, packInt32, type GrantV1 } from "@basin/contracts";
import { Database, readArtifactBytes } from "@basin/database";
import { eventually } from "@basin/testing";
import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { aChunk, aResult, aSafetensors, type FakeTrainer } from "../spec-support/fake-trainer.testing";
import { aDiagnosticSpec, specStack, type SpecApi, type SpecStack } from "../spec-support/spec-stack.testing";

const hashOf = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

interface Held {
  stack: SpecStack;
  api: SpecApi;
  trainer: FakeTrainer;
  grant: GrantV1;
}

async function aHeldRun(settings: Record<string, string> = {}): Promise<Held> {
  const stack = await specStack();
  const api = await stack.api(settings);
  const trainer = await stack.trainer("t");
  trainer.beat(500);
  await api.create(aDiagnosticSpec(1, 1));
  const grant = (await trainer.take())?.grants[0];
  if (!grant) throw new Error("nothing was granted");
  return { stack, api, trainer, grant };
}

/** A few at a time, as trainers do. */
async function inLanes<T>(count: number, task: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let at = 0; at < count; at += 6) {
    results.push(...(await Promise.all(Array.from({ length: Math.min(6, count - at) }, (_, i) => task(at + i)))));
  }
  return results;
}

const countOf = async (stack: SpecStack, table: string): Promise<unknown> =>
  (await stack.row(`SELECT count(*)::int AS n FROM ${table}`))["n"];

/** Reads it back through the two ways out: parts for trainers, ranges for downloads. */
async function contentOf({ api, trainer, stack }: Held): Promise<{ fetched: Buffer; downloaded: Buffer }> {
  const { id, bytes } = await stack.row("SELECT id, bytes FROM artifact");
  const parts = Math.ceil((bytes as number) / artifactPartBytes);
  const fetch = async (part: number): Promise<Buffer> => {
    const reply = await trainer.ask("fetch", { v: 1, trainer: trainer.id, artifact: id as never, part });
    expect(reply.parts).toBe(parts);
    return Buffer.from(reply.content, "base64");
  };
  const fetched = await inLanes(parts, fetch);
  const downloaded: Buffer[] = [];
  // Across the borders of parts, at no multiple of anything.
  for (let at = 0; at < (bytes as number); at += 1_000_003) {
    downloaded.push((await readArtifactBytes(api.get(Database), id as never, at, 1_000_003)) ?? Buffer.alloc(0));
  }
  return { fetched: Buffer.concat(fetched), downloaded: Buffer.concat(downloaded) };
}

test("an artifact of 20 MB arrives in parts, rests in them, and comes back to the bit; its attempt's commit counts on it", async () => {
  const held = await aHeldRun();
  const { stack, trainer, grant } = held;
  const content = aSafetensors(20_000_000);
  expect(await trainer.upload(grant, "weights.safetensors", "weights", content)).toBe("complete");
  const row = await stack.row("SELECT bytes, sha256, content IS NULL AS in_parts FROM artifact");
  expect(row).toEqual({ bytes: content.length, sha256: hashOf(content), in_parts: true });
  expect(await countOf(stack, "artifact_part")).toBe(Math.ceil(content.length / artifactPartBytes));
  const { fetched, downloaded } = await contentOf(held);
  expect([hashOf(fetched), hashOf(downloaded)]).toEqual([hashOf(content), hashOf(content)]);
  await trainer.publish([aChunk(grant, 0)]);
  await eventually(async () => (await countOf(stack, "metric_chunk")) === 1);
  const result = aResult(grant, { value0: 1 }, { artifacts: ["weights.safetensors"] });
  expect((await trainer.commit([result]))[0]?.status).toBe("committed");
  expect(await countOf(stack, "artifact_part")).toBe(Math.ceil(content.length / artifactPartBytes));
});

test("an upload that was interrupted goes on from the first part that is missing", async () => {
  const { trainer, grant } = await aHeldRun();
  const content = aSafetensors(64 * 1024 * 1024 + 1);
  const artifact = { name: "weights.safetensors", kind: "weights" as const, content, sha256: hashOf(content), step: null };
  const parts = Math.ceil(content.length / artifactPartBytes);
  const send = (part: number) => trainer.sendPart(grant, artifact, part);
  const sendAll = (from: number, to: number) => inLanes(to - from, (i) => send(from + i));
  expect(await send(0)).toEqual({ v: 2, status: "part-stored", next: 1 });
  await sendAll(1, 20);
  await sendAll(22, 30);
  expect(await send(0)).toEqual({ v: 2, status: "part-stored", next: 20 });
  await sendAll(20, 22);
  expect(await send(0)).toEqual({ v: 2, status: "part-stored", next: 30 });
  expect(await send(parts - 1)).toEqual({ v: 2, status: "part-stored", next: 30 });
  await sendAll(30, parts - 1);
  expect(await send(parts - 1)).toEqual({ v: 2, status: "complete", next: null });
  expect(await send(0)).toEqual({ v: 2, status: "complete", next: null });
});

test("the next checkpoint, another version and the end of the run take their parts with them", async () => {
  const { stack, trainer, grant } = await aHeldRun();
  const parts = 3;
  const large = (): Buffer => aSafetensors((parts - 1) * artifactPartBytes + 1000);
  expect(await trainer.upload(grant, "checkpoint.safetensors", "checkpoint", large(), 10)).toBe("complete");
  expect(await trainer.upload(grant, "checkpoint.safetensors", "checkpoint", large(), 20)).toBe("complete");
  expect(await countOf(stack, "artifact_part")).toBe(parts);
  const content = large();
  const artifact = { name: "weights.safetensors", kind: "weights" as const, content, step: null };
  await trainer.sendPart(grant, { ...artifact, sha256: "ab".repeat(32) }, 0);
  expect(await countOf(stack, "artifact_part")).toBe(parts + 1);
  await trainer.sendPart(grant, { ...artifact, sha256: hashOf(content) }, 0);
  expect(await countOf(stack, "artifact_part")).toBe(parts + 1);
  expect(await trainer.release([grant], "failed", "boom")).toBe(1);
  expect(await countOf(stack, "artifact_part")).toBe(parts);
  const again = (await trainer.take())?.grants[0];
  expect(again?.checkpoint?.step).toBe(20);
  await trainer.finish([again!]);
  expect(await countOf(stack, "artifact")).toBe(0);
  expect(await countOf(stack, "artifact_content")).toBe(0);
  expect(await countOf(stack, "artifact_part")).toBe(0);
});

test("a run that is deleted takes its artifacts and their parts with it", async () => {
  const { stack, trainer, grant } = await aHeldRun();
  expect(await trainer.upload(grant, "weights.safetensors", "weights", aSafetensors(artifactPartBytes * 2))).toBe("complete");
  await stack.database.query("DELETE FROM run");
  expect(await countOf(stack, "artifact_content")).toBe(0);
  expect(await countOf(stack, "artifact_part")).toBe(0);
});

test.each([
  [
    "weights that are JSON of a plot",
    "weights.safetensors",
    "weights",
    Buffer.from('{"kind":"curve","title":"x"}'),
    /header claims/,
  ],
  ["weights that end too early", "weights.safetensors", "weights", aSafetensors(900_000).subarray(0, -1), /does not fit/],
  ["a checkpoint of noise", "checkpoint.safetensors", "checkpoint", Buffer.alloc(500, 1), /header claims/],
  ["a plot that does not parse", "plots/loss.json", "plot", Buffer.from('{"kind":"curve","ti'), /it is not JSON/],
  ["a plot of an unknown kind", "plots/loss.json", "plot", Buffer.from('{"kind":"cloud"}'), /it is not plot data: kind/],
] as const)("%s: refused with the reason, and nothing of it is kept", async (_, name, kind, content, reason) => {
  const { stack, trainer, grant } = await aHeldRun();
  const step = kind === "checkpoint" ? 1 : null;
  await expect(trainer.upload(grant, name, kind, content, step)).rejects.toThrow(reason);
  expect(await countOf(stack, "artifact")).toBe(0);
  expect(await countOf(stack, "artifact_content")).toBe(0);
});

test("what does not have the hash that was announced is never an artifact; sent again in full it may be", async () => {
  const { stack, trainer, grant } = await aHeldRun();
  for (const size of [1000, 2 * artifactPartBytes]) {
    const content = aSafetensors(size);
    const sha256 = hashOf(randomBytes(5));
    const artifact = { name: `${size}.safetensors`, kind: "weights" as const, content, sha256, step: null };
    const send = async (): Promise<void> => {
      for (let part = 0; part < Math.ceil(content.length / artifactPartBytes); part++)
        await trainer.sendPart(grant, artifact, part);
    };
    await expect(send()).rejects.toThrow(/does not have the hash .* send all of it again/);
    expect(await countOf(stack, "artifact_part")).toBe(0);
    expect(await trainer.upload(grant, artifact.name, "weights", content)).toBe("complete");
  }
  expect(await countOf(stack, "artifact")).toBe(2);
});

test("more than the limit is refused with its first part, and the limit is told", async () => {
  const { trainer, grant } = await aHeldRun({ BASIN_ARTIFACT_MAX_MIB: "1" });
  await expect(trainer.upload(grant, "weights.safetensors", "weights", aSafetensors(1024 * 1024))).rejects.toThrow(
    /has 10\d{5} bytes; at most 1048576 are kept \(BASIN_ARTIFACT_MAX_MIB\)/,
  );
});

const chunkOf = (grant: GrantV1, metric: string, chunk: number, steps: number[]) => ({
  ...aChunk(grant, chunk, steps.length),
  metric,
  steps: packInt32(steps),
});

test.each([
  ["points behind its last step", [["value0", 0, [1, 2, 1007]]], /points of value0 up to step 1007; the result has 3 steps/],
  [
    "chunks that do not go forward",
    [
      ["value0", 0, [1, 3]],
      ["value0", 1, [2]],
    ],
    /the steps of value0 do not go forward from chunk to chunk/,
  ],
  [
    "a chunk more than it names",
    [
      ["value0", 0, [1, 2]],
      ["value0", 1, [3]],
    ],
    /there are 2 chunks of value0; the result names 1/,
  ],
  [
    "a series that it does not name",
    [
      ["value0", 0, [1, 2, 3]],
      ["forged", 0, [1]],
    ],
    /points of forged, which the result does not name/,
  ],
] as [string, [string, number, number[]][], RegExp][])(
  "a result is refused that the points of its attempt contradict by %s: the run is trained again",
  async (what, chunks, reason) => {
    const { stack, trainer, grant } = await aHeldRun();
    await trainer.publish(chunks.map(([metric, chunk, steps]) => chunkOf(grant, metric, chunk, steps)));
    await eventually(async () => (await countOf(stack, "metric_chunk")) === chunks.length);
    const named = what === "chunks that do not go forward" ? 2 : 1;
    expect((await trainer.commit([aResult(grant, { value0: 1 }, { chunks: { value0: named } })]))[0]?.status).toBe("committed");
    const attempt = await stack.row("SELECT state, reason FROM attempt");
    expect(attempt["state"]).toBe("failed");
    expect(attempt["reason"]).toMatch(reason);
    const again = (await trainer.take())?.grants[0];
    expect(again?.attempt).toBe(2);
    await trainer.finish([again!]);
    expect(await stack.row("SELECT state, strikes, objective FROM run")).toEqual({
      state: "succeeded",
      strikes: 1,
      objective: 1,
    });
  },
);
