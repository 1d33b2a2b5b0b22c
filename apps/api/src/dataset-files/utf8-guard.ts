import { InputError } from "../http/request-errors";

/** Passes a file's pieces on while they are UTF-8 text. Throws InputError that names the line otherwise. */
export async function* guardUtf8(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let first = true;
  const fail = (message: string, hint: string): never => {
    throw new InputError([{ path: `line ${line}`, message, hint }]);
  };
  for await (const piece of pieces) {
    if (first && ((piece[0] === 0xff && piece[1] === 0xfe) || (piece[0] === 0xfe && piece[1] === 0xff)))
      fail("the file is UTF-16", "save it as UTF-8");
    if (first && piece.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4])))
      fail("the file is a zip archive (a spreadsheet?), not CSV", "export it as CSV, or name an NPZ file .npz");
    first = false;
    try {
      decoder.decode(piece, { stream: true });
    } catch {
      line += linesBeforeFault(piece);
      fail(`the file is not UTF-8 from line ${line} on`, "save it as UTF-8");
    }
    const zero = piece.indexOf(0);
    if (zero >= 0) {
      line += newlines(piece.subarray(0, zero));
      fail(`a null character on line ${line}: the file is not text`, "upload CSV text, or an NPZ file");
    }
    line += newlines(piece);
    yield piece;
  }
  try {
    decoder.decode();
  } catch {
    fail("the file ends in the middle of a UTF-8 character", "was it cut off?");
  }
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** How many lines of the piece decode before the one that does not. */
function linesBeforeFault(piece: Buffer): number {
  let lines = 0;
  for (let start = 0; start < piece.length; lines++) {
    const end = piece.indexOf(10, start);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(piece.subarray(start, end < 0 ? piece.length : end));
    } catch {
      // A piece may begin in the middle of a character; that is no fault of its first line.
      if (start > 0 || (piece[0] ?? 0) >> 6 !== 2) return lines;
    }
    if (end < 0) return lines;
    start = end + 1;
  }
  return lines;
}
