import { createHash } from "node:crypto";
import { readUpTo, writeFully, type Disk } from "./disk";

/** Written and read in pieces, so that hashing hundreds of megabytes never holds the event loop for long. */
const pieceBytes = 1024 * 1024;

export interface Place {
  offset: number;
  bytes: number;
  sha256: string;
}

/** Writes contents one behind the other into a file of their own. Rejects when not all of it is there; then nothing is. */
export async function writeContents(disk: Disk, path: string, contents: readonly Uint8Array[]): Promise<Place[]> {
  const places: Place[] = [];
  try {
    const file = await disk.open(path, "write");
    try {
      let offset = 0;
      for (const content of contents) {
        const hash = createHash("sha256");
        for (let at = 0; at < content.byteLength; at += pieceBytes) {
          const piece = content.subarray(at, at + pieceBytes);
          hash.update(piece);
          await writeFully(file, piece, offset + at);
        }
        places.push({ offset, bytes: content.byteLength, sha256: hash.digest("hex") });
        offset += content.byteLength;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    await disk.remove(path).catch(() => undefined);
    throw error;
  }
  return places;
}

/** What is on disk cannot be read, or is not what was written. */
export class DamagedContentError extends Error {
  override readonly name = "DamagedContentError";
}

/**
 * A content in parts of `partBytes`, the last one shorter (an empty content is one empty part). The last part comes only once the hash
 * of all of them agrees, so whoever has the last one has what was written. Throws DamagedContentError otherwise.
 */
export async function* readContent(disk: Disk, path: string, place: Place, partBytes: number): AsyncGenerator<Buffer> {
  const { offset, bytes, sha256 } = place;
  const damaged = (what: string, cause?: unknown): DamagedContentError =>
    new DamagedContentError(`the ${bytes} bytes from byte ${offset} on of ${path} ${what}`, { cause });
  const file = await disk.open(path, "read").catch((error: unknown) => {
    throw damaged(`cannot be read: ${String(error)}`, error);
  });
  try {
    const hash = createHash("sha256");
    for (let at = 0; ; at += partBytes) {
      const length = Math.min(partBytes, bytes - at);
      const part = await readUpTo(file, length, offset + at).catch((error: unknown) => {
        throw damaged(`cannot be read: ${String(error)}`, error);
      });
      if (part.length < length) throw damaged(`end after ${at + part.length}`);
      hash.update(part);
      const last = at + length === bytes;
      if (last && hash.digest("hex") !== sha256) throw damaged("are not what was written: their hash differs");
      yield part;
      if (last) return;
    }
  } finally {
    await file.close();
  }
}
