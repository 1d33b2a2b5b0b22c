import {
  AutoencoderParameters,
  blockShapes,
  parseImageBlocks,
  sampleTrainingPerRunParameters,
  type Configuration,
  type ImageShape,
  type Issue,
  messageOf,
} from "@basin/contracts";
import { z } from "zod";
import type { ExperimentDefinition } from "../experiment";
import { checkMlpParameters, sampleTrainingMetrics } from "../mlp-metrics";
import { fieldNames, type DatasetShape } from "./dataset-fields";
import { checkFields, datasetParameters, inputNames, namedDatasets } from "./dataset-parameters";
import { reconstructionPlotDescriptors } from "./reconstruction-plots";
import { standInTable } from "./stand-in-table";
import { fieldWidth, trainingRows } from "./table-sizes";
import { imageShapeOf, tableReconstruction } from "./table-reconstruction";
import { withDefault } from "../with-default";
import { finalMetric } from "../final-metric";

const family = AutoencoderParameters.shape;
const mostComponents = 65_536;

const DatasetAutoencoderParameters = AutoencoderParameters.extend({
  ...datasetParameters,
  inputs: z.array(z.string().max(200)).max(256).default([]).meta({
    title: "Inputs",
    description:
      "Names of columns or arrays that make up a sample. One array of three or four axes (sample, row, column, channel) is a set of images. Empty: everything.",
  }),
  standardize: z.boolean().default(true).meta({
    title: "Standardize",
    description: "With mean and standard deviation of the training rows: of each component of a vector, of all pixels together.",
  }),
  denseActivation: withDefault(family.denseActivation, "tanh"),
  latentActivation: withDefault(family.latentActivation, "linear"),
  epochs: withDefault(family.epochs, 300),
  batchSize: withDefault(family.batchSize, 32),
});
type DatasetAutoencoderParameters = z.infer<typeof DatasetAutoencoderParameters>;

function parse(parameters: Configuration): DatasetAutoencoderParameters {
  return DatasetAutoencoderParameters.parse(parameters);
}

/** The shape of a sample as the dataset's description has it; null when a name is unknown, which `checkFields` reports. */
function sampleShape(names: readonly string[], dataset: DatasetShape): ImageShape | null {
  const parts = names.map((name) => {
    const array = dataset.arrays.find((one) => one.name === name);
    const width = fieldWidth(dataset, name);
    return width === null ? null : { width, image: array ? imageShapeOf(array.shape) : null };
  });
  if (parts.includes(null)) return null;
  const [only] = parts;
  if (parts.length === 1 && only?.image) return only.image;
  return { rows: 1, columns: 1, channels: parts.reduce((total, part) => total + (part?.width ?? 0), 0) };
}

/** Encoder and decoder blocks must lead from a sample to a sample. */
function checkBlocks({ encoderBlocks, decoderBlocks }: DatasetAutoencoderParameters, sample: ImageShape): Issue[] {
  const text = ({ rows, columns, channels }: ImageShape): string => `${rows}×${columns}×${channels}`;
  if (sample.rows * sample.columns * sample.channels > mostComponents)
    return [{ path: "inputs", message: `a sample has ${text(sample)} numbers; at most ${mostComponents} can be reconstructed` }];
  const path = (encoder: boolean): string => (encoder ? "encoderBlocks" : "decoderBlocks");
  if (sample.rows === 1 && sample.columns === 1 && (encoderBlocks !== "" || decoderBlocks !== ""))
    return [
      {
        path: path(encoderBlocks !== ""),
        message: "the samples are vectors, which have no neighbours to convolve",
        hint: "leave the blocks empty, or name one array of images",
      },
    ];
  let encoder = true;
  try {
    const features = blockShapes(sample, parseImageBlocks(encoderBlocks)).at(-1) ?? sample;
    encoder = false;
    const out = blockShapes(features, parseImageBlocks(decoderBlocks)).at(-1) ?? features;
    if (text(out) === text(sample)) return [];
    const message = `the decoder makes images of ${text(out)}, but the samples have ${text(sample)}`;
    return [{ path: "decoderBlocks", message, hint: "a transposed convolution k4 s2 p1 doubles the image" }];
  } catch (error) {
    return [{ path: path(encoder), message: messageOf(error) }];
  }
}

