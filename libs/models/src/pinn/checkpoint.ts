import { readSafetensors, writeSafetensors, type SafetensorsTensor } from "@basin/engine";
import { namedTensors, type CheckpointIdentity } from "../network-state/checkpoint";
import type { HostTensors, TensorSpec } from "../network-state/tensor-state";
import type { RunState } from "./run-state";

const format = { format: "basin.pinn.checkpoint", version: "1" };

/** Bytes (safetensors) from which `decodeCheckpoint` continues the run bit by bit. */
export function encodeCheckpoint(
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  { run, epoch, powers }: RunState,
  tensors: HostTensors,
): Uint8Array {
  const out: Record<string, SafetensorsTensor> = {
    counters: { shape: [3], values: Float64Array.of(epoch, ...powers) },
    ...namedTensors("", specs, tensors.parameters),
  };
  tensors.slots.forEach((slot, s) => Object.assign(out, namedTensors(`optimizer.${s}.`, specs, slot)));
  return writeSafetensors({ metadata: { ...format, ...identity, seed: String(run.seed) }, tensors: out });
}

/** Fills in `state` and returns the tensors. Throws RangeError, naming what differs, when the bytes belong to another run or version. */
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
  if (!(counters instanceof Float64Array) || counters.length !== 3) throw new RangeError("The checkpoint has no counters.");
  const [epoch = 0, power1 = 1, power2 = 1] = counters;
  state.epoch = epoch;
  state.powers = [power1, power2];
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
    best: null,
  };
}
