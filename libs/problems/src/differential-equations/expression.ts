import { cosPi, exponential, logarithm, sinPi } from "@basin/numerics";
import { derivativeOf, type Derivative, type DerivativeOrders } from "./derivative";

/** What a residual may be made of, at one point. */
export type EquationSymbol =
  /** A coordinate of the point, counted from 0. */
  | { kind: "coordinate"; index: number }
  /** The value measured at the point. */
  | { kind: "measured" }
  /** A component of the solution u, or a derivative of it; with `grid` at the point of that grid which stands at the same place in its list. */
  | { kind: "solution"; component: number; derivative: DerivativeOrders; grid?: number }
  /** Mean of a component of u over the points of the loss term. */
  | { kind: "mean"; component: number }
  /** A trainable physical parameter. */
  | { kind: "unknown"; name: string }
  /** The share of the run's steps that are done, from 0 to 1: for a constant that is raised while a run trains. */
  | { kind: "progress" };

/** A formula as data in symbols S, so that the trainer evaluates it on tensors and a test in double precision. */
export type Expression<S = EquationSymbol> =
  | { op: "constant"; value: number }
  | { op: "symbol"; symbol: S }
  | { op: "sum"; of: readonly Expression<S>[] }
  | { op: "product"; of: readonly Expression<S>[] }
  | { op: "sine" | "cosine" | "exponential" | "hyperbolic-tangent"; of: Expression<S> }
  /** Natural; of what is positive. */
  | { op: "logarithm"; of: Expression<S> }
  /** The derivative of the absolute value is the sign, that of the sign 0. */
  | { op: "absolute" | "sign"; of: Expression<S> }
  /** The exponent is a constant; of a negative base it must be a whole number. */
  | { op: "power"; of: Expression<S>; exponent: number };

export const constant = (value: number): Expression<never> => ({ op: "constant", value });
export const coordinate = (index: number): Expression => ({ op: "symbol", symbol: { kind: "coordinate", index } });
/** The coordinate of a problem that has one. */
export const time: Expression = coordinate(0);
export const measured: Expression = { op: "symbol", symbol: { kind: "measured" } };
/** u or a derivative of it: `solution(2)` is the second by the only coordinate, `solution([1, 1])` the mixed one. Throws RangeError for an order above 3. */
export const solution = (derivative: Derivative = 0, component = 0, grid?: number): Expression => ({
  op: "symbol",
  symbol: { kind: "solution", component, derivative: derivativeOf(derivative), ...(grid === undefined ? {} : { grid }) },
});
export const meanSolution = (component = 0): Expression => ({ op: "symbol", symbol: { kind: "mean", component } });
export const unknown = (name: string): Expression => ({ op: "symbol", symbol: { kind: "unknown", name } });
export const progress: Expression = { op: "symbol", symbol: { kind: "progress" } };

/** The sum, with constants collected and zeros left out. */
export function sum<S>(...of: readonly Expression<S>[]): Expression<S> {
  return collect("sum", of, 0, (a, b) => a + b);
}

/** The product, with constants collected; 0 when one factor is 0. */
export function product<S>(...of: readonly Expression<S>[]): Expression<S> {
  return collect("product", of, 1, (a, b) => a * b);
}

export const difference = <S>(a: Expression<S>, b: Expression<S>): Expression<S> => sum<S>(a, product<S>(constant(-1), b));
export const sine = <S>(of: Expression<S>): Expression<S> => ({ op: "sine", of });
export const cosine = <S>(of: Expression<S>): Expression<S> => ({ op: "cosine", of });
export const exponentialOf = <S>(of: Expression<S>): Expression<S> => ({ op: "exponential", of });
export const hyperbolicTangent = <S>(of: Expression<S>): Expression<S> => ({ op: "hyperbolic-tangent", of });
export const logarithmOf = <S>(of: Expression<S>): Expression<S> => ({ op: "logarithm", of });
export const absolute = <S>(of: Expression<S>): Expression<S> => ({ op: "absolute", of });
/** 1 for the exponent 0, the base itself for 1. */
export const power = <S>(of: Expression<S>, exponent: number): Expression<S> => {
  if (exponent === 0) return constant(1);
  return exponent === 1 ? of : { op: "power", of, exponent };
};

