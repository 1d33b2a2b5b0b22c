/** What a run of the pendulum ended as, in the order of the metric `outcomeClass`. */
export const pendulumOutcomes = ["law", "support", "linear", "mixed", "Duffing", "dense", "none", "trivial", "diverged"] as const;
export type PendulumOutcome = (typeof pendulumOutcomes)[number];

/** The numbers that decide. */
export interface PendulumFigures {
  /** Texts of the active terms. */
  support: readonly string[];
  /** Of sin z; 0 when it is not active. */
  coefficient: number;
  affineR2: number;
  /** a and c of z = aθ + c. */
  gaugeScale: number;
  gaugeOffset: number;
  fuvX: number;
  fuvXDDot: number;
  fuvZDDot: number;
  /** Greatest relative error of the found law's periods at 60°, 120° and 150°. */
  periodError: number;
}

/** The law's conditions; each is a bound on one figure. */
const lawBounds = {
  coefficient: 0.05,
  affineR2: 0.999,
  gaugeScale: 0.05,
  gaugeOffset: 0.05,
  fuvZDDot: 0.02,
  fuvX: 0.02,
  fuvXDDot: 0.1,
  period: 0.02,
} as const;

/** From this share of the images' mean square left unexplained on, the networks learned nothing. */
const trivialFuv = 0.5;

/**
 * The first class that applies:
 * - trivial: FUV(x) ≥ 0.5 (or no number): the networks do not reproduce the images, so no law of theirs means anything;
 * - none: no active term;
 * - law: {sin z} within every bound of `lawBounds`, the sign of the coefficient being −(−1)^k for the multiple kπ nearest to c;
 * - support: {sin z} otherwise; linear: {z}; mixed: {z, sin z}; Duffing: {z, z³}; dense: any other set of terms.
 * A run whose loss became infinite is "diverged" and is not judged here.
 */
export function pendulumOutcome(figures: PendulumFigures): PendulumOutcome {
  if (!(figures.fuvX < trivialFuv)) return "trivial";
  const support = [...figures.support].sort().join(" ");
  switch (support) {
    case "":
      return "none";
    case "sin z":
      return isLaw(figures) ? "law" : "support";
    case "z":
      return "linear";
    case "sin z z":
      return "mixed";
    case "z z³":
      return "Duffing";
    default:
      return "dense";
  }
}

/** Distance of an offset from the nearest multiple of π. */
function offsetDistance(offset: number): number {
  return Math.abs(offset - Math.PI * Math.round(offset / Math.PI));
}

function isLaw(figures: PendulumFigures): boolean {
  const { coefficient, affineR2, gaugeScale, gaugeOffset, fuvX, fuvXDDot, fuvZDDot, periodError } = figures;
  const odd = Math.round(gaugeOffset / Math.PI) % 2 !== 0;
  return (
    Math.abs(Math.abs(coefficient) - 1) <= lawBounds.coefficient &&
    Math.sign(coefficient) === (odd ? 1 : -1) &&
    affineR2 >= lawBounds.affineR2 &&
    Math.abs(Math.abs(gaugeScale) - 1) <= lawBounds.gaugeScale &&
    offsetDistance(gaugeOffset) <= lawBounds.gaugeOffset &&
    fuvZDDot <= lawBounds.fuvZDDot &&
    fuvX <= lawBounds.fuvX &&
    fuvXDDot <= lawBounds.fuvXDDot &&
    periodError <= lawBounds.period
  );
}
