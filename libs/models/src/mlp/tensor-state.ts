import { optimizerSlots, selectRuns } from "@basin/engine";
import type { OptimizerName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import type { ValueSpec } from "./architecture";
import type { Parameters } from "./network";

/** One run's tensors on the host, in the order of the architecture's specs. */
export interface HostTensors {
  parameters: Float32Array[];
  /** slots[s] runs parallel to the trained parameters. */
  slots: Float32Array[][];
  /** The parameters of the best epoch; null when they are not kept. */
  best: Float32Array[] | null;
}

/** The device tensors of the whole pack, each with the runs as leading axis. */
export interface TensorState {
  parameters: Parameters;
  slots: readonly Parameters[];
  best: Parameters | null;
}

/** A run before its first step: initial values and empty slots for those that are trained. */
export function freshHostTensors(
  parameters: Float32Array[],
  trained: number,
  optimizer: OptimizerName,
  keepBest: boolean,
): HostTensors {
  const slots = Array.from({ length: optimizerSlots[optimizer] }, () =>
    parameters.slice(0, trained).map((values) => new Float32Array(values.length)),
  );
  return { parameters, slots, best: keepBest ? parameters : null };
}

/** Stacks the runs along a leading axis. Every run must have the same shapes. */
export function toDevice(runs: readonly HostTensors[], specs: readonly ValueSpec[]): TensorState {
  const stack = (pick: (run: HostTensors) => readonly Float32Array[]): Parameters =>
    specs.slice(0, runs[0] ? pick(runs[0]).length : 0).map(({ rows, columns }, i) => {
      const all = new Float32Array(runs.length * rows * columns);
      runs.forEach((run, r) => all.set(pick(run)[i] ?? [], r * rows * columns));
      return tf.tensor3d(all, [runs.length, rows, columns]);
    });
  const slotCount = runs[0]?.slots.length ?? 0;
  return {
    parameters: stack((run) => run.parameters),
    slots: Array.from({ length: slotCount }, (_, s) => stack((run) => run.slots[s] ?? [])),
    best: runs[0]?.best ? stack((run) => run.best ?? []) : null,
  };
}

/** Reads one run back. The state must not be disposed before it resolves. */
export async function readRun(state: TensorState, row: number): Promise<HostTensors> {
  const [parameters, slots, best] = await Promise.all([
    readRow(state.parameters, row),
    Promise.all(state.slots.map((slot) => readRow(slot, row))),
    state.best ? readRow(state.best, row) : null,
  ]);
  return { parameters, slots, best };
}

function readRow(tensors: Parameters, row: number): Promise<Float32Array[]> {
  return Promise.all(
    tensors.map(async (tensor) => {
      const one = tf.slice(tensor, [row, 0, 0], [1, -1, -1]);
      const values = await one.data<"float32">();
      one.dispose();
      return values;
    }),
  );
}

/** The state of the listed rows alone; disposes the old one. */
export function keepRows(state: TensorState, rows: readonly number[]): TensorState {
  const keep = (tensors: Parameters): Parameters => tensors.map((tensor) => selectRuns(tensor, rows));
  const kept = { parameters: keep(state.parameters), slots: state.slots.map(keep), best: state.best ? keep(state.best) : null };
  disposeState(state);
  return kept;
}

/** Copies the parameters of the marked rows into `best`; the others keep theirs. */
export function updateBest(state: TensorState, marked: readonly boolean[]): TensorState {
  const { best } = state;
  if (!best || !marked.includes(true)) return state;
  const next = tf.tidy(() => {
    const mask = tf.tensor3d(
      marked.map((flag) => Number(flag)),
      [marked.length, 1, 1],
      "bool",
    );
    return state.parameters.map((tensor, i) => tf.where(tf.broadcastTo(mask, tensor.shape), tensor, best[i] ?? tensor));
  });
  tf.dispose([...best]);
  return { ...state, best: next };
}

export function disposeState(state: TensorState): void {
  tf.dispose([...state.parameters, ...state.slots.flat(), ...(state.best ?? [])]);
}
