import { evaluateTerms, type Library } from "@basin/problems";
import { exponential } from "@basin/numerics";
import type { AffineGauge } from "./absorb-gauge";

/** A latent z and the derivatives that the law relates, one value per sample. `top` is z̈ (first order: ż). */
export interface LatentSamples {
  z: ArrayLike<number>;
  rate: ArrayLike<number>;
  top: ArrayLike<number>;
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
 * the least. `refine` then moves c and s of that term to the nearby minimum by a pattern search. Uses measurements only. Null when
 * nothing can be fitted (z does not move, or is not finite).
 */
export function scanGauges(library: Library, samples: LatentSamples, refine: boolean): GaugeFit | null {
  const chosen = thin(samples);
  let best: GaugeFit | null = null;
  for (let i = 0; i < scaleSteps; i++) {
    const scale = exponential(Math.LN10 * ((2 * i) / (scaleSteps - 1) - 1));
    for (let j = 0; j < shiftSteps; j++) {
      const fit = fitTerms(library, chosen, scale, (2 * j) / (shiftSteps - 1) - 1, null);
      if (fit && (best === null || fit.residual < best.residual)) best = fit;
    }
  }
  return best && refine ? refined(library, chosen, best) : best;
}

function thin({ z, rate, top }: LatentSamples): LatentSamples {
  const stride = Math.ceil(z.length / mostSamples);
  const every = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).filter((_, i) => i % stride === 0);
  return stride === 1 ? { z, rate, top } : { z: every(z), rate: every(rate), top: every(top) };
}

/** The best single term (or `only` that one) at one gauge. */
function fitTerms(
  library: Library,
  { z, rate, top }: LatentSamples,
  scale: number,
  shift: number,
  only: number | null,
): GaugeFit | null {
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
    const target = scale * (top[n] ?? 0);
    power += target * target;
    for (let k = 0; k < terms; k++) {
      const value = theta[k] ?? 0;
      products[k] = (products[k] ?? 0) + value * target;
      squares[k] = (squares[k] ?? 0) + value * value;
    }
  }
  let best: GaugeFit | null = null;
  for (let k = 0; k < terms; k++) {
    if (only !== null && k !== only) continue;
    const coefficient = (products[k] ?? 0) / (squares[k] ?? 0);
    const residual = 1 - (coefficient * (products[k] ?? 0)) / power;
    if (Number.isFinite(residual) && (best === null || residual < best.residual)) {
      best = { scale, shift, term: k, coefficient, residual };
    }
  }
  return best;
}

/** Compass search in (ln c, s), halving its stride down to 1e-4. */
function refined(library: Library, samples: LatentSamples, start: GaugeFit): GaugeFit {
  let best = start;
  for (let stride = 0.025; stride > 1e-4;) {
    const { scale, shift, term } = best;
    const around = [
      [exponential(stride), 0],
      [exponential(-stride), 0],
      [1, stride],
      [1, -stride],
    ].flatMap(([factor = 1, move = 0]) => fitTerms(library, samples, scale * factor, shift + move, term) ?? []);
    const better = around.reduce((least, fit) => (fit.residual < least.residual ? fit : least), best);
    if (better === best) stride /= 2;
    best = better;
  }
  return best;
}
