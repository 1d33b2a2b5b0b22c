import { createReadStream } from "node:fs";

const newline = 10;

/**
 * The lines of a file without their line ends, read piece by piece. A last line without an end is a torn write and left out.
 * Rejects when the file cannot be read.
 */
export async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const piece of createReadStream(path, { highWaterMark: 512 * 1024 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      const tail = piece.subarray(start, end);
      yield rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
      rest = [];
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.subarray(start));
  }
}
