import {
  attemptKeyOf,
  artifactPartBytes,
  type AttemptKey,
  type CommitStatusV1,
  type PackId,
  type RunResultV1,
  type SweepId,
  type TelemetryMessageV1,
} from "@basin/contracts";
import { basename } from "node:path";
import { readContent, writeContents } from "./contents-file";
import type { Disk } from "./disk";
import { RecordFile } from "./record-file";
import { isTelemetry, SpoolRecord, type SpooledArtifact } from "./spool-records";

export interface SpoolHeader {
  pack: PackId;
  sweep: SweepId;
  attempts: AttemptKey[];
}

export interface SpooledResult {
  result: RunResultV1;
  artifacts: SpooledArtifact[];
}

export interface NewArtifact extends Pick<SpooledArtifact, "name" | "kind" | "mediaType"> {
  content: Uint8Array;
}

export interface SpoolFileOptions {
  disk: Disk;
  /** Without extension. */
  path: string;
  header: SpoolHeader;
  /** Hears of what could not be read or tidied up, where nobody waits for it. */
  onTrouble: (error: unknown) => void;
}

/** What an earlier process wrote. */
export interface FoundFile {
  records: RecordFile;
  results: readonly SpooledResult[];
  done: readonly AttemptKey[];
}

/** A file is rewritten without finished runs once half of its attempts are done and it is larger than this. */
const compactAboveBytes = 16 * 1024 * 1024;

export const recordsExtension = ".spool";
export const contentsExtension = ".contents";

/**
 * Everything a pack may have to send again: its telemetry messages and results, and the contents of each result's artifacts in a file
 * of their own. An append that rejects left nothing behind: whoever said it must not go on as if it were kept. Files disappear when
 * their attempts are done.
 */
export class SpoolFile {
  readonly header: SpoolHeader;
  /** Rejects when the file cannot be begun. */
  readonly begun: Promise<void>;
  /** Resolves when every attempt is done and the files are gone. */
  readonly removed: Promise<void>;
  readonly #records: RecordFile;
  readonly #open: Set<string>;
  readonly #options: SpoolFileOptions;
  /** Bytes of contents by attempt. */
  readonly #contents = new Map<string, number>();
  /** Files of contents that are being removed. */
  #tidying: Promise<unknown> = Promise.resolve();
  #doneSinceCompaction = 0;
  #removed = false;
  #onRemoved: () => void = () => undefined;

