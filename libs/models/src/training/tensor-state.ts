import { optimizerSlots, type OptimizerName } from "@basin/contracts";
import { selectRuns, type SafetensorsTensor } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";

/** One tensor of a run's network, e.g. "blocks.0.filter" [4, 4, 1, 8]; on the device it has the runs as leading axis. */
export interface TensorSpec {
  name: string;
  shape: readonly number[];
  /** In files, where that is another of as many values. */
  storedShape?: readonly number[];
}

/** How many numbers the tensors of a run hold. */
export function numbersOf(specs: readonly TensorSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
}

/** One run's tensors on the host, in the order of the specs, row-major. */
export interface HostTensors {
  parameters: Float32Array[];
  /** slots[s] runs parallel to the parameters that are trained. */
  slots: Float32Array[][];
  /** The parameters of the best epoch; null when they are not kept. */
  best: Float32Array[] | null;
}

/** The device tensors of the whole pack, [runs, …shape]. */
export interface TensorState {
  parameters: readonly tf.Tensor[];
  slots: readonly (readonly tf.Tensor[])[];
  best: readonly tf.Tensor[] | null;
}

/** A run before its first step: initial values, and empty slots for the first `trained` of them. */
export function freshHostTensors(
  parameters: Float32Array[],
  optimizer: OptimizerName,
  keepBest: boolean,
  trained = parameters.length,
): HostTensors {
  const slots = Array.from({ length: optimizerSlots[optimizer] }, () =>
    parameters.slice(0, trained).map((values) => new Float32Array(values.length)),
  );
  return { parameters, slots, best: keepBest ? parameters : null };
}

/** Stacks the runs along a leading axis. Throws RangeError when a run's tensor has not the spec's size. */
export function toDevice(runs: readonly HostTensors[], specs: readonly TensorSpec[]): TensorState {
  const stack = (pick: (run: HostTensors) => readonly Float32Array[]): tf.Tensor[] =>
    specs.slice(0, runs[0] ? pick(runs[0]).length : 0).map(({ name, shape }, i) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const all = new Float32Array(runs.length * size);
      runs.forEach((run, r) => {
        const values = pick(run)[i];
        if (values?.length !== size) throw new RangeError(`The tensor "${name}" has ${values?.length ?? 0} values, not ${size}.`);
        all.set(values, r * size);
      });
      return tf.tensor(all, [runs.length, ...shape]);
    });
  const slotCount = runs[0]?.slots.length ?? 0;
  return {
    parameters: stack((run) => run.parameters),
    slots: Array.from({ length: slotCount }, (_, s) => stack((run) => run.slots[s] ?? [])),
    best: runs[0]?.best ? stack((run) => run.best ?? []) : null,
  };
}

/** The parameters, then one slot's tensors behind the other's, as a step takes them. */
export function stepState({ parameters, slots }: TensorState): tf.Tensor[] {
  return [...parameters, ...slots.flat()];
}

/** What `stepState` made, of so many parameters, of which the first `trained` have slots; nothing is kept as the best. */
export function fromStepState(
  state: readonly tf.Tensor[],
  count: number,
  trained = count,
): Pick<TensorState, "parameters" | "slots"> & { best: null } {
  const rest = state.slice(count);
  const slots = Array.from({ length: trained === 0 ? 0 : rest.length / trained }, (_, s) =>
    rest.slice(s * trained, (s + 1) * trained),
  );
  return { parameters: state.slice(0, count), slots, best: null };
}

/** One run's row of every tensor, [1, …shape]. The caller owns them. */
export function rowOf(tensors: readonly tf.Tensor[], row: number): tf.Tensor[] {
  return tensors.map((tensor) => {
    const rest = tensor.shape.slice(1);
    return tf.slice(tensor, [row, ...rest.map(() => 0)], [1, ...rest]);
  });
}

/** Reads one run back. Blocks until the device has finished, which WebGPU cannot. */
export function readRun(state: TensorState, row: number): HostTensors {
  return {
    parameters: readRow(state.parameters, row),
    slots: state.slots.map((slot) => readRow(slot, row)),
    best: state.best ? readRow(state.best, row) : null,
  };
}

/** One run's values of each tensor. Blocks until the device has finished, which WebGPU cannot. */
export function readRow(tensors: readonly tf.Tensor[], row: number): Float32Array[] {
  return rowOf(tensors, row).map((one) => {
    const values = one.dataSync<"float32">();
    one.dispose();
    return values;
  });
}

/** `readRun` for any backend: waits without blocking the thread. */
export async function fetchRun(state: TensorState, row: number): Promise<HostTensors> {
  const [parameters, slots, best] = await Promise.all([
    fetchRow(state.parameters, row),
    Promise.all(state.slots.map((slot) => fetchRow(slot, row))),
    state.best ? fetchRow(state.best, row) : null,
  ]);
  return { parameters, slots, best };
}

/** `readRow` for any backend: waits without blocking the thread. */
export async function fetchRow(tensors: readonly tf.Tensor[], row: number): Promise<Float32Array[]> {
  const own = rowOf(tensors, row);
  try {
    return await Promise.all(own.map((one) => one.data<"float32">()));
  } finally {
    tf.dispose(own);
  }
}

/** The state of the listed rows alone; disposes the old one. */
export function keepRows(state: TensorState, rows: readonly number[]): TensorState {
  const keep = (tensors: readonly tf.Tensor[]): tf.Tensor[] => tensors.map((tensor) => selectRuns(tensor, rows));
  const kept = { parameters: keep(state.parameters), slots: state.slots.map(keep), best: state.best ? keep(state.best) : null };
  disposeState(state);
  return kept;
}

/** Copies the parameters of the marked rows into `best`; the others keep theirs. */
export function updateBest(state: TensorState, marked: readonly boolean[]): TensorState {
  const { best } = state;
  if (!best || !marked.includes(true)) return state;
  const rows = marked.length;
  const next = tf.tidy(() =>
    state.parameters.map((tensor, i) => {
      const kept = best[i];
      if (!kept) throw new RangeError(`There are fewer best tensors than parameters (${state.parameters.length}).`);
      const mask = tf.tensor2d(marked.map(Number), [rows, 1], "bool");
      const flat = (one: tf.Tensor): tf.Tensor2D => tf.reshape(one, [rows, -1]);
      const [own, old] = [flat(tensor), flat(kept)];
      return tf.reshape(tf.where(tf.broadcastTo(mask, own.shape), own, old), tensor.shape);
    }),
  );
  tf.dispose([...best]);
  return { ...state, best: next };
}

/** The values under their specs' names with the prefix in front, as files hold them. */
export function namedTensors(
  prefix: string,
  specs: readonly TensorSpec[],
  values: readonly Float32Array[],
): Record<string, SafetensorsTensor & { values: Float32Array }> {
  return Object.fromEntries(
    values.map((own, i) => {
      const { name, shape, storedShape } = specs[i] ?? { name: String(i), shape: [own.length] };
      return [`${prefix}${name}`, { shape: [...(storedShape ?? shape)], values: own }];
    }),
  );
}

export function disposeState(state: TensorState): void {
  tf.dispose([...state.parameters, ...state.slots.flat(), ...(state.best ?? [])]);
}
