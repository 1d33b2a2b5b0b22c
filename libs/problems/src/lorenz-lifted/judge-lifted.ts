import type { PlotDataInput } from "@basin/contracts";
import { leastSquares } from "@basin/numerics";
import { coefficientCurves, equationPlot, equations, structure } from "../dynamics/equation";
import { compareLaws } from "../dynamics/known-law";
import { lossCurves } from "../dynamics/latent-metrics";
import { buildLibrary, evaluateTerms, type Variable } from "../dynamics/library";
import { lorenzCoefficients } from "../dynamics/lorenz";
import type { LatentJudgement, LatentModel } from "../kinds/latent-dynamics";
import { prunedSnapshots, unexplained } from "../sindy-pendulum/judge-pendulum";
import { liftedFields, liftedRates, liftedStates, stateScale, type LiftSetting } from "./lifted-lorenz";

/** What a run ended as, in the order of the metric `outcomeClass`. */
export const liftedOutcomes = ["law", "equivalent", "coordinates", "other", "none", "trivial", "diverged"] as const;
type LiftedOutcome = (typeof liftedOutcomes)[number];

/** Judges on orbits that were not trained on, after the affine map from latent variables to the true states with least squares. */
export function judgeLifted(
  setting: LiftSetting & { validationOrbits: number; polynomialDegree: number },
  model: LatentModel,
): LatentJudgement {
  const { library, coefficients, latentWidth } = model;
  const states = liftedStates(setting, "validation", setting.validationOrbits);
  const samples = states.length / 3;
  const fields = liftedFields(setting.gridPoints, states);
  const [z = new Float32Array(0), rate = z] = model.encode(fields, samples);
  const predicted = predictRates(model, z, samples);
  const decoded = model.decode([z, predicted], samples);
  const fuv = fields.map((values, i) => unexplained(decoded[i] ?? [], values));
  const map = affineMap(z, latentWidth, states);
  // Predicted rates in the true coordinates: the map's linear part.
  const rates = liftedRates(states);
  const mapped = Float64Array.from(rates, (_, at) => {
    const [i, v] = [Math.floor(at / 3), at % 3];
    let sum = 0;
    for (let l = 0; l < latentWidth; l++) sum += (map.matrix[v]?.[l] ?? 0) * (predicted[i * latentWidth + l] ?? 0);
    return sum;
  });
  const inTrueStates = trueLaw(setting, states, mapped);
  const figures = {
    affineR2: Math.min(...map.rSquared),
    fuvX: fuv[0] ?? Number.NaN,
    fuvXDot: fuv[1] ?? Number.NaN,
    fuvZDot: unexplained(predicted, rate),
    fuvLaw: unexplained(mapped, rates),
    activeTerms: coefficients.filter((value) => value !== 0).length,
  };
  const outcome = liftedOutcome(figures);
  const left = Array.from({ length: latentWidth }, (_, i): Variable => {
    const name = latentWidth === 1 ? "" : String(i + 1);
    return { text: `ż${name}`, latex: name === "" ? "\\dot z" : `\\dot z_{${name}}` };
  });
  const equation = equations(library, coefficients, left);
  return {
    metrics: {
      ...figures,
      ...inTrueStates.errors,
      outcomeClass: liftedOutcomes.indexOf(outcome),
      lawRecovered: Number(outcome === "law"),
    },
    labels: {
      equation: equation.text.slice(0, 2000),
      latex: equation.latex.slice(0, 2000),
      support: structure(library, coefficients, left).slice(0, 2000),
      inTrueStates: inTrueStates.text,
      outcome,
    },
    plots: {
      equation: equationPlot("Discovered law", library, coefficients, left, prunedSnapshots(model), null),
      losses: lossCurves(model),
      coefficients: coefficientCurves(library, left, model.history, model.pruned),
      attractor: attractorPlot(states, z, latentWidth, map),
    },
  };
}

/** Coefficients below this are not written in the law of the true states. */
const leastWritten = 0.1;

/** The found law in Lorenz' own variables: the mapped rates [samples, 3] by least squares of monomials, held against the known one. */
function trueLaw(
  { polynomialDegree }: { polynomialDegree: number },
  states: Float64Array,
  mapped: Float64Array,
): { errors: { coefficientError: number; worstCoefficient: number }; text: string } {
  const names = ["x", "y", "z"].map((text): Variable => ({ text, latex: text }));
  const none = { sine: false, cosine: false, reciprocal: false, squareRoot: false };
  const library = buildLibrary(
    { polynomialDegree: Math.max(2, polynomialDegree), crossTerms: true, constantTerm: true, ...none },
    names,
  );
  const terms = library.terms.length;
  const samples = states.length / 3;
  const columns = new Float64Array(samples * terms);
  const row = new Float64Array(terms);
  for (let i = 0; i < samples; i++) {
    const own = states.subarray(3 * i, 3 * i + 3).map((value) => stateScale * value);
    evaluateTerms(library, own, row);
    columns.set(row, i * terms);
  }
  const coefficients = new Float64Array(3 * terms);
  for (let v = 0; v < 3; v++) {
    const target = Float64Array.from({ length: samples }, (_, i) => stateScale * (mapped[3 * i + v] ?? Number.NaN));
    leastSquares(columns, target, terms).forEach((value, k) => (coefficients[3 * k + v] = value));
  }
  const { coefficientError, worstCoefficient } = compareLaws(coefficients, lorenzCoefficients(library));
  const written = coefficients.map((value) => (Math.abs(value) < leastWritten ? 0 : value));
  const left = ["ẋ", "ẏ", "ż"].map((text): Variable => ({ text, latex: text }));
  return { errors: { coefficientError, worstCoefficient }, text: equations(library, written, left).text.slice(0, 2000) };
}

