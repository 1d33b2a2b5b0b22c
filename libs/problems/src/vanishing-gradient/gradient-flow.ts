import { logarithm, sum } from "@basin/numerics";
import type { NetworkWeights } from "../kinds/trained-network";

/** Euclidean norm of ∂C/∂W of each layer, the first first, from gradients by weight name. */
export function weightGradientNorms(gradients: NetworkWeights): number[] {
  const norms: number[] = [];
  for (let layer = 0; ; layer++) {
    const gradient = gradients[`layers.${layer}.weight`];
    if (!gradient) return norms;
    norms.push(Math.sqrt(sum(Array.from(gradient.values, (value) => value * value))));
  }
}

export const claimOutcomes = ["missed", "nothing is claimed", "held"] as const;

/** Bounds of the claim on the ratio of the first to the last hidden layer's gradient norm. */
const vanished = 1e-3;
const healthy = [0.1, 10] as const;

/**
 * Index into `claimOutcomes`. Of a network with sigmoid units alone it is claimed that the ratio is at most 1e-3; of one with ReLU or
 * ELU units alone and He's initialization that it lies within [0.1, 10]; of others nothing.
 */
export function judgeClaim(activations: readonly string[], initialization: string, ratio: number): number {
  const all = (...names: string[]): boolean => activations.every((name) => names.includes(name));
  const he = initialization === "he-normal" || initialization === "he-uniform";
  if (all("sigmoid")) return ratio <= vanished ? 2 : 0;
  if (he && (all("relu") || all("elu"))) return ratio >= healthy[0] && ratio <= healthy[1] ? 2 : 0;
  return 1;
}

/** Figures of the gradients of a network with `hidden` ≥ 1 hidden layers; the ratio is NaN where the last hidden layer has none. */
export function judgeFlow(
  norms: readonly number[],
  activations: readonly string[],
  initialization: string,
): Record<string, number> {
  const first = norms[0] ?? Number.NaN;
  const last = norms[activations.length - 1] ?? Number.NaN;
  const ratio = last > 0 ? first / last : Number.NaN;
  return {
    firstGradientNorm: first,
    lastGradientNorm: last,
    gradientRatio: ratio,
    gradientDecades: Math.abs(logarithm(ratio)) / logarithm(10),
    claim: judgeClaim(activations, initialization, ratio),
  };
}