/** An autoencoder on uploaded vectors or images. */
export const datasetAutoencoder: ExperimentDefinition = {
  id: "dataset-autoencoder",
  version: 2,
  title: "Autoencoder on your data",
  summary: "How many numbers does a sample of an uploaded dataset need: an autoencoder of any latent width finds out.",
  description: `Upload a CSV or NPZ file on the datasets page, or with \`basin dataset add\`, and name it here by its id.

A sample is a row. Of a table it is the vector of the columns named in \`inputs\` (categories are spread over one component each); of an NPZ file
one array whose first axis is the sample. An array of three axes (sample, row, column) or four (sample, row, column, channel) is a set of **images**, which
\`encoderBlocks\` and \`decoderBlocks\` may convolve; other arrays are flattened.

The network $x \\to z \\to \\hat x$ is trained on the mean squared error and judged on rows that training did not see. With *standardize*, vectors are scaled component
by component and images as a whole, with mean and standard deviation of the **training rows alone**; errors are given in these units.

**What to look for.** Sweep \`latentWidth\` over 0, 1, 2, …: $R^2$ on the test rows, $1 - \\sum\\lVert\\hat x - x\\rVert^2 / \\sum\\lVert x - \\bar x\\rVert^2$, is 0 for the mean sample, which
is all that width 0 can give, and stops rising at the number of independent degrees of freedom.`,
  source: "your own data",
  family: "autoencoder",
  diagnostic: false,
  defaultSweep: {
    lesson: "How many numbers does a sample need?",
    space: { latentWidth: { type: "choice", values: [1, 2, 3] } },
    seeds: 3,
  },
  parameters: DatasetAutoencoderParameters,
  perRunParameters: sampleTrainingPerRunParameters,
  check: checkMlpParameters,
  datasets: namedDatasets,
  checkDataset(parameters, dataset) {
    const parsed = parse(parameters);
    const names = inputNames(parsed.inputs, fieldNames(dataset), []);
    if (names.length === 0)
      return [{ path: "inputs", message: "the dataset has no columns, and no arrays of one value per sample" }];
    const missing = checkFields(parameters, dataset, "inputs", names);
    const sample = sampleShape(names, dataset);
    return [...missing, ...(sample ? checkBlocks(parsed, sample) : [])];
  },
  sizes(parameters, datasets) {
    const { dataset, inputs, testFraction } = parse(parameters);
    const table = datasets(dataset);
    const input = table ? sampleShape(inputNames(inputs, fieldNames(table), []), table) : null;
    return table && input ? { samples: trainingRows(table.rows, testFraction), input, outputs: 0 } : null;
  },
  objective: { metric: "testRmse", direction: "minimize" },
  metrics: [
    ...sampleTrainingMetrics,
    finalMetric(
      "testRmse",
      "Root mean square error on the test rows, scaled",
      "√ of the mean of (x̃ − x)² over test rows and components, in the units that the network sees.",
      { scale: "log" },
    ),
    finalMetric(
      "testMae",
      "Mean absolute error on the test rows, scaled",
      "Mean of |x̃ − x| over test rows and components, in the same units.",
      { scale: "log" },
    ),
    finalMetric("trainingRmse", "Root mean square error on the training rows, scaled", "testRmse over the training rows.", {
      scale: "log",
    }),
    finalMetric(
      "testRSquared",
      "R² on the test rows",
      "1 − Σ(x̃ − x)²/Σ(x − x̄)² over the test rows, x̄ the mean training sample; none where every test row is that.",
    ),
    finalMetric("testRows", "Test rows", "Rows that were not trained on and that the figures are taken on.", { ofData: true }),
  ],
  success: null,
  plots: reconstructionPlotDescriptors,
  maxPackWidth: 32,
  stepUnit: "epoch",
  problem: tableReconstruction(standInTable, parse({ inputs: ["x", "y"] })),
  problemOf: (parameters, resources) => {
    const parsed = parse(parameters);
    return tableReconstruction(resources.dataset(parsed.dataset), parsed);
  },
};
