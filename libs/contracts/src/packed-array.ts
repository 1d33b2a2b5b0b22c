import { z } from "zod";

/**
 * Number arrays cross processes as base-64 of little-endian memory: exact to the bit (NaN and infinities included)
 * and several times cheaper to parse than JSON numbers.
 */
const base64 = z.base64();

/** Little-endian int32. */
export const PackedInt32 = base64.brand<"PackedInt32">();
export type PackedInt32 = z.infer<typeof PackedInt32>;

/** Little-endian float64. */
export const PackedFloat64 = base64.brand<"PackedFloat64">();
export type PackedFloat64 = z.infer<typeof PackedFloat64>;

/** Node's, where there is one. By its bare name a bundler would take it for wanted in browsers too: 10 kB of every first load. */
const nodeBuffer = (): BufferConstructor | undefined => (globalThis as { Buffer?: BufferConstructor }).Buffer;

function toBase64(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const node = nodeBuffer();
  if (node) return node.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes in memory of their own, aligned to 8 (a pooled Node buffer need not be). */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const node = nodeBuffer();
  if (node) {
    const pooled = node.from(text, "base64");
    const own = new Uint8Array(pooled.byteLength);
    own.set(pooled);
    return own;
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function packInt32(values: ArrayLike<number>): PackedInt32 {
  return toBase64(Int32Array.from(values)) as PackedInt32;
}

export function packFloat64(values: ArrayLike<number>): PackedFloat64 {
  return toBase64(Float64Array.from(values)) as PackedFloat64;
}

/** Throws RangeError when the length is not a multiple of 4 bytes. */
export function unpackInt32(packed: PackedInt32): Int32Array {
  const bytes = fromBase64(packed);
  return new Int32Array(bytes.buffer);
}

/** Throws RangeError when the length is not a multiple of 8 bytes. */
export function unpackFloat64(packed: PackedFloat64): Float64Array {
  const bytes = fromBase64(packed);
  return new Float64Array(bytes.buffer);
}
