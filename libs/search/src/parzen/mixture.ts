import { logarithm, normalCdf, normalQuantile } from "@basin/numerics";
import { decay } from "./decay";
import type { KernelTable } from "./kernel-table";
import type { Observations } from "./observations";
import { recencyWeight, recencyWeightSum } from "./split";

/** A kernel whose density at a point is smaller than another's by e to this power does not change the sum. */
const negligible = 32;

/** Of the prior, a normal distribution around ½ of width 1: what lies to the left of the axis, and on it. */
const priorBelow = normalCdf(-0.5);
const priorInside = normalCdf(0.5) - normalCdf(-0.5);

/** A point on the axes of some observations: along the numeric ones in the middle of their cells, and which value on the categorical ones. */
export interface AxisPoint {
  xs: Float64Array;
  places: Int32Array;
}

/**
 * Parzen estimator of a distribution: a mixture of one kernel around each of some observations and a prior, each a product over all axes.
 * Along a numeric axis a kernel is a normal density cut to [0, 1] as wide as its table says; along a categorical one of C values it gives
 * each 1/(n+1) beside the observed one's 1. The prior has the whole axis as its width. The weight of an observation is greater the newer it is; the prior's is 1.
 * J. Bergstra et al. (2011, 2013); multivariate after S. Falkner et al. (2018); settings from S. Watanabe, arXiv:2304.11127.
 */
export class Mixture {
  readonly #of: Observations;
  readonly #members: Int32Array;
  readonly #table: KernelTable;
  readonly #uniform: boolean;
  readonly #total: number;
  /** log of what the ends of all numeric axes leave of the prior. */
  readonly #priorCut: number;
  /** log of the shares of the observed and of any other value, on each categorical axis. */
  readonly #match: Float64Array;
  readonly #miss: Float64Array;
  readonly #halfCells: Float64Array;
  /** No axis has cells. */
  readonly #smooth: boolean;
  /** Scratch: members that may still count, and bounds on their logarithms. */
  readonly #alive: Int32Array;
  readonly #bounds: Float64Array;

  /** `members` are observations in ascending order; the table becomes theirs. `uniform`: all weigh 1, however old they are. */
  constructor(table: KernelTable, members: Int32Array, uniform = false) {
    table.become(members);
    const n = members.length;
    const { numeric, categorical } = table.of;
    this.#of = table.of;
    this.#table = table;
    this.#members = members;
    this.#uniform = uniform;
    this.#total = (uniform ? n : recencyWeightSum(n)) + 1;
    this.#priorCut = numeric.length * logarithm(priorInside);
    const shares = categorical.map(({ categories }) => 1 + categories / (n + 1));
    this.#match = Float64Array.from(shares, (all) => logarithm((1 + 1 / (n + 1)) / all));
    this.#miss = Float64Array.from(shares, (all) => logarithm(1 / (n + 1) / all));
    this.#halfCells = Float64Array.from(numeric, ({ halfCell }) => halfCell);
    this.#smooth = this.#halfCells.every((half) => half === 0);
    this.#alive = new Int32Array(n);
    this.#bounds = new Float64Array(n);
  }

