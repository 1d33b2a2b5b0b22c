import { cosPi, exponential, randomStream, sinPi } from "@basin/numerics";

/** Classes: the leaves of a binary tree of three levels, from left to right. */
export const leaves = 8;
export const testSamples = 20_000;

/** D(a, b): the level of the lowest common ancestor, 0 for the leaf itself, 3 for the root. */
export function treeDistance(a: number, b: number): number {
  return 32 - Math.clz32(a ^ b);
}

export const treeDistances: readonly (readonly number[])[] = Array.from({ length: leaves }, (_, a) =>
  Array.from({ length: leaves }, (_leaf, b) => treeDistance(a, b)),
);

export const layoutNames = ["look-alikes", "random"] as const;

/** Where the leaves lie, and which training and test samples are drawn. */
export interface LeafSetting {
  layout: (typeof layoutNames)[number];
  dataSeed: number;
}

/** Leaves 0 and 6 are that much as likely as each of the others. */
const favoured: readonly number[] = [0, 6];
const favour = 1.05;
const total = leaves + favoured.length * (favour - 1);
export const priors: readonly number[] = Array.from({ length: leaves }, (_, k) => (favoured.includes(k) ? favour : 1) / total);

/** What looks alike lies so far from the place of its group, in three directions; the deviation of a class is 1. */
const apart = 0.05;
const groups: readonly { members: readonly number[]; x: number; y: number }[] = [
  { members: [0, 4, 5], x: -3, y: 3 },
  { members: [6, 2, 3], x: 3, y: -3 },
  { members: [1], x: -3, y: -3 },
  { members: [7], x: 3, y: 3 },
];
/** Of the control: half the side of the square in which the centres are drawn. */
const reach = 3;

/** The centre of each leaf's normal distribution in the plane. */
export function centresOf({ layout, dataSeed }: LeafSetting): readonly (readonly [number, number])[] {
  if (layout === "random") {
    const stream = randomStream(dataSeed, "hierarchical-cost/centres");
    const place = (i: number): number => reach * (2 * stream.uniform(i) - 1);
    return Array.from({ length: leaves }, (_, k): [number, number] => [place(2 * k), place(2 * k + 1)]);
  }
  return Array.from({ length: leaves }, (_, k): [number, number] => {
    const group = groups.find(({ members }) => members.includes(k));
    const { members = [], x = Number.NaN, y = Number.NaN } = group ?? {};
    if (members.length === 1) return [x, y];
    const turn = (2 * members.indexOf(k)) / members.length;
    return [x + apart * cosPi(turn), y + apart * sinPi(turn)];
  });
}

export interface LeafSamples {
  /** [samples, 2] */
  inputs: Float32Array;
  labels: Int32Array;
}

export function drawSamples(part: "training" | "test", samples: number, setting: LeafSetting): LeafSamples {
  const centres = centresOf(setting);
  const which = randomStream(setting.dataSeed, `hierarchical-cost/${part} leaves`);
  const noise = new Float64Array(2 * samples);
  randomStream(setting.dataSeed, `hierarchical-cost/${part} noise`).fillNormal(noise);
  const labels = Int32Array.from({ length: samples }, (_, i) => {
    let left = which.uniform(i);
    const found = priors.findIndex((prior) => (left -= prior) < 0);
    return found < 0 ? leaves - 1 : found;
  });
  const inputs = Float32Array.from(noise, (e, at) => (centres[labels[at >> 1] ?? 0]?.[at & 1 ? 1 : 0] ?? Number.NaN) + e);
  return { inputs, labels };
}

/** The probabilities of the leaves at a point, by Bayes' rule. */
export function posterior(centres: readonly (readonly [number, number])[], x: number, y: number): number[] {
  const squares = centres.map(([a, b]) => (x - a) ** 2 + (y - b) ** 2);
  const least = Math.min(...squares);
  const weights = squares.map((square, k) => (priors[k] ?? 0) * exponential((least - square) / 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** So many halvings leave 1e-13 of an interval. */
const halvings = 44;

/**
 * The probabilities p that make cross-entropy + λ·expected cost least where the labels have the probabilities `truth`: p_k = truth_k/(μ + λc_k) with
 * the costs c_k = Σ_y truth_y D(y, k) and the μ for which they sum to 1, found by bisection.
 */
export function costAwareProbabilities(truth: readonly number[], weight: number): number[] {
  if (weight === 0) return [...truth];
  const costs = truth.map((_, k) => truth.reduce((sum, share, y) => sum + share * treeDistance(y, k), 0));
  const at = (mu: number, k: number): number => {
    const share = truth[k] ?? 0;
    return share > 0 ? share / (mu + weight * (costs[k] ?? 0)) : 0;
  };
  // The sum falls with μ; it is infinite where the first denominator is 0, and at most 1 at 1.
  let [low, high] = [-weight * Math.min(...costs.filter((_, k) => (truth[k] ?? 0) > 0)), 1];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    let sum = 0;
    for (let k = 0; k < truth.length; k++) sum += at(middle, k);
    if (sum > 1) low = middle;
    else high = middle;
  }
  return truth.map((_, k) => at(high, k));
}
