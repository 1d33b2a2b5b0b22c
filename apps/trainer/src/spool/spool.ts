import { attemptKeyOf, type AttemptKey, messageOf } from "@basin/contracts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { nodeDisk, type Disk } from "./disk";
import { reopenRecordFile } from "./record-file";
import {
  contentsExtension,
  recordsExtension,
  SpoolFile,
  type SpooledResult,
  type SpoolFileOptions,
  type SpoolHeader,
} from "./spool-file";
import { isTelemetry, SpoolRecord } from "./spool-records";

export interface SpoolLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What an earlier process of this trainer left. */
export interface LeftOver {
  file: SpoolFile;
  /** Written and perhaps not committed. */
  results: SpooledResult[];
  /** Was training when the process ended. */
  unfinished: AttemptKey[];
}

/** What a process that died can leave beside spool files: a rewrite that did not end, and files as versions before records had checksums wrote them. */
const litter = [".spool.new", ".ndjson", ".ndjson.new", ".bin"];

/** The directory of spool files, one per claimed pack with the contents of its artifacts beside it. */
export class Spool {
  #counter = 0;
  readonly #files = new Set<SpoolFile>();

  private constructor(
    readonly directory: string,
    private readonly log: SpoolLog,
    private readonly disk: Disk,
  ) {}

  /** Makes the directory if need be. Only one process may use it at a time. */
  static async open(directory: string, log: SpoolLog, disk: Disk = nodeDisk): Promise<Spool> {
    if (disk === nodeDisk) await mkdir(directory, { recursive: true });
    return new Spool(directory, log, disk);
  }

  /** Bytes in all files. */
  get bytes(): number {
    let bytes = 0;
    for (const file of this.#files) bytes += file.bytes;
    return bytes;
  }

  create(header: SpoolHeader): SpoolFile {
    const path = join(this.directory, `${header.pack}-${Date.now().toString(36)}-${this.#counter++}`);
    return this.#keep(new SpoolFile(this.#options(path, header)));
  }

  /**
   * Reads what an earlier process left, cuts off what was not written to its end, and removes what is of no use. Called before the
   * first `create`.
   */
  async leftOvers(): Promise<LeftOver[]> {
    const names = (await this.disk.list(this.directory)).sort();
    const found: LeftOver[] = [];
    const needed = new Set<string>();
    for (const name of names.filter((candidate) => candidate.endsWith(recordsExtension))) {
      const path = join(this.directory, name.slice(0, -recordsExtension.length));
      try {
        const leftOver = await this.#read(path);
        if (!leftOver) continue;
        found.push(leftOver);
        needed.add(name);
        for (const { result, artifacts } of leftOver.results) {
          if (artifacts.length > 0) needed.add(leftOver.file.contentsName(result));
        }
      } catch (error) {
        // Its contents stay with it: whoever looks into it may want them.
        for (const one of names) if (one.startsWith(`${name.slice(0, -recordsExtension.length)}.`)) needed.add(one);
        this.log.error({ path, reason: String(error) }, "a spool file cannot be read and is left alone");
      }
    }
    for (const name of names) {
      const ours = [recordsExtension, contentsExtension, ...litter].some((extension) => name.endsWith(extension));
      if (!ours || needed.has(name)) continue;
      await this.disk.remove(join(this.directory, name)).catch((error: unknown) => this.#trouble(name, error));
    }
    return found;
  }

  /** Resolves when everything that was said so far is in the files or was rejected. */
  async close(): Promise<void> {
    await Promise.all([...this.#files].map((file) => file.close()));
  }

  #keep(file: SpoolFile): SpoolFile {
    this.#files.add(file);
    void file.removed.then(() => this.#files.delete(file));
    return file;
  }

  /** Null: nothing in it is needed any more. */
  async #read(path: string): Promise<LeftOver | null> {
    let header: SpoolHeader | null = null;
    const results = new Map<string, SpooledResult>();
    const done: AttemptKey[] = [];
    const { file: records, cut } = await reopenRecordFile(this.disk, path + recordsExtension, (payload) => {
      if (isTelemetry(payload)) return;
      const record = SpoolRecord.parse(JSON.parse(payload.toString("utf8")));
      if (record.spool === "pack") header = { pack: record.pack, sweep: record.sweep, attempts: record.attempts };
      else if (record.spool === "result") results.set(attemptKeyOf(record.result), record);
      else done.push(...record.attempts);
    });
    if (cut > 0) this.log.warn({ path, bytes: cut }, "the end of a spool file was not written whole and is cut off");
    // A closure assigned it.
    const known = header as SpoolHeader | null;
    if (!known) return null;
    for (const attempt of done) results.delete(attemptKeyOf(attempt));
    const over = new Set([...done.map(attemptKeyOf), ...results.keys()]);
    const unfinished = known.attempts.filter((attempt) => !over.has(attemptKeyOf(attempt)));
    if (results.size === 0 && unfinished.length === 0) return null;
    const found = { records, results: [...results.values()], done };
    const file = this.#keep(new SpoolFile(this.#options(path, known), found));
    return { file, results: found.results, unfinished };
  }

  #options(path: string, header: SpoolHeader): SpoolFileOptions {
    return { disk: this.disk, path, header, onTrouble: (error) => this.#trouble(path, error) };
  }

  #trouble(path: string, error: unknown): void {
    this.log.warn({ path, reason: messageOf(error) }, "a spool file is not as it should be");
  }
}
