import type { AttemptKey, CommitStatusV1, PackId, RunResultV1, SweepId, TelemetryMessageV1 } from "@basin/contracts";
import { createHash } from "node:crypto";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { AppendFile } from "./append-file";
import { linesOf } from "./spool-lines";
import { keyOf, recordPrefix, SpoolRecord, type SpooledArtifact } from "./spool-records";

export interface SpoolHeader {
  pack: PackId;
  sweep: SweepId;
  attempts: AttemptKey[];
}

export interface SpooledResult {
  result: RunResultV1;
  artifacts: SpooledArtifact[];
}

export interface SpoolFileOptions {
  /** Without extension. */
  path: string;
  header: SpoolHeader;
  onError: (error: unknown) => void;
  onBytes: (delta: number) => void;
}

/** A file is rewritten without finished runs once half of its attempts are done and it is larger than this. */
const compactAboveBytes = 16 * 1024 * 1024;

/**
 * Everything a pack may have to send again: its telemetry messages, results and artifacts. It disappears when every attempt
 * is done.
 */
export class SpoolFile {
  readonly header: SpoolHeader;
  /** Resolves when every attempt is done and the file is gone. */
  readonly removed: Promise<void>;
  readonly #lines: AppendFile;
  readonly #contents: AppendFile;
  readonly #open: Set<string>;
  readonly #options: SpoolFileOptions;
  #bytes = 0;
  #contentBytes = 0;
  #doneSinceCompaction = 0;
  #removed = false;
  #onRemoved: () => void = () => undefined;

