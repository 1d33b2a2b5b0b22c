import type { AttemptKey } from "@basin/contracts";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { SpoolFile, type SpooledResult, type SpoolHeader } from "./spool-file";
import { linesOf } from "./spool-lines";
import { keyOf, recordPrefix, SpoolRecord } from "./spool-records";

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

/** The directory of spool files, one pair per claimed pack. */
export class Spool {
  #bytes = 0;
  #counter = 0;
  readonly #files = new Set<SpoolFile>();

  private constructor(
    private readonly directory: string,
    private readonly log: SpoolLog,
  ) {}

  /** Makes the directory if need be. Only one process may use it at a time. */
  static async open(directory: string, log: SpoolLog): Promise<Spool> {
    await mkdir(directory, { recursive: true });
    return new Spool(directory, log);
  }

  /** Bytes in all files. */
  get bytes(): number {
    return this.#bytes;
  }

  create(header: SpoolHeader): SpoolFile {
    const path = join(this.directory, `${header.pack}-${Date.now().toString(36)}-${this.#counter++}`);
    return this.#keep(new SpoolFile(this.#options(path, header)));
  }

  /** Reads what an earlier process left, and removes what is of no use. Called before the first `create`. */
  async leftOvers(): Promise<LeftOver[]> {
    const names = await readdir(this.directory);
    const found: LeftOver[] = [];
    for (const name of names.filter((candidate) => candidate.endsWith(".ndjson")).sort()) {
      const path = join(this.directory, name.slice(0, -".ndjson".length));
      try {
        const leftOver = await this.#read(path);
        if (leftOver) found.push(leftOver);
        else await this.#discard(path);
      } catch (error) {
        this.log.error({ path, reason: String(error) }, "a spool file cannot be read and is left alone");
      }
    }
    for (const name of names.filter((candidate) => candidate.endsWith(".new")))
      await rm(join(this.directory, name), { force: true });
    return found;
  }

  /** Resolves when everything that was said so far is in the files. */
  async close(): Promise<void> {
    await Promise.all([...this.#files].map((file) => file.close()));
  }

  #keep(file: SpoolFile): SpoolFile {
    this.#files.add(file);
    void file.removed.then(() => this.#files.delete(file));
    return file;
  }

  async #read(path: string): Promise<LeftOver | null> {
    let header: SpoolHeader | null = null;
    const results = new Map<string, SpooledResult>();
    const done: AttemptKey[] = [];
    let bytes = 0;
    for await (const line of linesOf(`${path}.ndjson`)) {
      bytes += line.length + 1;
      if (line.toString("latin1", 0, recordPrefix.length) !== recordPrefix) continue;
      const record = SpoolRecord.parse(JSON.parse(line.toString("utf8")));
      if (record.spool === "pack") header = { pack: record.pack, sweep: record.sweep, attempts: record.attempts };
      else if (record.spool === "result") results.set(keyOf(record.result), record);
      else done.push(...record.attempts);
    }
    if (!header) return null;
    for (const attempt of done) results.delete(keyOf(attempt));
    const over = new Set([...done.map(keyOf), ...results.keys()]);
    const unfinished = header.attempts.filter((attempt) => !over.has(keyOf(attempt)));
    if (results.size === 0 && unfinished.length === 0) return null;
    const size = await stat(`${path}.ndjson`);
    const contentBytes = await stat(`${path}.bin`).then(
      (content) => content.size,
      () => 0,
    );
    const options = this.#options(path, header);
    const file = new SpoolFile(options, { bytes: size.size, contentBytes, done, torn: size.size > bytes });
    this.#keep(file);
    return { file, results: [...results.values()], unfinished };
  }

  async #discard(path: string): Promise<void> {
    await Promise.all([rm(`${path}.ndjson`, { force: true }), rm(`${path}.bin`, { force: true })]);
  }

  #options(path: string, header: SpoolHeader): ConstructorParameters<typeof SpoolFile>[0] {
    return {
      path,
      header,
      onError: (error) => this.log.error({ path, reason: String(error) }, "the spool could not be written"),
      onBytes: (delta) => (this.#bytes += delta),
    };
  }
}
