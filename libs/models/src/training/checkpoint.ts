import { readSafetensors, writeSafetensors, type SafetensorsTensor, type SafetensorsValues } from "@basin/engine";
import { namedTensors, type HostTensors, type TensorSpec } from "./tensor-state";

/** What must be equal for a checkpoint to continue a run: format and its version, experiment, seed, shapes. */
export type CheckpointIdentity = Readonly<Record<string, string>>;

/** Everything of a run that its identity does not say. */
interface CheckpointContent {
  /** Numbers by name, kept as doubles. */
  counters: Readonly<Record<string, number>>;
  tensors?: Readonly<Record<string, SafetensorsTensor>>;
  /** Free texts. */
  texts?: Readonly<Record<string, string>>;
}

const counterTensor = "counters";

/** Bytes (safetensors) which `openCheckpoint` reads; with all of a run's state in them it continues bit by bit. */
export function writeCheckpoint(identity: CheckpointIdentity, { counters, tensors, texts }: CheckpointContent): Uint8Array {
  const values = Float64Array.from(Object.values(counters));
  return writeSafetensors({
    metadata: { ...identity, ...texts, counters: Object.keys(counters).join(",") },
    tensors: { ...tensors, [counterTensor]: { shape: [values.length], values } },
  });
}

/** A list of numbers as a tensor of one axis. */
export function asTensor<V extends Float32Array | Float64Array>(values: V): { shape: number[]; values: V } {
  return { shape: [values.length], values };
}

/** A run's tensors as a checkpoint holds them, and further values of the same specs by their prefix. */
export function stateTensors(
  specs: readonly TensorSpec[],
  { parameters, slots, best }: HostTensors,
  further: readonly (readonly [prefix: string, values: readonly Float32Array[]])[] = [],
): Record<string, SafetensorsTensor> {
  const groups = [
    ["", parameters] as const,
    ...slots.map((slot, s) => [`optimizer.${s}.`, slot] as const),
    ["best.", best ?? []] as const,
    ...further,
  ];
  return Object.fromEntries(groups.flatMap(([prefix, values]) => Object.entries(namedTensors(prefix, specs, values))));
}

/** A checkpoint of the run that is to be continued. Its arrays are the caller's. */
export interface OpenCheckpoint {
  readonly text: (name: string) => string;
  readonly counter: (name: string) => number;
  /** Throws RangeError, naming the tensor, without it or with another length than the one given. */
  readonly values: (name: string, length?: number) => SafetensorsValues;
  /** Float32 values by the specs' names with the prefix in front, of the lengths of `like`. Throws RangeError likewise. */
  readonly floats: (prefix: string, specs: readonly TensorSpec[], like: readonly Float32Array[]) => Float32Array[];
  /** What `stateTensors` wrote. */
  readonly state: (specs: readonly TensorSpec[], like: HostTensors) => HostTensors;
}

/** Throws RangeError, naming what differs, when the bytes belong to another run, network or version. */
export function openCheckpoint(bytes: Uint8Array, identity: CheckpointIdentity): OpenCheckpoint {
  const { metadata, tensors } = readSafetensors(bytes);
  for (const [key, value] of Object.entries(identity)) {
    if (metadata[key] === value) continue;
    throw new RangeError(`The checkpoint has ${key} "${metadata[key] ?? ""}", but this run needs "${value}".`);
  }
  const values = (name: string, length?: number): SafetensorsValues => {
    const found = tensors[name]?.values;
    if (!found || (length !== undefined && found.length !== length))
      throw new RangeError(`The checkpoint has no tensor "${name}"${length === undefined ? "" : ` of ${length} values`}.`);
    return found;
  };
  const floats: OpenCheckpoint["floats"] = (prefix, specs, like) =>
    like.map((own, i) => {
      const name = `${prefix}${specs[i]?.name ?? i}`;
      const found = values(name, own.length);
      if (!(found instanceof Float32Array)) throw new RangeError(`The tensor "${name}" of the checkpoint is not float32.`);
      return found;
    });
  const names = (metadata["counters"] ?? "").split(",");
  return {
    text: (name) => metadata[name] ?? "",
    counter: (name) => {
      const found = values(counterTensor, names.length)[names.indexOf(name)];
      if (found === undefined) throw new RangeError(`The checkpoint has no counter "${name}".`);
      return found;
    },
    values,
    floats,
    state: (specs, like) => ({
      parameters: floats("", specs, like.parameters),
      slots: like.slots.map((slot, s) => floats(`optimizer.${s}.`, specs, slot)),
      best: like.best ? floats("best.", specs, like.best) : null,
    }),
  };
}
