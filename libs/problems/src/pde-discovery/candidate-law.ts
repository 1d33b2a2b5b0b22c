import { leastSquares } from "@basin/numerics";
import { product, power, solution, type Expression } from "../differential-equations/expression";

/** A candidate of the right-hand side of u_t, as it is written, as a residual has it, and as a number of u, u_x, u_xx. */
interface Candidate {
  name: string;
  text: string;
  latex: string;
  expression: Expression;
  value: (u: number, ux: number, uxx: number) => number;
}

export const candidates: readonly Candidate[] = [
  { name: "c1", text: "u", latex: "u", expression: solution(), value: (u) => u },
  { name: "c2", text: "u²", latex: "u^2", expression: product(solution(), solution()), value: (u) => u * u },
  { name: "c3", text: "u³", latex: "u^3", expression: power(solution(), 3), value: (u) => u * u * u },
  { name: "c4", text: "u_x", latex: "u_x", expression: solution([1]), value: (_, ux) => ux },
  { name: "c5", text: "u_xx", latex: "u_{xx}", expression: solution([2]), value: (_, __, uxx) => uxx },
];

/** u_t, as it is written. */
export const rate = { text: "u_t", latex: "u_t" };

/** A field and its derivatives at points. */
interface FieldRates {
  u: ArrayLike<number>;
  ux: ArrayLike<number>;
  uxx: ArrayLike<number>;
  ut: ArrayLike<number>;
}

/**
 * Coefficients of u_t = Σ c_j f_j by least squares over the points; those with |c_j|·rms(f_j) below `threshold`·rms(u_t) are 0 and the others
 * fitted again, as a run's own pruning and refit do.
 */
export function fittedLaw(rates: FieldRates, threshold: number): number[] {
  const { ut } = rates;
  const columns = columnsOf(rates);
  const fit = (kept: readonly boolean[]): number[] => {
    const own = columns.filter((_, k) => kept[k]);
    const matrix = Float64Array.from(
      { length: ut.length * own.length },
      (_, i) => own[i % own.length]?.[Math.floor(i / own.length)] ?? 0,
    );
    const found = Array.from(leastSquares(matrix, ut, own.length));
    return kept.map((keeps) => (keeps ? (found.shift() ?? Number.NaN) : 0));
  };
  const first = fit(candidates.map(() => true));
  return fit(withoutSmall(rates, first, threshold).map((coefficient) => coefficient !== 0));
}

/** The coefficients, but 0 for those with |c_j|·rms(f_j) below `threshold`·rms(u_t). */
export function withoutSmall(rates: FieldRates, coefficients: readonly number[], threshold: number): number[] {
  const least = threshold * rootOfSquares(rates.ut);
  const sizes = columnsOf(rates).map(rootOfSquares);
  return coefficients.map((coefficient, k) => (Math.abs(coefficient) * (sizes[k] ?? Number.NaN) < least ? 0 : coefficient));
}

/** Every candidate at the points. */
function columnsOf({ u, ux, uxx, ut }: FieldRates): Float64Array[] {
  return candidates.map(({ value }) =>
    Float64Array.from({ length: ut.length }, (_, i) => value(u[i] ?? Number.NaN, ux[i] ?? Number.NaN, uxx[i] ?? Number.NaN)),
  );
}

/** √ of the mean of squares. */
export function rootOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? Number.NaN) ** 2;
  return Math.sqrt(sum / values.length);
}
