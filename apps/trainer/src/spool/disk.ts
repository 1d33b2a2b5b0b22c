import { constants } from "node:fs";
import { open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";

/** What the spool asks of an open file. */
export type DiskFile = Pick<FileHandle, "truncate" | "sync" | "close"> & {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  /** May write less than `length`. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
};

/** What the spool asks of a file system. Specs give it one that is full, writes half, or stops in the middle. */
export interface Disk {
  /** `write` makes the file when it is not there, and keeps what is in it. */
  open(path: string, mode: "read" | "write"): Promise<DiskFile>;
  size(path: string): Promise<number>;
  rename(from: string, to: string): Promise<void>;
  /** A file that is not there is no error. */
  remove(path: string): Promise<void>;
  /** Names of the files in a folder. */
  list(folder: string): Promise<string[]>;
}

export const nodeDisk: Disk = {
  open: (path, mode) => open(path, mode === "read" ? "r" : constants.O_RDWR | constants.O_CREAT),
  size: async (path) => (await stat(path)).size,
  rename,
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
};

/** Writes all of `bytes` from `position` on. Rejects with what the file system said; then any part of them may be there. */
export async function writeFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw new Error("the file system takes no more bytes and does not say why");
    written += bytesWritten;
  }
}

/** Bytes [position, position + length) or fewer when the file ends before. */
export async function readUpTo(file: DiskFile, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
