import { evaluateTerms, type Library } from "@basin/problems";
import { exponential, leastSquares } from "@basin/numerics";
import type { AffineGauge } from "./absorb-gauge";

/** A latent z and the derivatives that the law relates, one value per sample. `top` is z̈ (first order: ż). */
export interface LatentSamples {
  z: ArrayLike<number>;
  rate: ArrayLike<number>;
  top: ArrayLike<number>;
  /** Of each sample in the sums of squares; 1 when left out. */
  weights?: ArrayLike<number>;
}

/** The one-term law c·top ≈ ξ·Θ_k(cz + s), and which share of the mean square of `top` it leaves unexplained. */
export interface GaugeFit {
  scale: number;
  shift: number;
  term: number;
  coefficient: number;
  residual: number;
}

/** The fit as a change of the latent variable and a law of one term. */
export function affineGauge(library: Library, { scale, shift, term, coefficient }: GaugeFit): AffineGauge {
  const coefficients = new Float64Array(library.terms.length);
  coefficients[term] = coefficient;
  return { matrix: Float64Array.of(scale), shift: Float64Array.of(shift), coefficients };
}

const scaleSteps = 81;
const shiftSteps = 41;
/** More samples do not move the minimum, but cost time. */
const mostSamples = 2000;

/**
 * Among the gauges z' = cz + s with c ∈ 10^[−1, 1] (81 values) and s ∈ [−1, 1] (41) and the library's single terms, the law that leaves
 * the least. Uses measurements only. Null when nothing can be fitted (z does not move, or is not finite).
 */
export function scanGauges(library: Library, samples: LatentSamples): GaugeFit | null {
  const chosen = thin(samples);
  let best: GaugeFit | null = null;
  for (let i = 0; i < scaleSteps; i++) {
    const scale = exponential(Math.LN10 * ((2 * i) / (scaleSteps - 1) - 1));
    for (let j = 0; j < shiftSteps; j++) {
      const fit = fitTerms(library, chosen, scale, (2 * j) / (shiftSteps - 1) - 1);
      if (fit && (best === null || fit.residual < best.residual)) best = fit;
    }
  }
  return best;
}

/**
 * The same for laws of second order, with less of the error that a bent coordinate makes: for z = h(θ), z̈ = h′θ̈ + h″θ̇² holds what no
 * law of z alone explains, growing with ż². Samples weigh 1/(1 + (2ż/rms ż)⁴) in the scan. Then c and s leave the grid by a
 * compass search, and the chosen term is fitted together with ż², zż² and z²ż², which take up h″ and are dropped.
 */
export function scanGaugesPolished(library: Library, samples: LatentSamples): GaugeFit | null {
  const { rate } = samples;
  let square = 0;
  for (let i = 0; i < rate.length; i++) square += ((rate[i] ?? 0) * (rate[i] ?? 0)) / rate.length;
  const weights = Float64Array.from(rate, (value) => 1 / (1 + (16 * value ** 4) / (square * square)));
  const weighted = { ...samples, weights };
  const best = scanGauges(library, weighted);
  return best && refined(library, thin(weighted), best);
}

function thin({ z, rate, top, weights }: LatentSamples): LatentSamples {
  const stride = Math.ceil(z.length / mostSamples);
  const every = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).filter((_, i) => i % stride === 0);
  return { z: every(z), rate: every(rate), top: every(top), ...(weights && { weights: every(weights) }) };
}

/** The best single term at one gauge. */
function fitTerms(library: Library, { z, rate, top, weights }: LatentSamples, scale: number, shift: number): GaugeFit | null {
  const terms = library.terms.length;
  const withRate = library.variables.length > 1;
  const values = withRate ? [0, 0] : [0];
  const theta = new Float64Array(terms);
  const products = new Float64Array(terms);
  const squares = new Float64Array(terms);
  let power = 0;
  for (let n = 0; n < z.length; n++) {
    values[0] = scale * (z[n] ?? 0) + shift;
    if (withRate) values[1] = scale * (rate[n] ?? 0);
    evaluateTerms(library, values, theta);
    const weight = weights?.[n] ?? 1;
    const target = scale * (top[n] ?? 0);
    power += weight * target * target;
    for (let k = 0; k < terms; k++) {
      const value = theta[k] ?? 0;
      products[k] = (products[k] ?? 0) + weight * value * target;
      squares[k] = (squares[k] ?? 0) + weight * value * value;
    }
  }
  let best: GaugeFit | null = null;
  for (let k = 0; k < terms; k++) {
    const coefficient = (products[k] ?? 0) / (squares[k] ?? 0);
    const residual = 1 - (coefficient * (products[k] ?? 0)) / power;
    if (Number.isFinite(residual) && (best === null || residual < best.residual)) {
      best = { scale, shift, term: k, coefficient, residual };
    }
  }
  return best;
}

/** Term `term` at one gauge, fitted together with what a bent coordinate adds. */
function fitStraightened(
  library: Library,
  { z, rate, top, weights }: LatentSamples,
  { scale, shift, term }: Pick<GaugeFit, "scale" | "shift" | "term">,
): GaugeFit | null {
  const columns = 4;
  const design = new Float64Array(z.length * columns);
  const target = new Float64Array(z.length);
  const theta = new Float64Array(library.terms.length);
  for (let n = 0; n < z.length; n++) {
    const root = Math.sqrt(weights?.[n] ?? 1);
    const [position, speed] = [scale * (z[n] ?? 0) + shift, scale * (rate[n] ?? 0)];
    evaluateTerms(library, library.variables.length > 1 ? [position, speed] : [position], theta);
    const bend = root * speed * speed;
    design.set([root * (theta[term] ?? Number.NaN), bend, position * bend, position * position * bend], n * columns);
    target[n] = root * scale * (top[n] ?? 0);
  }
  const fitted = leastSquares(design, target, columns);
  let [error, power] = [0, 0];
  target.forEach((value, n) => {
    const found = fitted.reduce((sum, x, j) => sum + x * (design[n * columns + j] ?? 0), 0);
    error += (value - found) ** 2;
    power += value * value;
  });
  const residual = error / power;
  return Number.isFinite(residual) ? { scale, shift, term, coefficient: fitted[0] ?? 0, residual } : null;
}

/** Compass search in (ln c, s), halving its stride down to 1e-4. */
function refined(library: Library, samples: LatentSamples, start: GaugeFit): GaugeFit {
  let best = fitStraightened(library, samples, start) ?? start;
  for (let stride = 0.025; stride > 1e-4;) {
    const { scale, shift, term } = best;
    const around = [
      [exponential(stride), 0],
      [exponential(-stride), 0],
      [1, stride],
      [1, -stride],
    ].flatMap(
      ([factor = 1, move = 0]) => fitStraightened(library, samples, { scale: scale * factor, shift: shift + move, term }) ?? [],
    );
    const better = around.reduce((least, fit) => (fit.residual < least.residual ? fit : least), best);
    if (better === best) stride /= 2;
    best = better;
  }
  return best;
}
