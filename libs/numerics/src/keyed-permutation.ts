import { philox4x32 } from "./philox";
import { permutation, type RandomStream } from "./random-stream";

/** Up to this many places the order is shuffled out: every order is equally likely. */
const mostShuffled = 4096;
const mostPlaces = 2 ** 52;
/** Four make a pseudo-random permutation of pseudo-random functions (M. Luby, C. Rackoff, SIAM J. Comput. 17 (1988)); more for halves of few bits. */
const rounds = 8;
/** Third counter word: no value of a stream is made of these bits. */
const kindFeistel = 4;

/**
 * A random order of 0 … n−1 that is read anywhere without listing it: i ↦ the number at place i, each exactly once. n from 1 to 2^52. Small ones
 * are shuffled; beyond, a balanced Feistel network over the next even number of bits, walked on until it lands below n (J. Black, P.
 * Rogaway, CT-RSA 2002). The same stream and n give the same order. Throws RangeError on anything else.
 */
export function keyedPermutation(stream: RandomStream, n: number): (i: number) => number {
  if (!Number.isSafeInteger(n) || n < 1 || n > mostPlaces)
    throw new RangeError(`a permutation has from 1 to 2^52 places, not ${n}`);
  const checked = (i: number): number => {
    if (!Number.isSafeInteger(i) || i < 0 || i >= n) throw new RangeError(`a permutation of ${n} has no place ${i}`);
    return i;
  };
  if (n <= mostShuffled) {
    const order = permutation(stream, n);
    return (i) => order[checked(i)] ?? 0;
  }
  // Both halves have as many bits: at most 26, so that a number is exact.
  let half = 1;
  while (half * half < n) half *= 2;
  const words = new Uint32Array(4);
  const [key0, key1] = stream.key;
  const scrambled = (value: number): number => {
    let left = Math.floor(value / half);
    let right = value % half;
    for (let round = 0; round < rounds; round += 1) {
      philox4x32(right, round, kindFeistel, 0, key0, key1, words);
      [left, right] = [right, (left ^ (words[0] ?? 0)) & (half - 1)];
    }
    return left * half + right;
  };
  return (i) => {
    let value = scrambled(checked(i));
    while (value >= n) value = scrambled(value);
    return value;
  };
}
