import type { DatasetVector } from "@basin/contracts";

/** One array of an NPY file: its numbers in C order. */
export interface NpyArray {
  /** As in the file, e.g. f4. */
  dtype: string;
  shape: number[];
  values: DatasetVector;
}

/** What is wrong with an array, in words for who uploaded it. */
export class NpyError extends Error {
  override readonly name = "NpyError";
}

interface Reader {
  bytes: number;
  read: (view: DataView, at: number) => number;
  /** What the numbers are kept in; float64 when left out. */
  keep?: Float32ArrayConstructor | Uint8ArrayConstructor;
}

const readers: Record<string, Reader> = {
  f4: { bytes: 4, read: (view, at) => view.getFloat32(at, true), keep: Float32Array },
  f8: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  i4: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  i8: { bytes: 8, read: (view, at) => exact(view.getBigInt64(at, true)) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at), keep: Uint8Array },
  u2: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  u4: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  u8: { bytes: 8, read: (view, at) => exact(view.getBigUint64(at, true)) },
  b1: { bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1), keep: Uint8Array },
};
/** As many as numpy's own arrays have. */
const mostAxes = 64;
const readable = Object.keys(readers).join(", ");

function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new NpyError(`holds the integer ${value}, beyond 2^53, which is not exact as a number`);
  return number;
}

/** Shape and type from the header alone (NEP 1), for a look before the content is believed. Throws NpyError. */
function npyHeader(file: Buffer): { dtype: string; shape: number[]; offset: number } {
  if (file.length < 12 || file.toString("latin1", 0, 6) !== "\x93NUMPY")
    throw new NpyError("is no array: it does not begin with \\x93NUMPY");
  const version = file[6] ?? 0;
  if (version < 1 || version > 3) throw new NpyError(`has NPY version ${version}; 1 to 3 can be read`);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8);
  const header = file.toString("utf8", start, start + length);
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(header);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (!descr || order === undefined || shapeText === undefined) throw new NpyError("has a header that cannot be read");
  if (descr[2] !== undefined) throw new NpyError("has records with named fields; save each field as an array of its own");
  const type = descr[1] ?? "";
  if (type.startsWith(">")) throw new NpyError(`is big-endian (${type}); save it with .astype("<${type.slice(1)}")`);
  const dtype = type.replace(/^[<|=]/, "");
  if (!Object.hasOwn(readers, dtype)) throw new NpyError(`has the type ${type}; ${readable} can be read`);
  const shape = shapeText
    .split(",")
    .map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "")
    .map(Number);
  if (!shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0))
    throw new NpyError(`has the shape (${shapeText}), which is none`);
  if (shape.length > mostAxes) throw new NpyError(`has ${shape.length} axes; at most ${mostAxes} can be read`);
  if (order === "True" && shape.length > 1) throw new NpyError("is in Fortran order; save numpy.ascontiguousarray(a)");
  return { dtype, shape, offset: start + length };
}

/** Reads an NPY file whose numbers take at most `mostBytes` of memory. Throws NpyError. */
export function readNpy(file: Buffer, mostBytes: number): NpyArray {
  const { dtype, shape, offset } = npyHeader(file);
  const reader = readers[dtype];
  if (!reader) throw new NpyError(`has the type ${dtype}; ${readable} can be read`);
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (file.length - offset !== count * reader.bytes)
    throw new NpyError(
      `has ${file.length - offset} bytes of numbers; its shape (${shape.join(", ")}) of ${dtype} needs ${count * reader.bytes}`,
    );
  const view = new DataView(file.buffer, file.byteOffset + offset, file.length - offset);
  const Kept = reader.keep ?? Float64Array;
  const needed = count * Kept.BYTES_PER_ELEMENT;
  if (needed > mostBytes)
    throw new NpyError(
      `has ${count} numbers of ${dtype}, which take ${needed} bytes of memory; ${mostBytes} are left of the limit. A number of uint8 takes 1 byte, of float32 4, of every other type 8`,
    );
  if (dtype === "u1") return { dtype, shape, values: Uint8Array.from(file.subarray(offset)) };
  const values: DatasetVector = new Kept(count);
  for (let i = 0; i < count; i++) values[i] = reader.read(view, i * reader.bytes);
  return { dtype, shape, values };
}
