import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, TooLargeError } from "./request-errors";

/** After a refusal what still arrives is thrown away for this long, so that the client gets to read the answer. */
const lingerMilliseconds = 10_000;

/** A file that arrived in full, on disk. */
export interface ReceivedFile {
  path: string;
  bytes: number;
  sha256: string;
  /** Its pieces from the start, as often as wanted. */
  pieces(): AsyncIterable<Buffer>;
  remove(): Promise<void>;
}

/** How large a file may be, and which setting says so. */
export interface FileLimit {
  bytes: number;
  setting?: string;
}

function refuse(request: IncomingMessage, { bytes, setting }: FileLimit): never {
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMilliseconds);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
  const where = setting === undefined ? "" : `; ${setting} changes it`;
  throw new TooLargeError(`the file is larger than the limit of ${bytes / 1024 / 1024} MB (${bytes} bytes)${where}`);
}

/**
 * Takes an upload piece by piece to a temporary file. Never holds more than a piece in memory. Throws TooLargeError as soon as
 * the declared or the actual size is above the limit, InputError for a broken-off body.
 */
export async function receiveFile(request: IncomingMessage, limit: FileLimit): Promise<ReceivedFile> {
  if (Number(request.headers["content-length"] ?? 0) > limit.bytes) refuse(request, limit);
  const folder = await mkdtemp(join(tmpdir(), "basin-upload-"));
  const path = join(folder, "file");
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    const file = await open(path, "wx", 0o600);
    try {
      // Iterated by hand: leaving a for-await loop would destroy the request before it is answered.
      const pieces = request.iterator({ destroyOnReturn: false });
      for await (const piece of pieces as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > limit.bytes) refuse(request, limit);
        hash.update(piece);
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
    return {
      path,
      bytes,
      sha256: hash.digest("hex"),
      pieces: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
      remove,
    };
  } catch (error) {
    await remove();
    if (error instanceof Error && "code" in error && error.code === "ECONNRESET")
      throw new InputError([{ path: "", message: "the upload broke off before its end" }]);
    throw error;
  }
}
