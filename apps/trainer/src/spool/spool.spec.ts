import { PackId, RunId, SweepId, type AttemptKey, type CommitStatusV1, type RunResultV1 } from "@basin/contracts";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Spool } from "./spool";
import type { SpoolFile } from "./spool-file";
import type { SpooledArtifact } from "./spool-records";

const run = (i: number): RunId => RunId.parse(`k3v9x2mq-${i}-0`);
const header = {
  pack: PackId.parse("6f9c1d52-0b7e-4c55-9a38-2f7d1c0e4b11"),
  sweep: SweepId.parse("k3v9x2mq"),
  attempts: [0, 1, 2].map((i) => ({ run: run(i), attempt: 1 })),
};
const [first, second, third] = header.attempts as [
  (typeof header.attempts)[0],
  (typeof header.attempts)[0],
  (typeof header.attempts)[0],
];
const chunkOf = (i: number, chunk: number): object => ({
  run: run(i),
  attempt: 1,
  metric: "loss",
  chunk,
  steps: "AQAAAA==",
  values: "AAAAAAAA8D8=",
});
const telemetry = (...chunks: object[]): Uint8Array =>
  Buffer.from(JSON.stringify({ v: 1, trainer: "t-1", sentAt: "2026-11-21T00:00:00.000Z", chunks }));
const resultOf = (i: number, artifacts: string[] = []): RunResultV1 => ({
  run: run(i),
  attempt: 1,
  outcome: "succeeded",
  metrics: { loss: 1 },
  reason: null,
  steps: 1,
  trainSeconds: 1,
  chunks: { loss: 2 },
  artifacts,
});

const statusOf = (i: number, chunks: number[]): CommitStatusV1 => ({
  run: run(i),
  attempt: 1,
  status: "incomplete",
  missing: [{ metric: "loss", chunks }],
  missingArtifacts: [],
});

let directory: string;
const log = { warn: vi.fn(), error: vi.fn() };
const open = (): Promise<Spool> => Spool.open(directory, log);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "basin-spool-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  expect(log.error).not.toHaveBeenCalled();
});

async function contentOf(file: SpoolFile, attempt: AttemptKey, place: SpooledArtifact): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of file.readArtifact(attempt, place)) parts.push(part);
  return Buffer.concat(parts);
}

async function chunksFound(file: SpoolFile, i: number, chunks: number[]): Promise<{ sent: unknown[]; lost: unknown }> {
  const sent: unknown[] = [];
  const lost = await file.findChunks([statusOf(i, chunks)], (json) => void sent.push(JSON.parse(json)));
  return { sent, lost };
}

describe("the spool", () => {
  it("finds chunks as they were sent, and names those that it never had", async () => {
    const file = (await open()).create(header);
    void file.appendTelemetry(telemetry(chunkOf(0, 0), chunkOf(1, 0)));
    void file.appendTelemetry(telemetry(chunkOf(0, 1)));
    expect(await chunksFound(file, 0, [0, 1])).toEqual({ sent: [chunkOf(0, 0), chunkOf(0, 1)], lost: [] });
    expect(await chunksFound(file, 1, [0, 4])).toEqual({ sent: [chunkOf(1, 0)], lost: [statusOf(1, [0, 4])] });
    await file.close();
  });

  it("gives the next process what was not done, although the last write was torn", async () => {
    const spool = await open();
    const file = spool.create(header);
    void file.appendTelemetry(telemetry(chunkOf(0, 0), chunkOf(1, 0), chunkOf(2, 0)));
    const content = Uint8Array.of(1, 2, 3, 4);
    const artifacts = ["weights", "plot"].map((name) => ({ name, kind: "other" as const, mediaType: "x/y", content }));
    await Promise.all([file.appendResult(resultOf(0, ["weights", "plot"]), artifacts), file.appendResult(resultOf(1), [])]);
    file.markDone([second]);
    await file.close();
    const [name = ""] = readdirSync(directory).filter((one) => one.endsWith(".spool"));
    appendFileSync(join(directory, name), '{"spool":"result","res');

    const again = await open();
    const [leftOver, ...others] = await again.leftOvers();
    expect(others).toEqual([]);
    expect(leftOver?.results.map(({ result }) => result)).toEqual([resultOf(0, ["weights", "plot"])]);
    expect(leftOver?.unfinished).toEqual([third]);
    const [, plot] = leftOver?.results[0]?.artifacts ?? [];
    expect(plot).toMatchObject({ name: "plot", offset: 4, bytes: 4 });
    expect(await contentOf(leftOver!.file, first, plot!)).toEqual(Buffer.from(content));
    expect(await chunksFound(leftOver!.file, 0, [0])).toEqual({ sent: [chunkOf(0, 0)], lost: [] });
    expect(again.bytes).toBeGreaterThan(100);

    leftOver?.file.markDone([first, third]);
    await leftOver?.file.close();
    await vi.waitFor(() => expect(readdirSync(directory)).toEqual([]));
    expect(again.bytes).toBe(0);
    expect(await (await open()).leftOvers()).toEqual([]);
  });

  it("keeps only what is still needed when it is compacted, and goes on afterwards", async () => {
    const spool = await open();
    const file = spool.create(header);
    const before = spool.bytes;
    for (let chunk = 0; chunk < 50; chunk++) void file.appendTelemetry(telemetry(chunkOf(0, chunk), chunkOf(1, chunk)));
    await file.appendResult(resultOf(0), []);
    const full = spool.bytes;
    file.markDone([first]);
    const compacted = file.compact();
    void file.appendTelemetry(telemetry(chunkOf(1, 50)));
    await compacted;
    const { sent, lost } = await chunksFound(file, 1, [0, 49, 50]);
    expect(sent).toEqual([chunkOf(1, 0), chunkOf(1, 49), chunkOf(1, 50)]);
    expect(lost).toEqual([]);
    const [name = ""] = readdirSync(directory);
    expect(readFileSync(join(directory, name), "utf8")).not.toContain(`"run":"${run(0)}","attempt":1,"metric"`);
    expect(spool.bytes).toBe(statSync(join(directory, name)).size);
    expect(spool.bytes).toBeLessThan(before + (full - before) * 0.7);
    await file.close();
    const [leftOver] = await (await open()).leftOvers();
    expect(leftOver?.unfinished).toEqual([second, third]);
  });
});
