import { writeFully, type Disk, type DiskFile } from "./disk";
import { encodeRecord, recordBytes, recordsIn } from "./record-format";

interface Waiting {
  parts: Uint8Array[];
  written: Promise<void>;
}

/**
 * An append-only file of checked records. An append resolves once its record is in the file and would survive the death of the process
 * (nothing is flushed to the medium: a spool need not survive more), and rejects when it is not there: then none of it is, because the
 * file is cut back to the last good record. What is appended while a write runs goes out with the next one, and fails with it.
 */
export class RecordFile {
  #file: DiskFile | null = null;
  #waiting: Waiting | null = null;
  #tasks: Promise<unknown> = Promise.resolve();
  /** Why the file can take nothing any more: what is behind its good part could not be cut off. */
  #spoilt: Error | null = null;

  /** `size`: how many bytes of good records are in the file already. It is made by the first append. */
  constructor(
    private readonly disk: Disk,
    readonly path: string,
    private size = 0,
  ) {}

  get bytes(): number {
    return this.size;
  }

  append(payload: Uint8Array): Promise<void> {
    const parts = encodeRecord(payload);
    if (this.#waiting) {
      this.#waiting.parts.push(...parts);
      return this.#waiting.written;
    }
    const waiting: Waiting = { parts, written: Promise.resolve() };
    waiting.written = this.#exclusively(() => {
      this.#waiting = null;
      return this.#write(Buffer.concat(waiting.parts));
    });
    this.#waiting = waiting;
    return waiting.written;
  }

  /**
   * Payloads of what was appended before the call, in order; each is valid until the next is asked for. Throws when a record is
   * damaged; those before it were yielded.
   */
  async *records(): AsyncGenerator<Buffer> {
    // A rewrite may put another file under this name: the one that is open stays as it was.
    const opened = await this.#exclusively(async () => {
      return this.size === 0 ? null : { file: await this.disk.open(this.path, "read"), size: this.size };
    });
    if (opened) yield* verified(opened.file, opened.size, this.path);
  }

  /**
   * Replaces the file by one with the records that `keep` returns, null for those that are not needed. The new file is written, flushed
   * and read back before it takes the old one's place; when anything of that fails, it rejects and the old one stays.
   */
  rewrite(keep: (payload: Buffer) => Uint8Array | null): Promise<void> {
    return this.#exclusively(async () => {
      if (this.size === 0) return;
      const target = `${this.path}.new`;
      await this.disk.remove(target);
      const copy = new RecordFile(this.disk, target);
      try {
        for await (const payload of verified(await this.disk.open(this.path, "read"), this.size, this.path)) {
          const kept = keep(payload);
          if (kept) await copy.append(kept);
        }
        await copy.#file?.sync();
        let read = 0;
        for await (const payload of copy.records()) read += recordBytes(payload);
        if (read !== copy.size) throw new Error(`${target} has ${read} good bytes of ${copy.size}`);
        await this.disk.rename(target, this.path);
      } catch (error) {
        await copy.close().catch(() => undefined);
        await this.disk.remove(target).catch(() => undefined);
        throw error;
      }
      const old = this.#file;
      this.#file = copy.#file;
      this.size = copy.size;
      await old?.close().catch(() => undefined);
    });
  }

  /** Everything appended so far is in the file or was rejected, and the file is closed; a later append opens it again. */
  close(): Promise<void> {
    return this.#exclusively(() => this.#release());
  }

  remove(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#release();
      await this.disk.remove(this.path);
      this.size = 0;
    });
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#spoilt) throw this.#spoilt;
    const file = (this.#file ??= await this.disk.open(this.path, "write"));
    try {
      await writeFully(file, bytes, this.size);
      this.size += bytes.length;
    } catch (error) {
      await this.#cutBack(file, error);
      throw error;
    }
  }

  async #cutBack(file: DiskFile, cause: unknown): Promise<void> {
    try {
      await file.truncate(this.size);
    } catch {
      this.#spoilt = new Error(`${this.path} ends with a record that is not whole and cannot be cut off`, { cause });
    }
  }

  /** Runs a task with no other in between, whatever became of those before. */
  #exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tasks.then(task);
    this.#tasks = result.catch(() => undefined);
    return result;
  }
}

/** Closes the file at the end. */
async function* verified(file: DiskFile, size: number, path: string): AsyncGenerator<Buffer> {
  try {
    let good = 0;
    for await (const { payload, end } of recordsIn(file, size)) {
      yield payload;
      good = end;
    }
    if (good !== size) throw new Error(`${path} is damaged behind byte ${good} of ${size}`);
  } finally {
    await file.close();
  }
}

/** Opens a file that an earlier process left: what is not a good record at its end is cut off. `cut`: how many bytes that were. */
export async function reopenRecordFile(
  disk: Disk,
  path: string,
  onRecord: (payload: Buffer) => void,
): Promise<{ file: RecordFile; cut: number }> {
  const file = await disk.open(path, "write");
  try {
    const size = await disk.size(path);
    let good = 0;
    for await (const { payload, end } of recordsIn(file, size)) {
      onRecord(payload);
      good = end;
    }
    if (good < size) await file.truncate(good);
    return { file: new RecordFile(disk, path, good), cut: size - good };
  } finally {
    await file.close();
  }
}
