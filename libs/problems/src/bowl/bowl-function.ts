import { leastSquares, symmetricEigen } from "@basin/numerics";
import { measuredValues, places, samples } from "../l1-l2-line/line-data";

/** The greatest and the least curvature of the bowl: eigenvalues of H = (2/n)[[Σx², Σx], [Σx, n]], which no y enters. */
export const curvatures: { greatest: number; least: number } = (() => {
  const sum = (f: (x: number) => number): number => places.reduce((total, x) => total + f(x), 0);
  const off = (2 / samples) * sum((x) => x);
  const { values } = symmetricEigen([(2 / samples) * sum((x) => x * x), off, off, 2], 2);
  return { greatest: Math.max(...values), least: Math.min(...values) };
})();

/** f(w, b) = mean (wx + b − y)² of one draw of the noise, its gradient, and where it is least by the normal equations. */
export interface Bowl {
  value: (w: number, b: number) => number;
  gradient: (w: number, b: number) => [number, number];
  least: [w: number, b: number];
}

const bowls = new Map<number, Bowl>();

/** The bowl of a data seed; those that were made are kept, as every step asks for its own. */
export function bowlOf(dataSeed: number): Bowl {
  const known = bowls.get(dataSeed);
  if (known) return known;
  const y = measuredValues({ outliers: "none", outlierSize: 0, dataSeed });
  const [w = Number.NaN, b = Number.NaN] = leastSquares(
    places.flatMap((x) => [x, 1]),
    y,
    2,
  );
  const bowl: Bowl = {
    value: (slope, intercept) => {
      let squares = 0;
      for (let i = 0; i < samples; i++) squares += (slope * (places[i] ?? 0) + intercept - (y[i] ?? 0)) ** 2;
      return squares / samples;
    },
    gradient: (slope, intercept) => {
      let [alongW, alongB] = [0, 0];
      for (let i = 0; i < samples; i++) {
        const residual = slope * (places[i] ?? 0) + intercept - (y[i] ?? 0);
        alongW += residual * (places[i] ?? 0);
        alongB += residual;
      }
      return [(2 / samples) * alongW, (2 / samples) * alongB];
    },
    least: [w, b],
  };
  if (bowls.size >= 100) bowls.clear();
  bowls.set(dataSeed, bowl);
  return bowl;
}
