import { logarithm, normalCdf } from "@basin/numerics";
import { firstRightOf, roomFor, type Observations } from "./observations";

/** So many factors of a product are taken before its logarithm is, so that none under- or overflows: they are from 0.01 to 100. */
const factorsAtOnce = 100;
/** So many changes at once are made one by one. */
const mostSingly = 8;

/**
 * The widths of the kernels around a part of the observations, kept up as observations enter and leave it. On each numeric axis a kernel is
 * as wide as the distance to its farther neighbour (the outermost ones know their inner neighbour only; a single one knows the ends of the axis), from
 * 1/min(100, n+2) to 1 for n kernels. All follows from the part alone, to the bit, however it came about.
 */
export class KernelTable {
  #size = 0;
  readonly #member: Uint8Array[] = [];
  /** On each numeric axis the nearest members to the left and right; −1: none. */
  readonly #left: Int32Array[] = [];
  readonly #right: Int32Array[] = [];
  /** 1/σ on each numeric axis. */
  readonly inverses: Float64Array[] = [];
  /** Of each member log Π 1/(σ Z) over the numeric axes, without 1/σ where there are cells; see `factors`. */
  readonly #factors: Float64Array[] = [];
  /** Members whose widths changed. */
  readonly #touched: Uint8Array[] = [];
  /** Φ(−μ/σ), and Z = Φ((1 − μ)/σ) − Φ(−μ/σ), which is what the ends of the axis leave of the kernel. */
  readonly #below: Float64Array[] = [];
  readonly #inside: Float64Array[] = [];

  constructor(readonly of: Observations) {}

  get size(): number {
    return this.#size;
  }

