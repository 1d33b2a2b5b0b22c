import { permutation, randomStream, type RandomStream } from "./random-stream";
import { sobolDigits, sobolDirections } from "./sobol-directions";

/** The range [lower, upper] of each of 1 to 4 coordinates. */
export type Box = readonly (readonly [lower: number, upper: number])[];

/** Which random points: the same seed, purpose and index give the same ones, others give unrelated ones. */
export interface PointDraw {
  seed: number;
  /** What the points are for ("pinn/interior"). */
  purpose: string;
  /** Which redraw. Default 0. */
  index?: number;
}

export interface SobolOptions {
  /** Place in the sequence of the first point. Default 0, which is the box's lower corner unless it is shifted. */
  first?: number;
  /** Exclusive or of every point with the same random binary digits (a digital shift), which keeps how evenly they fill the box. Default: none. */
  shift?: PointDraw;
}

const twoTo32 = 4_294_967_296;

/** Independent points with equal probability everywhere in the box. Row-major [count, d]. Throws RangeError for a box or count that is none. */
export function uniformPoints(box: Box, count: number, draw: PointDraw): Float64Array {
  requireBox(box, count);
  const shares = new Float64Array(count * box.length);
  streamOf(draw).fillUniform(shares);
  return placed(box, shares);
}

/**
 * A Latin hypercube: each coordinate's range is cut into `count` equal parts and each part holds one point, uniformly in it, the parts of
 * the coordinates joined at random (M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979)). Row-major [count, d]. Throws
 * RangeError for a box or count that is none.
 */
export function latinHypercubePoints(box: Box, count: number, draw: PointDraw): Float64Array {
  requireBox(box, count);
  const d = box.length;
  const shares = new Float64Array(count * d);
  streamOf(draw).fillUniform(shares);
  for (let j = 0; j < d; j++) {
    const parts = permutation(streamOf(draw, `/parts of coordinate ${j}`), count);
    for (let i = 0; i < count; i++) shares[i * d + j] = ((parts[i] ?? 0) + (shares[i * d + j] ?? 0)) / count;
  }
  return placed(box, shares);
}

/**
 * Consecutive points of Sobol's sequence in Gray-code order (I. A. Antonov, V. M. Saleev, USSR Comput. Math. Math. Phys. 19 (1979)), 32
 * digits: any 2^m of them from a multiple of 2^m on fill the box evenly. Row-major [count, d]. Throws RangeError for a box or count that is none,
 * and beyond the 2^32 points that the sequence has.
 */
export function sobolPoints(box: Box, count: number, { first = 0, shift }: SobolOptions = {}): Float64Array {
  requireBox(box, count);
  if (!Number.isSafeInteger(first) || first < 0 || first + count > twoTo32)
    throw new RangeError(`a Sobol sequence has points 0 to 2^32 − 1, not ${count} from ${first} on`);
  const d = box.length;
  const offsets = new Uint32Array(d);
  if (shift) streamOf(shift).fillIntegers(offsets, twoTo32);
  const shares = new Float64Array(count * d);
  for (let j = 0; j < d; j++) {
    const directions = sobolDirections(j);
    for (let i = 0; i < count; i++)
      shares[i * d + j] = ((sobolDigits(directions, first + i) ^ (offsets[j] ?? 0)) >>> 0) / twoTo32;
  }
  return placed(box, shares);
}

/**
 * The points of a grid with `counts[j]` equidistant places along coordinate j, both ends of the range included (of a count of 1: the middle). The last coordinate runs fastest. Row-major [product of the counts, d]. Throws RangeError for a box or counts that are none.
 */
export function gridPoints(box: Box, counts: readonly number[]): Float64Array {
  requireBox(box, 1);
  if (counts.length !== box.length)
    throw new RangeError(`a grid in ${box.length} coordinates needs ${box.length} counts, not ${counts.length}`);
  for (const n of counts) requireCount(n);
  const d = box.length;
  const total = counts.reduce((product, n) => product * n, 1);
  requireCount(total);
  const points = new Float64Array(total * d);
  for (let j = 0, repeat = total; j < d; j++) {
    const n = counts[j] ?? 1;
    repeat /= n;
    const [lower = 0, upper = 0] = box[j] ?? [];
    for (let i = 0; i < total; i++) {
      const at = Math.floor(i / repeat) % n;
      // The ends are met to the bit.
      points[i * d + j] = n === 1 ? (lower + upper) / 2 : at === n - 1 ? upper : lower + (at / (n - 1)) * (upper - lower);
    }
  }
  return points;
}

/** The ways in which `pointSet` places points. */
export const pointSetKinds = ["uniform", "latin-hypercube", "sobol", "grid"] as const;
export type PointSetKind = (typeof pointSetKinds)[number];

/**
 * `count` points of one kind in a box, row-major [count, d]: Sobol's are shifted at random, a grid has equally many places along each
 * coordinate. Throws RangeError for a box or count that is none, and for a grid whose count is not a whole number to the power d.
 */
export function pointSet(kind: PointSetKind, box: Box, count: number, draw: PointDraw): Float64Array {
  switch (kind) {
    case "uniform":
      return uniformPoints(box, count, draw);
    case "latin-hypercube":
      return latinHypercubePoints(box, count, draw);
    case "sobol":
      return sobolPoints(box, count, { shift: draw });
    case "grid": {
      requireBox(box, count);
      const d = box.length;
      const side = Math.round(count ** (1 / d));
      if (side ** d !== count) {
        const below = side ** d < count ? side : side - 1;
        throw new RangeError(`a grid in ${d} coordinates has ${below ** d} or ${(below + 1) ** d} points, not ${count}`);
      }
      return gridPoints(box, new Array<number>(d).fill(side));
    }
  }
}

function streamOf({ seed, purpose, index = 0 }: PointDraw, part = ""): RandomStream {
  return randomStream(seed, `points/${purpose}${part}`, index);
}

/** Shares in [0, 1) of each range, as points; `shares` is overwritten. */
function placed(box: Box, shares: Float64Array): Float64Array {
  const d = box.length;
  for (let j = 0; j < d; j++) {
    const [lower = 0, upper = 0] = box[j] ?? [];
    for (let at = j; at < shares.length; at += d) shares[at] = lower + (shares[at] ?? 0) * (upper - lower);
  }
  return shares;
}

function requireCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > 2 ** 31)
    throw new RangeError(`the number of points must be an integer from 1 to 2^31, not ${count}`);
}

function requireBox(box: Box, count: number): void {
  requireCount(count);
  if (box.length < 1 || box.length > 4) throw new RangeError(`points have 1 to 4 coordinates, not ${box.length}`);
  box.forEach(([lower, upper], j) => {
    if (!Number.isFinite(lower) || !Number.isFinite(upper) || !(lower < upper))
      throw new RangeError(`the range of coordinate ${j} must go from a lower to an upper number, not from ${lower} to ${upper}`);
  });
}
