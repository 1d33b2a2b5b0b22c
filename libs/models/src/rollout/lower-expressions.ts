import type { FormulaInstruction, FormulaOp, Formulas } from "@basin/engine";
import type { LoopExpression, LoopSymbol } from "@basin/problems";

/** A kind of symbols whose values are the columns of one source, and how many there are. */
export interface SymbolSource {
  kind: LoopSymbol["kind"];
  width: number;
}

/** A value of a formula: a register, or the same number everywhere. */
type Lowered = { register: number } | { number: number };

/**
 * Expressions as instructions; each result has its own expressions as columns. What is written twice is computed once. Powers are products and quotients,
 * but that of an exponent which is no whole number is exp(p·ln x).
 */
export function lowerExpressions(sources: readonly SymbolSource[], results: readonly (readonly LoopExpression[])[]): Formulas {
  const lowering = new Lowering(sources);
  const registers = results.map((expressions) => expressions.map((expression) => lowering.registerOf(expression)));
  return { sources: sources.map(({ width }) => width), instructions: lowering.instructions, results: registers };
}

class Lowering {
  readonly instructions: FormulaInstruction[] = [];
  private readonly starts = new Map<LoopSymbol["kind"], number>();
  private readonly known = new Map<string, number>();
  private readonly width: number;

  constructor(sources: readonly SymbolSource[]) {
    let start = 0;
    for (const { kind, width } of sources) {
      this.starts.set(kind, start);
      start += width;
    }
    this.width = start;
  }

  registerOf(expression: LoopExpression): number {
    const lowered = this.lower(expression);
    return "register" in lowered ? lowered.register : this.emit("constant", 0, 0, lowered.number);
  }

  private lower(expression: LoopExpression): Lowered {
    switch (expression.op) {
      case "constant":
        return { number: expression.value };
      case "symbol": {
        const { kind, index } = expression.symbol;
        const start = this.starts.get(kind);
        if (start === undefined) throw new RangeError(`A formula names ${kind} ${index} where there is none.`);
        return { register: start + index };
      }
      case "sum":
        return expression.of.map((one) => this.lower(one)).reduce((a, b) => this.both("add", a, b));
      case "product":
        return expression.of.map((one) => this.lower(one)).reduce((a, b) => this.both("multiply", a, b));
      case "power":
        return this.power(this.lower(expression.of), expression.exponent);
      case "sine":
        return this.applied("sine", expression.of, Math.sin);
      case "cosine":
        return this.applied("cosine", expression.of, Math.cos);
      case "exponential":
        return this.applied("exponential", expression.of, Math.exp);
      case "hyperbolic-tangent":
        return this.applied("tanh", expression.of, Math.tanh);
      case "logarithm":
        return this.applied("logarithm", expression.of, Math.log);
      case "absolute":
        return this.applied("absolute", expression.of, Math.abs);
      case "sign":
        return this.applied("sign", expression.of, Math.sign);
    }
  }

  private applied(op: FormulaOp, argument: LoopExpression, ofNumber: (x: number) => number): Lowered {
    const lowered = this.lower(argument);
    return "number" in lowered ? { number: ofNumber(lowered.number) } : { register: this.emit(op, lowered.register, 0, 0) };
  }

  private both(op: "add" | "multiply", a: Lowered, b: Lowered): Lowered {
    if ("number" in a && "number" in b) return { number: op === "add" ? a.number + b.number : a.number * b.number };
    if ("number" in a) return this.both(op, b, a);
    if ("register" in b) return { register: this.emit(op, a.register, b.register, 0) };
    if (b.number === (op === "add" ? 0 : 1)) return a;
    return { register: this.emit(`${op}-constant`, a.register, 0, b.number) };
  }

  private power(base: Lowered, exponent: number): Lowered {
    if ("number" in base) return { number: base.number ** exponent };
    if (!Number.isInteger(exponent)) {
      const logarithm = this.emit("logarithm", base.register, 0, 0);
      return { register: this.emit("exponential", this.emit("multiply-constant", logarithm, 0, exponent), 0, 0) };
    }
    const size = Math.abs(exponent);
    if (size === 0) return { number: 1 };
    const whole = this.wholePower(base.register, size);
    return { register: exponent > 0 ? whole : this.emit("reciprocal", whole, 0, 0) };
  }

  /** By squares. */
  private wholePower(base: number, exponent: number): number {
    if (exponent === 1) return base;
    const half = this.wholePower(base, Math.floor(exponent / 2));
    const even = this.emit("multiply", half, half, 0);
    return exponent % 2 === 0 ? even : this.emit("multiply", even, base, 0);
  }

  /** The register of an instruction, a new one unless there is the same already. */
  private emit(op: FormulaOp, a: number, b: number, constant: number): number {
    const key = `${op} ${a} ${b} ${constant}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const register = this.width + this.instructions.push({ op, a, b, constant }) - 1;
    this.known.set(key, register);
    return register;
  }
}
