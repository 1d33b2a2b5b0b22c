/** √(mean of squared differences). NaN when a value is missing. */
export function rootMeanSquare(values: ArrayLike<number>, truth: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < truth.length; i++) {
    const difference = (values[i] ?? Number.NaN) - (truth[i] ?? Number.NaN);
    squares += difference * difference;
  }
  return Math.sqrt(squares / truth.length);
}

/** `count` places from `low` to `high`, both included. */
export function evenPlaces(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}
