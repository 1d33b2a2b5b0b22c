import { lbfgsNext, lbfgsStart, type LbfgsState } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";

/** Values and gradients come in single precision. */
const lbfgsOptions = { valueError: 1e-6, gradientTolerance: 1e-9 };

/** How many of a run's epochs are steps of its optimizer; the others, behind them, are evaluations of L-BFGS. */
export function optimizerEpochs({ epochs, lbfgsSteps }: { epochs: number; lbfgsSteps: number }): number {
  return epochs - lbfgsSteps;
}

/** What an evaluation at a run's parameters gave, and where it was. */
interface Evaluated {
  parameters: Float32Array;
  value: number;
  gradient: Float32Array;
}

/**
 * The state after that evaluation, and the parameters of the next one. `before` null: the minimization starts where it was, and keeps `memory` pairs
 * of steps and gradient changes. `last`: no evaluation follows, so that the parameters are those of the point accepted last.
 */
export function lbfgsMoved(
  before: LbfgsState | null,
  { parameters, value, gradient }: Evaluated,
  { memory, last }: { memory: number; last: boolean },
): { state: LbfgsState; parameters: Float32Array } {
  const state = lbfgsNext(before ?? lbfgsStart(parameters, { ...lbfgsOptions, memory }), value, gradient);
  return { state, parameters: Float32Array.from(last ? state.point : state.trial) };
}

/** A run's values of every tensor [runs, …], one behind the other, read from the arrays of all runs. */
export function flatRow(all: readonly Float32Array[], row: number, runs: number): Float32Array {
  const parts = all.map((values) => values.subarray((row * values.length) / runs, ((row + 1) * values.length) / runs));
  const flat = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}

/** The tensors with other values in some rows; the caller owns them. */
export function withRows(
  tensors: readonly tf.Tensor[],
  all: readonly Float32Array[],
  rows: ReadonlyMap<number, Float32Array>,
): tf.Tensor[] {
  let at = 0;
  return tensors.map((tensor, i) => {
    const values = (all[i] ?? new Float32Array(0)).slice();
    const size = values.length / tensor.shape[0];
    for (const [row, flat] of rows) values.set(flat.subarray(at, at + size), row * size);
    at += size;
    return tf.tensor(values, tensor.shape);
  });
}

/** The values of tensors on the host. Waits for the device. */
export function readAll(tensors: readonly tf.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => tensor.dataSync<"float32">().slice());
}
