import { gaussianOrthogonalMatrix, randomStream, symmetricEigen } from "@basin/numerics";

/**
 * Probability that all eigenvalues of an n × n matrix of the Gaussian orthogonal ensemble are positive, n = 1 … 5: ½, (2 − √2)/4,
 * (π − 2√2)/4π, and for 4 and 5 the quotient of the Pfaffians of N. G. de Bruijn's integrals over the positive and the whole line
 * (J. Indian Math. Soc. 19 (1955)), which the spec makes anew.
 */
export const expectedShares: readonly number[] = [
  0.5,
  (2 - Math.SQRT2) / 4,
  (Math.PI - 2 * Math.SQRT2) / (4 * Math.PI),
  0.0024567092597767,
  0.0001401146854587,
];

/** How many of `draws` matrices of size n have only positive eigenvalues; draw k of a seed is the same matrix however many are drawn. */
export function countMinima(seed: number, n: number, draws: number): number {
  const stream = randomStream(seed, "random-critical-points/matrices", n);
  let found = 0;
  for (let draw = 0; draw < draws; draw++) {
    const matrix = gaussianOrthogonalMatrix(stream, n, draw);
    // The least eigenvalue is at most the least diagonal entry, so most need not be computed.
    if (
      matrix.every((entry, at) => at % (n + 1) !== 0 || entry > 0) &&
      symmetricEigen(matrix, n).values.every((value) => value > 0)
    )
      found += 1;
  }
  return found;
}

let lastCount: { seed: number; draws: number; shares: readonly number[] } | null = null;

/** The share of minima among `draws` matrices of each size; those of the last call are kept for the same run's plots. */
export function countedShares(seed: number, draws: number): readonly number[] {
  if (lastCount?.seed !== seed || lastCount.draws !== draws)
    lastCount = { seed, draws, shares: expectedShares.map((_, i) => countMinima(seed, i + 1, draws) / draws) };
  return lastCount.shares;
}

/** |share − expected| in standard errors √(p(1 − p)/draws) of the expected share p. */
export function deviation(share: number, expected: number, draws: number): number {
  return Math.abs(share - expected) / Math.sqrt((expected * (1 - expected)) / draws);
}
