const tilt = 0.3;

/** f(x, y) = (x² − 1)² + 3x/10 + y²: a deeper well on the left, a shallower one on the right, a ridge between them. */
export function tiltedValue(x: number, y: number): number {
  return (x * x - 1) ** 2 + tilt * x + y * y;
}

export function tiltedGradient(x: number, y: number): [number, number] {
  return [4 * x * (x * x - 1) + tilt, 2 * y];
}

/** The three places on the line y = 0 where the gradient vanishes, ascending: roots of x³ − x + tilt/4 by Viète's formula. */
function criticalPlaces(): [left: number, ridge: number, right: number] {
  const angle = Math.acos((-3 * Math.sqrt(3) * tilt) / 8) / 3;
  const root = (k: number): number => (2 / Math.sqrt(3)) * Math.cos(angle - (2 * Math.PI * k) / 3);
  return [root(2), root(1), root(0)].sort((a, b) => a - b) as [number, number, number];
}

const [left, ridge, right] = criticalPlaces();

/** x of the ridge, on which f is greatest between the wells. */
export const ridgeAt = ridge;

/** Where the two minima lie (y = 0) and how deep they are, the left one first. */
export function minimaOf(): readonly [{ x: number; value: number }, { x: number; value: number }] {
  return [
    { x: left, value: tiltedValue(left, 0) },
    { x: right, value: tiltedValue(right, 0) },
  ];
}
