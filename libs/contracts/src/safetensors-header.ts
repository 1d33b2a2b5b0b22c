/**
 * The head of a safetensors file: 8 bytes little-endian length, a JSON header {name: {dtype, shape, data_offsets}, __metadata__}, then the
 * tensors' bytes, row-major, little-endian, one behind the other without holes (https://github.com/huggingface/safetensors#format).
 */
export interface SafetensorsHeader {
  /** Free texts; the format allows only strings. */
  metadata: Record<string, string>;
  tensors: Record<string, SafetensorsEntry>;
  /** Where the tensors' bytes begin in the file. */
  body: number;
}

export interface SafetensorsEntry {
  dtype: string;
  shape: number[];
  /** Of its first byte and of the one behind its last, counted from the body. */
  begin: number;
  end: number;
}

/** Bytes of an element; types that the format knows and this table does not are refused. */
const elementBytes: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  C64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

/** The format's own limit. */
const headerLimitBytes = 100_000_000;
const lengthBytes = 8;

/**
 * How many bytes from the start of the file hold its header. Throws RangeError when it cannot be one.
 * @param start the first 8 bytes of the file, or more
 */
export function safetensorsHeaderBytes(start: Uint8Array, fileBytes: number): number {
  if (fileBytes < lengthBytes || start.length < lengthBytes) {
    throw new RangeError(`a safetensors file has at least 8 bytes, not ${Math.min(fileBytes, start.length)}`);
  }
  const length = new DataView(start.buffer, start.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > BigInt(Math.min(fileBytes - lengthBytes, headerLimitBytes))) {
    throw new RangeError(
      `the safetensors header claims ${length} bytes; the file has ${fileBytes - lengthBytes} after its first 8`,
    );
  }
  return lengthBytes + Number(length);
}

/**
 * Reads the header and holds it against the file: every tensor lies within it, as many bytes as its type and shape need, and together they
 * are all of it, without holes. Throws RangeError with the place.
 * @param start the file's first `safetensorsHeaderBytes` bytes, or more
 */
export function readSafetensorsHeader(start: Uint8Array, fileBytes: number): SafetensorsHeader {
  const body = safetensorsHeaderBytes(start, fileBytes);
  const metadata: [string, string][] = [];
  const tensors: [string, SafetensorsEntry][] = [];
  for (const [name, entry] of Object.entries(parseHeader(start.subarray(lengthBytes, body)))) {
    if (!isRecord(entry)) throw new RangeError(`the safetensors header's "${name}" is no object`);
    if (name === "__metadata__") for (const [key, value] of Object.entries(entry)) metadata.push([key, String(value)]);
    else tensors.push([name, entryOf(name, entry, fileBytes - body)]);
  }
  let end = 0;
  for (const [name, { begin, end: next }] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== end) throw new RangeError(`tensor "${name}" begins at byte ${begin}; the one before it ends at ${end}`);
    end = next;
  }
  if (end !== fileBytes - body) throw new RangeError(`the tensors end at byte ${end} of ${fileBytes - body}`);
  return { metadata: Object.fromEntries(metadata), tensors: Object.fromEntries(tensors), body };
}

function entryOf(name: string, entry: Record<string, unknown>, dataBytes: number): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw new RangeError(`tensor "${name}" has no proper shape and data_offsets`);
  }
  const size = typeof dtype === "string" ? elementBytes[dtype] : undefined;
  if (size === undefined) throw new RangeError(`tensor "${name}" is of type ${String(dtype)}, which is not known`);
  const [begin = 0, end = -1] = offsets;
  const needed = shape.reduce((product, axis) => product * axis, size);
  if (begin > end || end > dataBytes || end - begin !== needed) {
    throw new RangeError(
      `tensor "${name}" (${String(dtype)}, [${shape.join(", ")}]) does not fit bytes ${begin} to ${end} of ${dataBytes}`,
    );
  }
  return { dtype: String(dtype), shape, begin, end };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RangeError("the safetensors header is no JSON", { cause: error });
  }
  if (!isRecord(header)) throw new RangeError("the safetensors header is no JSON object");
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((axis) => Number.isSafeInteger(axis) && axis >= 0);
}
