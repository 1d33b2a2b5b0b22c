import { randomStream, sinPi } from "@basin/numerics";

/** ω₁ and ω₂ of a curve. */
export type Frequencies = readonly [low: number, high: number];

const lowest = [1, 3] as const;
const testSide = 20;

/** Equispaced on [0, 2π], both ends included. */
export function times(points: number): number[] {
  return Array.from({ length: points }, (_, i) => (2 * Math.PI * i) / (points - 1));
}

/** ½(sin ω₁t + sin ω₂t) at those times. */
export function curveOf([low, high]: Frequencies, points: number): Float32Array {
  return Float32Array.from(times(points), (t) => (sinPi((low * t) / Math.PI) + sinPi((high * t) / Math.PI)) / 2);
}

/** Uniform on [1, 2] × [3, 4]. */
export function drawnFrequencies(curves: number, dataSeed: number): Frequencies[] {
  const stream = randomStream(dataSeed, "two-frequencies/curves");
  return Array.from({ length: curves }, (_, i) => [lowest[0] + stream.uniform(2 * i), lowest[1] + stream.uniform(2 * i + 1)]);
}

/** The centres of 20 × 20 cells of the same square. */
export function gridFrequencies(): Frequencies[] {
  const shares = Array.from({ length: testSide }, (_, i) => (i + 0.5) / testSide);
  return shares.flatMap((low) => shares.map((high): Frequencies => [lowest[0] + low, lowest[1] + high]));
}
