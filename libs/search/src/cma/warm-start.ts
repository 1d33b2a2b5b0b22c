import { exponential, logarithm, symmetricEigen } from "@basin/numerics";
import { firstDistribution, type Distribution, type StrategyConstants } from "./strategy";

/** Of fewer points nothing is learned. */
const fewest = 10;
/** The best part of the points, and the width that each of them is given (γ and α of the paper). */
const best = 0.1;
const width = 0.1;

/**
 * The distribution to begin with where points with losses are known: the normal one nearest to a mixture of normal distributions around the best tenth
 * (M. Nomura et al., "Warm starting CMA-ES for hyperparameter optimization", AAAI 2021). `points` in [0, 1]^d; null: there are too few.
 */
export function warmDistribution(
  of: StrategyConstants,
  points: readonly { x: Float64Array; loss: number }[],
): Distribution | null {
  const known = points.filter(({ loss }) => Number.isFinite(loss));
  if (known.length < fewest) return null;
  const order = [...known.keys()].sort((a, b) => (known[a]?.loss ?? 0) - (known[b]?.loss ?? 0) || a - b);
  const top = order.slice(0, Math.ceil(best * known.length)).flatMap((i) => known[i]?.x ?? []);
  const d = of.dimension;
  const mean = new Float64Array(d);
  for (const x of top) for (let j = 0; j < d; j++) mean[j] = (mean[j] ?? 0) + (x[j] ?? 0) / top.length;
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    covariance[i * d + i] = width * width;
    for (const x of top)
      for (let j = 0; j < d; j++)
        covariance[i * d + j] =
          (covariance[i * d + j] ?? 0) + (((x[i] ?? 0) - (mean[i] ?? 0)) * ((x[j] ?? 0) - (mean[j] ?? 0))) / top.length;
  }
  const { values } = symmetricEigen(covariance, d);
  const sigma = exponential(values.reduce((sum, value) => sum + logarithm(Math.max(1e-300, value)), 0) / (2 * d));
  return { ...firstDistribution(of, sigma), mean, covariance: covariance.map((value) => value / (sigma * sigma)) };
}
