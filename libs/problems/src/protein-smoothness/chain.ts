import { exponential, logarithm, randomStream } from "@basin/numerics";

/** Secondary structure of a residue, by its index: helix, strand, coil. */
export const states = ["H", "E", "C"] as const;
export const letters = 20;
/** Residues of the training chain, and of the test chain. */
export const residues = 3000;

/** P[s][s'] of the Markov chain of the states. */
export const transitions: readonly (readonly number[])[] = [
  [0.9, 0.02, 0.08],
  [0.02, 0.85, 0.13],
  [0.08, 0.1, 0.82],
];
/** How far the letters of the states differ: the deviation of ln p from that of a common base. */
const emissionSpread = 0.6;

/** One chain: the state and the letter (0 … 19) of every residue. */
export interface Chain {
  states: Int32Array;
  letters: Int32Array;
}

function normalized(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

/**
 * For each state the probabilities of its letters, the same for both chains: a base that is uniform over all distributions (a Dirichlet with all
 * parameters 1: normalized −ln u), each letter of it times e^{0.6 N(0, 1)}, normalized anew.
 */
export function emissions(dataSeed: number): number[][] {
  const base = randomStream(dataSeed, "protein-smoothness/base");
  const common = normalized(Array.from({ length: letters }, (_, a) => -logarithm(1 - base.uniform(a))));
  const spread = randomStream(dataSeed, "protein-smoothness/emissions");
  return states.map((_, s) =>
    normalized(common.map((share, a) => share * exponential(emissionSpread * spread.normal(s * letters + a)))),
  );
}

/** The first index whose cumulated probability is above u. */
function drawnFrom(shares: readonly number[], u: number): number {
  let sum = 0;
  for (let k = 0; k + 1 < shares.length; k++) {
    sum += shares[k] ?? 0;
    if (u < sum) return k;
  }
  return shares.length - 1;
}

/** A chain of 3,000 residues; the first state is as likely as the others. */
export function drawChain(part: "training" | "test", dataSeed: number): Chain {
  const emitted = emissions(dataSeed);
  const walk = randomStream(dataSeed, `protein-smoothness/${part} states`);
  const letter = randomStream(dataSeed, `protein-smoothness/${part} letters`);
  const chain: Chain = { states: new Int32Array(residues), letters: new Int32Array(residues) };
  let state = walk.integer(0, states.length);
  for (let i = 0; i < residues; i++) {
    if (i > 0) state = drawnFrom(transitions[state] ?? [], walk.uniform(i));
    chain.states[i] = state;
    chain.letters[i] = drawnFrom(emitted[state] ?? [], letter.uniform(i));
  }
  return chain;
}

/** Inputs of a residue that sees so many neighbours on either side. */
export function windowWidth(window: number): number {
  return letters * (2 * window + 1) + 1;
}

/**
 * What the network sees, [residues, windowWidth]: for each place of the window a 1 at its letter, and at last the share of places beyond the ends of
 * the chain, which have no letter.
 */
export function windowFeatures({ letters: sequence }: Chain, window: number): Float32Array {
  const [width, places] = [windowWidth(window), 2 * window + 1];
  const out = new Float32Array(sequence.length * width);
  sequence.forEach((_, i) => {
    let beyond = 0;
    for (let place = 0; place < places; place++) {
      const letter = sequence[i + place - window];
      if (letter === undefined) beyond += 1;
      else out[i * width + place * letters + letter] = 1;
    }
    out[i * width + width - 1] = beyond / places;
  });
  return out;
}
