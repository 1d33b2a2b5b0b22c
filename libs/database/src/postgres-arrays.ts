/**
 * One-dimensional arrays in PostgreSQL's binary format, all big-endian int32 unless said otherwise: dimensions (1), has nulls
 * (0), element type OID, length, lower bound (1); then per element its size in bytes and the element.
 * node-postgres sends a Buffer as a binary parameter, so these arrive without being printed and parsed.
 */
const headerBytes = 20;
const int4Oid = 23;
const float8Oid = 701;

function header(elementOid: number, length: number, elementBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(headerBytes + length * (4 + elementBytes));
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(elementOid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

/** For a parameter of type int4[]; not for empty arrays. */
export function int4Array(values: Int32Array): Buffer {
  const buffer = header(int4Oid, values.length, 4);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let at = headerBytes;
  for (const value of values) {
    view.setInt32(at, 4);
    view.setInt32(at + 4, value);
    at += 8;
  }
  return buffer;
}

/** For a parameter of type float8[]; exact to the bit, NaN and infinities included; not for empty arrays. */
export function float8Array(values: Float64Array): Buffer {
  const buffer = header(float8Oid, values.length, 8);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  let at = headerBytes;
  for (const value of values) {
    view.setInt32(at, 8);
    view.setFloat64(at + 4, value);
    at += 12;
  }
  return buffer;
}
