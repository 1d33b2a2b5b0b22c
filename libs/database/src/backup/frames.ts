import { createGunzip, createGzip } from "node:zlib";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import type { Readable, Writable } from "node:stream";

/** What a frame says about itself; `bytes` of content follow it. */
export interface Frame<Head> {
  head: Head;
  content: Buffer;
}

/** No frame's head or content is larger; what claims to be is no backup. */
const maxFrameBytes = 64 * 1024 * 1024;

/** The file is none of ours, or a part of it is missing or was changed. */
export class BackupFault extends Error {
  override readonly name = "BackupFault";
}

/**
 * Frames as they rest in a file: one gzip stream of `length of the head (4 bytes, big end first), head (JSON), length of the content (4 bytes), content`.
 * `end` resolves when everything has been handed to `out`, which is ended with it.
 */
export class FrameWriter {
  // The contents are weights, which shrink little at any level.
  readonly #gzip = createGzip({ level: 1 });
  readonly #done: Promise<void>;

  constructor(out: Writable) {
    this.#done = pipeline(this.#gzip, out);
    // Who writes hears of it, too.
    this.#done.catch(() => undefined);
  }

  async write(head: object, content: Buffer = Buffer.alloc(0)): Promise<void> {
    const text = Buffer.from(JSON.stringify(head), "utf8");
    const lengths = [text.length, content.length].map((length) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(length);
      return bytes;
    });
    const [headLength = text, contentLength = text] = lengths;
    if (this.#gzip.write(Buffer.concat([headLength, text, contentLength, content]))) return;
    await Promise.race([once(this.#gzip, "drain"), this.#done]);
  }

  async end(): Promise<void> {
    this.#gzip.end();
    await this.#done;
  }
}

/** @throws BackupFault where the stream is not made of frames, or ends within one */
export async function* readFrames(input: Readable): AsyncGenerator<Frame<unknown>> {
  const gunzip = createGunzip();
  input.once("error", (error) => gunzip.destroy(error));
  const chunks = input.pipe(gunzip)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const take = async (bytes: number, atEnd: "fault" | "none"): Promise<Buffer | null> => {
    const parts = [rest];
    let held = rest.length;
    while (held < bytes) {
      const next = await chunks.next();
      if (next.done === true) {
        if (held === 0 && atEnd === "none") return null;
        throw new BackupFault("the file ends too early: a part of it is missing");
      }
      parts.push(next.value);
      held += next.value.length;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts);
    rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
  const taken = async (): Promise<Buffer> => {
    const length = (await take(4, "fault"))?.readUInt32BE() ?? 0;
    if (length > maxFrameBytes) throw new BackupFault("the file is no backup of Basin, or was changed");
    return (await take(length, "fault")) ?? Buffer.alloc(0);
  };
  try {
    for (;;) {
      const first = await take(1, "none");
      if (first === null) return;
      rest = Buffer.concat([first, rest]);
      const text = (await taken()).toString("utf8");
      const content = await taken();
      let head: unknown;
      try {
        head = JSON.parse(text);
      } catch {
        throw new BackupFault("the file is no backup of Basin, or was changed");
      }
      yield { head, content };
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "Z_BUF_ERROR") throw new BackupFault("the file ends too early: a part of it is missing", { cause: error });
    if (code.startsWith("Z_")) throw new BackupFault("the file is no backup of Basin, or was changed", { cause: error });
    throw error;
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}
