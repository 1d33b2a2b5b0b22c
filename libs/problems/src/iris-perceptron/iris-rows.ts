import { irisText } from "./iris-data";

/**
 * Rows (from 0) of the split that scikit-learn's `train_test_split(…, test_size=0.2, random_state=42)` makes of 100 rows, in its order:
 * the first 20 of the permutation that NumPy's `RandomState(42)` draws are for the test, the rest for training.
 */
export const testRows: readonly number[] = [83, 53, 70, 45, 44, 39, 22, 80, 10, 0, 18, 30, 73, 33, 90, 4, 76, 77, 12, 31];
export const trainingRows: readonly number[] = [
  55, 88, 26, 42, 69, 15, 40, 96, 9, 72, 11, 47, 85, 28, 93, 5, 66, 65, 35, 16, 49, 34, 7, 95, 27, 19, 81, 25, 62, 13, 24, 3, 17,
  38, 8, 78, 6, 64, 36, 89, 56, 99, 54, 43, 50, 67, 46, 68, 61, 97, 79, 41, 58, 48, 98, 57, 75, 32, 94, 59, 63, 84, 37, 29, 1, 52,
  21, 2, 23, 87, 91, 74, 86, 82, 20, 60, 71, 14, 92, 51,
];

export const irisFeatures = ["sepal length", "sepal width", "petal length", "petal width"] as const;
export const irisClasses = ["setosa", "virginica"] as const;

/** Measurements in cm and the class: 0 setosa, 1 virginica. */
export interface Plant {
  features: readonly number[];
  label: number;
}

const plants: readonly Plant[] = irisText
  .trim()
  .split("\n")
  .map((line) => {
    const values = line.split(",").map(Number);
    return { features: values.slice(0, 4), label: values[4] ?? Number.NaN };
  });

/** The 100 plants in the file's order: 50 setosa, 50 virginica. */
export function irisPlants(): readonly Plant[] {
  return plants;
}

/** Mean and standard deviation (divisor n) of each feature over the training rows. */
export function trainingScales(): { means: number[]; deviations: number[] } {
  const column = (j: number): number[] => trainingRows.map((row) => plants[row]?.features[j] ?? Number.NaN);
  const means = irisFeatures.map((_, j) => column(j).reduce((a, b) => a + b) / trainingRows.length);
  const deviations = irisFeatures.map((_, j) => {
    const centre = means[j] ?? 0;
    return Math.sqrt(column(j).reduce((sum, value) => sum + (value - centre) ** 2, 0) / trainingRows.length);
  });
  return { means, deviations };
}

/** Features in cm, row-major [n, 4], as the network sees them: mean 0 and deviation 1 over the training rows. */
export function standardized(features: readonly (readonly number[])[]): Float32Array {
  const { means, deviations } = trainingScales();
  return Float32Array.from(features.flatMap((row) => row.map((value, j) => (value - (means[j] ?? 0)) / (deviations[j] ?? 1))));
}

/** Standardised features and classes of the listed rows. */
export function samplesOf(rows: readonly number[]): { samples: number; inputs: Float32Array; targets: Float32Array } {
  const chosen = rows.map((row) => plants[row] ?? { features: [], label: Number.NaN });
  return {
    samples: rows.length,
    inputs: standardized(chosen.map(({ features }) => features)),
    targets: Float32Array.from(chosen, ({ label }) => label),
  };
}
