import { crc32 } from "node:zlib";
import { readUpTo, type DiskFile } from "./disk";

/**
 * A record on disk is one line: its payload's length and a checksum, 8 hexadecimal digits each, the payload, a line feed:
 * `0000001f 5d41402a {"spool":"done","attempts":[…]}\n`. The checksum is the CRC-32 of the length's digits and the payload, so a
 * length that was damaged is noticed before anything is read by it. A payload may hold any byte.
 */
const headBytes = 18;
const lineFeed = Buffer.from("\n");
const readBytes = 512 * 1024;
/** Nothing that is written is larger; a head that says so is no head. */
const largestPayloadBytes = 64 * 1024 * 1024;

export function recordBytes(payload: Uint8Array): number {
  return headBytes + payload.byteLength + 1;
}

/** Throws RangeError for a payload that no reader would take. */
export function encodeRecord(payload: Uint8Array): Uint8Array[] {
  if (payload.byteLength > largestPayloadBytes) {
    throw new RangeError(`a record of ${payload.byteLength} bytes is too large; at most ${largestPayloadBytes}`);
  }
  const length = hex(payload.byteLength);
  return [Buffer.from(`${length} ${hex(checksumOf(length, payload))} `, "latin1"), payload, lineFeed];
}

export interface StoredRecord {
  /** Valid until the next record is asked for. */
  payload: Buffer;
  /** The first byte behind it in the file. */
  end: number;
}

/** Records in the first `size` bytes of a file, in order. Ends at the first one that is torn or damaged: what follows cannot be trusted. */
export async function* recordsIn(file: DiskFile, size: number): AsyncGenerator<StoredRecord> {
  let buffer: Buffer = Buffer.alloc(0);
  /** The file's position of the first byte in `buffer`. */
  let start = 0;
  let at = 0;
  const have = async (bytes: number): Promise<boolean> => {
    if (buffer.length - at >= bytes) return true;
    start += at;
    buffer = buffer.subarray(at);
    at = 0;
    const from = start + buffer.length;
    const length = Math.min(Math.max(bytes - buffer.length, readBytes), size - from);
    if (buffer.length + length < bytes) return false;
    const piece = await readUpTo(file, length, from);
    buffer = Buffer.concat([buffer, piece]);
    return buffer.length >= bytes;
  };
  while (await have(headBytes)) {
    const head = buffer.toString("latin1", at, at + headBytes);
    if (!/^[0-9a-f]{8} [0-9a-f]{8} $/.test(head)) return;
    const length = Number.parseInt(head.slice(0, 8), 16);
    if (length > largestPayloadBytes || !(await have(headBytes + length + 1))) return;
    const payload = buffer.subarray(at + headBytes, at + headBytes + length);
    if (buffer[at + headBytes + length] !== lineFeed[0]) return;
    if (checksumOf(head.slice(0, 8), payload) !== Number.parseInt(head.slice(9, 17), 16)) return;
    at += headBytes + length + 1;
    yield { payload, end: start + at };
  }
}

function checksumOf(length: string, payload: Uint8Array): number {
  return crc32(payload, crc32(length));
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
