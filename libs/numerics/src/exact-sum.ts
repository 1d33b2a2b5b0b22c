/**
 * A sum of doubles without rounding error: the running total is kept as an expansion of non-overlapping doubles (J. R. Shewchuk,
 * "Adaptive precision floating-point arithmetic", Discrete & Computational Geometry 18 (1997)) and rounded once, when `value`
 * is read. The result is the double nearest to the true sum: it depends neither on the order of the values nor on how they
 * were divided among `add`, `addAll` and `merge`. NaN, ∞ and −∞ propagate as in ordinary addition. Once a partial sum exceeds
 * the greatest double, the result is ±∞ or NaN.
 */
export class ExactSum {
  /** In increasing magnitude, none zero, no two overlapping. */
  private readonly partials: number[] = [];
  /** Sum of everything that is not finite. */
  private special = 0;

  add(value: number): void {
    if (!Number.isFinite(value)) {
      this.special += value;
      return;
    }
    const { partials } = this;
    const count = partials.length;
    let x = value;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      let large = partials[i] ?? 0;
      let small = x;
      if (Math.abs(x) >= Math.abs(large)) {
        small = large;
        large = x;
      }
      const high = large + small;
      const low = small - (high - large);
      if (low !== 0) partials[kept++] = low;
      x = high;
    }
    const whole = x !== 0 && Number.isFinite(x);
    if (whole) partials[kept++] = x;
    else if (x !== 0) this.special += x;
    if (kept !== partials.length) partials.length = kept;
  }

  addAll(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.add(values[i] ?? Number.NaN);
  }

  merge(other: ExactSum): void {
    this.special += other.special;
    for (const partial of [...other.partials]) this.add(partial);
  }

  value(): number {
    if (this.special !== 0) return this.special;
    let at = this.partials.length - 1;
    let high = this.partials[at] ?? 0;
    let low = 0;
    while (at > 0 && low === 0) {
      const x = high;
      const y = this.partials[--at] ?? 0;
      high = x + y;
      low = y - (high - x);
    }
    // Half-way cases: a further partial of low's sign says that the true sum lies beyond the half, so round away.
    const next = at > 0 ? (this.partials[at - 1] ?? 0) : 0;
    if ((low < 0 && next < 0) || (low > 0 && next > 0)) {
      const twice = low * 2;
      const rounded = high + twice;
      if (rounded - high === twice) return rounded;
    }
    return high;
  }
}

/** The double nearest to the sum of the values; 0 for none. See `ExactSum`. */
export function sum(values: ArrayLike<number>): number {
  const total = new ExactSum();
  total.addAll(values);
  return total.value();
}
