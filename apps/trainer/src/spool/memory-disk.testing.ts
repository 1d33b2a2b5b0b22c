import type { Disk, DiskFile } from "./disk";

/** What every call ends with once the process has died. */
export class ProcessDied extends Error {}

interface Content {
  bytes: Buffer;
}

/**
 * Files in memory with the faults of real ones: room that runs out in the middle of a write, writes that take only a part, and a process
 * that dies between two operations or in the middle of a write. `survivor` is what the next process finds.
 */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, Content>();
  /** Bytes that still fit. */
  room = Infinity;
  /** How much of a write of `length` bytes one call takes. */
  take: (length: number) => number = (length) => length;
  /** Operations until the process dies. */
  operationsLeft = Infinity;

  survivor(): MemoryDisk {
    const next = new MemoryDisk();
    for (const [path, { bytes }] of this.files) next.files.set(path, { bytes: Buffer.from(bytes) });
    return next;
  }

  async open(path: string, mode: "read" | "write"): Promise<DiskFile> {
    this.#operate();
    const found = this.files.get(path);
    if (!found && mode === "read") throw fault("ENOENT", `no such file or directory, open '${path}'`);
    const content = found ?? { bytes: Buffer.alloc(0) };
    this.files.set(path, content);
    return {
      read: async (into, offset, length, position) => {
        this.#operate();
        return { bytesRead: content.bytes.copy(into, offset, position, position + length) };
      },
      write: async (bytes, offset, length, position) => {
        const dies = this.operationsLeft <= 0;
        const grows = position - content.bytes.length;
        const fits = Math.max(0, Math.min(length, this.room - Math.max(0, grows)));
        const taken = Math.min(fits, dies ? Math.floor(length / 2) : Math.max(1, Math.min(length, this.take(length))));
        this.#put(content, Buffer.from(bytes.buffer, bytes.byteOffset + offset, taken), position);
        this.#operate();
        if (taken === 0) throw fault("ENOSPC", "no space left on device, write");
        return { bytesWritten: taken };
      },
      truncate: async (length = 0) => {
        this.#operate();
        this.room += Math.max(0, content.bytes.length - length);
        content.bytes = Buffer.from(content.bytes.subarray(0, length));
      },
      sync: async () => this.#operate(),
      close: async () => this.#operate(),
    };
  }

  async size(path: string): Promise<number> {
    this.#operate();
    return this.files.get(path)?.bytes.length ?? 0;
  }

  async rename(from: string, to: string): Promise<void> {
    this.#operate();
    const content = this.files.get(from);
    if (!content) throw fault("ENOENT", `no such file or directory, rename '${from}'`);
    this.room += this.files.get(to)?.bytes.length ?? 0;
    this.files.delete(from);
    this.files.set(to, content);
  }

  async remove(path: string): Promise<void> {
    this.#operate();
    this.room += this.files.get(path)?.bytes.length ?? 0;
    this.files.delete(path);
  }

  async list(): Promise<string[]> {
    this.#operate();
    return [...this.files.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1));
  }

  #put(content: Content, bytes: Buffer, position: number): void {
    if (bytes.length === 0) return;
    const next = Buffer.alloc(Math.max(content.bytes.length, position + bytes.length));
    content.bytes.copy(next);
    bytes.copy(next, position);
    this.room -= next.length - content.bytes.length;
    content.bytes = next;
  }

  #operate(): void {
    if (this.operationsLeft-- <= 0) throw new ProcessDied("the process died");
  }
}

function fault(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
