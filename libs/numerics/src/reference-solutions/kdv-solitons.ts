import { exponential, square } from "../elementary";
import { requirePositive } from "../require-positive";

/** A soliton alone is ½c·sech²(½√c·(x − ct − centre)): its height is half its speed c. */
export interface Soliton {
  speed: number;
  /** Its peak is at centre + c·t while all others are far ahead of it. */
  centre: number;
}

/**
 * Solution of the Korteweg–de Vries equation u_t + 6u·u_x + u_xxx = 0 that consists of solitons (R. Hirota, Phys. Rev. Lett. 27 (1971)), at (x, t):
 * u = 2(ln F)_xx, F = Σ over subsets S of Π_{i<j in S} ((k_i−k_j)/(k_i+k_j))²·e^(Σ_S k_i(x − centre_i) − k_i³t), k = √speed. (ln F)_xx is a sum of positive
 * terms: relative error below 1e-12 for exponents up to 1000. Throws RangeError unless there are 1 to 6 solitons of different positive speeds.
 */
export function kdvSolitons(solitons: readonly Soliton[]): (x: number, t: number) => number {
  if (solitons.length < 1 || solitons.length > 6) throw new RangeError(`there are 1 to 6 solitons, not ${solitons.length}`);
  for (const { speed } of solitons) requirePositive("a soliton's speed", speed);
  const k = solitons.map(({ speed }) => Math.sqrt(speed));
  const subsets = Array.from({ length: 2 ** k.length }, (_, bits) => {
    const members = k.map((_, i) => i).filter((i) => (bits >> i) & 1);
    let factor = 1;
    let wavenumber = 0;
    members.forEach((i, at) => {
      const ki = k[i] ?? 0;
      wavenumber += ki;
      for (const j of members.slice(at + 1)) factor *= square((ki - (k[j] ?? 0)) / (ki + (k[j] ?? 0)));
    });
    if (factor === 0) throw new RangeError("two solitons need different speeds");
    return { members, factor, wavenumber };
  });
  return (x, t) => {
    const phases = solitons.map(({ speed, centre }, i) => (k[i] ?? 0) * (x - centre - speed * t));
    const exponents = subsets.map(({ members }) => members.reduce((sum, i) => sum + (phases[i] ?? 0), 0));
    const greatest = Math.max(...exponents);
    const terms = subsets.map(({ factor }, s) => factor * exponential((exponents[s] ?? 0) - greatest));
    const total = terms.reduce((sum, term) => sum + term, 0);
    let pairs = 0;
    subsets.forEach((a, s) => {
      for (let r = 0; r < s; r++)
        pairs += (terms[s] ?? 0) * (terms[r] ?? 0) * square(a.wavenumber - (subsets[r]?.wavenumber ?? 0));
    });
    return (2 * pairs) / (total * total);
  };
}
