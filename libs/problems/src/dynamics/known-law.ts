import type { FinalMetrics, MetricDescriptor, RunBound } from "@basin/contracts";
import { finalMetric } from "../final-metric";
import type { LatentJudgement } from "../kinds/latent-dynamics";
import type { MeasuredLaw } from "../kinds/measured-dynamics";
import { bound } from "../run-bounds";
import { equations, structure } from "./equation";
import type { Variable } from "./library";

/** How a found law relates to the known one, in the order of the metric `outcomeClass`. */
export const knownLawOutcomes = ["law", "support", "extra", "missing", "wrong", "none"] as const;
type KnownLawOutcome = (typeof knownLawOutcomes)[number];

/** Every coefficient of the known terms within this share of its value, for the class "law". */
const lawTolerance = 0.05;

export interface LawComparison {
  /** ‖Ξ − Ξ*‖ / ‖Ξ*‖ over all coefficients. */
  coefficientError: number;
  /** Greatest relative error of a coefficient that the known law has. */
  worstCoefficient: number;
  /** Of the set of active coefficients: 2·hits/(2·hits + missed + false). */
  supportF1: number;
  outcome: KnownLawOutcome;
}

/**
 * Compares coefficients of the same library. The first class that applies: none: nothing is active; law: the same terms and every one within
 * 5 %; support: the same terms; extra: all known terms and others; missing: only known terms, but not all; wrong: else.
 */
export function compareLaws(found: ArrayLike<number>, known: ArrayLike<number>): LawComparison {
  let [error, size, worst, hits, missed, spurious] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < known.length; k++) {
    const want = known[k] ?? 0;
    const got = found[k] ?? 0;
    error += (got - want) * (got - want);
    size += want * want;
    if (want !== 0) worst = Math.max(worst, Math.abs(got / want - 1));
    if (want !== 0 && got !== 0) hits += 1;
    if (want !== 0 && got === 0) missed += 1;
    if (want === 0 && got !== 0) spurious += 1;
  }
  const outcome = ((): KnownLawOutcome => {
    if (hits + spurious === 0) return "none";
    if (missed + spurious === 0) return worst <= lawTolerance ? "law" : "support";
    if (missed === 0) return "extra";
    return spurious === 0 ? "missing" : "wrong";
  })();
  return {
    coefficientError: Math.sqrt(error / size),
    worstCoefficient: worst,
    supportF1: (2 * hits) / (2 * hits + missed + spurious),
    outcome,
  };
}

/** Figures and words of a found law beside the known coefficients of the same library. `left`: the left sides of its equations. */
export function againstKnownLaw(
  { library, coefficients, residuals }: MeasuredLaw,
  known: ArrayLike<number>,
  left: readonly Variable[],
): Pick<LatentJudgement, "metrics" | "labels"> {
  const { outcome, ...figures } = compareLaws(coefficients, known);
  const equation = equations(library, coefficients, left);
  return {
    metrics: {
      ...figures,
      residual: residuals.at(-1) ?? Number.NaN,
      activeTerms: coefficients.filter((value) => value !== 0).length,
      outcomeClass: knownLawOutcomes.indexOf(outcome),
      lawRecovered: Number(outcome === "law"),
    },
    labels: { equation: equation.text, latex: equation.latex, support: structure(library, coefficients, left), outcome },
  };
}

/** What the outcome "law" asks for. */
export const knownLawBounds = (metrics: FinalMetrics): RunBound[] => [
  bound("F₁ of the active terms", metrics["supportF1"], "≥", 1),
  bound("Greatest relative error of a coefficient", metrics["worstCoefficient"], "≤", lawTolerance),
];

/** The figures of a law that is held against one that is `given`. */
export const lawMetrics = (given: "known" | "typed"): MetricDescriptor[] => [
  finalMetric(
    "residual",
    "Unexplained share of the estimated rates",
    "Σ(ẏ − Θ(y)Ξ)²/Σẏ² over the estimated rates, at the smoothed states; as a curve, after each fit.",
    { scale: "log", series: true },
  ),
  finalMetric("activeTerms", "Active coefficients", "Coefficients of the law that are not 0.", { series: true }),
  finalMetric(
    "outcomeClass",
    "Outcome",
    `law: exactly the ${given} terms, each within 5 %; support: exactly the ${given} terms; extra: all ${given} and others; missing: only ${given}, not all; wrong: else; none: no term.`,
    { categories: [...knownLawOutcomes] },
  ),
  finalMetric("lawRecovered", "Law recovered (1 or 0)", "1 for the outcome law.", { share: true }),
  finalMetric("coefficientError", "‖Ξ − Ξ*‖ / ‖Ξ*‖", `‖Ξ − Ξ*‖/‖Ξ*‖ over all coefficients of the library, Ξ* the ${given} law.`, {
    scale: "log",
  }),
  finalMetric(
    "worstCoefficient",
    `Greatest relative error of a ${given} coefficient`,
    `Greatest |ξ/ξ* − 1| of the ${given} terms.`,
    {
      scale: "log",
    },
  ),
  finalMetric("supportF1", "F₁ of the active terms", `2h/(2h + m + f) of h ${given} terms found, m missed and f others.`),
];
