import { open, type FileHandle } from "node:fs/promises";

/**
 * Appends to a file in order, without blocking and without fsync: what was appended survives the death of the process, which
 * is all a spool must do. What is appended while a write runs goes out with the next one. The file is made by the first append.
 */
export class AppendFile {
  #handle: FileHandle | null = null;
  #queue: Uint8Array[] = [];
  #tasks: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | null = null;

  constructor(
    readonly path: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Resolves once written; never rejects: `onError` hears of failures. */
  append(...parts: Uint8Array[]): Promise<void> {
    this.#queue.push(...parts);
    return (this.#flushing ??= this.exclusively(async () => {
      this.#flushing = null;
      const parts = this.#queue;
      this.#queue = [];
      this.#handle ??= await open(this.path, "a");
      await this.#writeAll(parts);
    }));
  }

  /** Runs a task with no write in between; appends wait for it. */
  exclusively(task: () => Promise<void>): Promise<void> {
    const result = this.#tasks.then(task).catch(this.onError);
    this.#tasks = result;
    return result;
  }

  /** Closes the file; a later append opens it again. Only inside `exclusively`. */
  async release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  close(): Promise<void> {
    return this.exclusively(() => this.release());
  }

  async #writeAll(parts: Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(parts);
    let written = 0;
    while (written < bytes.length) {
      const result = await this.#handle?.write(bytes, written);
      written += result?.bytesWritten ?? bytes.length;
    }
  }
}
