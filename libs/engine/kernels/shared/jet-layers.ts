/**
 * Bytes of a layer's record: its sizes k and n, the addresses of weights and biases of all runs, then of the layer's f(H), f′∘U,
 * f″∘U² + f′∘V, of f′, U and V, and (for the backward pass) of the gradients of weights and biases. Behind a hidden layer the six lie in
 * the trace, at the first run's part of it. The last layer, linear, has its three outputs [runs, m, n] there instead (0: not wanted) and no more.
 */
export const LAYER: usize = 12 << 2;
export const K = 0;
export const N = 4;
export const WEIGHT = 8;
export const BIAS = 12;
export const VALUE = 16;
export const RATE1 = 20;
export const RATE2 = 24;
export const SLOPE = 28;
export const U = 32;
export const V = 36;
export const D_WEIGHT = 40;
export const D_BIAS = 44;

/** Address of run r's part of an array with `bytes` bytes per run; 0 stays 0. */
@inline
export function part(address: usize, r: i32, bytes: usize): usize {
  return address ? address + <usize>r * bytes : 0;
}

/** Bytes of `floats` floats in whole vectors: what lies behind the last float is scratch. */
@inline
export function wholeVectors(floats: i32): usize {
  return <usize>((floats + 3) & ~3) << 2;
}
