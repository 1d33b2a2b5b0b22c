import { describe, expect, it } from "vitest";
import {
  boltzmannOf,
  contrastiveDivergence,
  correlations,
  divergence,
  drawStates,
  energies,
  fit,
  leastCouplingError,
  mostLikely,
  networkEnergies,
  pairs,
  sharesOf,
  spinOf,
  spins,
  states,
  trueCouplings,
} from "./spin-model";

const couplings = Float64Array.from({ length: 28 }, (_, p) => 0.35 * Math.sin(2.1 * p + 0.4));
const uniform = new Float64Array(states).fill(1 / states);
const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe("the energies", () => {
  it("are the same in all states whether pairs count once or twice and by half", () => {
    for (const seed of [1, 2, 3]) {
      const truth = trueCouplings(seed);
      const [once, twice] = [energies(truth), networkEnergies(truth)];
      once.forEach((energy, state) => expect(Math.abs(energy - twice[state]!)).toBeLessThan(1e-12));
      expect(Math.max(...once) - Math.min(...once)).toBeGreaterThan(4);
    }
  });

  // Python: sums over all 256 states in double precision, with e^x and ln of the C library.
  it("and what follows from them are those of a direct sum", () => {
    const { probabilities, logPartition } = boltzmannOf(couplings);
    const correlated = correlations(probabilities);
    const at = (i: number, j: number): number => correlated[pairs.findIndex(([a, b]) => a === i && b === j)]!;
    expect(energies(couplings)[0b10110100]).toBeCloseTo(4.449293252731297, 13);
    expect(logPartition).toBeCloseTo(6.23683340358844, 13);
    expect(probabilities[0b10110100]).toBeCloseTo(2.2859891261590788e-5, 15);
    expect(divergence(probabilities, boltzmannOf(couplings.map((w) => 0.8 * w)).probabilities)).toBeCloseTo(
      0.01995549190233288,
      13,
    );
    expect(divergence(probabilities, uniform)).toBeCloseTo(0.5781220995669393, 13);
    expect(at(2, 5)).toBeCloseTo(0.25311421048900024, 13);
    expect(at(0, 1)).toBeCloseTo(0.3269398690348905, 13);
  });
});

describe("learning", () => {
  it("has the gradient that central differences find", () => {
    const evaluate = fit(sharesOf(drawStates(4, 300)));
    evaluate(couplings).gradient.forEach((slope, p) => {
      const at = (by: number): number => evaluate(couplings.map((w, k) => (k === p ? w + by : w))).value;
      expect(Math.abs(slope - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-8);
    });
  });

  it("by greatest likelihood finds the couplings of a distribution that is given exactly", () => {
    const { couplings: found, value } = mostLikely(boltzmannOf(couplings).probabilities);
    expect(Math.abs(value)).toBeLessThan(1e-14);
    found.forEach((w, p) => expect(Math.abs(w - couplings[p]!)).toBeLessThan(1e-7));
  });

  it("from N samples is 14/N nats from the truth on average, and as near to the couplings as the samples allow", () => {
    const count = 1000;
    const errors = Array.from({ length: 100 }, (_, i) => {
      const truth = trueCouplings(200 + i);
      const { couplings: found } = mostLikely(sharesOf(drawStates(200 + i, count)));
      return {
        nats: divergence(boltzmannOf(truth).probabilities, boltzmannOf(found).probabilities),
        couplings: rms(found.map((w, p) => w - truth[p]!)) / leastCouplingError(truth, count),
      };
    });
    const mean = (pick: (one: (typeof errors)[number]) => number): number =>
      errors.reduce((sum, one) => sum + pick(one), 0) / errors.length;
    // A chi-square of 28 degrees of freedom over 2N has a standard deviation of √(2/28) of its mean, and a tenth of that over 100 draws.
    expect(mean(({ nats }) => nats) / (14 / count)).toBeGreaterThan(0.9);
    expect(mean(({ nats }) => nats) / (14 / count)).toBeLessThan(1.15);
    // Likelihood is efficient: its error is the bound's, and a little more for few samples.
    expect(mean((one) => one.couplings)).toBeGreaterThan(0.9);
    expect(mean((one) => one.couplings)).toBeLessThan(1.15);
    // Without couplings the products are uncorrelated, F is the identity.
    expect(leastCouplingError(new Float64Array(28), count)).toBeCloseTo(1 / Math.sqrt(count), 14);
  });
});

describe("samples", () => {
  it("have the shares of the true distribution, and fewer are the first of more", () => {
    const { probabilities } = boltzmannOf(trueCouplings(6));
    const count = 200_000;
    const shares = sharesOf(drawStates(6, count));
    // Pearson's statistic of 255 degrees of freedom: mean 255, standard deviation 22.6.
    const statistic = shares.reduce((sum, share, k) => sum + (count * (share - probabilities[k]!) ** 2) / probabilities[k]!, 0);
    expect(statistic).toBeGreaterThan(255 - 4 * 22.6);
    expect(statistic).toBeLessThan(255 + 4 * 22.6);
    expect(drawStates(6, 50)).toEqual(drawStates(6, 80).subarray(0, 50));
  });
});

describe("contrastive divergence", () => {
  const samples = drawStates(3, 40_000);
  const truth = trueCouplings(3);
  const taken = (sweeps: number, at: Float64Array, index = 1): Float64Array =>
    contrastiveDivergence(at, samples, { sweeps, chains: 40_000, seed: 9, index });

  it("is 0 on average where samples and model agree: Gibbs sampling keeps the distribution", () => {
    // Each component is a mean over 40,000 chains of numbers of at most 2: standard error below 0.01.
    for (const sweeps of [1, 5]) for (const g of taken(sweeps, truth)) expect(Math.abs(g)).toBeLessThan(0.04);
  });

  it("with many sweeps is the gradient of the likelihood, with one it points the same way", () => {
    const { gradient } = fit(sharesOf(samples))(couplings);
    taken(15, couplings).forEach((g, p) => expect(Math.abs(g - gradient[p]!)).toBeLessThan(0.05));
    const once = taken(1, couplings);
    const dot = once.reduce((sum, g, p) => sum + g * gradient[p]!, 0);
    expect(dot / (rms(once) * rms(gradient) * 28)).toBeGreaterThan(0.9);
  });

  it("draws each step's chains anew, and the same ones again for the same step", () => {
    expect(taken(1, truth, 2)).not.toEqual(taken(1, truth, 1));
    expect(taken(1, truth, 2)).toEqual(taken(1, truth, 2));
  });
});

it("counts every pair of spins once", () => {
  expect(pairs).toHaveLength((spins * (spins - 1)) / 2);
  expect([spinOf(0b101, 0), spinOf(0b101, 1), spinOf(0b101, 2)]).toEqual([1, -1, 1]);
});
