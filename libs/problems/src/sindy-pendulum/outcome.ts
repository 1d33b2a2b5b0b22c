import type { FinalMetrics, RunBound } from "@basin/contracts";
import { bound } from "../run-bounds";

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

/** What the law asks for beside its support. */
function lawConditions(figures: Omit<PendulumFigures, "support">): RunBound[] {
  const { coefficient, affineR2, gaugeScale, gaugeOffset, fuvX, fuvXDDot, fuvZDDot, periodError } = figures;
  const odd = Math.round(gaugeOffset / Math.PI) % 2 !== 0;
  return [
    bound("Distance of the coefficient's size from 1", Math.abs(Math.abs(coefficient) - 1), "≤", lawBounds.coefficient),
    {
      title: "Coefficient's sign",
      value: Math.sign(coefficient),
      limit: `${odd ? "1" : "−1"}, as the gauge's offset demands`,
      met: Math.sign(coefficient) === (odd ? 1 : -1),
    },
    bound("R² of z = aθ + c", affineR2, "≥", lawBounds.affineR2),
    bound("Distance of |a| from 1", Math.abs(Math.abs(gaugeScale) - 1), "≤", lawBounds.gaugeScale),
    bound("Distance of c from a multiple of π", offsetDistance(gaugeOffset), "≤", lawBounds.gaugeOffset),
    bound("Unexplained share of z̈", fuvZDDot, "≤", lawBounds.fuvZDDot),
    bound("Unexplained share of x", fuvX, "≤", lawBounds.fuvX),
    bound("Unexplained share of ẍ", fuvXDDot, "≤", lawBounds.fuvXDDot),
    bound("Greatest relative error of the periods", periodError, "≤", lawBounds.period),
  ];
}

const isLaw = (figures: PendulumFigures): boolean => lawConditions(figures).every(({ met }) => met);

/** The same of a finished run's figures. Only sin z is active where one term is, and the coefficient of sin z is not 0. */
export function pendulumBounds(metrics: FinalMetrics): RunBound[] {
  const of = (name: string): number => metrics[name] ?? Number.NaN;
  const [active, coefficient] = [of("activeTerms"), of("coefficient")];
  return [
    {
      title: "Active terms",
      value: Number.isNaN(active) ? null : active,
      limit: "1, which is sin z",
      met: active === 1 && coefficient !== 0 && !Number.isNaN(coefficient),
    },
    ...lawConditions({
      coefficient,
      affineR2: of("affineR2"),
      gaugeScale: of("gaugeScale"),
      gaugeOffset: of("gaugeOffset"),
      fuvX: of("fuvX"),
      fuvXDDot: of("fuvXDDot"),
      fuvZDDot: of("fuvZDDot"),
      periodError: of("periodError"),
    }),
  ];
}