  constructor(options: SpoolFileOptions, found?: FoundFile) {
    this.#options = options;
    this.header = options.header;
    this.removed = new Promise((resolve) => (this.#onRemoved = resolve));
    this.#open = new Set(options.header.attempts.map(attemptKeyOf));
    this.#records = found?.records ?? new RecordFile(options.disk, options.path + recordsExtension);
    for (const attempt of found?.done ?? []) this.#open.delete(attemptKeyOf(attempt));
    for (const { result, artifacts } of found?.results ?? []) {
      this.#keepContents(result, artifacts);
    }
    this.begun = found ? Promise.resolve() : this.#appendRecord({ spool: "pack", ...options.header });
    // Whoever uses the file looks; until then it is no unhandled rejection.
    this.begun.catch(() => undefined);
  }

  /** Name of the file with the contents of an attempt's artifacts. */
  contentsName(attempt: AttemptKey): string {
    return basename(this.#contentsPath(attempt));
  }

  /** On disk, contents included. */
  get bytes(): number {
    return [...this.#contents.values()].reduce((sum, bytes) => sum + bytes, this.#records.bytes);
  }

  /** Keeps a telemetry message as it was sent. */
  appendTelemetry(json: Uint8Array): Promise<void> {
    return this.#append(json);
  }

  /** Resolves with the artifacts' places once the result can be repeated after a crash. */
  async appendResult(result: RunResultV1, artifacts: readonly NewArtifact[]): Promise<SpooledArtifact[]> {
    const { disk } = this.#options;
    const path = this.#contentsPath(result);
    const contents = artifacts.map(({ content }) => content);
    const places = contents.length === 0 ? [] : await writeContents(disk, path, contents);
    const placed = artifacts.flatMap(({ name, kind, mediaType }, i) => {
      const place = places[i];
      return place ? [{ name, kind, mediaType, ...place }] : [];
    });
    try {
      await this.#appendRecord({ spool: "result", result, artifacts: placed });
    } catch (error) {
      await disk.remove(path).catch(() => undefined);
      throw error;
    }
    this.#keepContents(result, placed);
    if (!this.#open.has(attemptKeyOf(result))) this.#dropContents(result);
    return placed;
  }

  /** Says another result in the place of one that was appended, with some of its artifacts. */
  amendResult(result: RunResultV1, artifacts: SpooledArtifact[]): Promise<void> {
    return this.#appendRecord({ spool: "result", result, artifacts });
  }

  /** In parts as they are uploaded; the last one comes only when all of them are what was written. See `readContent`. */
  readArtifact(attempt: AttemptKey, place: SpooledArtifact): AsyncGenerator<Buffer> {
    return readContent(this.#options.disk, this.#contentsPath(attempt), place, artifactPartBytes);
  }

  /**
   * Hands the missing chunks to `send`, as JSON and as they were sent first, in one pass over the file. Resolves to the attempts
   * of which the spool does not have a chunk, be it that it is damaged. Rejects as `send` does.
   */
  async findChunks(
    statuses: readonly CommitStatusV1[],
    send: (chunkJson: string) => Promise<void> | void,
  ): Promise<AttemptKey[]> {
    const wanted = new Map(
      statuses.map((status) => [
        attemptKeyOf(status),
        new Map(status.missing.map(({ metric, chunks }) => [metric, new Set(chunks)])),
      ]),
    );
    const records = this.#records.records();
    try {
      for (let payload = await this.#next(records); payload !== null; payload = await this.#next(records)) {
        if (!isTelemetry(payload)) continue;
        for (const chunk of messageIn(payload).chunks) {
          if (wanted.get(attemptKeyOf(chunk))?.get(chunk.metric)?.delete(chunk.chunk)) await send(JSON.stringify(chunk));
        }
      }
    } finally {
      await records.return(undefined);
    }
    return statuses.filter((status) => [...(wanted.get(attemptKeyOf(status))?.values() ?? [])].some((chunks) => chunks.size > 0));
  }

  /** Nothing of these attempts is needed any more. */
  markDone(attempts: readonly AttemptKey[]): void {
    const fresh = attempts.filter((attempt) => this.#open.delete(attemptKeyOf(attempt)));
    if (fresh.length === 0) return;
    for (const attempt of fresh) this.#dropContents(attempt);
    if (this.#open.size === 0) {
      void this.#remove();
      return;
    }
    // When it is not kept, the next process asks about them once more and is told that they are over.
    this.#appendRecord({ spool: "done", attempts: fresh }).catch(this.#options.onTrouble);
    this.#doneSinceCompaction += fresh.length;
    if (this.#records.bytes > compactAboveBytes && this.#doneSinceCompaction * 2 >= this.#open.size + this.#doneSinceCompaction) {
      this.#doneSinceCompaction = 0;
      this.compact().catch(this.#options.onTrouble);
    }
  }

  /** Rewrites the file without the telemetry and results of attempts that are done. When it rejects, the file is as it was. */
  compact(): Promise<void> {
    return this.#records.rewrite((payload) => this.#stillNeeded(payload));
  }

  /** Resolves when everything so far is in the file or was rejected, and the file is closed. */
  async close(): Promise<void> {
    await Promise.all([this.#records.close(), this.#tidying]);
  }

  #stillNeeded(payload: Buffer): Uint8Array | null {
    if (!isTelemetry(payload)) {
      const record = SpoolRecord.parse(JSON.parse(payload.toString("utf8")));
      return record.spool !== "result" || this.#open.has(attemptKeyOf(record.result)) ? payload : null;
    }
    const message = messageIn(payload);
    const chunks = message.chunks.filter((chunk) => this.#open.has(attemptKeyOf(chunk)));
    return chunks.length === 0 ? null : Buffer.from(JSON.stringify({ ...message, chunks }), "latin1");
  }

  #appendRecord(record: SpoolRecord): Promise<void> {
    return this.#append(Buffer.from(JSON.stringify(record)));
  }

  async #append(payload: Uint8Array): Promise<void> {
    if (this.#removed) return;
    await this.#records.append(payload);
  }

  /** The next record; null behind the last one that can be read. */
  async #next(records: AsyncGenerator<Buffer>): Promise<Buffer | null> {
    try {
      const next = await records.next();
      return next.done === true ? null : next.value;
    } catch (error) {
      this.#options.onTrouble(error);
      return null;
    }
  }

  #contentsPath(attempt: AttemptKey): string {
    const index = this.header.attempts.findIndex(({ run }) => run === attempt.run);
    return `${this.#options.path}.${index}${contentsExtension}`;
  }

  #keepContents(attempt: AttemptKey, artifacts: readonly SpooledArtifact[]): void {
    if (artifacts.length === 0) return;
    this.#contents.set(
      attemptKeyOf(attempt),
      artifacts.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }

  #dropContents(attempt: AttemptKey): void {
    if (!this.#contents.delete(attemptKeyOf(attempt))) return;
    const removal = this.#options.disk.remove(this.#contentsPath(attempt)).catch(this.#options.onTrouble);
    this.#tidying = Promise.all([this.#tidying, removal]);
  }

  async #remove(): Promise<void> {
    this.#removed = true;
    await Promise.all([this.#records.remove().catch(this.#options.onTrouble), this.#tidying]);
    this.#onRemoved();
  }
}

/** The file is our own: what was written there had been built by this program, and its checksum agreed. */
function messageIn(payload: Buffer): TelemetryMessageV1 {
  return JSON.parse(payload.toString("latin1")) as TelemetryMessageV1;
}
