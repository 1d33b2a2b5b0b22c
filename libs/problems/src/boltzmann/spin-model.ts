import { exponential, inverseMatrix, logarithm, minimizeLbfgs, randomStream } from "@basin/numerics";

export const spins = 8;
/** All 2⁸ states: spin i of state k is +1 where bit i of k is set, else −1. */
export const states = 2 ** spins;
/** (i, j) with i < j, in the order of every array of couplings. */
export const pairs: readonly (readonly [number, number])[] = Array.from({ length: spins }, (_, i) =>
  Array.from({ length: spins - 1 - i }, (__, k) => [i, i + 1 + k] as const),
).flat();
/** Standard deviation of the couplings, so that the field on a spin is about 1 however many there are. */
const couplingDeviation = 1 / Math.sqrt(spins);

/** Spin i of a state, ±1. */
export const spinOf = (state: number, i: number): number => ((state >> i) & 1 ? 1 : -1);

/** s_i·s_j of every state and pair, row-major [states, pairs]. */
const products = Float64Array.from({ length: states * pairs.length }, (_, at) => {
  const [i, j] = pairs[at % pairs.length] ?? [0, 0];
  const state = Math.floor(at / pairs.length);
  return spinOf(state, i) * spinOf(state, j);
});

/** E = −Σ_{i<j} w_ij s_i s_j of every state [states]: each pair once, as physicists write it. */
export function energies(couplings: ArrayLike<number>): Float64Array {
  const out = new Float64Array(states);
  for (let state = 0; state < states; state++) {
    let sum = 0;
    for (let p = 0; p < pairs.length; p++) sum += (couplings[p] ?? Number.NaN) * (products[state * pairs.length + p] ?? 0);
    out[state] = -sum;
  }
  return out;
}

/** L = −½ Σ_{i≠j} w_ij s_i s_j with the symmetric matrix of the couplings, every pair twice, as networks have it: the same number. */
export function networkEnergies(couplings: ArrayLike<number>): Float64Array {
  const matrix = new Float64Array(spins * spins);
  pairs.forEach(([i, j], p) => (matrix[i * spins + j] = matrix[j * spins + i] = couplings[p] ?? Number.NaN));
  return Float64Array.from({ length: states }, (_, state) => {
    let sum = 0;
    for (let i = 0; i < spins; i++)
      for (let j = 0; j < spins; j++) sum += (matrix[i * spins + j] ?? 0) * spinOf(state, i) * spinOf(state, j);
    return -sum / 2;
  });
}

/** e^(−E)/Z of every state, and ln Z; β = 1. */
export function boltzmannOf(couplings: ArrayLike<number>): { probabilities: Float64Array; logPartition: number } {
  const all = energies(couplings);
  const least = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const weights = all.map((energy) => exponential(least - energy));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { probabilities: weights.map((weight) => weight / sum), logPartition: logarithm(sum) - least };
}

/** ⟨s_i s_j⟩ of every pair under a distribution over the states. */
export function correlations(distribution: ArrayLike<number>): Float64Array {
  const out = new Float64Array(pairs.length);
  for (let state = 0; state < states; state++) {
    const share = distribution[state] ?? 0;
    if (share === 0) continue;
    for (let p = 0; p < pairs.length; p++) out[p] = (out[p] ?? 0) + share * (products[state * pairs.length + p] ?? 0);
  }
  return out;
}

/**
 * The least root mean square error of the couplings, over the pairs, that an unbiased estimate from `samples` samples can have (H. Cramér, C. R. Rao): √(tr F⁻¹/(pairs·samples)),
 * where F is the covariance of the products s_i s_j.
 */
export function leastCouplingError(couplings: ArrayLike<number>, samples: number): number {
  const { probabilities } = boltzmannOf(couplings);
  const means = correlations(probabilities);
  const n = pairs.length;
  const covariance = new Float64Array(n * n);
  probabilities.forEach((share, state) => {
    const off = means.map((mean, p) => (products[state * n + p] ?? 0) - mean);
    off.forEach((x, p) => off.forEach((y, q) => (covariance[p * n + q] = (covariance[p * n + q] ?? 0) + share * x * y)));
  });
  const inverse = inverseMatrix(covariance, n);
  const trace = means.reduce((sum, _, p) => sum + (inverse?.[p * n + p] ?? Number.NaN), 0);
  return Math.sqrt(trace / (n * samples));
}

