import { exponential } from "@basin/numerics";

/** The parameters of the kernel s·Matérn-5/2(√Σ_d w_d Δ_d²). */
export interface KernelParameters {
  /** w_d, the inverse square of the length on each axis. */
  weights: Float64Array;
  /** s, the variance. */
  scale: number;
}

const sqrt5 = Math.sqrt(5);

/** Matérn-5/2 by the square of the distance, (1 + √5 r + 5r²/3)·e^(−√5 r) (C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, eq. 4.17). */
export function matern(square: number): number {
  const r = sqrt5 * Math.sqrt(square);
  return (1 + r + (5 / 3) * square) * exponential(-r);
}

/** Its derivative by the square of the distance, −(5/6)(1 + √5 r)·e^(−√5 r). */
export function maternSlope(square: number): number {
  const r = sqrt5 * Math.sqrt(square);
  return (-5 / 6) * (1 + r) * exponential(-r);
}

/**
 * Points [axes] whose distances the kernel reads: a coordinate in [0, 1] on a numeric axis, the place of a choice on a categorical one (where any
 * two places are 1 apart).
 */
export class PointSpace {
  constructor(
    /** Which axes are categorical. */
    readonly categorical: readonly boolean[],
  ) {}

  get axes(): number {
    return this.categorical.length;
  }

  /** Δ_d². */
  gap(a: Float64Array, b: Float64Array, d: number): number {
    const difference = (a[d] as number) - (b[d] as number);
    if (this.categorical[d]) return difference === 0 ? 0 : 1;
    return difference * difference;
  }

  square(a: Float64Array, b: Float64Array, weights: Float64Array): number {
    let sum = 0;
    for (let d = 0; d < weights.length; d++) sum += (weights[d] as number) * this.gap(a, b, d);
    return sum;
  }

  covariance(a: Float64Array, b: Float64Array, { weights, scale }: KernelParameters): number {
    return scale * matern(this.square(a, b, weights));
  }
}
