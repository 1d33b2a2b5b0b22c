import type { SindyParameters } from "@basin/contracts";
import { latexOfName, partsOf, type EquationSystem } from "@basin/equations";
import { leastSquares, randomStream, solveOde, type RightHandSide } from "@basin/numerics";
import { buildLibrary, evaluateTerms, type Library, type Variable } from "../dynamics/library";
import { initialValueProblem } from "../equation/integrated-solution";

/** A typed law ẋ = f(x) and its orbit from the typed start. */
export interface FirstOrderLaw {
  variables: readonly Variable[];
  rates: RightHandSide;
  start: Float64Array;
  times: readonly number[];
  states: readonly Float64Array[];
  libraryOf(parameters: SindyParameters): Library;
}

/** Throws RangeError, saying why, for what is not of first order, depends on the time or cannot be integrated over the whole of it. */
export function firstOrderLaw(system: EquationSystem, samples: number, tolerance = 1e-9): FirstOrderLaw {
  const { orders, start, rates } = initialValueProblem(system);
  const higher = system.unknowns.find((_, i) => (orders[i] ?? 0) > 1);
  if (higher !== undefined)
    throw new RangeError(`${higher} stands there with its second derivative; name its velocity as a further state`);
  const timed = system.equations.some(
    (one) => one !== null && [one.left, one.right].flatMap(partsOf).some(({ kind }) => kind === "coordinate"),
  );
  const { name = "t", from = 0, to = 1 } = system.coordinates[0] ?? {};
  if (timed) throw new RangeError(`the law depends on ${name}; only laws of the states alone are sought`);
  const times = Array.from({ length: samples }, (_, i) => from + ((to - from) * i) / (samples - 1));
  const states = solveOde(rates, start, times, { relativeTolerance: tolerance, absoluteTolerance: tolerance / 1000 });
  const broken = states.findIndex((state) => !state.every(Number.isFinite));
  if (broken >= 0) throw new RangeError(`from ${name} = ${(times[broken] ?? from).toPrecision(4)} on there is no solution`);
  const variables = system.unknowns.map((text): Variable => ({ text, latex: latexOfName(text) }));
  return { variables, rates, start, times, states, libraryOf: (parameters) => buildLibrary(parameters, variables) };
}

/** Share of the rates that a sum of functions may miss by rounding, and of the greatest coefficient below which one is none. */
const rounding = 1e-7;

/** The coefficients of the typed law in a library, [terms, states]; null where it is no sum of the library's functions. */
export function knownCoefficients({ rates, states, variables }: FirstOrderLaw, library: Library): Float64Array | null {
  const width = variables.length;
  const terms = library.terms.length;
  const points = 4 * terms + 40;
  const stream = randomStream(0, "typed-law/points");
  const ranges = variables.map((_, v) => {
    const values = states.map((state) => state[v] ?? 0);
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return high > low ? [low, high - low] : [low - 0.5, 1];
  });
  const matrix = new Float64Array(points * terms);
  const wanted = variables.map(() => new Float64Array(points));
  const [row, rate] = [new Float64Array(terms), new Float64Array(width)];
  for (let p = 0; p < points; p++) {
    const point = Float64Array.from(ranges, ([low = 0, size = 1], v) => low + size * stream.uniform(p * width + v));
    evaluateTerms(library, point, row);
    matrix.set(row, p * terms);
    rates(0, point, rate);
    for (let v = 0; v < width; v++) (wanted[v] as Float64Array)[p] = rate[v] ?? Number.NaN;
  }
  const out = new Float64Array(terms * width);
  for (const [v, want] of wanted.entries()) {
    if (!want.every(Number.isFinite)) return null;
    const found = leastSquares(matrix, want, terms);
    const greatest = found.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let [missed, size] = [0, 0];
    want.forEach((value, p) => {
      let sum = 0;
      for (let k = 0; k < terms; k++) sum += (matrix[p * terms + k] ?? 0) * (found[k] ?? 0);
      missed += (sum - value) ** 2;
      size += value ** 2;
    });
    if (!(missed <= rounding ** 2 * size)) return null;
    found.forEach((value, k) => (out[k * width + v] = Math.abs(value) > rounding * greatest ? value : 0));
  }
  return out;
}
