import { canWidenVectors } from "../backend/wide-vectors";

/** A product of these sizes takes some 5 µs: rows, inner, columns. */
const [m, k, n] = [32, 64, 64];
/** Floats that a trial needs: both operands, biases and the result. */
export const trialFloats = m * k + k * n + n + m * n;

/** Neither kind of tiles has become faster for as long: V8 has compiled both. */
const quietMilliseconds = 20;
const longestMilliseconds = 400;
/** Wide tiles take some 0.65 of the time where V8 joins vectors, and longer than the others where it does not. */
const clearly = 0.9;

/**
 * Takes the tiles that are faster here, those for vectors of 256 bits or the others: both are timed in turn until V8 has compiled them. Only that shows whether V8 joins
 * vectors on this processor; the bits are the same. `product` multiplies once, with these sizes.
 */
export function chooseTiles(use: (wide: boolean) => void, product: (m: number, k: number, n: number) => void): void {
  use(false);
  if ("missing" in canWidenVectors({ v8: process.versions.v8, arch: process.arch })) return;
  const best = { narrow: Infinity, wide: Infinity };
  const start = performance.now();
  for (let changed = start; performance.now() - changed < quietMilliseconds && performance.now() - start < longestMilliseconds;) {
    for (const kind of ["narrow", "wide"] as const) {
      use(kind === "wide");
      const before = performance.now();
      for (let i = 0; i < 10; i++) product(m, k, n);
      const spent = performance.now() - before;
      if (spent < 0.95 * best[kind]) changed = performance.now();
      best[kind] = Math.min(best[kind], spent);
    }
  }
  use(best.wide < clearly * best.narrow);
}
