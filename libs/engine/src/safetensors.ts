import { readSafetensorsHeader, type SafetensorsEntry } from "@basin/contracts";

/**
 * Safetensors files; the format is described in contracts' `safetensors-header.ts`. We write the header padded with spaces to a multiple of 8 and
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
  const { metadata, tensors, body } = readSafetensorsHeader(bytes, bytes.length);
  const read = Object.entries(tensors).map(([name, entry]): [string, SafetensorsTensor] => [
    name,
    { shape: entry.shape, values: valuesOf(name, entry, bytes.slice(body + entry.begin, body + entry.end).buffer) },
  ]);
  return { metadata, tensors: Object.fromEntries(read) };
}

function valuesOf(name: string, { dtype }: SafetensorsEntry, own: ArrayBuffer): SafetensorsValues {
  switch (dtype) {
    case "F32":
      return new Float32Array(own);
    case "F64":
      return new Float64Array(own);
    case "I32":
      return new Int32Array(own);
    default:
      throw new RangeError(`tensor "${name}" is of type ${dtype}; only F32, F64 and I32 are read`);
  }
}

function dtypeOf(values: SafetensorsValues): "F32" | "F64" | "I32" {
  if (values instanceof Float32Array) return "F32";
  return values instanceof Float64Array ? "F64" : "I32";
}
