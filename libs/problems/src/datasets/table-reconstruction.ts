import type { DatasetContent, ImageShape } from "@basin/contracts";
import { mean, standardization, type Standardization } from "@basin/numerics";
import type { Reconstructions, ReconstructionProblem } from "../kinds/reconstruction";
import { type Field, fieldNames, fieldOf, partNames } from "./dataset-fields";
import { inputNames } from "./dataset-parameters";
import { reconstructionPlots } from "./reconstruction-plots";
import { completeRows, matrixOf, scalesOf, splitRows } from "./table-split";

/** What the reconstruction of a dataset depends on beside the network. */
export interface TableReconstructionSetting {
  inputs: readonly string[];
  testFraction: number;
  splitSeed: number;
  standardize: boolean;
}

/** Of an array whose first axis is the sample: [rows, columns] or [rows, columns, channels] is an image; null for anything else. */
export function imageShapeOf(shape: readonly number[]): ImageShape | null {
  const [, rows, columns, channels = 1, ...more] = shape;
  return rows === undefined || columns === undefined || more.length > 0 ? null : { rows, columns, channels };
}

/**
 * The samples of a dataset, to be reconstructed: one array of images, or a vector of all inputs. Vectors are standardized component by
 * component, images as a whole; both with figures of the training rows alone. Throws RangeError for what cannot be trained on.
 */
export function tableReconstruction(content: DatasetContent, setting: TableReconstructionSetting): ReconstructionProblem {
  const names = inputNames(setting.inputs, fieldNames(content), []);
  const fields = names.map((name) => fieldOf(content, name));
  const { training, test } = splitRows(completeRows(content.rows, fields), setting.testFraction, setting.splitSeed);
  const array = names.length === 1 ? content.arrays.find(({ name }) => name === names[0]) : undefined;
  const image = array ? imageShapeOf(array.shape) : null;
  const scales = image ? commonScale(fields, training, setting.standardize) : scalesOf(fields, training, setting.standardize);
  const shape = image ?? { rows: 1, columns: 1, channels: scales.length };
  const seen = matrixOf(fields, training, scales);
  const shown = joined(seen, matrixOf(fields, test, scales));
  return {
    kind: "reconstruction",
    shape: () => shape,
    training: () => seen,
    rows: { count: content.rows, training, test },
    evaluationInputs: () => shown,
    evaluate: (_, outcome) => ({ ...judge(seen, shown, scales.length, outcome), testRows: test.length }),
    plots: (_, outcome) =>
      reconstructionPlots({ shape, isImage: image !== null, names: partNames(fields), trained: training.length }, shown, outcome),
  };
}

/** One mean and one standard deviation for all components, over the training rows. */
function commonScale(fields: readonly Field[], training: Int32Array, standardize: boolean): Standardization[] {
  const width = fields.reduce((total, field) => total + field.width, 0);
  if (!standardize) return Array.from({ length: width }, () => ({ mean: 0, scale: 1 }));
  const values = new Float64Array(training.length * width);
  let at = 0;
  for (const row of training)
    for (const field of fields) for (let part = 0; part < field.width; part++) values[at++] = field.at(row, part);
  const common = standardization(values);
  return Array.from({ length: width }, () => common);
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/**
 * Errors of the reconstructions in the units that the network sees. R² is taken against the mean training sample, which is the best that
 * latent width 0 can do; it is undefined (NaN) where every test row is that sample.
 */
function judge(seen: Float32Array, shown: Float32Array, width: number, { images }: Reconstructions): Record<string, number> {
  const centre = Float64Array.from({ length: width }, (_, part) =>
    mean(Float64Array.from({ length: seen.length / width }, (__, row) => seen[row * width + part] ?? Number.NaN)),
  );
  const part = (start: number, end: number): { squared: number; absolute: number; spread: number } => {
    let [squared, absolute, spread] = [0, 0, 0];
    for (let i = start; i < end; i++) {
      const truth = shown[i] ?? Number.NaN;
      const error = (images[i] ?? Number.NaN) - truth;
      squared += error * error;
      absolute += Math.abs(error);
      spread += (truth - (centre[i % width] ?? 0)) ** 2;
    }
    return { squared, absolute, spread };
  };
  const training = part(0, seen.length);
  const test = part(seen.length, shown.length);
  const count = shown.length - seen.length;
  return {
    trainingRmse: Math.sqrt(training.squared / seen.length),
    testRmse: Math.sqrt(test.squared / count),
    testMae: test.absolute / count,
    testRSquared: test.spread === 0 ? Number.NaN : 1 - test.squared / test.spread,
  };
}
