/**
 * Count, mean, variance, minimum and maximum of a stream of values in constant memory (B. P. Welford, Technometrics 4 (1962);
 * merging after T. F. Chan, G. H. Golub and R. J. LeVeque (1979)). Accurate to a few units in the last place, but unlike
 * `sum` the last bits depend on order and on how parts were merged. A value that is not finite makes mean and variance NaN.
 */
export class OnlineStatistics {
  private n = 0;
  private centre = 0;
  private squares = 0;
  private least = Number.POSITIVE_INFINITY;
  private greatest = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.n += 1;
    const before = value - this.centre;
    this.centre += before / this.n;
    this.squares += before * (value - this.centre);
    this.least = Math.min(this.least, value);
    this.greatest = Math.max(this.greatest, value);
  }

  merge(other: OnlineStatistics): void {
    if (other.n === 0) return;
    const n = this.n + other.n;
    const difference = other.centre - this.centre;
    this.squares += other.squares + (difference * difference * this.n * other.n) / n;
    this.centre = this.n === 0 ? other.centre : this.centre + (difference * other.n) / n;
    this.n = n;
    this.least = Math.min(this.least, other.least);
    this.greatest = Math.max(this.greatest, other.greatest);
  }

  get count(): number {
    return this.n;
  }

  /** NaN before the first value. */
  get mean(): number {
    return this.n === 0 ? Number.NaN : this.centre;
  }

  /** Divisor n − 1. NaN before the second value. */
  get sampleStandardDeviation(): number {
    return this.n < 2 ? Number.NaN : Math.sqrt(this.squares / (this.n - 1));
  }

  /** NaN before the first value. */
  get min(): number {
    return this.n === 0 ? Number.NaN : this.least;
  }

  /** NaN before the first value. */
  get max(): number {
    return this.n === 0 ? Number.NaN : this.greatest;
  }
}
