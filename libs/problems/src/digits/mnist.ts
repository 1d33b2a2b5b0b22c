import { MlpParameters, type Dataset, type Issue } from "@basin/contracts";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import {
  classifierMetrics,
  classifierPlotDescriptors,
  classifierPlots,
  judgeClassifier,
  oneHot,
  type Parts,
} from "./classification";
import { digitClasses } from "./digit-images";
import { mnistParts, mnistSide, standInParts, standInTraining } from "./mnist-images";
import { withDefault } from "../with-default";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const MnistParameters = MlpParameters.extend({
  dataset: z
    .union([z.literal(""), z.hex().length(64)])
    .default("")
    .meta({
      title: "Dataset",
      description: "Id of the uploaded mnist.npz, 64 hexadecimal digits. Empty: synthetic digits, which are not MNIST.",
    }),
  trainingImages: z.int().min(1).max(60_000).default(60_000).meta({
    title: "Training images",
    description: "The first so many of the training part; the stand-in has 1,437 in any case.",
    "x-advanced": true,
  }),
  dataSeed: dataSeed("Of the synthetic digits."),
  hiddenLayers: withDefault(mlp.hiddenLayers, [128], { description: "Width of each hidden layer." }),
  activation: withDefault(mlp.activation, "relu", { "x-suggest": undefined }),
  initialization: withDefault(mlp.initialization, "glorot-uniform"),
  epochs: withDefault(mlp.epochs, 5),
  batchSize: withDefault(mlp.batchSize, 64),
});
type MnistParameters = z.infer<typeof MnistParameters>;

const classes = digitClasses.length;
/** Where the images came from: the classes of the figure `source`. */
const sources = ["MNIST", "synthetic stand-in"];

/** The experiment on given images; the figures are those of the test part. */
function classification(parts: Parts, source: number): SupervisedProblem {
  const held: Parts = { training: { samples: 0, images: new Float32Array(0), labels: new Int32Array(0) }, test: parts.test };
  return {
    kind: "supervised",
    inputWidth: mnistSide ** 2,
    outputWidth: classes,
    outputActivation: "softmax",
    loss: "cce",
    data: () => ({
      samples: parts.training.samples,
      inputs: parts.training.images,
      targets: oneHot(parts.training.labels, classes),
    }),
    evaluationInputs: () => parts.test.images,
    evaluate(_, predictions) {
      const { testAccuracy = Number.NaN, testCrossEntropy = Number.NaN } = judgeClassifier(held, classes, predictions);
      return { testAccuracy, testCrossEntropy, source };
    },
    async plots(_, trained) {
      return classifierPlots(held, digitClasses, await trained.predict(parts.test.images), { side: mnistSide, ink: 1 });
    },
  };
}

/** Objective: the cross-entropy on the test part, as for `digits`. */
export const mnist = mlpExperiment({
  id: "mnist",
  version: 2,
  title: "MNIST",
  summary: "A 784-128-10 network reads MNIST from an uploaded file, or synthetic digits that are labelled as such.",
  description: `MNIST's 60,000 training and 10,000 test images of handwritten digits (28 × 28 pixels) are **not part of this repository**. Upload the file
\`mnist.npz\` (arrays \`x_train\`, \`y_train\`, \`x_test\`, \`y_test\`) on the datasets page or with \`basin dataset add\`, and name it in \`dataset\`.
The file as Keras distributes it (11 MB, pixels as uint8) fits the limits of a dataset as it is.

**Without a dataset** the experiment says so: the final figure \`source\` is "synthetic stand-in", and the images are the 8 × 8 digits of the experiment
\`digits\`, enlarged to 20 × 20 and put at random places within 28 × 28 pixels. Figures on them say nothing about MNIST, and the criterion is not met by them.

The network 784-128-10 has ReLU units and a softmax, trained on the cross-entropy with Adam at $10^{-3}$ in batches of 64 for 5 epochs. The source reports
more than 98 % with two hidden layers. In trials on MNIST this network had 0.974; two layers of 256 units with \`dropout: 0.2\` and 10 epochs had 0.983.`,
  source: "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: MNIST",
  defaultSweep: {
    lesson: "How fast may a network with one hidden layer learn?",
    space: { learningRate: { type: "choice", values: [3e-4, 1e-3, 3e-3] } },
    seeds: 3,
  },
  parameters: MnistParameters,
  hasOwnData: true,
  datasets: ({ dataset }) => (typeof dataset === "string" && dataset !== "" ? [dataset] : []),
  checkDataset: (_, dataset) => checkArrays(dataset),
  sizes(parameters, datasets) {
    const { dataset, trainingImages }: MnistParameters = MnistParameters.parse(parameters);
    const given = datasets(dataset)?.arrays.find(({ name }) => name === "x_train")?.shape[0];
    const images = given === undefined ? null : Math.min(trainingImages, given);
    const samples = dataset === "" ? standInTraining : images;
    return samples === null ? null : vectorSizes(samples, mnistSide ** 2, classes);
  },
  objective: { metric: "testCrossEntropy", direction: "minimize" },
  metrics: [
    ...classifierMetrics.filter(({ name }) => name !== "trainingAccuracy"),
    finalMetric(
      "source",
      "Images",
      "Where the images are from: MNIST as it was uploaded, or the synthetic stand-in, about which figures say nothing of MNIST.",
      { categories: sources },
    ),
  ],
  success: {
    text: "accuracy on MNIST's test part at least 0.98; never met on the synthetic stand-in",
    all: [
      { metric: "testAccuracy", op: ">=", value: 0.98 },
      { metric: "source", op: "<=", value: 0 },
    ],
  },
  plots: classifierPlotDescriptors.filter(({ id }) => id !== "first-layer"),
  maxPackWidth: 16,
  problem: classification({ training: empty(), test: empty() }, 1),
  problemOf(configuration, resources) {
    const { dataset, dataSeed, trainingImages }: MnistParameters = MnistParameters.parse(configuration);
    if (dataset === "") return classification(standInParts(dataSeed), 1);
    return classification(mnistParts(resources.dataset(dataset), trainingImages), 0);
  },
});

function empty(): Parts["test"] {
  return { samples: 0, images: new Float32Array(0), labels: new Int32Array(0) };
}

function checkArrays({ arrays, name }: Dataset): Issue[] {
  const missing = ["x_train", "y_train", "x_test", "y_test"].filter((wanted) => !arrays.some((array) => array.name === wanted));
  if (missing.length === 0) return [];
  return [
    {
      path: "dataset",
      message: `${name} has no array ${missing.join(", ")}`,
      hint: "upload mnist.npz with x_train, y_train, x_test and y_test",
    },
  ];
}
