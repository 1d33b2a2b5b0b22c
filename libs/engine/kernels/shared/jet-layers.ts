/**
 * What goes through a network: its values, their first derivatives by each direction, and second derivatives by pairs of them, in this
 * order: the streams. Bytes of a stream's record: addresses of its input [runs, m, k] and (for the backward pass) of the gradients by its
 * output [runs, m, n] and by its input (0: none), which two first derivatives a second one is by (their places among the streams), and what
 * the kernels note of it in a layer: its input, its gradient, and where the gradient by its input goes.
 */
export const STREAM: usize = 8 << 2;
export const X = 0;
export const G = 4;
export const DX = 8;
export const I = 12;
export const J = 16;
export const A = 20;
export const D = 24;
export const TO = 28;

/**
 * A layer's record: its sizes k and n, the addresses of weights and biases of all runs and (for the backward pass) of their gradients, of f′,
 * one unused place, then of every stream's output OUT and of what enters its activation, PRE. PRE of the values is 0 where the activation's
 * higher derivatives follow from f and f′. Behind a hidden layer all lie in the trace, at the first run's part of it. The last layer, linear,
 * has its outputs [runs, m, n] there instead (0: not wanted) and no more.
 */
export const K = 0;
export const N = 4;
export const WEIGHT = 8;
export const BIAS = 12;
export const D_WEIGHT = 16;
export const D_BIAS = 20;
export const SLOPE = 24;
const STREAMS = 32;

/** Bytes of a layer's record for so many streams. */
@inline
export function layerBytes(streams: i32): usize {
  return <usize>STREAMS + (<usize>(2 * streams) << 2);
}

/** The output of stream s. */
@inline
export function outOf(layer: usize, s: i32): usize {
  return load<usize>(layer + (<usize>s << 2), STREAMS);
}

/** What enters the activation of stream s. */
@inline
export function preOf(layer: usize, streams: i32, s: i32): usize {
  return load<usize>(layer + (<usize>(streams + s) << 2), STREAMS);
}

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
