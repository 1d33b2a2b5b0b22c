/** What the samples of the kinds of plots are made from. */

/** So many numbers from `from` to `to`, both included. */
export const spaced = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) => from + (i / Math.max(1, count - 1)) * (to - from));

/** A fixed sequence of numbers in [0, 1): the fractional part of i·φ. */
export const scattered = (i: number): number => (i * 0.618033988749895) % 1;

export const axis = (label: string, unit = "") => ({ label, unit });

/** A square grid and the values of a function on it. */
export const grid = spaced(41, -2, 2);
export const onGrid = (f: (x: number, y: number) => number): number[][] => grid.map((y) => grid.map((x) => f(x, y)));
