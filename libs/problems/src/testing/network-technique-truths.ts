import { randomStream } from "@basin/numerics";
import { surface } from "../backpropagation/backpropagation";
import { oneHot } from "../digits/classification";
import type { DigitsSetting } from "../digits/digit-images";
import type { NetworkWeights } from "../kinds/trained-network";
import { fewDigits } from "../regularization/few-digits";
import { networkOf } from "./known-network";
import type { Truth } from "./supervised-truths";

const setting: DigitsSetting = { dataSeed: 0, testFraction: 0.2, scaling: "unit" };
const inputWidth = 64;

/** Certain of the right class of every image of both parts. */
function certain(trainingSamples: number): Float32Array {
  const { training, test } = fewDigits({ ...setting, trainingSamples });
  return oneHot(Int32Array.from([...training.labels, ...test.labels]), 10);
}

/** Takes every even digit for the odd one after it, and the other way round. */
const confused = (predictions: Float32Array): Float32Array => predictions.map((_, i) => predictions[i ^ 1] ?? 0);

/** Certain of the images trained on, and with only `share` of the probability on the right class of the others. */
function overfitted(trainingSamples: number, share: number): Float32Array {
  return certain(trainingSamples).map((value, i) => (i < 10 * trainingSamples ? value : value === 1 ? share : (1 - share) / 9));
}

const perfectDigits = (trainingSamples: number): Pick<Truth, "predict" | "spoil"> => ({
  predict: () => certain(trainingSamples),
  spoil: confused,
});
const accurate = { trainingAccuracy: 1, testAccuracy: 1, testCrossEntropy: 0 };
const accurateWithGap = { ...accurate, trainingCrossEntropy: 0, gap: 0 };

const array = (...values: number[]) => ({ shape: [1, values.length], values: Float32Array.from(values) });
const none = new Float32Array(0);

/** Gradients of ten hidden layers and the output whose norm grows by `factor` from the first to the last hidden one. */
const flow = (factor: number) =>
  networkOf(inputWidth, () => [], {
    layerOutputs: () => Promise.resolve(Array.from({ length: 11 }, () => Float32Array.from({ length: 256 }, (_, i) => i % 2))),
    gradients: () =>
      Promise.resolve(
        Object.fromEntries(
          Array.from({ length: 11 }, (_, l) => [`layers.${l}.weight`, array(3 * factor ** (l / 9), 4 * factor ** (l / 9))]),
        ),
      ),
  });

/** One unit over the batch of 64 samples that alternates between ±`spread`. */
const normalized = (spread: number) =>
  networkOf(inputWidth, () => [], {
    normalizedOutputs: () => Promise.resolve([Float32Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? spread : -spread))]),
  });

/** A network with a gap, whose companion without dropout has a larger one; it keeps `kept` of four units. */
const dropped = (kept: number) =>
  networkOf(inputWidth, () => [], {
    predict: () => Promise.resolve(overfitted(200, 0.9)),
    predictWith: () => Promise.resolve(overfitted(200, 0.5)),
    limitedGradients: () => Promise.resolve({}),
    predictWithDropout: () => Promise.resolve([overfitted(200, 0.9).subarray(2000)]),
    dropoutFactors: () => [Float32Array.from({ length: 4 }, (_, i) => (i < kept ? 2 : 0))],
  });

/** Without limits the first step leaves single precision; with them the norm is `norm`. */
const clipped = (norm: number) =>
  networkOf(inputWidth, () => [], {
    initialWeights: { "layers.0.bias": array(1, 1) },
    gradients: () => Promise.resolve({ "layers.0.bias": array(3e38, -3e38) }),
    limitedGradients: () => Promise.resolve({ "layers.0.bias": array(0.6 * norm, 0.8 * norm) }),
  });

function randomWeights(): NetworkWeights {
  const widths = [2, 8, 6, 1];
  return Object.fromEntries(
    widths.slice(1).flatMap((columns, l) => {
      const draw = (rows: number, index: number) => {
        const values = new Float32Array(rows * columns);
        randomStream(1, "spec", index).fillNormal(values);
        return { shape: [rows, columns], values };
      };
      return [
        [`layers.${l}.weight`, draw(widths[l] ?? 0, 2 * l)],
        [`layers.${l}.bias`, draw(1, 2 * l + 1)],
      ];
    }),
  );
}
/** The figures need weights alone; one that is no number spoils them. */
const checked = (weights: NetworkWeights) =>
  networkOf(2, () => [], {
    initialWeights: weights,
    weights,
    gradients: () => Promise.resolve({ "layers.0.bias": { shape: [0], values: none } }),
  });

/** For specs: truth and judgement of the experiments on how networks are trained, at their defaults. */
export const networkTechniqueTruths: Record<string, Truth> = {
  "vanishing-gradient": {
    ...perfectDigits(1437),
    figures: accurate,
    trained: {
      right: flow(1e4),
      wrong: flow(10),
      figures: {
        firstGradientNorm: 5,
        lastGradientNorm: 5e4,
        gradientRatio: 1e-4,
        gradientDecades: 4,
        varianceRatio: 1,
        deadAtStart: 0,
        deadAtEnd: 0,
        claim: 2,
      },
    },
  },
  "batch-normalization": {
    ...perfectDigits(1437),
    figures: accurateWithGap,
    trained: {
      right: normalized(1),
      wrong: normalized(1.001),
      figures: { normalizedMean: 0, normalizedVarianceError: 0 },
    },
  },
  dropout: {
    ...perfectDigits(200),
    figures: accurateWithGap,
    trained: {
      right: dropped(2),
      wrong: dropped(3),
      figures: { keptFraction: 0.5, keptDeviation: 0, gapWithout: Math.LN2, gapReduction: Math.LN2 + Math.log(0.9) },
    },
  },
  "gradient-clipping": {
    ...perfectDigits(200),
    figures: accurateWithGap,
    trained: {
      right: clipped(0.999),
      wrong: clipped(1.001),
      figures: { limitRatio: 0.999, unlimited: 1 },
    },
  },
  "cross-validation-search": { ...perfectDigits(500), figures: accurate },
  backpropagation: {
    predict: surface,
    figures: { gridMse: 0 },
    trained: {
      right: checked(randomWeights()),
      wrong: checked({ ...randomWeights(), "layers.2.bias": array(Number.NaN) }),
      figures: { formulaError: 0 },
    },
  },
};
