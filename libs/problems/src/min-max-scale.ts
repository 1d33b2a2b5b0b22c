/** The linear map of an interval to another; a scale of inputs or targets, chosen from data. */
export interface MinMaxScale {
  /** To the network's units. */
  scale: (value: number) => number;
  /** Back to the data's. */
  restore: (value: number) => number;
  /** Network units per unit of the data. */
  factor: number;
}

/** Maps the least of `values` to `low` and the greatest to `high`; where all are equal, them to `low` without stretching. Throws RangeError for none. */
export function minMaxScale(values: ArrayLike<number>, low = 0, high = 1): MinMaxScale {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (!(greatest >= least)) throw new RangeError("no values, so there is no scale");
  const stretch = (high - low) / (greatest - least);
  const factor = Number.isFinite(stretch) ? stretch : 1;
  return { scale: (value) => low + factor * (value - least), restore: (value) => least + (value - low) / factor, factor };
}
