import { exponential, logarithm, normalCdf } from "@basin/numerics";
import type { Posterior } from "./posterior";

const logSqrt2Pi = 0.5 * logarithm(2 * Math.PI);
/** Below it the series is exact to 1e-8. */
const farLeft = -25;

/** log(φ(z) + z Φ(z)) and its derivative, for every z (S. Ament et al., "Unexpected improvements to expected improvement", 2023). */
export function logImprovement(z: number): { value: number; slope: number } {
  const logDensity = -0.5 * z * z - logSqrt2Pi;
  if (z > -1) {
    const [density, below] = [exponential(logDensity), normalCdf(z)];
    const gain = density + z * below;
    return { value: logarithm(gain), slope: below / gain };
  }
  // Φ/φ by itself, or by its asymptotic series, of which 1 + zΦ/φ leaves 1/z² − 3/z⁴ + 15/z⁶ − ….
  const q = 1 / (z * z);
  const ratio = z > farLeft ? normalCdf(z) / exponential(logDensity) : (1 - q * (1 - q * (3 - q * 15))) / -z;
  const rest = z > farLeft ? 1 + z * ratio : q * (1 - q * (3 - q * (15 - q * 105)));
  return { value: logDensity + logarithm(rest), slope: ratio / rest };
}

/** The logarithm of the expected improvement over the best known, as a function of the point and with its gradient. */
export class LogExpectedImprovement {
  /** The greatest of what is known and what a sample gives to the pending points, by sample. */
  readonly #bests: Float64Array;

  constructor(
    private readonly posterior: Posterior,
    best: number,
  ) {
    this.#bests = Float64Array.from(posterior.pendingValues(), (values) =>
      values.reduce((most, value) => Math.max(most, value), best),
    );
  }

  at(x: Float64Array): number {
    const { means, variance } = this.posterior.at(x);
    const deviation = Math.sqrt(variance);
    const logs = means.map((mean, s) => logImprovement((mean - (this.#bests[s] as number)) / deviation).value);
    return logarithm(deviation) + logMeanExponential(logs);
  }

  withGradient(x: Float64Array): { value: number; gradient: Float64Array } {
    const { means, variance } = this.posterior.at(x);
    const deviation = Math.sqrt(variance);
    const zs = means.map((mean, s) => (mean - (this.#bests[s] as number)) / deviation);
    const parts = Array.from(zs, logImprovement);
    const mean = logMeanExponential(Float64Array.from(parts, ({ value }) => value));
    // d log mean = Σ_s share_s · slope_s · dz_s, with z_s = (mean_s − best_s)/σ.
    const byMeans = new Float64Array(means.length);
    let byVariance = 0.5 / variance;
    for (const [s, { value, slope }] of parts.entries()) {
      const share = (exponential(value - mean) / parts.length) * slope;
      byMeans[s] = share / deviation;
      byVariance -= (0.5 * share * (zs[s] as number)) / variance;
    }
    return { value: logarithm(deviation) + mean, gradient: this.posterior.gradient(x, byMeans, byVariance) };
  }
}

function logMeanExponential(logs: Float64Array): number {
  const greatest = logs.reduce((most, log) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(greatest)) return greatest;
  return greatest + logarithm(logs.reduce((sum, log) => sum + exponential(log - greatest), 0) / logs.length);
}
