import { readSafetensors, writeSafetensors, type SafetensorsTensor } from "@basin/engine";
import type { ValueSpec } from "./architecture";
import type { RunState } from "./run-state";
import type { HostTensors } from "./tensor-state";

const format = "basin.mlp.checkpoint";
const version = "2";

/** What must be equal for a checkpoint to continue a run. */
export interface CheckpointIdentity {
  experiment: string;
  experimentVersion: number;
  optimizer: string;
  widths: readonly number[];
  /** Names and shapes of the arrays; those of a network with batch normalization are more. */
  specs: readonly ValueSpec[];
}

/** Names of the float64 values in the tensor `counters`, in order. */
const counterNames = [
  "epoch",
  "power1",
  "power2",
  "watchBest",
  "watchWaited",
  "lowestValidation",
  "lossTraining",
  "lossValidation",
] as const;

/** Bytes (safetensors) from which `decodeCheckpoint` continues the run bit by bit. */
export function encodeCheckpoint(identity: CheckpointIdentity, state: RunState, tensors: HostTensors): Uint8Array {
  const { epoch, powers, watch, losses } = state;
  const counters = [epoch, ...powers, watch.best, watch.waited, watch.lowest, losses.training, losses.validation];
  const out: Record<string, SafetensorsTensor> = {
    counters: { shape: [counterNames.length], values: Float64Array.from(counters) },
  };
  const put = (prefix: string, all: readonly Float32Array[]): void => {
    Object.assign(out, namedArrays(prefix, all, identity.specs));
  };
  put("", tensors.parameters);
  tensors.slots.forEach((slot, s) => put(`optimizer.${s}.`, slot));
  if (tensors.best) put("best.", tensors.best);
  if (state.lossHistory.length > 0)
    out["lossHistory"] = { shape: [state.lossHistory.length], values: Float64Array.from(state.lossHistory) };
  for (const snapshot of state.snapshots) put(`snapshot.${snapshot.epoch}.`, snapshot.values);
  const { experiment, experimentVersion, optimizer, widths } = identity;
  const metadata = {
    format,
    version,
    experiment,
    experimentVersion: String(experimentVersion),
    optimizer,
    widths: widths.join(","),
    arrays: String(identity.specs.length),
    snapshots: state.snapshots.map(({ epoch: at }) => at).join(","),
  };
  return writeSafetensors({
    metadata: { ...metadata, seed: String(state.run.seed), counters: counterNames.join(",") },
    tensors: out,
  });
}

/** Fills in `state` and returns the tensors. Throws RangeError, naming what differs, when the bytes belong to another network or version. */
export function decodeCheckpoint(
  bytes: Uint8Array,
  identity: CheckpointIdentity,
  state: RunState,
  like: HostTensors,
): HostTensors {
  const { metadata, tensors } = readSafetensors(bytes);
  const wanted = {
    format,
    version,
    experiment: identity.experiment,
    experimentVersion: String(identity.experimentVersion),
    optimizer: identity.optimizer,
    widths: identity.widths.join(","),
    arrays: String(identity.specs.length),
    seed: String(state.run.seed),
  };
  for (const [key, value] of Object.entries(wanted)) {
    if (metadata[key] === value) continue;
    throw new RangeError(`The checkpoint has ${key} "${metadata[key] ?? ""}", but this run needs "${value}".`);
  }
  const counters = tensors["counters"]?.values;
  if (counters?.length !== counterNames.length) throw new RangeError("The checkpoint has no counters.");
  const counter = (name: (typeof counterNames)[number]): number => counters[counterNames.indexOf(name)] ?? Number.NaN;
  state.epoch = counter("epoch");
  state.powers = [counter("power1"), counter("power2")];
  state.watch = {
    best: counter("watchBest"),
    waited: counter("watchWaited"),
    lowest: counter("lowestValidation"),
  };
  state.losses = { training: counter("lossTraining"), validation: counter("lossValidation") };
  const take = (prefix: string, model: readonly Float32Array[]): Float32Array[] =>
    Object.entries(namedArrays(prefix, model, identity.specs)).map(([name, { values }]) => {
      const found = tensors[name]?.values;
      if (!(found instanceof Float32Array) || found.length !== values.length) {
        throw new RangeError(`The checkpoint has no tensor "${name}" of ${values.length} float32 values.`);
      }
      return found;
    });
  const kept = (metadata["snapshots"] ?? "").split(",").filter((text) => text !== "");
  state.snapshots = kept.map((epoch) => ({ epoch: Number(epoch), values: take(`snapshot.${epoch}.`, like.parameters) }));
  state.lossHistory = [...(tensors["lossHistory"]?.values ?? [])];
  return {
    parameters: take("", like.parameters),
    slots: like.slots.map((slot, s) => take(`optimizer.${s}.`, slot)),
    best: like.best ? take("best.", like.best) : null,
  };
}

/** The arrays by the names of their specs with the prefix in front; what has one row is stored as a vector. */
export function namedArrays(
  prefix: string,
  parameters: readonly Float32Array[],
  specs: readonly ValueSpec[],
): Record<string, { shape: number[]; values: Float32Array }> {
  return Object.fromEntries(
    parameters.map((values, i) => {
      const { name, rows, columns } = specs[i] ?? { name: `array.${i}`, rows: 1, columns: values.length };
      return [prefix + name, { shape: name.endsWith(".weight") ? [rows, columns] : [columns], values }];
    }),
  );
}
