/** `count` equidistant numbers from `from` to `to`, both included. */
export function line(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** √ of the mean of (got − want)². */
export function rootMeanSquare(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < want.length; i++) sum += ((got[i] ?? Number.NaN) - (want[i] ?? Number.NaN)) ** 2;
  return Math.sqrt(sum / want.length);
}