/** Σ p ln(p/q) in nats over the states; those with p = 0 count 0. */
export function divergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let state = 0; state < states; state++) {
    const share = p[state] ?? 0;
    if (share > 0) sum += share * logarithm(share / (q[state] ?? Number.NaN));
  }
  return sum;
}

/** The couplings of a seed's own system: independent N(0, 1/8). */
export function trueCouplings(seed: number): Float64Array {
  const out = new Float64Array(pairs.length);
  randomStream(seed, "boltzmann/couplings").fillNormal(out);
  return out.map((z) => couplingDeviation * z);
}

/** `count` independent states drawn from the seed's own system; fewer are the first of more. */
export function drawStates(seed: number, count: number): Uint8Array {
  const { probabilities } = boltzmannOf(trueCouplings(seed));
  const stream = randomStream(seed, "boltzmann/samples");
  let sum = 0;
  const bounds = probabilities.map((p) => (sum += p));
  return Uint8Array.from({ length: count }, (_, sample) => {
    const u = stream.uniform(sample) * sum;
    let [low, high] = [0, states - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] ?? 0) > u) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** The share of each state among samples. */
export function sharesOf(samples: ArrayLike<number>): Float64Array {
  const out = new Float64Array(states);
  for (let i = 0; i < samples.length; i++) out[samples[i] ?? 0] = (out[samples[i] ?? 0] ?? 0) + 1 / samples.length;
  return out;
}

/** KL(data ‖ model) of couplings and its gradient by them, ⟨s_i s_j⟩_model − ⟨s_i s_j⟩_data: the negative log-likelihood of a sample but for a constant. */
export function fit(shares: ArrayLike<number>): (couplings: ArrayLike<number>) => { value: number; gradient: Float64Array } {
  const wanted = correlations(shares);
  return (couplings) => {
    const { probabilities } = boltzmannOf(couplings);
    const gradient = correlations(probabilities).map((have, p) => have - (wanted[p] ?? 0));
    return { value: divergence(shares, probabilities), gradient };
  };
}

/** The couplings of greatest likelihood, which are unique: the negative log-likelihood is convex. By L-BFGS from 0. */
export function mostLikely(shares: ArrayLike<number>): { couplings: Float64Array; value: number } {
  const { point, value } = minimizeLbfgs(fit(shares), new Float64Array(pairs.length), {
    gradientTolerance: 1e-10,
    maxEvaluations: 500,
  });
  return { couplings: Float64Array.from(point), value };
}

/**
 * What contrastive divergence takes for the gradient (G. E. Hinton, Neural Computation 14 (2002)): correlations after `sweeps` sweeps of Gibbs
 * sampling, spin after spin, minus those of the samples from which the chains start. One of `chains` chains starts from a sample drawn at random.
 * `index` numbers the call: with another one other samples and chains are drawn.
 */
export function contrastiveDivergence(
  couplings: ArrayLike<number>,
  samples: ArrayLike<number>,
  { sweeps, chains, seed, index }: { sweeps: number; chains: number; seed: number; index: number },
): Float64Array {
  const stream = randomStream(seed, "boltzmann/chains", index);
  const uniforms = new Float64Array(sweeps * spins);
  const out = new Float64Array(pairs.length);
  const count = (state: number, share: number): void => {
    for (let p = 0; p < pairs.length; p++) out[p] = (out[p] ?? 0) + share * (products[state * pairs.length + p] ?? 0);
  };
  for (let chain = 0; chain < chains; chain++) {
    let state = samples[stream.integer(chain, samples.length)] ?? 0;
    count(state, -1 / chains);
    stream.fillUniform(uniforms, chain * uniforms.length);
    for (let at = 0; at < uniforms.length; at++) {
      const spin = at % spins;
      let field = 0;
      for (let other = 0; other < spins; other++)
        if (other !== spin) field += (couplings[pairAt(spin, other)] ?? 0) * spinOf(state, other);
      const up = 1 / (1 + exponential(-2 * field));
      state = (uniforms[at] ?? 0) < up ? state | (1 << spin) : state & ~(1 << spin);
    }
    count(state, 1 / chains);
  }
  return out;
}

/** Where the couplings of two spins stand, [spins, spins]. */
const places = Uint8Array.from({ length: spins * spins }, (_, at) => {
  const [i, j] = [Math.floor(at / spins), at % spins];
  return Math.max(
    0,
    pairs.findIndex(([a, b]) => a === Math.min(i, j) && b === Math.max(i, j)),
  );
});

function pairAt(i: number, j: number): number {
  return places[i * spins + j] ?? 0;
}
