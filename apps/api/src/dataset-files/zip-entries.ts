import { crc32, createInflateRaw } from "node:zlib";

/** A member is unpacked by pieces of at most this size. */
const pieceBytes = 64 * 1024;

/** A member of a zip archive as its central directory declares it. */
export interface ZipEntry {
  name: string;
  method: number;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  offset: number;
}

/** What is wrong with an archive or a member, in words for who uploaded it. */
export class ZipError extends Error {
  override readonly name = "ZipError";
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 0xffff;
const inZip64 = 0xffffffff;

/** Members by the central directory (PKWARE APPNOTE 4.3.12), nothing inflated yet. Throws ZipError. */
export function zipEntries(file: Buffer, most: number): ZipEntry[] {
  if (file.length < 4 || (file.readUInt32LE(0) !== localSignature && file.readUInt32LE(0) !== endSignature))
    throw new ZipError("is no NPZ file: it does not begin like a zip archive");
  let end = file.length - endBytes;
  const lowest = Math.max(0, end - longestComment);
  while (end >= lowest && file.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < lowest) throw new ZipError("has no directory at its end: it is cut off");
  const count = file.readUInt16LE(end + 10);
  if (count > most) throw new ZipError(`holds ${count} members; at most ${most} can be read`);
  const entries: ZipEntry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || file.readUInt32LE(at) !== entrySignature) throw new ZipError("has a broken directory");
    const flags = file.readUInt16LE(at + 8);
    const nameBytes = file.readUInt16LE(at + 28);
    const name = file.toString("utf8", at + 46, at + 46 + nameBytes);
    if ((flags & 1) === 1) throw new ZipError(`member "${name}" is encrypted`);
    const entry = {
      name,
      method: file.readUInt16LE(at + 10),
      crc32: file.readUInt32LE(at + 16),
      compressedBytes: file.readUInt32LE(at + 20),
      bytes: file.readUInt32LE(at + 24),
      offset: file.readUInt32LE(at + 42),
    };
    if ([entry.compressedBytes, entry.bytes, entry.offset].includes(inZip64))
      throw new ZipError(`member "${name}" is declared larger than 4 GB`);
    entries.push(entry);
    at += 46 + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * The bytes of one member. Never holds more than it declares and one piece: an archive that unpacks to more is refused while it unpacks. The caller
 * has looked at what all of them declare. Throws ZipError.
 */
export async function unzip(file: Buffer, entry: ZipEntry): Promise<Buffer> {
  const { name, offset } = entry;
  if (offset + 30 > file.length || file.readUInt32LE(offset) !== localSignature)
    throw new ZipError(`member "${name}" is not where the directory says`);
  const start = offset + 30 + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28);
  const packed = file.subarray(start, start + entry.compressedBytes);
  if (packed.length !== entry.compressedBytes) throw new ZipError(`member "${name}" is cut off`);
  const content = await contentOf(packed, entry);
  if (content.length !== entry.bytes)
    throw new ZipError(`member "${name}" unpacks to ${content.length} bytes and declares ${entry.bytes}`);
  if (crc32(content) !== entry.crc32) throw new ZipError(`member "${name}" is damaged: its checksum does not agree`);
  return content;
}

async function contentOf(packed: Buffer, entry: ZipEntry): Promise<Buffer> {
  const { name, method, bytes } = entry;
  if (method === 0) return packed;
  if (method !== 8) throw new ZipError(`member "${name}" is packed with method ${method}; numpy writes stored or deflated`);
  const content = Buffer.allocUnsafe(bytes);
  let filled = 0;
  const inflate = createInflateRaw({ chunkSize: pieceBytes });
  inflate.end(packed);
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      if (filled + piece.length > bytes)
        throw new ZipError(`member "${name}" unpacks to more than the ${bytes} bytes it declares`);
      filled += piece.copy(content, filled);
    }
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(`member "${name}" is damaged and cannot be unpacked`);
  }
  return content.subarray(0, filled);
}
