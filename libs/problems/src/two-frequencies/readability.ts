import { leastSquares, rSquared } from "@basin/numerics";
import type { Frequencies } from "./curves";

/** 1, z₁, z₂, … z₂³. */
function cubicTerms(a: number, b: number): number[] {
  return [1, a, b, a * a, a * b, b * b, a * a * a, a * a * b, a * b * b, b * b * b];
}

/**
 * How well both frequencies can be read from codes [curves, 2]: cubic polynomials in the code are fitted to every second curve by least
 * squares, and the lesser of the two R² on the others is returned. Codes are standardised first. NaN where one is not finite.
 */
export function readability(codes: Float32Array, frequencies: readonly Frequencies[]): number {
  if (!codes.every(Number.isFinite)) return Number.NaN;
  const column = (k: number): number[] => {
    const values = frequencies.map((_, i) => codes[2 * i + k] ?? Number.NaN);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1;
    return values.map((v) => (v - mean) / spread);
  };
  const [first, second] = [column(0), column(1)];
  const rows = first.map((a, i) => cubicTerms(a, second[i] ?? Number.NaN));
  const of = <T>(all: readonly T[], parity: number): T[] => all.filter((_, i) => (i + Math.floor(i / 20)) % 2 === parity);
  const scores = [0, 1].map((k) => {
    const wanted = frequencies.map((pair) => pair[k] ?? Number.NaN);
    const weights = leastSquares(of(rows, 0).flat(), of(wanted, 0), 10);
    const read = of(rows, 1).map((row) => row.reduce((sum, term, j) => sum + term * (weights[j] ?? 0), 0));
    return rSquared(of(wanted, 1), read);
  });
  return Math.min(...scores);
}
