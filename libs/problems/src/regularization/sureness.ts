import type { PlotDataInput } from "@basin/contracts";
import { logarithm, mean } from "@basin/numerics";
import { judgePart, type Parts } from "../digits/classification";
import type { TrainedNetwork } from "../kinds/trained-network";

/** Predictions with other units left out each time, of which mean and spread are taken. */
const passes = 50;
const bins = 12;
const leastProbability = 1e-12;

/** What the passes say of the test part. */
export interface Sureness {
  /** Cross-entropy of the mean of their probabilities. */
  crossEntropy: number;
  /** Entropy of those means in nats, of the images that they get right and of the others. */
  right: number[];
  wrong: number[];
}

/**
 * Monte Carlo dropout (Y. Gal, Z. Ghahramani, ICML 2016): the probabilities of 50 passes with dropout are averaged, and the entropy
 * −Σ p ln p of the mean says how unsure the network is.
 */
export async function surenessOf({ test }: Parts, classes: number, trained: TrainedNetwork): Promise<Sureness> {
  const drawn = await trained.predictWithDropout(test.images, passes);
  const averaged = Float32Array.from({ length: test.samples * classes }, (_, i) =>
    mean(drawn.map((one) => one[i] ?? Number.NaN)),
  );
  const found: Sureness = { crossEntropy: judgePart(test, classes, averaged).crossEntropy, right: [], wrong: [] };
  test.labels.forEach((label, sample) => {
    const row = [...averaged.subarray(sample * classes, (sample + 1) * classes)];
    const guess = row.indexOf(Math.max(...row));
    const entropy = -row.reduce((sum, p) => sum + p * logarithm(Math.max(leastProbability, p)), 0);
    (guess === label ? found.right : found.wrong).push(entropy);
  });
  return found;
}

/** NaN where no image is wrong. */
export function surenessFigures({ crossEntropy, right, wrong }: Sureness): Record<string, number> {
  return {
    averagedCrossEntropy: crossEntropy,
    entropyRight: right.length > 0 ? mean(right) : Number.NaN,
    entropyWrong: wrong.length > 0 ? mean(wrong) : Number.NaN,
  };
}

/** How many images have which entropy, as shares of those that are right and of those that are wrong. */
export function surenessPlot({ right, wrong }: Sureness, classes: number): PlotDataInput {
  const most = logarithm(classes);
  const shares = (entropies: readonly number[]): number[] => {
    const counts = new Array<number>(bins).fill(0);
    for (const entropy of entropies) {
      const bin = Math.min(bins - 1, Math.floor((entropy / most) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts.map((count) => (entropies.length > 0 ? count / entropies.length : 0));
  };
  return {
    kind: "bars",
    title: "How unsure the network is",
    caption: `Entropy of the mean of ${passes} predictions with dropout, from 0 (sure) to ln ${classes} (guessing): greater where the network is wrong.`,
    categories: Array.from({ length: bins }, (_, bin) => ((most * (bin + 0.5)) / bins).toFixed(2)),
    categoryTitle: "Entropy in nats",
    y: { label: "share of images" },
    series: [
      { name: `right (${right.length})`, values: shares(right) },
      { name: `wrong (${wrong.length})`, values: shares(wrong) },
    ],
  };
}
