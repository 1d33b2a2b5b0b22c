import { PackId, RunId, SweepId, type AttemptKey, type RunResultV1 } from "@basin/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readContent, writeContents } from "./contents-file";
import { MemoryDisk, ProcessDied } from "./memory-disk.testing";
import { RecordFile, reopenRecordFile } from "./record-file";
import { Spool } from "./spool";
import type { SpoolFile } from "./spool-file";
import type { SpooledArtifact } from "./spool-records";

const path = "spool/a.spool";

/** A payload tells its number, so that what is read back can be compared whatever was lost; any bytes may follow, line ends too. */
const payload = (number: number, length: number): Buffer => {
  const head = `${number}:`;
  return Buffer.concat([Buffer.from(head), Buffer.alloc(Math.max(0, length - head.length), `\n${number}\u0000`)]);
};
const numberOf = (bytes: Buffer): number => Number.parseInt(bytes.toString("latin1", 0, 12), 10);

async function readBack(disk: MemoryDisk): Promise<Buffer[]> {
  const read: Buffer[] = [];
  await reopenRecordFile(disk, path, (bytes) => read.push(Buffer.from(bytes)));
  return read;
}

type Step =
  | { do: "append"; lengths: number[] }
  | { do: "room"; bytes: number }
  | { do: "short"; most: number }
  | { do: "rewrite"; drop: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("append" as const), lengths: fc.array(fc.nat(300), { minLength: 1, maxLength: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("room" as const), bytes: fc.oneof(fc.nat(400), fc.constant(100_000)) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("short" as const), most: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rewrite" as const), drop: fc.integer({ min: 2, max: 4 }) }) },
);

describe("a record file", () => {
  it("reads back exactly what was acknowledged, on a disk that is full, takes halves, and under a process that dies at any point", async () => {
    let refusals = 0;
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.option(fc.nat(120), { nil: Infinity }), async (steps, diesAfter) => {
        const disk = new MemoryDisk();
        disk.operationsLeft = diesAfter;
        const file = new RecordFile(disk, path);
        const appended: Buffer[] = [];
        const fate: ("kept" | "refused" | "unknown" | "dropped")[] = [];
        for (const current of steps) {
          if (current.do === "room") disk.room = current.bytes;
          else if (current.do === "short") disk.take = () => current.most;
          else if (current.do === "append") {
            const written = current.lengths.map((length) => {
              const number = appended.length;
              const bytes = payload(number, length);
              appended.push(bytes);
              fate.push("unknown");
              return file.append(bytes).then(
                () => (fate[number] = "kept"),
                // A process that died while it cut the file back told nobody.
                () => (fate[number] = disk.operationsLeft < 0 ? "unknown" : "refused"),
              );
            });
            await Promise.all(written);
          } else {
            const kept = (number: number): boolean => number % current.drop !== 0;
            const rewritten = await file
              .rewrite((bytes) => (kept(numberOf(bytes)) ? bytes : null))
              .then(
                () => true,
                (error: unknown) => (error instanceof ProcessDied ? null : false),
              );
            for (const [number, was] of fate.entries()) {
              if (was !== "kept" || kept(number)) continue;
              if (rewritten === true) fate[number] = "dropped";
              else if (rewritten === null) fate[number] = "unknown";
            }
          }
        }
        if (disk.operationsLeft < 0) deaths++;
        else {
          disk.operationsLeft = Infinity;
          expect((await drained(file)).map(numberOf)).toEqual(keptIn(fate));
        }
        refusals += fate.filter((one) => one === "refused").length;
        const read = await readBack(disk.survivor());
        const numbers = read.map(numberOf);
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        for (const [i, bytes] of read.entries()) {
          expect(bytes.equals(appended[numbers[i] ?? -1] ?? Buffer.alloc(0)), `record ${numbers[i]}`).toBe(true);
          expect(["kept", "unknown"]).toContain(fate[numbers[i] ?? -1]);
        }
        expect(keptIn(fate).filter((number) => !numbers.includes(number))).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(refusals).toBeGreaterThan(100);
    expect(deaths).toBeGreaterThan(50);
  });

  it("goes on behind the last good record after it was cut or changed at any byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(200), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.option(fc.integer({ min: 1, max: 255 }), { nil: 0 }),
        async (lengths, where, change) => {
          const disk = new MemoryDisk();
          const file = new RecordFile(disk, path);
          const appended = lengths.map((length, number) => payload(number, length));
          for (const bytes of appended) await file.append(bytes);
          const stored = disk.files.get(path);
          if (!stored) throw new Error("nothing was written");
          const at = where % stored.bytes.length;
          if (change === 0) stored.bytes = stored.bytes.subarray(0, at);
          else stored.bytes[at] = (stored.bytes[at] ?? 0) ^ change;
          const survivor = disk.survivor();
          const read: Buffer[] = [];
          const { file: reopened } = await reopenRecordFile(survivor, path, (bytes) => read.push(Buffer.from(bytes)));
          expect(read.length).toBeLessThan(appended.length);
          expect(read).toEqual(appended.slice(0, read.length));
          await reopened.append(payload(99, 50));
          expect((await readBack(survivor)).map(numberOf)).toEqual([...read.map(numberOf), 99]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("contents", () => {
  it("read back as they were written or not at all", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 100 }),
        fc.option(fc.record({ at: fc.nat(), to: fc.integer({ min: 1, max: 255 }) }), { nil: null }),
        async (contents, partBytes, damage) => {
          const disk = new MemoryDisk();
          const places = await writeContents(disk, path, contents);
          const stored = disk.files.get(path);
          const hit = damage && stored && stored.bytes.length > 0 ? damage.at % stored.bytes.length : -1;
          if (stored && damage && hit >= 0) stored.bytes[hit] = (stored.bytes[hit] ?? 0) ^ damage.to;
          for (const [i, place] of places.entries()) {
            const parts: Buffer[] = [];
            const reading = (async () => {
              for await (const part of readContent(disk, path, place, partBytes)) parts.push(part);
            })();
            if (hit >= place.offset && hit < place.offset + place.bytes) {
              await expect(reading).rejects.toThrow("are not what was written");
              expect(parts.length).toBeLessThan(Math.ceil(place.bytes / partBytes));
            } else {
              await reading;
              expect(Buffer.concat(parts)).toEqual(Buffer.from(contents[i] ?? []));
            }
          }
        },
      ),
    );
  });
});

const run = (i: number): RunId => RunId.parse(`k3v9x2mq-${i}-0`);
const attempts = [0, 1, 2, 3].map((i): AttemptKey => ({ run: run(i), attempt: 1 }));
const header = { pack: PackId.parse("6f9c1d52-0b7e-4c55-9a38-2f7d1c0e4b11"), sweep: SweepId.parse("k3v9x2mq"), attempts };
const resultOf = ({ run: id, attempt }: AttemptKey): RunResultV1 => ({
  run: id,
  attempt,
  outcome: "succeeded",
  metrics: { loss: 1 },
  reason: null,
  steps: 1,
  trainSeconds: 1,
  chunks: {},
  artifacts: ["weights"],
});
const quiet = { warn: () => undefined, error: () => undefined };

async function contentOf(file: SpoolFile, attempt: AttemptKey, place: SpooledArtifact): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of file.readArtifact(attempt, place)) parts.push(part);
  return Buffer.concat(parts);
}

describe("a spool", () => {
  it("keeps the artifacts of results apart, gives the next process those that were acknowledged, and leaves no other file", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bytes: fc.nat(3000), room: fc.oneof(fc.constant(1e6), fc.nat(3500)) }), {
          minLength: 4,
          maxLength: 4,
        }),
        fc.subarray([0, 1, 2, 3]),
        fc.option(fc.nat(60), { nil: Infinity }),
        async (plan, done, diesAfter) => {
          const disk = new MemoryDisk();
          disk.operationsLeft = diesAfter;
          const file = (await Spool.open("spool", quiet, disk)).create(header);
          const begun = await file.begun.then(
            () => true,
            () => false,
          );
          const contents = plan.map(({ bytes }, i) => Buffer.alloc(bytes, i + 1));
          const kept = new Map<number, SpooledArtifact[]>();
          for (const [i, { room }] of plan.entries()) {
            disk.room = room;
            const artifact = { name: "weights", kind: "weights" as const, mediaType: "x/y", content: contents[i]! };
            await file.appendResult(resultOf(attempts[i]!), [artifact]).then(
              (places) => kept.set(i, places),
              () => undefined,
            );
          }
          const alive = disk.operationsLeft >= 0;
          if (alive) {
            disk.operationsLeft = Infinity;
            for (const [i, [place]] of kept) expect(await contentOf(file, attempts[i]!, place!)).toEqual(contents[i]);
            file.markDone(done.map((i) => attempts[i]!));
            await file.close();
          }
          const survivor = disk.survivor();
          const [leftOver, ...others] = await (await Spool.open("spool", quiet, survivor)).leftOvers();
          expect(others).toEqual([]);
          // That an attempt is done may not have been kept; it is asked for once more, and answered.
          const over = alive ? done : [];
          const found = (leftOver?.results ?? [])
            .map(({ result, artifacts }) => ({ i: attempts.findIndex((attempt) => attempt.run === result.run), artifacts }))
            .filter(({ i }) => !over.includes(i));
          for (const { i, artifacts } of found) {
            expect(await contentOf(leftOver!.file, attempts[i]!, artifacts[0]!)).toEqual(contents[i]);
          }
          if (begun && alive) {
            const open = [...kept.keys()].filter((i) => !done.includes(i));
            expect(found.map(({ i }) => i).sort()).toEqual(open.sort());
          }
          expect((await survivor.list()).length).toBe(leftOver ? 1 + found.length : 0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function keptIn(fate: readonly string[]): number[] {
  return fate.flatMap((one, number) => (one === "kept" ? [number] : []));
}

async function drained(file: RecordFile): Promise<Buffer[]> {
  const read: Buffer[] = [];
  for await (const bytes of file.records()) read.push(Buffer.from(bytes));
  return read;
}