  /** The logarithm of what the prior adds to the density, below which this never is. */
  logPrior({ xs }: AxisPoint): number {
    let log = -logarithm(this.#total) - this.#priorCut;
    for (let j = 0; j < xs.length; j++) log += logFactor(xs[j] ?? 0, 0.5, 1, this.#halfCells[j] ?? 0);
    for (const { categories } of this.#of.categorical) log -= logarithm(categories);
    return log;
  }

  /** The logarithm of the density; on axes with cells it is the mass of the cell, and (2π)^(-½) for each other numeric axis is left out. */
  logDensity(point: AxisPoint): number {
    const { xs, places } = point;
    const prior = this.logPrior(point);
    const count = this.#survivors(xs, places, prior - negligible);
    const [members, alive, logs] = [this.#members, this.#alive, this.#bounds];
    let greatest = prior;
    for (let at = 0; at < count; at++) {
      if (!this.#smooth) logs[at] = this.#logKernel(alive[at] ?? 0, xs, places);
      greatest = Math.max(greatest, logs[at] ?? greatest);
    }
    let sum = decay(prior - greatest);
    for (let at = 0, k = 0; at < count; at++) {
      while (members[k] !== alive[at]) k += 1;
      sum += (this.#uniform ? 1 : recencyWeight(k, members.length)) * decay((logs[at] as number) - greatest);
    }
    return greatest + logarithm(sum);
  }

  /**
   * Which members' kernels may count: axis by axis those go whose logarithm, bounded from above (with the greatest weight there is, and cells
   * as wide as they are), has fallen below `least`. Leaves the observations and their bounds in the scratch arrays; how many there are.
   */
  #survivors(xs: Float64Array, places: Int32Array, least: number): number {
    const [members, alive, bounds, factors] = [this.#members, this.#alive, this.#bounds, this.#table.factors];
    const greatestWeight = -logarithm(this.#total);
    let count = 0;
    const categorical = this.#match.length;
    // The first numeric axis at once: on it most of many members go.
    if (categorical === 0 && xs.length > 0) count = this.#keep(0, members, members.length, xs, least, greatestWeight);
    else {
      count = members.length;
      for (let at = 0; at < count; at++) {
        const i = members[at] as number;
        alive[at] = i;
        bounds[at] = (factors[i] as number) + greatestWeight;
      }
    }
    for (let j = 0; j < categorical; j++) {
      const [observed, match, miss, place] = [this.#of.places[j], this.#match[j] ?? 0, this.#miss[j] ?? 0, places[j]];
      for (let at = 0; at < count; at++) bounds[at] = (bounds[at] ?? 0) + (observed?.[alive[at] ?? 0] === place ? match : miss);
    }
    for (let j = categorical === 0 ? 1 : 0; j < xs.length && count > 0; j++) count = this.#keep(j, alive, count, xs, least, null);
    return count;
  }

  /** Of the first `count` of some observations those whose bound stays above `least` on axis j; `fresh`: the weight that bounds begin with. */
  #keep(j: number, among: Int32Array, count: number, xs: Float64Array, least: number, fresh: number | null): number {
    const [alive, bounds, factors] = [this.#alive, this.#bounds, this.#table.factors];
    const [points, inverses, x, half] = [this.#of.points[j], this.#table.inverses[j], xs[j] ?? 0, this.#halfCells[j] ?? 0];
    if (!points || !inverses) return count;
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const i = among[at] as number;
      const away = Math.abs(x - (points[i] as number)) - half;
      const z = away > 0 ? away * (inverses[i] as number) : 0;
      const bound = (fresh === null ? (bounds[at] as number) : (factors[i] as number) + fresh) - 0.5 * z * z;
      if (bound < least) continue;
      alive[kept] = i;
      bounds[kept] = bound;
      kept += 1;
    }
    return kept;
  }

  /** The logarithm of the kernel around observation i, with the greatest weight. */
  #logKernel(i: number, xs: Float64Array, places: Int32Array): number {
    let log = (this.#table.factors[i] ?? 0) - logarithm(this.#total);
    for (let j = 0; j < this.#match.length; j++)
      log += (this.#of.places[j]?.[i] === places[j] ? this.#match[j] : this.#miss[j]) ?? 0;
    for (let j = 0; j < xs.length; j++) {
      log += logFactor(xs[j] ?? 0, this.#of.points[j]?.[i] ?? 0, this.#table.inverses[j]?.[i] ?? 1, this.#halfCells[j] ?? 0);
    }
    return log;
  }

  /** Draws a point; `uniforms` are 1 + number of axes numbers in [0, 1) from `first` on. */
  sample(uniforms: Float64Array, first: number): AxisPoint {
    const { numeric, categorical } = this.#of;
    const n = this.#members.length;
    let k = 0;
    for (let left = (uniforms[first] ?? 0) * this.#total; k < n; k++) {
      left -= this.#uniform ? 1 : recencyWeight(k, n);
      if (left < 0) break;
    }
    const i = k < n ? (this.#members[k] ?? 0) : null;
    const [xs, places] = [new Float64Array(numeric.length), new Int32Array(categorical.length)];
    for (let j = 0; j < xs.length; j++) {
      const x = this.#sampleNumber(i, j, uniforms[first + 1 + j] ?? 0);
      xs[j] = numeric[j]?.snapped(x) ?? x;
    }
    for (let j = 0; j < places.length; j++) {
      const categories = categorical[j]?.categories ?? 1;
      const u = uniforms[first + 1 + numeric.length + j] ?? 0;
      const own = i === null ? 0 : 1 / (1 + categories / (n + 1));
      if (i !== null && u < own) places[j] = this.#of.places[j]?.[i] ?? 0;
      else places[j] = Math.min(categories - 1, Math.floor(((u - own) / (1 - own)) * categories));
    }
    return { xs, places };
  }

  /** The u-quantile along axis j of the kernel around observation i, or of the prior. */
  #sampleNumber(i: number | null, j: number, u: number): number {
    const center = i === null ? 0.5 : (this.#of.points[j]?.[i] ?? 0);
    const inverse = i === null ? 1 : (this.#table.inverses[j]?.[i] ?? 1);
    const below = i === null ? priorBelow : this.#table.below(i, j);
    const inside = i === null ? priorInside : this.#table.inside(i, j);
    return Math.min(1, Math.max(0, center + normalQuantile(below + u * inside) / inverse));
  }
}

/** −z²/2, or the logarithm of the mass of the cell around x. */
function logFactor(x: number, center: number, inverse: number, halfCell: number): number {
  const z = (x - center) * inverse;
  if (halfCell === 0) return -0.5 * z * z;
  const [a, b] = [z - halfCell * inverse, z + halfCell * inverse];
  // From the tail where both lie in it.
  return logarithm(a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a));
}
