import {
  blockShapes,
  CnnParameters,
  parseImageBlocks,
  sampleTrainingPerRunParameters,
  type Configuration,
  type Issue,
} from "@basin/contracts";
import { mean } from "@basin/numerics";
import type { z } from "zod";
import type { ExperimentDefinition } from "../experiment";
import type { LabelledImagesProblem } from "../kinds/labelled-images";
import { checkMlpParameters, sampleTrainingMetrics } from "../mlp-metrics";
import {
  classifierMetrics,
  classifierPlotDescriptors,
  classifierPlots,
  filterPlot,
  imagesOfParts,
  judgeClassifier,
} from "./classification";
import { digitClasses, digitInk, digitSide, splitDigits, trainingDigits } from "./digit-images";
import { edgeLikeness, edgePlot, learnedFilters } from "./edge-filters";
import { digitsDataParameters } from "./digits-parameters";
import { finalMetric } from "../final-metric";
import { withDefault } from "../with-default";

const cnn = CnnParameters.shape;

const DigitsCnnParameters = CnnParameters.extend({
  ...digitsDataParameters,
  epochs: withDefault(cnn.epochs, 30),
  batchSize: withDefault(cnn.batchSize, 64),
});
type DigitsCnnParameters = z.infer<typeof DigitsCnnParameters>;

const shape = { rows: digitSide, columns: digitSide, channels: 1 };

const problem: LabelledImagesProblem<DigitsCnnParameters> = {
  kind: "labelled-images",
  classes: digitClasses,

  shape() {
    return shape;
  },

  training(parameters) {
    return splitDigits(parameters).training;
  },

  evaluationImages(parameters) {
    return imagesOfParts(splitDigits(parameters));
  },

  evaluate(parameters, { probabilities, firstFilters }) {
    const likeness = learnedFilters(firstFilters).map(edgeLikeness);
    return {
      ...judgeClassifier(splitDigits(parameters), digitClasses.length, probabilities),
      ...(likeness.length > 0 ? { edgeLikeness: mean(likeness) } : {}),
    };
  },

  plots(parameters, { probabilities, firstFilters }) {
    const ink = parameters.scaling === "unit" ? 1 : digitInk;
    const parts = splitDigits(parameters);
    const plots = {
      ...classifierPlots(parts, digitClasses, probabilities, { side: digitSide, ink }),
      edges: edgePlot(parts.test, digitClasses, digitSide, learnedFilters(firstFilters)),
    };
    if (!firstFilters) return plots;
    const { values } = firstFilters;
    const [rows, columns, , filters] = firstFilters.shape;
    const images = Array.from({ length: filters }, (_, f) =>
      Array.from({ length: rows * columns }, (_, k) => values[k * filters + f] ?? 0),
    );
    return { ...plots, ...filterPlot(images, rows, columns) };
  },
};

function check(configuration: Configuration): Issue[] {
  const issues = checkMlpParameters(configuration);
  try {
    blockShapes(shape, parseImageBlocks(DigitsCnnParameters.parse(configuration).blocks));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    issues.push({ path: "blocks", message: error.message, hint: "the images have 8 × 8 pixels; every pool of 2 halves them" });
  }
  return issues;
}

/** Objective: as for `digits`, so that the two compare. */
export const digitsCnn: ExperimentDefinition = {
  id: "digits-cnn",
  version: 2,
  title: "Handwritten digits, convolutional",
  summary: "Two convolutions with pools and a small dense head read 8 × 8 digits.",
  description: `The digits of the experiment \`digits\` (1,797 images of 8 × 8 pixels, test part of UCI's *Optical Recognition of Handwritten Digits*, CC BY 4.0;
80 % for training, 360 images for the test) read by a convolutional network: two convolutions of 3 × 3 with 8 and 16 filters, each with ReLU and a maximum pool of 2, a
hidden layer of 32 and a softmax over ten classes (3,658 weights), trained on the cross-entropy with Adam at $10^{-3}$ in batches of 64 for 30 epochs.

**What to look for.** Fewer weights than the fully connected network of \`digits\` (12,060) reach a higher accuracy: an image's neighbourhoods are built in. Compare the initializations:
\`near-zero\` starts on a plateau, where all classes are equally probable, and leaves it late.

The source has fully connected networks only; this experiment is the comparison that it lacks, and has no figure of the source to reach.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: handwritten digits; convolutional network added here",
  family: "cnn",
  diagnostic: false,
  defaultSweep: {
    lesson: "Which initial weights let the convolutions learn?",
    space: { initialization: { type: "choice", values: ["near-zero", "glorot-uniform", "he-normal"] } },
    seeds: 5,
  },
  parameters: DigitsCnnParameters,
  perRunParameters: sampleTrainingPerRunParameters,
  check,
  sizes: (parameters) => ({
    samples: trainingDigits(DigitsCnnParameters.parse(parameters).testFraction),
    input: shape,
    outputs: digitClasses.length,
  }),
  objective: { metric: "testCrossEntropy", direction: "minimize" },
  metrics: [
    ...sampleTrainingMetrics,
    ...classifierMetrics,
    finalMetric(
      "edgeLikeness",
      "Likeness of the first filters to Sobel's (only of 3 × 3)",
      "Mean over the filters of the first convolution of the cosine of the angle to the plane of Sobel's two: 1 for edges of whatever direction; filters drawn at random have 0.43.",
    ),
  ],
  success: { text: "accuracy on the test part at least 0.95", all: [{ metric: "testAccuracy", op: ">=", value: 0.95 }] },
  plots: [...classifierPlotDescriptors, { id: "edges", title: "Sobel's filters beside learned ones", kind: "image-grid" }],
  maxPackWidth: 64,
  stepUnit: "epoch",
  problem,
};
