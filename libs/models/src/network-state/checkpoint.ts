import { readSafetensors, writeSafetensors, type SafetensorsTensor } from "@basin/engine";
import type { RunState } from "./run-state";
import type { HostTensors, TensorSpec } from "./tensor-state";

/** What must be equal for a checkpoint to continue a run, e.g. family, experiment, its version, optimizer, layers. */
export type CheckpointIdentity = Readonly<Record<string, string>>;

const format = { format: "basin.network.checkpoint", version: "2" };

/** Names of the float64 values in the tensor `counters`, in order. */
const counterNames = [
  "epoch",
  "steps",
  "power1",
  "power2",
  "watchBest",
  "watchWaited",
  "lowestValidation",
  "lossTraining",
  "lossValidation",
] as const;

/** Bytes (safetensors) from which `decodeCheckpoint` continues the run bit by bit. */
export function encodeCheckpoint(
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  state: RunState,
  tensors: HostTensors,
): Uint8Array {
  const { epoch, steps, powers, watch, losses } = state;
  const counters = [epoch, steps, ...powers, watch.best, watch.waited, watch.lowest, losses.training, losses.validation];
  const out: Record<string, SafetensorsTensor> = {
    counters: { shape: [counterNames.length], values: Float64Array.from(counters) },
    ...namedTensors("", specs, tensors.parameters),
  };
  tensors.slots.forEach((slot, s) => Object.assign(out, namedTensors(`optimizer.${s}.`, specs, slot)));
  if (tensors.best) Object.assign(out, namedTensors("best.", specs, tensors.best));
  const metadata = { ...format, ...identity, seed: String(state.run.seed), counters: counterNames.join(",") };
  return writeSafetensors({ metadata, tensors: out });
}

/** Fills in `state` and returns the tensors. Throws RangeError, naming what differs, when the bytes belong to another network or version. */
export function decodeCheckpoint(
  bytes: Uint8Array,
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  state: RunState,
  like: HostTensors,
): HostTensors {
  const { metadata, tensors } = readSafetensors(bytes);
  for (const [key, value] of Object.entries({ ...format, ...identity, seed: String(state.run.seed) })) {
    if (metadata[key] === value) continue;
    throw new RangeError(`The checkpoint has ${key} "${metadata[key] ?? ""}", but this run needs "${value}".`);
  }
  const counters = tensors["counters"]?.values;
  if (counters?.length !== counterNames.length) throw new RangeError("The checkpoint has no counters.");
  const counter = (name: (typeof counterNames)[number]): number => counters[counterNames.indexOf(name)] ?? Number.NaN;
  state.epoch = counter("epoch");
  state.steps = counter("steps");
  state.powers = [counter("power1"), counter("power2")];
  state.watch = {
    best: counter("watchBest"),
    waited: counter("watchWaited"),
    lowest: counter("lowestValidation"),
  };
  state.losses = { training: counter("lossTraining"), validation: counter("lossValidation") };
  const take = (prefix: string, model: readonly Float32Array[]): Float32Array[] =>
    Object.entries(namedTensors(prefix, specs, model)).map(([name, { values }]) => {
      const found = tensors[name]?.values;
      if (!(found instanceof Float32Array) || found.length !== values.length)
        throw new RangeError(`The checkpoint has no tensor "${name}" of ${values.length} float32 values.`);
      return found;
    });
  return {
    parameters: take("", like.parameters),
    slots: like.slots.map((slot, s) => take(`optimizer.${s}.`, slot)),
    best: like.best ? take("best.", like.best) : null,
  };
}

/** The tensors under their specs' names with the prefix in front. */
export function namedTensors(
  prefix: string,
  specs: readonly TensorSpec[],
  values: readonly Float32Array[],
): Record<string, SafetensorsTensor> {
  return Object.fromEntries(
    specs.map(({ name, shape }, i) => [`${prefix}${name}`, { shape: [...shape], values: values[i] ?? new Float32Array(0) }]),
  );
}
