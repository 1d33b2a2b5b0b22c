/** Bytes of a register: one value for each row, in whole vectors. */
@inline
export function registerBytes(rows: i32): usize {
  return <usize>((rows + 3) & ~3) << 2;
}

/** A column of a matrix whose rows are `step` bytes apart into a register; what fills up its last vector is 1. */
@inline
export function gatherColumn(from: usize, step: usize, register: usize, rows: i32): void {
  const whole = (rows + 3) & ~3;
  let to = register;
  for (let i = 0; i < rows; i++) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += step;
  }
  for (let i = rows; i < whole; i++) {
    store<f32>(to, 1);
    to += 4;
  }
}

/** A register into a column of a matrix. */
@inline
export function scatterColumn(register: usize, to: usize, step: usize, rows: i32): void {
  let from = register;
  for (let i = 0; i < rows; i++) {
    store<f32>(to, load<f32>(from));
    from += 4;
    to += step;
  }
}

/** Numbers of the operations, in the order of `formulaOps`. */
export const ADD = 0;
export const MULTIPLY = 1;
export const ADD_CONSTANT = 2;
export const MULTIPLY_CONSTANT = 3;
export const CONSTANT = 4;
export const RECIPROCAL = 5;
export const SINE = 6;
export const COSINE = 7;
export const EXPONENTIAL = 8;
export const TANH = 9;
export const LOGARITHM = 10;
export const ABSOLUTE = 11;
export const SIGN = 12;
