import {
  centresOf,
  costAwareProbabilities,
  drawSamples,
  leaves,
  posterior,
  testSamples,
  treeDistance,
  type LeafSetting,
} from "./leaves";

/** How often each leaf was taken for each other, [true][predicted], over the test samples; from probabilities of the true leaf not in whole numbers. */
export type Confusion = readonly (readonly number[])[];

/** The most probable leaf of each row of probabilities [samples, 8], the first of equals; null when one is no number. */
export function predictedLeaves(probabilities: ArrayLike<number>): Int32Array | null {
  const out = new Int32Array(probabilities.length / leaves);
  for (let i = 0; i < out.length; i++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < leaves; k++) {
      const p = probabilities[i * leaves + k] ?? Number.NaN;
      if (Number.isNaN(p)) return null;
      if (p > best) [best, out[i]] = [p, k];
    }
  }
  return out;
}

export function confusionOf(labels: Int32Array, predicted: Int32Array): Confusion {
  const counts = Array.from({ length: leaves }, () => new Array<number>(leaves).fill(0));
  labels.forEach((label, i) => {
    const row = counts[label];
    const guess = predicted[i] ?? 0;
    if (row) row[guess] = (row[guess] ?? 0) + 1;
  });
  return counts;
}

export interface LeafFigures {
  accuracy: number;
  /** Mean D(y, ŷ) over the samples that were told wrong; 0 without any. */
  errorDistance: number;
  /** The same over all samples. */
  expectedDistance: number;
}

/** Samples told wrong by their distance, from 1 to 3. */
export function distanceCounts(confusion: Confusion): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  confusion.forEach((row, y) =>
    row.forEach((count, k) => {
      const distance = treeDistance(y, k);
      if (distance > 0) counts[distance - 1] = (counts[distance - 1] ?? 0) + count;
    }),
  );
  return counts;
}

export function figuresOf(confusion: Confusion): LeafFigures {
  const samples = confusion.flat().reduce((a, b) => a + b, 0);
  const [near, middle, far] = distanceCounts(confusion);
  const errors = near + middle + far;
  const distance = near + 2 * middle + 3 * far;
  return {
    accuracy: 1 - errors / samples,
    errorDistance: errors === 0 ? 0 : distance / errors,
    expectedDistance: distance / samples,
  };
}

/** The test samples of a setting with the true probabilities of the leaves at each; those of the last are kept, as the runs of a sweep share them. */
interface TestPart {
  key: string;
  inputs: Float32Array;
  labels: Int32Array;
  truths: readonly (readonly number[])[];
}
let lastPart: TestPart | null = null;

export function testPart({ layout, dataSeed }: LeafSetting): TestPart {
  const key = JSON.stringify([layout, dataSeed]);
  if (lastPart?.key === key) return lastPart;
  const setting = { layout, dataSeed };
  const { inputs, labels } = drawSamples("test", testSamples, setting);
  const centres = centresOf(setting);
  const truths = Array.from(labels, (_, i) => posterior(centres, inputs[2 * i] ?? Number.NaN, inputs[2 * i + 1] ?? Number.NaN));
  lastPart = { key, inputs, labels, truths };
  return lastPart;
}

/** The expected confusion of decisions at the test points, by the true probabilities of the leaves there. */
export function expectedConfusion(setting: LeafSetting, decide: (truth: readonly number[], i: number) => number): Confusion {
  const counts = Array.from({ length: leaves }, () => new Array<number>(leaves).fill(0));
  testPart(setting).truths.forEach((truth, i) => {
    const decision = decide(truth, i);
    truth.forEach((share, y) => {
      const row = counts[y];
      if (row) row[decision] = (row[decision] ?? 0) + share;
    });
  });
  return counts;
}

/** Those of the last settings and weights: the runs of a sweep share them. */
const known = new Map<string, Confusion>();
const mostKnown = 64;

/**
 * Of who knows the distributions and decides for the greatest of the probabilities that make cross-entropy + λ·expected distance least. With λ = 0 nobody
 * has a higher accuracy.
 */
export function bayesConfusion({ layout, dataSeed }: LeafSetting, weight: number): Confusion {
  const key = JSON.stringify([layout, dataSeed, weight]);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= mostKnown) known.clear();
  const confusion = expectedConfusion({ layout, dataSeed }, (truth) => {
    const p = costAwareProbabilities(truth, weight);
    return p.indexOf(Math.max(...p));
  });
  known.set(key, confusion);
  return confusion;
}

/** The figures of a run from probabilities [20,000, 8] at the test samples. */
export function judge(setting: LeafSetting, weight: number, probabilities: ArrayLike<number>): Record<string, number> {
  const predicted = predictedLeaves(probabilities);
  const own = predicted
    ? figuresOf(confusionOf(testPart(setting).labels, predicted))
    : { accuracy: Number.NaN, errorDistance: Number.NaN, expectedDistance: Number.NaN };
  const [plain, aware] = [figuresOf(bayesConfusion(setting, 0)), figuresOf(bayesConfusion(setting, weight))];
  return {
    ...own,
    bayesAccuracy: plain.accuracy,
    bayesErrorDistance: plain.errorDistance,
    bayesFall: 1 - aware.errorDistance / plain.errorDistance,
    bayesAccuracyLoss: plain.accuracy - aware.accuracy,
    distanceFall: 1 - own.errorDistance / plain.errorDistance,
    expectedFall: 1 - own.expectedDistance / plain.expectedDistance,
    accuracyLoss: plain.accuracy - own.accuracy,
  };
}
