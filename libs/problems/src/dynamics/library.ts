import type { LibraryParameters } from "@basin/contracts";
import { cosPi, sinPi, type RightHandSide } from "@basin/numerics";

/** A variable of the law, as it is written in plain text ("z", "z1", "ż") and in LaTeX. */
export interface Variable {
  text: string;
  latex: string;
}

/** The square root is last: libraries without it do not know of its columns. */
export const baseFunctions = ["identity", "sine", "cosine", "reciprocal", "square-root"] as const;
type BaseFunction = (typeof baseFunctions)[number];

/** One base function of one variable (its place in the library's list). */
interface Factor {
  base: BaseFunction;
  variable: number;
}

/** A candidate of the law: the product of its factors; the constant has none. */
export interface Term {
  text: string;
  latex: string;
  factors: readonly Factor[];
}

/** Functions of `variables` that a law Σ ξ_k Θ_k may be made of. */
export interface Library {
  variables: readonly Variable[];
  terms: readonly Term[];
}

/** What keeps the reciprocal z/(z² + δ) finite, and the slope of the root (z² + δ)^¼. */
export const reciprocalSoftening = 1e-4;

/**
 * Constant, monomials by rising degree (with cross terms: every product of powers up to the degree), then sines, cosines,
 * reciprocals and square roots of every variable.
 */
export function buildLibrary(parameters: LibraryParameters, variables: readonly Variable[]): Library {
  const { polynomialDegree, crossTerms, constantTerm, sine, cosine, reciprocal, squareRoot } = parameters;
  const terms: Term[] = constantTerm ? [{ text: "1", latex: "1", factors: [] }] : [];
  for (let degree = 1; degree <= polynomialDegree; degree++) {
    for (const exponents of exponentsOf(variables.length, degree)) {
      if (!crossTerms && exponents.filter((exponent) => exponent > 0).length > 1) continue;
      terms.push(monomial(variables, exponents));
    }
  }
  variables.forEach((variable, at) => {
    if (sine) terms.push(functionOf("sine", variable, at));
  });
  variables.forEach((variable, at) => {
    if (cosine) terms.push(functionOf("cosine", variable, at));
  });
  variables.forEach((variable, at) => {
    if (reciprocal) terms.push(functionOf("reciprocal", variable, at));
  });
  variables.forEach((variable, at) => {
    if (squareRoot) terms.push(functionOf("square-root", variable, at));
  });
  return { variables, terms };
}

/** How many terms `buildLibrary` makes of so many variables, without making them. */
export function termCount(parameters: LibraryParameters, variables: number): number {
  const { polynomialDegree, crossTerms, constantTerm, sine, cosine, reciprocal, squareRoot } = parameters;
  let monomials = crossTerms ? 1 : variables * polynomialDegree;
  if (crossTerms) {
    for (let degree = 1; degree <= polynomialDegree; degree++) monomials *= (variables + degree) / degree;
    monomials = Math.round(monomials) - 1;
  }
  const functions = [sine, cosine, reciprocal, squareRoot].filter(Boolean).length;
  return Number(constantTerm) + monomials + variables * functions;
}

/** z, or z1 … zn; with velocities also ż, or ż1 … żn behind them. */
export function latentVariables(width: number, velocities: boolean): Variable[] {
  const name = (i: number): [text: string, latex: string] => (width === 1 ? ["", ""] : [String(i + 1), `_{${i + 1}}`]);
  const list = (text: string, latex: string): Variable[] =>
    Array.from({ length: width }, (_, i) => ({ text: text + name(i)[0], latex: latex + name(i)[1] }));
  return velocities ? [...list("z", "z"), ...list("ż", "\\dot z")] : list("z", "z");
}

/** Θ_k at `values` (one per variable) for every term, written to `out`. */
export function evaluateTerms({ terms }: Library, values: ArrayLike<number>, out: Float64Array | number[]): void {
  // Index loops: this runs millions of times in a scan.
  for (let k = 0; k < terms.length; k++) {
    const factors = terms[k]?.factors ?? [];
    let product = 1;
    for (let f = 0; f < factors.length; f++) {
      const factor = factors[f];
      if (factor) product *= evaluateBase(factor.base, values[factor.variable] ?? Number.NaN);
    }
    out[k] = product;
  }
}

/** ẏ = Θ(y)Ξ with coefficients Ξ [terms, states], row-major. */
export function lawRates(library: Library, coefficients: Float64Array): RightHandSide {
  const theta = new Float64Array(library.terms.length);
  const width = coefficients.length / theta.length;
  return (_, y, out) => {
    evaluateTerms(library, y, theta);
    out.fill(0);
    for (let k = 0; k < theta.length; k++)
      for (let v = 0; v < width; v++) {
        const coefficient = coefficients[k * width + v] ?? 0;
        if (coefficient !== 0) out[v] = (out[v] ?? 0) + coefficient * (theta[k] ?? 0);
      }
  };
}

function evaluateBase(base: BaseFunction, value: number): number {
  switch (base) {
    case "identity":
      return value;
    case "sine":
      return sinPi(value / Math.PI);
    case "cosine":
      return cosPi(value / Math.PI);
    case "reciprocal":
      return value / (value * value + reciprocalSoftening);
    case "square-root":
      return Math.sqrt(Math.sqrt(value * value + reciprocalSoftening));
  }
}

/** All exponent vectors of that length and sum, the first variable's powers first. */
function exponentsOf(length: number, degree: number): number[][] {
  if (length === 0) return [];
  if (length === 1) return [[degree]];
  return Array.from({ length: degree + 1 }, (_, i) => degree - i).flatMap((first) =>
    exponentsOf(length - 1, degree - first).map((rest) => [first, ...rest]),
  );
}

const superscripts = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

function monomial(variables: readonly Variable[], exponents: readonly number[]): Term {
  const used = exponents.flatMap((exponent, variable) => (exponent > 0 ? [{ exponent, variable }] : []));
  return {
    text: used
      .map(({ exponent, variable }) => `${variables[variable]?.text ?? ""}${exponent > 1 ? (superscripts[exponent] ?? "") : ""}`)
      .join("·"),
    latex: used.map(({ exponent, variable }) => power(variables[variable]?.latex ?? "", exponent)).join(" "),
    factors: used.flatMap(({ exponent, variable }) =>
      Array.from({ length: exponent }, (): Factor => ({ base: "identity", variable })),
    ),
  };
}

function power(latex: string, exponent: number): string {
  if (exponent === 1) return latex;
  return latex.startsWith("\\") ? `{${latex}}^{${exponent}}` : `${latex}^{${exponent}}`;
}

function functionOf(base: Exclude<BaseFunction, "identity">, { text, latex }: Variable, variable: number): Term {
  const factors: Factor[] = [{ base, variable }];
  switch (base) {
    case "sine":
      return { text: `sin ${text}`, latex: `\\sin ${latex}`, factors };
    case "cosine":
      return { text: `cos ${text}`, latex: `\\cos ${latex}`, factors };
    case "reciprocal":
      return { text: `1/${text}`, latex: `\\frac{1}{${latex}}`, factors };
    case "square-root":
      return { text: `√|${text}|`, latex: `\\sqrt{|${latex}|}`, factors };
  }
}
