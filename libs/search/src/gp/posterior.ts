import { cholesky, rowStart, solveLower, solveUpper, type Triangle } from "./cholesky";
import type { Fitted, Observed } from "./fit";
import { matern, maternSlope, type PointSpace } from "./kernel";

/** What a process says of a point: the mean of each sample of what is pending, and the variance, which they share; with derivatives. */
export interface Prediction {
  /** [samples]; one where nothing is pending. */
  means: Float64Array;
  variance: number;
}

/**
 * A Gaussian process given its observations, and given the values of points that are being tried: these are drawn together, by standard normal
 * numbers, so that what is expected of a further point is a mean over the draws, each of which is exact (P. I. Frazier, arXiv:1807.02811, sec. 5.2, with fantasies of the noiseless value).
 */
export class Posterior {
  readonly #factor: Triangle;
  readonly #points: readonly Float64Array[];
  /** L⁻¹·values, and for each sample the numbers drawn in the rows of the pending points. */
  readonly #whitened: Float64Array;
  readonly #observed: number;
  /** L⁻ᵀ·L⁻¹·values of each sample. */
  readonly #solved: readonly Float64Array[];

  private constructor(
    private readonly space: PointSpace,
    private readonly fitted: Fitted,
    points: readonly Float64Array[],
    factor: Triangle,
    whitened: Float64Array,
    private readonly draws: readonly Float64Array[],
  ) {
    this.#points = points;
    this.#factor = factor;
    this.#observed = whitened.length;
    this.#whitened = whitened;
    this.#solved = draws.map((draw) => {
      const all = new Float64Array(points.length);
      all.set(whitened);
      all.set(draw.subarray(0, points.length - whitened.length), whitened.length);
      return solveUpper(factor, all);
    });
  }

  static of(space: PointSpace, fitted: Fitted, { points, values }: Observed): Posterior {
    const factor = cholesky(points.length, rowOf(space, fitted, points));
    return new Posterior(space, fitted, points, factor, solveLower(factor, Float64Array.from(values)), [new Float64Array(0)]);
  }

  /** With points that are being tried. `draws`: standard normal numbers [samples][at least the pending points]. */
  given(pending: readonly Float64Array[], draws: readonly Float64Array[]): Posterior {
    if (pending.length === 0) return this;
    const points = [...this.#points.slice(0, this.#observed), ...pending];
    const factor = cholesky(points.length, rowOf(this.space, this.fitted, points), this.#factor, this.#observed);
    return new Posterior(this.space, this.fitted, points, factor, this.#whitened, draws);
  }

  /** The values that each sample gives to the pending points, one sample behind the other. */
  pendingValues(): Float64Array[] {
    return this.draws.map((draw) =>
      Float64Array.from({ length: this.#points.length - this.#observed }, (_, k) => {
        const at = rowStart(this.#observed + k);
        let sum = 0;
        for (let j = 0; j < this.#observed; j++) sum += (this.#factor[at + j] as number) * (this.#whitened[j] as number);
        for (let j = 0; j <= k; j++) sum += (this.#factor[at + this.#observed + j] as number) * (draw[j] ?? 0);
        return sum;
      }),
    );
  }

  #covariances(x: Float64Array): Float64Array {
    return Float64Array.from(this.#points, (point) => this.space.covariance(x, point, this.fitted));
  }

  at(x: Float64Array): Prediction {
    const v = solveLower(this.#factor, this.#covariances(x));
    let variance = this.fitted.scale;
    let mean = 0;
    for (let i = 0; i < v.length; i++) variance -= (v[i] as number) * (v[i] as number);
    for (let i = 0; i < this.#observed; i++) mean += (v[i] as number) * (this.#whitened[i] as number);
    const means = Float64Array.from(this.draws, (draw) => {
      let sum = mean;
      for (let i = this.#observed; i < v.length; i++) sum += (v[i] as number) * (draw[i - this.#observed] ?? 0);
      return sum;
    });
    return { means, variance: Math.max(1e-12, variance) };
  }

  /** Σ_s byMeans[s]·∂mean_s/∂x + byVariance·∂variance/∂x, on the numeric axes. */
  gradient(x: Float64Array, byMeans: Float64Array, byVariance: number): Float64Array {
    const back = solveUpper(this.#factor, solveLower(this.#factor, this.#covariances(x)));
    const gradient = new Float64Array(x.length);
    const { weights, scale } = this.fitted;
    for (const [i, point] of this.#points.entries()) {
      let share = -2 * byVariance * (back[i] as number);
      for (let s = 0; s < byMeans.length; s++) share += (byMeans[s] as number) * (this.#solved[s]?.[i] ?? 0);
      const slope = share * scale * maternSlope(this.space.square(x, point, weights));
      for (let d = 0; d < x.length; d++) {
        if (this.space.categorical[d]) continue;
        gradient[d] = (gradient[d] as number) + 2 * slope * (weights[d] as number) * ((x[d] as number) - (point[d] as number));
      }
    }
    return gradient;
  }
}

/** Rows of the covariance; what has no noise of its own is pending, and has just enough to be factored. */
function rowOf(space: PointSpace, { weights, scale, noise }: Fitted, points: readonly Float64Array[]) {
  return (i: number, row: Float64Array): void => {
    const a = points[i] as Float64Array;
    for (let j = 0; j < i; j++) row[j] = scale * matern(space.square(a, points[j] as Float64Array, weights));
    row[i] = scale + (noise[i] ?? pendingNoise);
  };
}

const pendingNoise = 1e-6;
