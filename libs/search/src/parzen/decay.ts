const mostHalvings = 60;
const halvings = Float64Array.from({ length: mostHalvings }, (_, k) => 2 ** -k);
/** 1/2, 1/3, … of the Taylor series. */
const [second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth] = [
  1 / 2,
  1 / 3,
  1 / 4,
  1 / 5,
  1 / 6,
  1 / 7,
  1 / 8,
  1 / 9,
  1 / 10,
] as const;

/**
 * e^x for x ≤ 0, relative error below 1e-11 down to x = −41 and 0 below: many such terms are added where others are near 1. From
 * multiplications and additions only, so that its bits are the same everywhere. x = r − k·ln 2 with |r| ≤ ½ ln 2; series to r¹⁰.
 */
export function decay(x: number): number {
  const k = Math.round(-x * Math.LOG2E);
  if (!(k < mostHalvings)) return 0;
  const r = x + k * Math.LN2;
  const inner = 1 + r * fifth * (1 + r * sixth * (1 + r * seventh * (1 + r * eighth * (1 + r * ninth * (1 + r * tenth)))));
  return (1 + r * (1 + r * second * (1 + r * third * (1 + r * fourth * inner)))) * (halvings[k] as number);
}
