import { permutation, randomStream, standardization, type Standardization } from "@basin/numerics";
import { UntrainableError } from "../untrainable-error";
import type { Field } from "./dataset-fields";
import { trainingRows } from "./table-sizes";

export interface Split {
  training: Int32Array;
  test: Int32Array;
}

/**
 * Rows for training and for the test, drawn without replacement by the split seed; at least one of each. The test rows are the
 * first of the shuffled order, so a smaller fraction gives a part of the same test set. Throws UntrainableError for fewer than two rows.
 */
export function splitRows(rows: Int32Array, testFraction: number, splitSeed: number): Split {
  if (rows.length < 2)
    throw new UntrainableError(
      `${rows.length === 0 ? "No row is" : "1 row is"} usable; at least 2 are needed, to train and to test.`,
      "dataset",
    );
  const order = shuffled(rows, splitSeed);
  const tested = rows.length - trainingRows(rows.length, testFraction);
  return { training: order.slice(tested), test: order.slice(0, tested) };
}

/**
 * The same, class by class: of a class with n rows, n·fraction rounded are for the test, at least one and at most n − 1; a single one is for
 * training. No row is for the test where every class has a single one.
 */
export function splitByClass(rows: Int32Array, classAt: (row: number) => number, testFraction: number, splitSeed: number): Split {
  const order = shuffled(rows, splitSeed);
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(classAt(row), (sizes.get(classAt(row)) ?? 0) + 1);
  const wanted = new Map([...sizes].map(([one, n]) => [one, Math.min(n - 1, Math.max(1, Math.round(n * testFraction)))]));
  const isTested = order.map((row) => {
    const left = wanted.get(classAt(row)) ?? 0;
    wanted.set(classAt(row), left - 1);
    return Number(left > 0);
  });
  return { training: order.filter((_, i) => isTested[i] === 0), test: order.filter((_, i) => isTested[i] === 1) };
}

function shuffled(rows: Int32Array, splitSeed: number): Int32Array {
  return permutation(randomStream(splitSeed, "dataset/split"), rows.length).map((i) => rows[i] ?? 0);
}

/** Rows in which every one of the fields has its values. */
export function completeRows(count: number, fields: readonly Field[]): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) {
    const complete = fields.every((field) => {
      for (let part = 0; part < field.width; part++) if (!Number.isFinite(field.at(row, part))) return false;
      return true;
    });
    if (complete) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** The standardization of each feature over the training rows alone; none at all for categories. */
export function scalesOf(fields: readonly Field[], training: Int32Array, standardize: boolean): Standardization[] {
  return fields.flatMap((field) =>
    Array.from({ length: field.width }, (_, part): Standardization => {
      if (!standardize || field.kind === "category") return { mean: 0, scale: 1 };
      return standardization(valuesOf(field, part, training));
    }),
  );
}

/** One part of a field over some rows. */
export function valuesOf(field: Field, part: number, rows: Int32Array): Float64Array {
  return Float64Array.from({ length: rows.length }, (_, i) => field.at(rows[i] ?? 0, part));
}

/** [rows, width] of scaled features, row-major. */
export function matrixOf(fields: readonly Field[], rows: Int32Array, scales: readonly Standardization[]): Float32Array {
  const matrix = new Float32Array(rows.length * scales.length);
  let at = 0;
  for (const row of rows) {
    let feature = 0;
    for (const field of fields) {
      for (let part = 0; part < field.width; part++) {
        const { mean, scale } = scales[feature++] ?? { mean: 0, scale: 1 };
        matrix[at++] = (field.at(row, part) - mean) / scale;
      }
    }
  }
  return matrix;
}
