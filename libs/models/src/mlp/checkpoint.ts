import { readSafetensors, writeSafetensors, type SafetensorsTensor } from "@basin/engine";
import type { RunState } from "./run-state";
import { parameterShapes, type HostTensors } from "./tensor-state";

const format = "basin.mlp.checkpoint";
const version = "1";

/** What must be equal for a checkpoint to continue a run. */
export interface CheckpointIdentity {
  experiment: string;
  experimentVersion: number;
  optimizer: string;
  widths: readonly number[];
}

/** Names of the float64 values in the tensor `counters`, in order. */
const counterNames = [
  "epoch",
  "power1",
  "power2",
  "watchBest",
  "watchWaited",
  "lowestTraining",
  "lowestValidation",
  "lossTraining",
  "lossValidation",
] as const;

/** Bytes (safetensors) from which `decodeCheckpoint` continues the run bit by bit. */
export function encodeCheckpoint(identity: CheckpointIdentity, state: RunState, tensors: HostTensors): Uint8Array {
  const { epoch, powers, watch, losses } = state;
  const counters = [epoch, ...powers, watch.best, watch.waited, watch.lowest.training, watch.lowest.validation, losses.training];
  const out: Record<string, SafetensorsTensor> = {
    counters: { shape: [counterNames.length], values: Float64Array.from([...counters, losses.validation]) },
  };
  const put = (prefix: string, all: readonly Float32Array[]): void => {
    Object.assign(out, namedLayers(prefix, all, identity.widths));
  };
  put("", tensors.parameters);
  tensors.slots.forEach((slot, s) => put(`optimizer.${s}.`, slot));
  if (tensors.best) put("best.", tensors.best);
  const { experiment, experimentVersion, optimizer, widths } = identity;
  const metadata = {
    format,
    version,
    experiment,
    experimentVersion: String(experimentVersion),
    optimizer,
    widths: widths.join(","),
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
    lowest: { training: counter("lowestTraining"), validation: counter("lowestValidation") },
  };
  state.losses = { training: counter("lossTraining"), validation: counter("lossValidation") };
  const take = (prefix: string, model: readonly Float32Array[]): Float32Array[] =>
    Object.entries(namedLayers(prefix, model, identity.widths)).map(([name, { values }]) => {
      const found = tensors[name]?.values;
      if (!(found instanceof Float32Array) || found.length !== values.length) {
        throw new RangeError(`The checkpoint has no tensor "${name}" of ${values.length} float32 values.`);
      }
      return found;
    });
  return {
    parameters: take("", like.parameters),
    slots: like.slots.map((slot, s) => take(`optimizer.${s}.`, slot)),
    best: like.best ? take("best.", like.best) : null,
  };
}

/** `layers.0.weight` [in, out], `layers.0.bias` [out], `layers.1.weight` … with the prefix in front. */
export function namedLayers(
  prefix: string,
  parameters: readonly Float32Array[],
  widths: readonly number[],
): Record<string, SafetensorsTensor> {
  const shapes = parameterShapes(widths);
  return Object.fromEntries(
    parameters.map((values, i) => {
      const [rows, columns] = shapes[i] ?? [0, 0];
      const bias = i % 2 === 1;
      return [`${prefix}layers.${i >> 1}.${bias ? "bias" : "weight"}`, { shape: bias ? [columns] : [rows, columns], values }];
    }),
  );
}