/**
 * The first that applies. trivial: FUV(x) ≥ 0.5. none: no active term. With R² ≥ 0.99 of every state by the affine map and the found law
 * explaining the true rates to 2 %: law, if it has exactly the seven terms of Lorenz' equations in number, else equivalent (right, but not
 * sparse). coordinates: R² ≥ 0.99, but not the law. other: the rest.
 */
function liftedOutcome(figures: { affineR2: number; fuvX: number; fuvLaw: number; activeTerms: number }): LiftedOutcome {
  const { affineR2, fuvX, fuvLaw, activeTerms } = figures;
  if (!(fuvX < 0.5)) return "trivial";
  if (activeTerms === 0) return "none";
  if (!(affineR2 >= 0.99)) return "other";
  if (!(fuvLaw <= 0.02)) return "coordinates";
  return activeTerms === 7 ? "law" : "equivalent";
}

function predictRates({ library, coefficients, latentWidth }: LatentModel, z: Float32Array, samples: number): Float32Array {
  const out = new Float32Array(samples * latentWidth);
  const theta = new Float64Array(library.terms.length);
  for (let i = 0; i < samples; i++) {
    evaluateTerms(library, z.subarray(i * latentWidth, (i + 1) * latentWidth), theta);
    for (let l = 0; l < latentWidth; l++) {
      let sum = 0;
      for (let k = 0; k < theta.length; k++) sum += (theta[k] ?? 0) * (coefficients[k * latentWidth + l] ?? 0);
      out[i * latentWidth + l] = sum;
    }
  }
  return out;
}

interface AffineMap {
  /** [3][latent] and the offsets. */
  matrix: number[][];
  offsets: number[];
  rSquared: number[];
}

/** state_v = Σ_l M_vl z_l + b_v with least squares, and R² of each. */
function affineMap(z: Float32Array, width: number, states: Float64Array): AffineMap {
  const samples = states.length / 3;
  const columns = new Float64Array(samples * (width + 1));
  for (let i = 0; i < samples; i++) {
    columns[i * (width + 1)] = 1;
    for (let l = 0; l < width; l++) columns[i * (width + 1) + 1 + l] = z[i * width + l] ?? Number.NaN;
  }
  const map: AffineMap = { matrix: [], offsets: [], rSquared: [] };
  for (let v = 0; v < 3; v++) {
    const target = Float64Array.from({ length: samples }, (_, i) => states[3 * i + v] ?? 0);
    const [offset = 0, ...row] = leastSquares(columns, target, width + 1);
    const mean = target.reduce((sum, value) => sum + value, 0) / samples;
    let [error, spread] = [0, 0];
    target.forEach((value, i) => {
      const fitted = row.reduce((sum, m, l) => sum + m * (z[i * width + l] ?? 0), offset);
      error += (fitted - value) ** 2;
      spread += (value - mean) ** 2;
    });
    map.matrix.push(row);
    map.offsets.push(offset);
    map.rSquared.push(1 - error / spread);
  }
  return map;
}

function attractorPlot(states: Float64Array, z: Float32Array, width: number, { matrix, offsets }: AffineMap): PlotDataInput {
  const samples = Math.min(1500, states.length / 3);
  const real = [0, 1, 2].map((v) => Array.from({ length: samples }, (_, i) => states[3 * i + v] ?? 0));
  const found = [0, 1, 2].map((v) =>
    Array.from({ length: samples }, (_, i) =>
      (matrix[v] ?? []).reduce((sum, m, l) => sum + m * (z[i * width + l] ?? 0), offsets[v] ?? 0),
    ),
  );
  const series = (name: string, [x = [], y = [], height = []]: number[][]) => ({
    name,
    x,
    y,
    z: height,
    style: "points" as const,
  });
  return {
    kind: "scatter",
    title: "Latent variables, mapped to the true states",
    caption: "Validation frames after the affine map with least squares; the states are divided by 40.",
    x: { label: "x/40" },
    y: { label: "y/40" },
    z: { label: "z/40" },
    series: [series("true", real), series("latent, mapped", found)],
  };
}
