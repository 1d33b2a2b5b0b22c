import { cosPi, exponential, logarithm, sinPi } from "@basin/numerics";
import type { Formula, FormulaOf, FunctionName } from "./formula";

/** Values of names: coordinates, constants and unknowns (with their derivatives). */
export type ValueOf = (part: FormulaOf<"coordinate" | "constant" | "unknown">) => number;

/** The value in double precision, the same to the last bit on every machine but for powers with fractions. NaN or infinite where it has none. */
export function evaluateFormula(formula: Formula, valueOf: ValueOf): number {
  switch (formula.kind) {
    case "number":
      return formula.value;
    case "coordinate":
    case "unknown":
      return valueOf(formula);
    case "constant":
      return formula.name === "pi" ? Math.PI : valueOf(formula);
    case "negative":
      return -evaluateFormula(formula.of, valueOf);
    case "call":
      return evaluateFunction(formula.name, evaluateFormula(formula.of, valueOf));
    case "binary": {
      const left = evaluateFormula(formula.left, valueOf);
      const right = evaluateFormula(formula.right, valueOf);
      switch (formula.operator) {
        case "+":
          return left + right;
        case "-":
          return left - right;
        case "*":
          return left * right;
        case "/":
          return left / right;
        case "^":
          return left ** right;
      }
    }
  }
}

function evaluateFunction(name: FunctionName, x: number): number {
  switch (name) {
    case "sin":
      return sinPi(x / Math.PI);
    case "cos":
      return cosPi(x / Math.PI);
    case "tan":
      return sinPi(x / Math.PI) / cosPi(x / Math.PI);
    case "exp":
      return exponential(x);
    case "log":
      return logarithm(x);
    case "sqrt":
      return Math.sqrt(x);
    case "sinh":
      return (exponential(x) - exponential(-x)) / 2;
    case "cosh":
      return (exponential(x) + exponential(-x)) / 2;
    case "tanh": {
      const e = exponential(-2 * Math.abs(x));
      return (Math.sign(x) * (1 - e)) / (1 + e);
    }
    case "abs":
      return Math.abs(x);
  }
}
