import { normalQuantile } from "./normal-quantile";
import { multiplyHigh, philox4x32 } from "./philox";

/** Third counter word: values of different kinds at the same index share no bits. */
const kindUniform = 0;
const kindNormal = 1;
const kindInteger = 2;
const kindPermutation = 3;

const twoTo32 = 4_294_967_296;

/**
 * An endless table of random numbers without state: value i is a pure function of (seed, purpose, index, i), and the i-th
 * value of a fill that starts at s is value s + i. Float32 results are the float64 ones cut (uniform) or rounded (normal).
 */
export interface RandomStream {
  /** The 64-bit key, for diagnosis and for storing which stream was used. */
  readonly key: readonly [number, number];
  /** In [0, 1), a multiple of 2^-53. */
  uniform(i: number): number;
  /** Standard normal, |z| < 8.3 (inverse distribution function of a 52-bit uniform). */
  normal(i: number): number;
  /** In {0, …, below − 1} without bias; 1 ≤ below ≤ 2^32. */
  integer(i: number, below: number): number;
  /** Uniform in [0, 1); in a Float32Array a multiple of 2^-24, so that rounding never reaches 1. */
  fillUniform(out: Float32Array | Float64Array, start?: number): void;
  fillNormal(out: Float32Array | Float64Array, start?: number): void;
  /** Int32Array needs below ≤ 2^31. */
  fillIntegers(out: Int32Array | Uint32Array, below: number, start?: number): void;
}

/**
 * The stream of one purpose ("mlp/shuffle") at one index (an epoch, a layer). Seed and index: integers in [0, 2^53). Purposes
 * are names in code; two that differ in one character give unrelated streams. Throws RangeError on anything else.
 */
export function randomStream(seed: number, purpose: string, index = 0): RandomStream {
  return new PhiloxStream(deriveKey(requireIndex(seed, "seed"), purpose, requireIndex(index, "index")));
}

