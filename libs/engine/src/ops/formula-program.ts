/** What an instruction does with registers a and b and a constant c, in the order of their numbers in the kernels. */
export const formulaOps = [
  "add",
  "multiply",
  "add-constant",
  "multiply-constant",
  "constant",
  "reciprocal",
  "sine",
  "cosine",
  "exponential",
  "tanh",
  "logarithm",
  "absolute",
  "sign",
] as const;
export type FormulaOp = (typeof formulaOps)[number];

export interface FormulaInstruction {
  op: FormulaOp;
  a: number;
  /** 0 where one operand is taken. */
  b: number;
  /** 0 where none is taken. */
  constant: number;
}

/**
 * Formulas on columns. The registers are the columns of the sources, in their order, then the value of every instruction; an instruction names
 * registers before its own.
 */
export interface Formulas {
  /** Columns of each source. */
  sources: readonly number[];
  instructions: readonly FormulaInstruction[];
  /** The registers that are the columns of each result. */
  results: readonly (readonly number[])[];
}
