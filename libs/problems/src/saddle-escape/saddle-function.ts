/** f(x, y) = x² − y² + y⁴/4: a saddle at (0, 0) and two minima of value −1 at (0, ±√2). */
export function saddleValue(x: number, y: number): number {
  return x * x - y * y + (y * y * y * y) / 4;
}

export function saddleGradient(x: number, y: number): [number, number] {
  return [2 * x, -2 * y + y * y * y];
}

export const saddleMinimum = -1;

/** The first step after which a path, in steps from 0, has |y| ≥ 1 and so has left the saddle; NaN when none has. */
export function stepsToLeave(path: Iterable<number>): number {
  let step = 0;
  for (const y of path) {
    if (Math.abs(y) >= 1) return step;
    step += 1;
  }
  return Number.NaN;
}