/** Fisher–Yates: a uniformly random order of 0 … n−1. The same stream and n give the same order. n ≤ 2^31. */
export function permutation(stream: RandomStream, n: number): Int32Array {
  if (!Number.isSafeInteger(n) || n < 0 || n > 2_147_483_648) {
    throw new RangeError(`the length of a permutation must be an integer from 0 to 2^31, not ${n}`);
  }
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const [key0, key1] = stream.key;
  const words = new Uint32Array(4);
  for (let i = n - 1; i > 0; i--) {
    if (i === n - 1 || (i & 3) === 3) philox4x32(i >>> 2, 0, kindPermutation, 0, key0, key1, words);
    const j = boundedWord(words[i & 3] ?? 0, i + 1, i, kindPermutation, key0, key1);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
  return order;
}

function requireIndex(value: number, name: string): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} must be an integer from 0 to 2^53 − 1, not ${value}`);
  return value;
}

function requireBelow(below: number, limit: number): void {
  if (!Number.isSafeInteger(below) || below < 1 || below > limit) {
    throw new RangeError(`the bound of random integers must be an integer from 1 to ${limit}, not ${below}`);
  }
}

/** Absorbs the purpose (UTF-16, four characters a block, length last), then seed and index, through Philox. */
function deriveKey(seed: number, purpose: string, index: number): readonly [number, number] {
  const words = new Uint32Array(4);
  let key0 = 0;
  let key1 = 0;
  for (let at = 0; at < purpose.length; at += 4) {
    const a = purpose.charCodeAt(at) | (at + 1 < purpose.length ? purpose.charCodeAt(at + 1) << 16 : 0);
    const b =
      (at + 2 < purpose.length ? purpose.charCodeAt(at + 2) : 0) |
      (at + 3 < purpose.length ? purpose.charCodeAt(at + 3) << 16 : 0);
    philox4x32(a, b, 0, 1, key0, key1, words);
    key0 = words[0] ?? 0;
    key1 = words[1] ?? 0;
  }
  philox4x32(purpose.length, 0, 0, 2, key0, key1, words);
  key0 = words[0] ?? 0;
  key1 = words[1] ?? 0;
  philox4x32(seed >>> 0, Math.floor(seed / twoTo32), index >>> 0, Math.floor(index / twoTo32), key0, key1, words);
  return [words[0] ?? 0, words[1] ?? 0];
}

/**
 * Maps a word to {0, …, below − 1}: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019). A
 * rejected word is replaced by the word of the same index in the next layer (fourth counter word).
 */
function boundedWord(first: number, below: number, i: number, kind: number, key0: number, key1: number): number {
  if (below === twoTo32) return first;
  let word = first;
  let low = Math.imul(word, below) >>> 0;
  if (low < below) {
    const threshold = twoTo32 % below;
    if (low < threshold) {
      const words = new Uint32Array(4);
      const block = Math.floor(i / 4);
      for (let layer = 1; low < threshold; layer++) {
        philox4x32(block, Math.floor(block / twoTo32), kind, layer, key0, key1, words);
        word = words[i % 4] ?? 0;
        low = Math.imul(word, below) >>> 0;
      }
    }
  }
  return multiplyHigh(word, below);
}

/** The 53 leading bits of two words as a number in [0, 1). */
function doubleOf(high: number, low: number): number {
  return ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;
}

class PhiloxStream implements RandomStream {
  readonly key: readonly [number, number];
  private readonly words = new Uint32Array(4);

  constructor(key: readonly [number, number]) {
    this.key = key;
  }

  uniform(i: number): number {
    const block = Math.floor(requireIndex(i, "the first position in a stream") / 2);
    philox4x32(block, Math.floor(block / twoTo32), kindUniform, 0, this.key[0], this.key[1], this.words);
    const lane = i % 2 === 0 ? 0 : 2;
    return doubleOf(this.words[lane] ?? 0, this.words[lane + 1] ?? 0);
  }

  normal(i: number): number {
    const one = new Float64Array(1);
    this.fillNormal(one, i);
    return one[0] ?? 0;
  }

  integer(i: number, below: number): number {
    const one = new Uint32Array(1);
    this.fillIntegers(one, below, i);
    return one[0] ?? 0;
  }

  fillUniform(out: Float32Array | Float64Array, start = 0): void {
    const words = this.words;
    const single = out instanceof Float32Array;
    this.eachPair(out.length, start, kindUniform, (i, lane) => {
      const high = words[lane] ?? 0;
      const low = words[lane + 1] ?? 0;
      out[i] = single ? (high >>> 8) / 16_777_216 : doubleOf(high, low);
    });
  }

  fillNormal(out: Float32Array | Float64Array, start = 0): void {
    const words = this.words;
    this.eachPair(out.length, start, kindNormal, (i, lane) => {
      const high = words[lane] ?? 0;
      const low = words[lane + 1] ?? 0;
      // The midpoint of one of 2^52 cells: never 0 nor 1, and symmetric about ½.
      out[i] = normalQuantile(((high >>> 6) * 67_108_864 + (low >>> 6) + 0.5) / 4_503_599_627_370_496);
    });
  }

  fillIntegers(out: Int32Array | Uint32Array, below: number, start = 0): void {
    requireBelow(below, out instanceof Int32Array ? 2_147_483_648 : twoTo32);
    requireIndex(start, "the first position in a stream");
    const [key0, key1] = this.key;
    for (let i = 0, at = start; i < out.length; i++, at++) {
      if (i === 0 || at % 4 === 0) {
        const block = Math.floor(at / 4);
        philox4x32(block, Math.floor(block / twoTo32), kindInteger, 0, key0, key1, this.words);
      }
      out[i] = boundedWord(this.words[at % 4] ?? 0, below, at, kindInteger, key0, key1);
    }
  }

  /** Visits `count` values of two words each; `lane` is where the value's words lie in the current block. */
  private eachPair(count: number, start: number, kind: number, visit: (i: number, lane: 0 | 2) => void): void {
    requireIndex(start, "the first position in a stream");
    const [key0, key1] = this.key;
    for (let i = 0, at = start; i < count; i++, at++) {
      const odd = at % 2 === 1;
      if (i === 0 || !odd) {
        const block = Math.floor(at / 2);
        philox4x32(block, Math.floor(block / twoTo32), kind, 0, key0, key1, this.words);
      }
      visit(i, odd ? 2 : 0);
    }
  }
}
