import type { EquationSystem, Formula, FunctionName } from "@basin/equations";
import {
  absolute,
  constant,
  coordinate,
  cosine,
  difference,
  evaluateExpression,
  exponentialOf,
  hyperbolicTangent,
  logarithmOf,
  power,
  product,
  sine,
  solution,
  sum,
  symbolsOf,
  unknown,
  type Expression,
} from "../differential-equations/expression";

/** How a coordinate x is what the network sees, s: x = centre + half·s. */
export interface Scale {
  centre: number;
  half: number;
}

/** Scales that take every range to −1 … 1. */
export function unitScales({ coordinates }: EquationSystem): Scale[] {
  return coordinates.map(({ from, to }) => ({ centre: (from + to) / 2, half: (to - from) / 2 }));
}

/** Unknowns that stand at the second place of a condition, and the grid of its points. */
export interface Partner {
  parts: ReadonlySet<Formula>;
  grid: number;
}

/** A typed formula as what the family `pinn` trains, in scaled coordinates: u_x becomes u_s over `half`. Parts without symbols become numbers. */
export function lowerFormula(
  formula: Formula,
  system: EquationSystem,
  scales: readonly Scale[],
  partner: Partner | null = null,
): Expression {
  const trained = new Set(system.trainable.map(({ name }) => name));
  const lower = (one: Formula): Expression => folded(lowered(one));
  const lowered = (one: Formula): Expression => {
    switch (one.kind) {
      case "number":
        return constant(one.value);
      case "constant":
        if (one.name === "pi") return constant(Math.PI);
        return trained.has(one.name) ? unknown(one.name) : constant(system.constants.get(one.name) ?? Number.NaN);
      case "coordinate": {
        const i = system.coordinates.findIndex(({ name }) => name === one.name);
        const { centre, half } = scales[i] ?? { centre: 0, half: 1 };
        return sum(constant(centre), product(constant(half), coordinate(i)));
      }
      case "unknown": {
        const factor = one.orders.reduce((all, order, i) => all / (scales[i]?.half ?? 1) ** order, 1);
        const grid = partner?.parts.has(one) ? partner.grid : undefined;
        return product(constant(factor), solution(one.orders, system.unknowns.indexOf(one.name), grid));
      }
      case "negative":
        return product(constant(-1), lower(one.of));
      case "call":
        return applied(one.name, lower(one.of));
      case "binary": {
        const [left, right] = [lower(one.left), lower(one.right)];
        switch (one.operator) {
          case "+":
            return sum(left, right);
          case "-":
            return difference(left, right);
          case "*":
            return product(left, right);
          case "/":
            return product(left, power(right, -1));
          case "^":
            return right.op === "constant" ? power(left, right.value) : exponentialOf(product(right, folded(logarithmOf(left))));
        }
      }
    }
  };
  return lower(formula);
}

/** Its value where it has no symbols. */
function folded(expression: Expression): Expression {
  if (expression.op === "constant" || symbolsOf(expression).length > 0) return expression;
  return constant(evaluateExpression(expression, () => Number.NaN));
}

function applied(name: FunctionName, of: Expression): Expression {
  const exponentials = (sign: 1 | -1): Expression =>
    product(constant(0.5), sum(exponentialOf(of), product(constant(sign), exponentialOf(product(constant(-1), of)))));
  switch (name) {
    case "sin":
      return sine(of);
    case "cos":
      return cosine(of);
    case "tan":
      return product(sine(of), power(cosine(of), -1));
    case "exp":
      return exponentialOf(of);
    case "log":
      return logarithmOf(of);
    case "sqrt":
      return power(of, 0.5);
    case "tanh":
      return hyperbolicTangent(of);
    case "sinh":
      return exponentials(-1);
    case "cosh":
      return exponentials(1);
    case "abs":
      return absolute(of);
  }
}