function collect<S>(
  op: "sum" | "product",
  of: readonly Expression<S>[],
  neutral: number,
  combine: (a: number, b: number) => number,
): Expression<S> {
  const flat = of.flatMap((one) => (one.op === op ? one.of : [one]));
  const value = flat.reduce((all, one) => (one.op === "constant" ? combine(all, one.value) : all), neutral);
  const rest = flat.filter((one) => one.op !== "constant");
  if (rest.length === 0 || (op === "product" && value === 0)) return constant(value);
  const kept = value === neutral ? rest : [constant(value), ...rest];
  const [only] = kept;
  return kept.length === 1 && only ? only : { op, of: kept };
}

/** A text that two symbols share only when they are the same. */
export function symbolKey(symbol: EquationSymbol): string {
  switch (symbol.kind) {
    case "solution":
      return `solution ${symbol.component} ${symbol.derivative.join()}${symbol.grid === undefined ? "" : ` on ${symbol.grid}`}`;
    case "coordinate":
      return `coordinate ${symbol.index}`;
    case "mean":
      return `mean ${symbol.component}`;
    case "unknown":
      return `unknown ${symbol.name}`;
    default:
      return symbol.kind;
  }
}

/** Every symbol that occurs, once. */
export function symbolsOf(expression: Expression): EquationSymbol[] {
  const found = new Map<string, EquationSymbol>();
  const visit = (one: Expression): void => {
    if (one.op === "symbol") found.set(symbolKey(one.symbol), one.symbol);
    else if (one.op === "sum" || one.op === "product") one.of.forEach(visit);
    else if (one.op !== "constant") visit(one.of);
  };
  visit(expression);
  return [...found.values()];
}

/** ∂/∂symbol by the rules of sums, products and chains; the other symbols are held fixed. */
export function partialDerivative(expression: Expression, symbol: EquationSymbol): Expression {
  switch (expression.op) {
    case "constant":
      return constant(0);
    case "symbol":
      return constant(symbolKey(expression.symbol) === symbolKey(symbol) ? 1 : 0);
    case "sum":
      return sum(...expression.of.map((one) => partialDerivative(one, symbol)));
    case "product":
      return sum(
        ...expression.of.map((one, i) => product(...expression.of.filter((_, j) => j !== i), partialDerivative(one, symbol))),
      );
    case "sine":
      return product(cosine(expression.of), partialDerivative(expression.of, symbol));
    case "cosine":
      return product(constant(-1), sine(expression.of), partialDerivative(expression.of, symbol));
    case "exponential":
      return product(expression, partialDerivative(expression.of, symbol));
    case "hyperbolic-tangent":
      return product(difference(constant(1), power(expression, 2)), partialDerivative(expression.of, symbol));
    case "logarithm":
      return product(power(expression.of, -1), partialDerivative(expression.of, symbol));
    case "absolute":
      return product({ op: "sign", of: expression.of }, partialDerivative(expression.of, symbol));
    case "sign":
      return constant(0);
    case "power":
      return product(
        constant(expression.exponent),
        power(expression.of, expression.exponent - 1),
        partialDerivative(expression.of, symbol),
      );
  }
}

/** The value in double precision. */
export function evaluateExpression<S>(expression: Expression<S>, valueOf: (symbol: S) => number): number {
  switch (expression.op) {
    case "constant":
      return expression.value;
    case "symbol":
      return valueOf(expression.symbol);
    case "sum":
      return expression.of.reduce((all, one) => all + evaluateExpression(one, valueOf), 0);
    case "product":
      return expression.of.reduce((all, one) => all * evaluateExpression(one, valueOf), 1);
    case "sine":
      return sinPi(evaluateExpression(expression.of, valueOf) / Math.PI);
    case "cosine":
      return cosPi(evaluateExpression(expression.of, valueOf) / Math.PI);
    case "exponential":
      return exponential(evaluateExpression(expression.of, valueOf));
    case "hyperbolic-tangent": {
      const x = evaluateExpression(expression.of, valueOf);
      const e = exponential(-2 * Math.abs(x));
      return (Math.sign(x) * (1 - e)) / (1 + e);
    }
    case "logarithm":
      return logarithm(evaluateExpression(expression.of, valueOf));
    case "absolute":
      return Math.abs(evaluateExpression(expression.of, valueOf));
    case "sign":
      return Math.sign(evaluateExpression(expression.of, valueOf));
    case "power":
      return evaluateExpression(expression.of, valueOf) ** expression.exponent;
  }
}
