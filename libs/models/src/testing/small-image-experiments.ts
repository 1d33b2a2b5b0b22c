import type { Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { configurationOf, findExperiment, type ExperimentDefinition, type LabelledImagesProblem } from "@basin/problems";

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

export const pendulumImages = experiment("pendulum-images");

const shape = { rows: 6, columns: 5, channels: 2 };
const size = shape.rows * shape.columns * shape.channels;
const samples = 23;

/** Noise with one bright row: which third of the image it lies in is the class. */
function brightRows(): { samples: number; images: Float32Array; labels: Int32Array } {
  const images = new Float32Array(samples * size);
  randomStream(5, "test/stripes").fillUniform(images);
  const labels = Int32Array.from({ length: samples }, (_, i) => i % 3);
  labels.forEach((label, i) => images.fill(2, i * size + label * 20, i * size + label * 20 + 10));
  return { samples, images, labels };
}

const problem: LabelledImagesProblem = {
  kind: "labelled-images",
  classes: ["top", "middle", "bottom"],
  shape: () => shape,
  training: brightRows,
  evaluationImages: () => brightRows().images,
  evaluate(_, { probabilities }) {
    const right = brightRows().labels.filter((label, i) =>
      probabilities.subarray(3 * i, 3 * i + 3).every((p) => p <= (probabilities[3 * i + label] ?? 0)),
    );
    return { testAccuracy: right.length / samples };
  },
};

/** 23 images of 6 × 5 pixels and two channels in three classes, with the parameters of `digits-cnn`. */
export const stripes: ExperimentDefinition = { ...experiment("digits-cnn"), id: "stripes", problem, plots: [] };

/** 19 + 4 samples in batches of 8: odd sizes everywhere, so that every tail path of the kernels runs. */
export function stripesNetwork(changes: Configuration = {}): Configuration {
  const blocks = "conv 3 k3 p1, max-pool 2 p1, conv 5 k2 s1";
  return configurationOf(stripes, { blocks, denseLayers: [7], batchSize: 8, epochs: 4, validationFraction: 0.2, ...changes });
}

export const cnnCases: readonly { name: string; changes: Configuration }[] = [
  { name: "adam, maximum pool, best weights", changes: { restoreBestWeights: true } },
  {
    name: "momentum, gelu, average pool, strides",
    changes: {
      optimizer: "momentum",
      activation: "gelu",
      blocks: "conv 4 k4 s2 p2, average-pool 2 s1",
      schedule: "cosine",
      denseLayers: [],
      batchSize: 0,
    },
  },
];

/** B5 with 8 × 8 pixels and few frames: 7 training frames in batches of 3. */
export function pendulumNetwork(changes: Configuration = {}): Configuration {
  return configurationOf(pendulumImages, {
    pixels: 8,
    frames: 9,
    trainingFrames: 7,
    batchSize: 3,
    epochs: 3,
    encoderBlocks: "conv 3 k3 p1, max-pool 2",
    denseLayers: [6],
    decoderBlocks: "transposed 1 k4 s2 p1",
    outputActivation: "linear",
    ...changes,
  });
}

export const autoencoderCases: readonly { name: string; changes: Configuration }[] = [
  { name: "one latent value, training noise", changes: { trainingNoise: 0.2, schedulePeriod: 1 } },
  {
    name: "none, without blocks, mse",
    changes: { latentWidth: 0, encoderBlocks: "", decoderBlocks: "", loss: "mse", denseLayers: [5] },
  },
];
