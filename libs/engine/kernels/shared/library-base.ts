/** Functions of a variable in the base [1, v, sin v, cos v, 1/v] beside the constant. */
export const FUNCTIONS = 4;

/** to[i] = to[i]·by[i] in so many bytes. */
export function multiplyInto(by: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) * load<f32>(by + i));
}
