import { permutation, randomStream } from "./random-stream";
import { mostSobolCoordinates, sobolDigits, sobolDirections } from "./sobol-directions";

/** A sequence of points in the unit cube: point i as its coordinates, each in [0, 1). A pure function of i. */
export type PointSequence = (i: number) => Float64Array;

/** Sequences are made in as many coordinates; beyond, neither fills a cube more evenly than random points do. */
export const mostSequenceCoordinates = mostSobolCoordinates;

const twoTo32 = 4_294_967_296;
const belowOne = 1 - Number.EPSILON / 2;

function requireCoordinates(d: number): void {
  if (!Number.isInteger(d) || d < 1 || d > mostSequenceCoordinates)
    throw new RangeError(`a sequence has 1 to ${mostSequenceCoordinates} coordinates, not ${d}`);
}

/**
 * Sobol's sequence in Gray-code order with a random linear scramble of its digits (a lower triangular binary matrix with ones on the
 * diagonal for each coordinate: J. Matoušek, J. Complexity 14 (1998)) and a random digital shift. Any 2^m points from a multiple of 2^m on
 * are as evenly spread as without, and each by itself is uniform. Points 0 to 2^32 − 1.
 */
export function scrambledSobol(d: number, seed: number, purpose: string): PointSequence {
  requireCoordinates(d);
  const directions: Uint32Array[] = [];
  const shifts = new Uint32Array(d);
  for (let j = 0; j < d; j++) {
    const words = new Uint32Array(33);
    randomStream(seed, `points/sobol/${purpose}`, j).fillIntegers(words, twoTo32);
    directions.push(sobolDirections(j).map((direction) => scrambled(direction, words)));
    shifts[j] = words[32] ?? 0;
  }
  return (i) => {
    if (!Number.isSafeInteger(i) || i < 0 || i >= twoTo32)
      throw new RangeError(`a Sobol sequence has points 0 to 2^32 − 1, not ${i}`);
    return Float64Array.from(directions, (of, j) => ((sobolDigits(of, i) ^ (shifts[j] ?? 0)) >>> 0) / twoTo32);
  };
}

/** The digits times the matrix whose row r is the leading r digits of words[r] and a one. */
function scrambled(digits: number, words: Uint32Array): number {
  let result = 0;
  for (let r = 0; r < 32; r++) {
    const one = (0x80000000 >>> r) >>> 0;
    const earlier = r === 0 ? 0 : (0xffffffff << (32 - r)) >>> 0;
    if (parity(digits & (((words[r] ?? 0) & earlier) | one))) result |= one;
  }
  return result >>> 0;
}

function parity(word: number): boolean {
  let folded = word ^ (word >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  return ((0x6996 >>> (folded & 15)) & 1) === 1;
}

/**
 * Halton's sequence, coordinate j in the j-th prime base, with an independent random permutation of each digit (A. B. Owen, "A randomized
 * Halton algorithm in R", arXiv:1706.02808). Any b^k points in a row from a multiple of b^k on have one in each b^k-th part of the coordinate
 * of base b. Points 0 to 2^53 − 1.
 */
export function scrambledHalton(d: number, seed: number, purpose: string): PointSequence {
  requireCoordinates(d);
  const bases = firstPrimes(d);
  const orders = bases.map((base, j) =>
    Array.from({ length: digitsOf(base) }, (_, k) =>
      permutation(randomStream(seed, `points/halton/${purpose}/digit ${k}`, j), base),
    ),
  );
  return (i) => Float64Array.from(bases, (base, j) => radicalInverse(i, base, orders[j]));
}

/** The digits of i in a base, mirrored at the point; digit k through `orders[k]` where given, leading zeros included. In [0, 1). */
export function radicalInverse(i: number, base: number, orders: readonly Int32Array[] = []): number {
  if (!Number.isSafeInteger(i) || i < 0) throw new RangeError(`a sequence has points 0 to 2^53 − 1, not ${i}`);
  const digits: number[] = [];
  for (let rest = i; rest > 0 || digits.length < orders.length; rest = Math.floor(rest / base)) {
    const digit = rest % base;
    digits.push(orders[digits.length]?.[digit] ?? digit);
  }
  let value = 0;
  for (const digit of digits.reverse()) value = (value + digit) / base;
  return Math.min(value, belowOne);
}

/** As many digits as a double has room for. */
const digitsOf = (base: number): number => {
  let digits = 0;
  for (let power = 1; power < 2 ** 53; power *= base) digits += 1;
  return digits;
};

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
