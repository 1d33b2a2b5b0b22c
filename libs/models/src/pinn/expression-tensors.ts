import { activationDerivatives } from "@basin/engine";
import type { EquationSymbol, Expression } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";

/** Values of one expression at the points of a term, [runs or 1, points or 1, 1], or the same number everywhere. */
export type Values = tf.Tensor3D | number;

export function times(a: Values, b: Values): Values {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a === 1) return b;
  return b === 1 ? a : tf.mul<tf.Tensor3D>(a, b);
}

function plus(a: Values, b: Values): Values {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a === 0) return b;
  return b === 0 ? a : tf.add<tf.Tensor3D>(a, b);
}

/** Evaluates element by element, in the order in which the expression is written. Call within tf.tidy. */
export function expressionTensor(expression: Expression, valueOf: (symbol: EquationSymbol) => Values): Values {
  switch (expression.op) {
    case "constant":
      return expression.value;
    case "symbol":
      return valueOf(expression.symbol);
    case "sum":
      return expression.of.map((one) => expressionTensor(one, valueOf)).reduce(plus);
    case "product":
      return expression.of.map((one) => expressionTensor(one, valueOf)).reduce(times);
    case "power": {
      const base = expressionTensor(expression.of, valueOf);
      return powerOf(base, expression.exponent);
    }
    case "exponential":
      return applied(expression.of, valueOf, Math.exp, tf.exp);
    case "hyperbolic-tangent":
      return applied(expression.of, valueOf, Math.tanh, tf.tanh);
    case "logarithm":
      return applied(expression.of, valueOf, Math.log, tf.log);
    case "absolute":
      return applied(expression.of, valueOf, Math.abs, tf.abs);
    case "sign":
      return applied(expression.of, valueOf, Math.sign, tf.sign);
    case "sine":
    case "cosine": {
      const angle = expressionTensor(expression.of, valueOf);
      const derivative = expression.op === "sine" ? 0 : 1;
      if (typeof angle === "number") return derivative === 0 ? Math.sin(angle) : Math.cos(angle);
      const found = activationDerivatives(angle, "sine", derivative)[derivative];
      if (!found) throw new Error("no derivative of the sine");
      return found;
    }
  }
}

function applied(
  argument: Expression,
  valueOf: (symbol: EquationSymbol) => Values,
  ofNumber: (x: number) => number,
  ofTensor: (x: tf.Tensor3D) => tf.Tensor3D,
): Values {
  const x = expressionTensor(argument, valueOf);
  return typeof x === "number" ? ofNumber(x) : ofTensor(x);
}

/** Small whole exponents by multiplication, whose bits are the same on every backend. */
function powerOf(base: Values, exponent: number): Values {
  if (typeof base === "number") return base ** exponent;
  if (!Number.isInteger(exponent) || exponent < 1 || exponent > 8) return tf.pow(base, exponent);
  let result: Values = base;
  for (let i = 1; i < exponent; i++) result = times(result, base);
  return result;
}
