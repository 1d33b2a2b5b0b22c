/**
 * MurmurHash3_x86_128 (A. Appleby, public domain) of a text's UTF-8 bytes, as 32 hexadecimal digits. Not cryptographic: for names of
 * things we make ourselves, where 128 bits make a collision by chance out of the question.
 */
export function hash128(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.byteLength >>> 4;
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let block = 0; block < blocks; block++) {
    const at = block * 16;
    h1 ^= mixWord1(view.getUint32(at, true));
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= mixWord2(view.getUint32(at + 4, true));
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= mixWord3(view.getUint32(at + 8, true));
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= mixWord4(view.getUint32(at + 12, true));
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const tail = new DataView(new ArrayBuffer(16));
  for (let i = blocks * 16; i < bytes.byteLength; i++) tail.setUint8(i % 16, bytes[i] ?? 0);
  h4 ^= mixWord4(tail.getUint32(12, true));
  h3 ^= mixWord3(tail.getUint32(8, true));
  h2 ^= mixWord2(tail.getUint32(4, true));
  h1 ^= mixWord1(tail.getUint32(0, true));

  h1 ^= bytes.byteLength;
  h2 ^= bytes.byteLength;
  h3 ^= bytes.byteLength;
  h4 ^= bytes.byteLength;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalize(h1);
  h2 = finalize(h2);
  h3 = finalize(h3);
  h4 = finalize(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return [h1, h2, h3, h4].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
// A word of zeros mixes to zero, so an absent tail leaves the state as it is.
const mixWord1 = (k: number): number => Math.imul(rotate(Math.imul(k, c1), 15), c2);
const mixWord2 = (k: number): number => Math.imul(rotate(Math.imul(k, c2), 16), c3);
const mixWord3 = (k: number): number => Math.imul(rotate(Math.imul(k, c3), 17), c4);
const mixWord4 = (k: number): number => Math.imul(rotate(Math.imul(k, c4), 18), c1);

function finalize(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
