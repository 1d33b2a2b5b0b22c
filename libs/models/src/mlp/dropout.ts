import type { MlpParameters } from "@basin/contracts";
import type { StepInput } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "./architecture";

export type DropoutSetting = Pick<MlpParameters, "dropout" | "inputDropout">;

/** What the masks of a run depend on. */
interface StepState {
  run: { seed: number };
  parameters: DropoutSetting;
  /** Epochs before this one. */
  step: number;
}

/** More batches than an epoch can have, so that (epoch, batch) is one index. */
const batchesPerEpoch = 2 ** 20;

/**
 * Masks of inverted dropout (Srivastava et al. 2014) for one training step: 0 with the run's probability p, else 1/(1 − p), for every
 * sample and unit of each hidden layer; from the stream (seed, "dropout/<layer>", epoch and batch). [runs, count, width] per layer; null
 * when no run drops anything. Epochs and batches from 0.
 */
export function dropoutMasks(net: Architecture, states: readonly StepState[], batch: number, count: number): StepInput[] | null {
  if (states.every(({ parameters }) => parameters.dropout === 0)) return null;
  return net.widths.slice(1, -1).map((width, layer) => {
    const size = count * width;
    const all = new Float32Array(states.length * size).fill(1);
    states.forEach((state, row) => {
      if (state.parameters.dropout > 0) fillStepMask(all.subarray(row * size, (row + 1) * size), state, layer, batch);
    });
    return { shape: [states.length, count, width], values: all };
  });
}

/** The same of the inputs [runs, count, width], from the stream (seed, "dropout/input", epoch and batch). */
export function inputMask(states: readonly StepState[], batch: number, count: number, width: number): StepInput | null {
  if (states.every(({ parameters }) => parameters.inputDropout === 0)) return null;
  const size = count * width;
  const all = new Float32Array(states.length * size).fill(1);
  states.forEach(({ run, parameters, step }, row) => {
    const out = all.subarray(row * size, (row + 1) * size);
    const { inputDropout } = parameters;
    if (inputDropout > 0) fillMask(out, run.seed, inputDropout, "input", step * batchesPerEpoch + batch);
  });
  return { shape: [states.length, count, width], values: all };
}

/**
 * Masks with which a trained network predicts as it was trained (Y. Gal, Z. Ghahramani, 2016): of the inputs and of each hidden layer,
 * [1, count, width], drawn anew for every pass from the stream (seed, "dropout/pass/<layer>", pass and part).
 */
export function predictionMasks(
  net: Architecture,
  { seed, parameters }: { seed: number; parameters: DropoutSetting },
  { pass, part, count }: { pass: number; part: number; count: number },
): { input: tf.Tensor3D; hidden: tf.Tensor3D[] } {
  const mask = (width: number, layer: string, probability: number): tf.Tensor3D => {
    const out = new Float32Array(count * width).fill(1);
    if (probability > 0) fillMask(out, seed, probability, `pass/${layer}`, pass * batchesPerEpoch + part);
    return tf.tensor3d(out, [1, count, width]);
  };
  return {
    input: mask(net.widths[0] ?? 0, "input", parameters.inputDropout),
    hidden: net.widths.slice(1, -1).map((width, layer) => mask(width, String(layer), parameters.dropout)),
  };
}

/** The same of one run on the host, [count, width] per hidden layer; none when it drops nothing. */
export function runMasks(net: Architecture, state: StepState, batch: number, count: number): Float32Array[] {
  if (state.parameters.dropout === 0) return [];
  return net.widths.slice(1, -1).map((width, layer) => {
    const mask = new Float32Array(count * width);
    fillStepMask(mask, state, layer, batch);
    return mask;
  });
}

function fillStepMask(out: Float32Array, { run, parameters, step }: StepState, layer: number, batch: number): void {
  fillMask(out, run.seed, parameters.dropout, layer, step * batchesPerEpoch + batch);
}

/** Overwrites `out` with factors 0 and 1/(1 − probability). */
export function fillMask(out: Float32Array, seed: number, probability: number, layer: number | string, index: number): void {
  randomStream(seed, `dropout/${layer}`, index).fillUniform(out);
  const kept = 1 / (1 - probability);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) < probability ? 0 : kept;
}
