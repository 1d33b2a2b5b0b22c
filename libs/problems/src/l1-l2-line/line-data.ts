import type { RegressionLoss } from "@basin/contracts";
import { huberRegression, leastSquares, medianRegression, randomStream, sampleStandardDeviation } from "@basin/numerics";

/** y = slope·x + intercept. */
export interface Line {
  slope: number;
  intercept: number;
}

export const truth: Line = { slope: 2, intercept: 1 };
export const samples = 50;
export const lastPlace = 10;
/** Standard deviation of the noise on every y. */
const noise = 0.1;

/** x = 10i/49, i = 0 … 49. */
export const places: readonly number[] = Array.from({ length: samples }, (_, i) => (lastPlace * i) / (samples - 1));

export const outlierNames = ["spread", "right-end", "none"] as const;
/** Rows, from 0, whose y is raised. */
const raisedRows: Readonly<Record<(typeof outlierNames)[number], readonly number[]>> = {
  spread: [5, 15, 25, 35, 45],
  "right-end": [45, 46, 47, 48, 49],
  none: [],
};

export interface LineSetting {
  outliers: (typeof outlierNames)[number];
  outlierSize: number;
  dataSeed: number;
}

/** The measured y of one data seed. */
export function measuredValues({ outliers, outlierSize, dataSeed }: LineSetting): Float64Array {
  const drawn = new Float64Array(samples);
  randomStream(dataSeed, "l1-l2-line/noise").fillNormal(drawn);
  const raised = raisedRows[outliers];
  return drawn.map((e, i) => lineAt(truth, places[i] ?? 0) + noise * e + (raised.includes(i) ? outlierSize : 0));
}

export function lineAt({ slope, intercept }: Line, x: number): number {
  return slope * x + intercept;
}

const design = places.flatMap((x) => [x, 1]);

/** The line that a loss asks for, in double precision: least squares, median regression, or Huber's by reweighted least squares. */
export function referenceLine({ loss, huberDelta }: RegressionLoss, values: ArrayLike<number>): Line {
  const [slope = Number.NaN, intercept = Number.NaN] =
    loss === "mse"
      ? leastSquares(design, values, 2)
      : loss === "mae"
        ? medianRegression(design, values, 2)
        : huberRegression(design, values, 2, huberDelta);
  return { slope, intercept };
}

/** Greatest difference in slope and intercept. */
export function distance(one: Line, other: Line): number {
  return Math.max(Math.abs(one.slope - other.slope), Math.abs(one.intercept - other.intercept));
}

let lastRatio: { key: string; ratio: number } | null = null;

/**
 * Variance of the slope of median regression over that of least squares, over data seeds from the setting's on, `draws` of them. For normal
 * noise it is π/2 = 1.571 in the limit of many samples (P. S. Laplace). That of the last call is kept: the runs of a sweep share it.
 */
export function slopeVarianceRatio(setting: LineSetting, draws: number): number {
  const key = JSON.stringify([setting, draws]);
  if (lastRatio?.key === key) return lastRatio.ratio;
  const slopes = Array.from({ length: draws }, (_, k) => {
    const values = measuredValues({ ...setting, dataSeed: setting.dataSeed + k });
    return [
      referenceLine({ loss: "mae", huberDelta: 1 }, values).slope,
      referenceLine({ loss: "mse", huberDelta: 1 }, values).slope,
    ] as const;
  });
  const deviations = [0, 1].map((which) => sampleStandardDeviation(slopes.map((pair) => pair[which] ?? Number.NaN)));
  const ratio = ((deviations[0] ?? Number.NaN) / (deviations[1] ?? Number.NaN)) ** 2;
  lastRatio = { key, ratio };
  return ratio;
}
