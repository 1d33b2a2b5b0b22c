import type { BuildId } from "@basin/contracts";
import { readSafetensors, writeSafetensors, type SafetensorsTensor } from "@basin/engine";
import type { KeptSeries } from "./metric-buffer";

/**
 * What `checkpoint.safetensors` holds: the program's own bytes and every metric point of the run so far, so that an attempt
 * that continues from it can report the whole series again. Tensor `program`: its bytes as int32, the last word padded with
 * zeros; `steps/<metric>` int32 [points] and `values/<metric>` float64 [points].
 */
export interface Checkpoint {
  /** By which it was written: only that one goes on from it, as another would go on with other bits. */
  build: BuildId;
  /** The last step it contains. */
  step: number;
  /** Wall time of training up to here, over all attempts. */
  trainSeconds: number;
  program: Uint8Array;
  history: KeptSeries[];
}

const format = "basin-checkpoint-2";

export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const words = new Int32Array(Math.ceil(checkpoint.program.byteLength / 4));
  new Uint8Array(words.buffer).set(checkpoint.program);
  const tensors: Record<string, SafetensorsTensor> = { program: { shape: [words.length], values: words } };
  for (const { metric, steps, values } of checkpoint.history) {
    tensors[`steps/${metric}`] = { shape: [steps.length], values: steps };
    tensors[`values/${metric}`] = { shape: [values.length], values };
  }
  return writeSafetensors({
    metadata: {
      format,
      build: checkpoint.build,
      step: String(checkpoint.step),
      trainSeconds: String(checkpoint.trainSeconds),
      programBytes: String(checkpoint.program.byteLength),
    },
    tensors,
  });
}

/** Throws RangeError with the reason when the bytes are no such file, or another build's. */
export function readCheckpoint(bytes: Uint8Array, build: BuildId): Checkpoint {
  const { metadata, tensors } = readSafetensors(bytes);
  if (metadata["format"] !== format) throw new RangeError(`the file's format is "${metadata["format"]}", not "${format}"`);
  if (metadata["build"] !== build) throw new RangeError(`the file is of build ${metadata["build"]}, this trainer of ${build}`);
  const words = tensors["program"]?.values;
  const programBytes = countIn(metadata, "programBytes");
  if (!(words instanceof Int32Array) || programBytes > words.byteLength)
    throw new RangeError("the program's bytes are not complete");
  const history: KeptSeries[] = [];
  for (const [name, { values: steps }] of Object.entries(tensors)) {
    if (!name.startsWith("steps/")) continue;
    const metric = name.slice("steps/".length);
    const values = tensors[`values/${metric}`]?.values;
    if (!(steps instanceof Int32Array) || !(values instanceof Float64Array) || steps.length !== values.length) {
      throw new RangeError(`the history of "${metric}" is not complete`);
    }
    history.push({ metric, steps: Int32Array.from(steps), values: Float64Array.from(values) });
  }
  return {
    build,
    step: countIn(metadata, "step"),
    trainSeconds: countIn(metadata, "trainSeconds"),
    program: new Uint8Array(words.buffer, words.byteOffset, programBytes).slice(),
    history,
  };
}

function countIn(metadata: Record<string, string>, name: string): number {
  const value = Number(metadata[name]);
  if (metadata[name] === undefined || !Number.isFinite(value) || value < 0) {
    throw new RangeError(`the file's ${name} is "${metadata[name]}", not a number from 0`);
  }
  return value;
}
