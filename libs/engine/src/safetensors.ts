/**
 * The safetensors format: 8 bytes little-endian header length, a JSON header {name: {dtype, shape, data_offsets}, __metadata__},
 * then the tensors' bytes, row-major, little-endian, without holes. We write the header padded with spaces to a multiple of 8 and
 * the tensors by falling alignment, so that each starts at a multiple of its element size.
 */
export type SafetensorsValues = Float32Array | Float64Array | Int32Array;

export interface SafetensorsTensor {
  shape: number[];
  /** F32, F64 or I32, by the array's type. */
  values: SafetensorsValues;
}

export interface SafetensorsFile {
  /** Free texts; the format allows only strings. */
  metadata: Record<string, string>;
  tensors: Record<string, SafetensorsTensor>;
}

const headerLimitBytes = 100_000_000;

/** Throws RangeError when a shape and its number of values disagree. */
export function writeSafetensors(file: SafetensorsFile): Uint8Array {
  const entries = Object.entries(file.tensors).sort(
    ([a, x], [b, y]) => y.values.BYTES_PER_ELEMENT - x.values.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = Object.keys(file.metadata).length > 0 ? [["__metadata__", file.metadata]] : [];
  let offset = 0;
  for (const [name, { shape, values }] of entries) {
    const size = shape.reduce((product, axis) => product * axis, 1);
    if (size !== values.length) {
      throw new RangeError(`tensor "${name}" of shape [${shape.join(", ")}] needs ${size} values, not ${values.length}`);
    }
    header.push([name, { dtype: dtypeOf(values), shape, data_offsets: [offset, offset + values.byteLength] }]);
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerBytes + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true);
  out.set(json, 8);
  out.fill(0x20, 8 + json.length, 8 + headerBytes);
  let at = 8 + headerBytes;
  for (const [, { values }] of entries) {
    out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return out;
}

/** The file's content in arrays of its own. Throws RangeError with the place when the bytes are no safetensors file. */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length < 8) throw new RangeError(`a safetensors file has at least 8 bytes, not ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(bytes.length - 8, headerLimitBytes))) {
    throw new RangeError(`the safetensors header claims ${length} bytes; the file has ${bytes.length - 8} after its first 8`);
  }
  const body = 8 + Number(length);
  const header = parseHeader(bytes.subarray(8, body));
  const metadata: [string, string][] = [];
  const tensors: [string, SafetensorsTensor][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (!isRecord(entry)) throw new RangeError(`the safetensors header's "${name}" is no object`);
    if (name === "__metadata__") for (const [key, value] of Object.entries(entry)) metadata.push([key, String(value)]);
    else tensors.push([name, readTensor(name, entry, bytes.subarray(body))]);
  }
  return { metadata: Object.fromEntries(metadata), tensors: Object.fromEntries(tensors) };
}

function readTensor(name: string, entry: Record<string, unknown>, data: Uint8Array): SafetensorsTensor {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isSizes(shape) || !isSizes(offsets)) throw new RangeError(`tensor "${name}" has no proper shape and data_offsets`);
  const [begin = 0, end = -1] = offsets;
  const size = shape.reduce((product, axis) => product * axis, 1);
  const elementBytes = dtype === "F64" ? 8 : 4;
  if (begin > end || end > data.length || end - begin !== size * elementBytes) {
    throw new RangeError(
      `tensor "${name}" (${String(dtype)}, [${shape.join(", ")}]) does not fit bytes ${begin} to ${end} of ${data.length}`,
    );
  }
  const own = data.slice(begin, end).buffer;
  switch (dtype) {
    case "F32":
      return { shape, values: new Float32Array(own) };
    case "F64":
      return { shape, values: new Float64Array(own) };
    case "I32":
      return { shape, values: new Int32Array(own) };
    default:
      throw new RangeError(`tensor "${name}" is of type ${String(dtype)}; only F32, F64 and I32 are read`);
  }
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

function dtypeOf(values: SafetensorsValues): "F32" | "F64" | "I32" {
  if (values instanceof Float32Array) return "F32";
  return values instanceof Float64Array ? "F64" : "I32";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((axis) => Number.isSafeInteger(axis) && axis >= 0);
}
