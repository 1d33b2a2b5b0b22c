/**
 * One-dimensional arrays in PostgreSQL's binary format (array_send, array_recv), all big-endian int32 unless said otherwise: dimensions
 * (1; 0 when empty), has nulls (0), element type OID, length, lower bound (1); then per element its size in bytes and the element.
 * Several times cheaper to read than their text; node-postgres sends a Buffer as a binary parameter, so these arrive without being printed
 * and parsed. Exact to the bit, NaN and infinities included. Written ones are not empty.
 */
const headerBytes = 20;
const sizeBytes = 4;
const int4 = { oid: 23, bytes: 4 };
const float8 = { oid: 701, bytes: 8 };

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Of the first element, behind its size. */
const firstPlace = headerBytes + sizeBytes;

function emptyArray(element: { oid: number; bytes: number }, length: number): { buffer: Buffer; view: DataView } {
  const buffer = Buffer.allocUnsafe(headerBytes + length * (sizeBytes + element.bytes));
  const view = viewOf(buffer);
  view.setInt32(0, 1);
  view.setInt32(4, 0);
  view.setInt32(8, element.oid);
  view.setInt32(12, length);
  view.setInt32(16, 1);
  return { buffer, view };
}

const lengthOf = (view: DataView): number => (view.getInt32(0) === 0 ? 0 : view.getInt32(12));

/** For a parameter of type int4[]. */
export function int4Array(values: Int32Array): Buffer {
  const { buffer, view } = emptyArray(int4, values.length);
  for (let i = 0, at = firstPlace; i < values.length; i++, at += sizeBytes + int4.bytes) {
    view.setInt32(at - sizeBytes, int4.bytes);
    view.setInt32(at, values[i] ?? 0);
  }
  return buffer;
}

/** For a parameter of type float8[]. */
export function float8Array(values: Float64Array): Buffer {
  const { buffer, view } = emptyArray(float8, values.length);
  for (let i = 0, at = firstPlace; i < values.length; i++, at += sizeBytes + float8.bytes) {
    view.setInt32(at - sizeBytes, float8.bytes);
    view.setFloat64(at, values[i] ?? 0);
  }
  return buffer;
}

export function int32ArrayOf(bytes: Buffer): Int32Array {
  const view = viewOf(bytes);
  const result = new Int32Array(lengthOf(view));
  for (let i = 0, at = firstPlace; i < result.length; i++, at += sizeBytes + int4.bytes) result[i] = view.getInt32(at);
  return result;
}

export function float64ArrayOf(bytes: Buffer): Float64Array {
  const view = viewOf(bytes);
  const result = new Float64Array(lengthOf(view));
  for (let i = 0, at = firstPlace; i < result.length; i++, at += sizeBytes + float8.bytes) result[i] = view.getFloat64(at);
  return result;
}
