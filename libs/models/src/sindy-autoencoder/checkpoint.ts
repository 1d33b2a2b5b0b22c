import { readSafetensors, writeSafetensors, type SafetensorsTensor } from "@basin/engine";
import { latentMetrics } from "@basin/problems";
import type { HostTensors, TensorSpec } from "../network-state/tensor-state";
import type { RunState } from "./run-state";

const format = { format: "basin.sindy-autoencoder.checkpoint", version: "2" };
const counterNames = ["block", "steps", "power1", "power2", "coefficientPower1", "coefficientPower2"] as const;
const lossCount = latentMetrics.length;

/** What must be equal for a checkpoint to continue a run. */
export type CheckpointIdentity = Readonly<Record<string, string>>;

/** The parameters by their specs' names, with the prefix in front. */
export function namedTensors(
  prefix: string,
  specs: readonly TensorSpec[],
  tensors: readonly Float32Array[],
): Record<string, SafetensorsTensor> {
  return Object.fromEntries(
    specs.map(({ name, shape }, i) => [`${prefix}${name}`, { shape: [...shape], values: tensors[i] ?? new Float32Array(0) }]),
  );
}

/** Bytes (safetensors) from which `decodeCheckpoint` continues the run bit by bit: networks, Ξ, moments, mask, history, losses, counters. */
export function encodeCheckpoint(
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  state: RunState,
  tensors: HostTensors,
): Uint8Array {
  const terms = state.mask.length;
  const history = state.history.flatMap(({ block, coefficients }) => [block, ...Array.from(coefficients)]);
  const counters = Float64Array.from([state.block, state.steps, ...state.powers, ...state.coefficientPowers]);
  const losses = state.losses.flatMap(({ block, values }) => [block, ...values]);
  const out: Record<string, SafetensorsTensor> = {
    counters: { shape: [counterNames.length], values: counters },
    history: { shape: [state.history.length, 1 + terms], values: Float64Array.from(history) },
    losses: { shape: [state.losses.length, 1 + lossCount], values: Float64Array.from(losses) },
    pruned: { shape: [state.pruned.length], values: Int32Array.from(state.pruned) },
    mask: { shape: [terms], values: state.mask },
    ...namedTensors("", specs, tensors.parameters),
  };
  tensors.slots.forEach((slot, s) => Object.assign(out, namedTensors(`optimizer.${s}.`, specs, slot)));
  return writeSafetensors({ metadata: { ...format, ...identity, seed: String(state.run.seed) }, tensors: out });
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
  const take = (name: string, length: number | null): SafetensorsTensor["values"] => {
    const values = tensors[name]?.values;
    if (!values || (length !== null && values.length !== length)) throw new RangeError(`The checkpoint lacks "${name}".`);
    return values;
  };
  const floats = (prefix: string, all: readonly Float32Array[]): Float32Array[] =>
    specs.map(({ name }, i) => Float32Array.from(take(`${prefix}${name}`, all[i]?.length ?? 0)));
  const [block = 0, steps = 0, ...powers] = take("counters", counterNames.length);
  const terms = state.mask.length;
  const history = take("history", null);
  state.block = block;
  state.steps = steps;
  state.powers = [powers[0] ?? 1, powers[1] ?? 1];
  state.coefficientPowers = [powers[2] ?? 1, powers[3] ?? 1];
  state.mask = Float32Array.from(take("mask", terms));
  state.pruned = Array.from(take("pruned", null));
  state.history = Array.from({ length: history.length / (1 + terms) }, (_, i) => ({
    block: history[i * (1 + terms)] ?? 0,
    coefficients: Float64Array.from(history.slice(i * (1 + terms) + 1, (i + 1) * (1 + terms))),
  }));
  const losses = take("losses", null);
  state.losses = Array.from({ length: losses.length / (1 + lossCount) }, (_, i) => ({
    block: losses[i * (1 + lossCount)] ?? 0,
    values: Array.from(losses.slice(i * (1 + lossCount) + 1, (i + 1) * (1 + lossCount))),
  }));
  return {
    parameters: floats("", like.parameters),
    slots: like.slots.map((slot, s) => floats(`optimizer.${s}.`, slot)),
    best: null,
  };
}