  /** Makes the part consist of the members that are given, in ascending order. */
  become(members: Int32Array): void {
    const before = this.#size;
    const last = this.of.count - 1;
    if (last < 0) return;
    const member = roomFor(last, this.#member, 0, Uint8Array);
    const factors = roomFor(last, this.#factors, 0, Float64Array);
    const touched = roomFor(last, this.#touched, 0, Uint8Array);
    const [leaving, entering] = changesBetween(member, members, last);
    if (leaving.length === 0 && entering.length === 0) return;
    for (let j = 0; j < this.of.numeric.length; j++) {
      for (const arrays of [this.#left, this.#right]) roomFor(last, arrays, j, Int32Array);
      for (const arrays of [this.inverses, this.#below, this.#inside]) roomFor(last, arrays, j, Float64Array);
    }
    this.#size = members.length;
    // Where the bound moves all widths may change; otherwise only those beside a change do.
    if (
      least(before) !== least(this.#size) ||
      Math.min(before, this.#size) < 3 ||
      leaving.length + entering.length > mostSingly
    ) {
      for (const i of leaving) member[i] = 0;
      for (const i of entering) member[i] = 1;
      for (let j = 0; j < this.of.numeric.length; j++) this.#linkAll(j, member);
    } else {
      for (const i of leaving) {
        member[i] = 0;
        for (let j = 0; j < this.of.numeric.length; j++) this.#unlink(j, i);
      }
      for (const i of entering) {
        for (let j = 0; j < this.of.numeric.length; j++) this.#insert(j, i, member);
        member[i] = 1;
      }
    }
    for (let at = 0; at < members.length; at++) {
      const i = members[at] ?? 0;
      if (touched[i] === 1 || this.of.numeric.length === 0) factors[i] = this.#logFactors(i);
      touched[i] = 0;
    }
  }

  #linkAll(j: number, member: Uint8Array): void {
    const [order, left, right] = [this.of.orders[j], this.#left[j], this.#right[j]];
    if (!order || !left || !right) return;
    let before = -1;
    for (let at = 0; at < this.of.count; at++) {
      const i = order[at] ?? 0;
      if (member[i] !== 1) continue;
      left[i] = before;
      right[i] = -1;
      if (before >= 0) right[before] = i;
      before = i;
    }
    for (let i = 0; i < this.of.count; i++) if (member[i] === 1) this.#setWidth(j, i);
  }

  #unlink(j: number, i: number): void {
    const [left, right] = [this.#left[j], this.#right[j]];
    if (!left || !right) return;
    const [before, after] = [left[i] ?? -1, right[i] ?? -1];
    if (before >= 0) right[before] = after;
    if (after >= 0) left[after] = before;
    this.#setWidth(j, before);
    this.#setWidth(j, after);
  }

  /** Links an observation that is no member yet. */
  #insert(j: number, i: number, member: Uint8Array): void {
    const [order, points, left, right] = [this.of.orders[j], this.of.points[j], this.#left[j], this.#right[j]];
    if (!order || !points || !left || !right) return;
    let at = firstRightOf(points[i] ?? 0, points, order, this.of.count) - 1;
    while (at > 0 && order[at] !== i) at -= 1;
    let a = at - 1;
    while (a >= 0 && member[order[a] ?? 0] !== 1) a -= 1;
    const before = a < 0 ? -1 : (order[a] ?? -1);
    let after = before < 0 ? -1 : (right[before] ?? -1);
    if (before < 0) {
      let b = at + 1;
      while (b < this.of.count && member[order[b] ?? 0] !== 1) b += 1;
      after = b < this.of.count ? (order[b] ?? -1) : -1;
    }
    left[i] = before;
    right[i] = after;
    if (before >= 0) right[before] = i;
    if (after >= 0) left[after] = i;
    this.#setWidth(j, before);
    this.#setWidth(j, i);
    this.#setWidth(j, after);
  }

  #setWidth(j: number, i: number): void {
    const [points, inverses, below, inside] = [this.of.points[j], this.inverses[j], this.#below[j], this.#inside[j]];
    const [lefts, rights, touched] = [this.#left[j], this.#right[j], this.#touched[0]];
    if (i < 0 || !points || !inverses || !below || !inside || !lefts || !rights || !touched) return;
    const before = lefts[i] ?? -1;
    const after = rights[i] ?? -1;
    const x = points[i] ?? 0;
    const alone = this.#size === 1;
    const left = before >= 0 ? x - (points[before] ?? 0) : alone ? x : 0;
    const right = after >= 0 ? (points[after] ?? 0) - x : alone ? 1 - x : 0;
    const inverse = 1 / Math.min(1, Math.max(least(this.#size), left, right));
    // Most neighbours of a change are as narrow as before: at the bound.
    if (inverses[i] === inverse) return;
    touched[i] = 1;
    inverses[i] = inverse;
    below[i] = normalCdf(-x * inverse);
    inside[i] = normalCdf((1 - x) * inverse) - (below[i] ?? 0);
  }

  #logFactors(i: number): number {
    const { numeric } = this.of;
    let sum = 0;
    let product = 1;
    for (let j = 0; j < numeric.length; j++) {
      product *= (numeric[j]?.halfCell === 0 ? (this.inverses[j]?.[i] ?? 1) : 1) / (this.#inside[j]?.[i] ?? 1);
      if (j % factorsAtOnce < factorsAtOnce - 1) continue;
      sum += logarithm(product);
      product = 1;
    }
    return sum + logarithm(product);
  }

  /** By observation; of members log Π 1/(σ Z) over the numeric axes, without 1/σ where there are cells. */
  get factors(): Float64Array {
    return this.#factors[0] ?? new Float64Array(0);
  }

  /** Φ((1 − μ)/σ) − Φ(−μ/σ) on axis j. */
  inside(i: number, j: number): number {
    return this.#inside[j]?.[i] ?? 1;
  }

  /** Φ(−μ/σ) on axis j. */
  below(i: number, j: number): number {
    return this.#below[j]?.[i] ?? 0;
  }
}

/** Which of the observations 0 to `last` leave and enter where the flagged ones give way to `members`, both in ascending order. */
function changesBetween(flags: Uint8Array, members: Int32Array, last: number): [leaving: number[], entering: number[]] {
  const [leaving, entering]: [number[], number[]] = [[], []];
  for (let i = 0, at = 0; i <= last; i++) {
    const wanted = members[at] === i;
    if (wanted) at += 1;
    if (wanted === (flags[i] === 1)) continue;
    if (wanted) entering.push(i);
    else leaving.push(i);
  }
  return [leaving, entering];
}

/** The least width of n kernels. */
const least = (n: number): number => 1 / Math.min(100, n + 2);
