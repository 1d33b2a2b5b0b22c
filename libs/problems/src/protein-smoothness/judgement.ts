import { logarithm, sum } from "@basin/numerics";
import { states } from "./chain";

/** The most probable state of each residue, the first of equals; −1 where a probability is no number. */
export function predictedStates(probabilities: ArrayLike<number>): Int32Array {
  const classes = states.length;
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = states.map((_state, k) => probabilities[i * classes + k] ?? Number.NaN);
    return row.some(Number.isNaN) ? -1 : row.indexOf(Math.max(...row));
  });
}

/** Residues whose state is that of neither neighbour; the two ends are none. */
export function isolatedResidues(chain: ArrayLike<number>): number {
  let count = 0;
  for (let i = 1; i + 1 < chain.length; i++) if (chain[i] !== chain[i - 1] && chain[i] !== chain[i + 1]) count += 1;
  return count;
}

/** Runs of one state. */
export function segments(chain: ArrayLike<number>): number {
  let count = Number(chain.length > 0);
  for (let i = 1; i < chain.length; i++) if (chain[i] !== chain[i - 1]) count += 1;
  return count;
}

/** −Σ p ln p, with 0 ln 0 = 0. */
function entropy(p: readonly number[]): number {
  return -p.reduce((total, share) => total + (share > 0 ? share * logarithm(share) : share * 0), 0);
}

/** H(½p + ½q) − ½H(p) − ½H(q), between 0 and ln 2. */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const middle = p.map((share, k) => 0.5 * (share + (q[k] ?? Number.NaN)));
  return entropy(middle) - 0.5 * entropy(p) - 0.5 * entropy(q);
}

/** Mean over neighbouring residues, from probabilities [residues, 3]. */
export function meanDivergence(probabilities: ArrayLike<number>): number {
  const classes = states.length;
  const row = (i: number): number[] => states.map((_, k) => probabilities[i * classes + k] ?? Number.NaN);
  const pairs = probabilities.length / classes - 1;
  return sum(Float64Array.from({ length: pairs }, (_, i) => jensenShannon(row(i), row(i + 1)))) / pairs;
}

/** The figures of a run from probabilities [residues, 3] along the test chain. */
export function judge(truth: Int32Array, probabilities: Float32Array): Record<string, number> {
  const predicted = predictedStates(probabilities);
  const broken = predicted.includes(-1);
  const right = predicted.reduce((count, state, i) => count + Number(state === truth[i]), 0);
  const ratio = segments(predicted) / segments(truth);
  const figures = {
    accuracy: right / truth.length,
    isolated: isolatedResidues(predicted),
    meanDivergence: meanDivergence(probabilities),
    segmentRatio: ratio,
    segmentError: Math.abs(ratio - 1),
  };
  return broken ? Object.fromEntries(Object.keys(figures).map((name) => [name, Number.NaN])) : figures;
}