  constructor(options: SpoolFileOptions, found?: { bytes: number; contentBytes: number; done: AttemptKey[]; torn: boolean }) {
    this.#options = options;
    this.header = options.header;
    this.removed = new Promise((resolve) => (this.#onRemoved = resolve));
    this.#open = new Set(options.header.attempts.map(keyOf));
    this.#lines = new AppendFile(`${options.path}.ndjson`, options.onError);
    this.#contents = new AppendFile(`${options.path}.bin`, options.onError);
    if (found) {
      for (const attempt of found.done) this.#open.delete(keyOf(attempt));
      this.#contentBytes = found.contentBytes;
      this.#count(found.bytes + found.contentBytes);
      if (found.torn) void this.#append(Buffer.from("\n"));
    } else {
      void this.#appendRecord({ spool: "pack", ...options.header });
    }
  }

  /** Keeps a telemetry message as it was sent. */
  appendTelemetry(json: Uint8Array): Promise<void> {
    return this.#append(json, lineEnd);
  }

  /** Resolves with the artifacts' places once the results can be repeated after a crash. */
  async appendResults(
    results: readonly {
      result: RunResultV1;
      artifacts: readonly (Omit<SpooledArtifact, "bytes" | "sha256" | "offset"> & { content: Uint8Array })[];
    }[],
  ): Promise<SpooledArtifact[][]> {
    const contents: Uint8Array[] = [];
    const placed = results.map(({ artifacts }) =>
      artifacts.map(({ name, kind, mediaType, content }): SpooledArtifact => {
        const offset = this.#contentBytes;
        this.#contentBytes += content.byteLength;
        contents.push(content);
        const sha256 = createHash("sha256").update(content).digest("hex");
        return { name, kind, mediaType, bytes: content.byteLength, sha256, offset };
      }),
    );
    if (contents.length > 0) {
      for (const content of contents) this.#count(content.byteLength);
      await this.#contents.append(...contents);
    }
    const lines = results.map(({ result }, i): SpoolRecord => ({ spool: "result", result, artifacts: placed[i] ?? [] }));
    await this.#append(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
    return placed;
  }

  async readArtifact({ offset, bytes }: SpooledArtifact): Promise<Uint8Array> {
    const content = new Uint8Array(bytes);
    const file = await open(this.#contents.path, "r");
    try {
      const { bytesRead } = await file.read(content, 0, bytes, offset);
      if (bytesRead !== bytes) throw new Error(`the spool holds ${bytesRead} of an artifact's ${bytes} bytes`);
    } finally {
      await file.close();
    }
    return content;
  }

  /**
   * Hands the missing chunks to `send`, as JSON and as they were sent first, in one pass over the file. Resolves to the attempts
   * of which the spool does not have a chunk.
   */
  async findChunks(
    statuses: readonly CommitStatusV1[],
    send: (chunkJson: string) => Promise<void> | void,
  ): Promise<AttemptKey[]> {
    const wanted = new Map(
      statuses.map((status) => [keyOf(status), new Map(status.missing.map(({ metric, chunks }) => [metric, new Set(chunks)]))]),
    );
    await this.#lines.append();
    for await (const line of linesOf(this.#lines.path)) {
      if (isRecord(line)) continue;
      for (const chunk of messageIn(line).chunks) {
        if (wanted.get(keyOf(chunk))?.get(chunk.metric)?.delete(chunk.chunk)) await send(JSON.stringify(chunk));
      }
    }
    return statuses.filter((status) => [...(wanted.get(keyOf(status))?.values() ?? [])].some((chunks) => chunks.size > 0));
  }

  /** Nothing of these attempts is needed any more. */
  markDone(attempts: readonly AttemptKey[]): void {
    const fresh = attempts.filter((attempt) => this.#open.delete(keyOf(attempt)));
    if (fresh.length === 0) return;
    if (this.#open.size === 0) {
      void this.#remove();
      return;
    }
    void this.#appendRecord({ spool: "done", attempts: fresh });
    this.#doneSinceCompaction += fresh.length;
    if (this.#bytes > compactAboveBytes && this.#doneSinceCompaction * 2 >= this.#open.size + this.#doneSinceCompaction) {
      this.#doneSinceCompaction = 0;
      void this.compact();
    }
  }

  /** Rewrites the file without the telemetry and results of attempts that are done. */
  compact(): Promise<void> {
    return this.#lines.exclusively(async () => {
      if (this.#removed) return;
      await this.#lines.release();
      const kept: Buffer[] = [Buffer.from(`${JSON.stringify({ spool: "pack", ...this.header })}\n`)];
      const done = this.header.attempts.filter((attempt) => !this.#open.has(keyOf(attempt)));
      kept.push(Buffer.from(`${JSON.stringify({ spool: "done", attempts: done })}\n`));
      const target = `${this.#lines.path}.new`;
      await writeFile(target, Buffer.concat(kept));
      const writer = new AppendFile(target, this.#options.onError);
      let read = 0;
      let bytes = kept.reduce((sum, line) => sum + line.length, 0);
      for await (const line of linesOf(this.#lines.path)) {
        read += line.length + 1;
        const copy = this.#stillNeeded(line);
        if (copy === null) continue;
        bytes += copy.length + 1;
        await writer.append(copy, lineEnd);
      }
      await writer.close();
      await rename(target, this.#lines.path);
      this.#count(bytes - read);
    });
  }

  /** Resolves when everything so far is in the file and the file is closed. */
  async close(): Promise<void> {
    await Promise.all([this.#lines.close(), this.#contents.close()]);
  }

  #stillNeeded(line: Buffer): Buffer | null {
    if (isRecord(line)) {
      const record = SpoolRecord.safeParse(JSON.parse(line.toString("utf8")));
      const needed = record.success && record.data.spool === "result" && this.#open.has(keyOf(record.data.result));
      return needed ? Buffer.from(line) : null;
    }
    const message = messageIn(line);
    const chunks = message.chunks.filter((chunk) => this.#open.has(keyOf(chunk)));
    return chunks.length === 0 ? null : Buffer.from(JSON.stringify({ ...message, chunks }), "latin1");
  }

  #appendRecord(record: SpoolRecord): Promise<void> {
    return this.#append(Buffer.from(`${JSON.stringify(record)}\n`));
  }

  #append(...parts: Uint8Array[]): Promise<void> {
    if (this.#removed) return Promise.resolve();
    for (const part of parts) this.#count(part.byteLength);
    return this.#lines.append(...parts);
  }

  #count(delta: number): void {
    this.#bytes += delta;
    this.#options.onBytes(delta);
  }

  async #remove(): Promise<void> {
    this.#removed = true;
    this.#count(-this.#bytes);
    await this.close();
    await this.#lines.exclusively(async () => {
      await rm(this.#lines.path, { force: true });
      if (this.#contentBytes > 0) await rm(this.#contents.path, { force: true });
    });
    this.#onRemoved();
  }
}

const lineEnd = Buffer.from("\n");

/** The file is our own: what was written there had been built by this program. */
function messageIn(line: Buffer): TelemetryMessageV1 {
  return JSON.parse(line.toString("latin1")) as TelemetryMessageV1;
}

function isRecord(line: Buffer): boolean {
  return line.toString("latin1", 0, recordPrefix.length) === recordPrefix;
}
