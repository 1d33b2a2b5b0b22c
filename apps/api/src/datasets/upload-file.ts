import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasetMaxBytes } from "@basin/contracts";
import { InputError, TooLargeError } from "../http/request-errors";

/** After a refusal what still arrives is thrown away for this long, so that the client gets to read the answer. */
const lingerMilliseconds = 10_000;

/** A file that arrived in full, on disk. */
export interface UploadedFile {
  path: string;
  bytes: number;
  sha256: string;
  /** Its pieces from the start, as often as wanted. */
  pieces(): AsyncIterable<Buffer>;
  remove(): Promise<void>;
}

function refuse(request: IncomingMessage): never {
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMilliseconds);
  timer.unref();
  request.once("close", () => clearTimeout(timer));
  throw new TooLargeError(`the file is larger than the limit of ${datasetMaxBytes / 1024 / 1024} MB (${datasetMaxBytes} bytes)`);
}

/**
 * Takes an upload piece by piece to a temporary file. Never holds more than a piece in memory. Throws TooLargeError as soon as
 * the declared or the actual size is above the limit, InputError for an empty or broken-off body.
 */
export async function receiveUpload(request: IncomingMessage): Promise<UploadedFile> {
  if (Number(request.headers["content-length"] ?? 0) > datasetMaxBytes) refuse(request);
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
        if (bytes > datasetMaxBytes) refuse(request);
        hash.update(piece);
        await file.writeFile(piece);
      }
    } finally {
      await file.close();
    }
    if (bytes === 0)
      throw new InputError([
        {
          path: "",
          message: "the file is empty: it has 0 bytes",
          hint: "choose a file with a line of names and at least one row",
        },
      ]);
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
