import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, takeStepsOnGpu } from "../../compile-step";
import type { StepInput } from "../../step";
import type { GpuSettings } from "../gpu-step";
import { openGpu, useSoftwareGpu } from "../open-gpu";

/** Null where there is a GPU, or software that plays one; else why there is none. */
export async function whyNoGpu(): Promise<string | null> {
  useSoftwareGpu();
  return openGpu().then(
    () => null,
    (error: unknown) => String(error),
  );
}

/** An input of normal numbers, by the stream of that name. */
export function drawn(shape: readonly number[], name: string, scale = 1): StepInput {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  randomStream(1, name).fillNormal(values);
  return { shape, values: values.map((value) => scale * value) };
}

/** What operations give in two steps, on wasm and on the GPU; `refused`: what the GPU has no kernel for. */
export async function outputsOnBoth(
  inputs: readonly StepInput[],
  operations: (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[],
  settings: Partial<GpuSettings> = {},
): Promise<{ wasm: Float32Array[][]; gpu: Float32Array[][]; refused: string[] }> {
  const runs = inputs[0]?.shape[0] ?? 1;
  const refused: string[] = [];
  const take = async (): Promise<Float32Array[][]> => {
    const compiled = compileStep<null>((state, given) => ({
      state: state.map((one) => tf.add(one, 1)),
      outputs: operations(given).map((one) => tf.reshape(one, [runs, -1])),
    }));
    const plan = [0, 1].map(() => ({ kind: null, key: "the same", inputs }));
    const { state, outputs } = await compiled.run([tf.zeros([runs, 1])], plan);
    const counted = await state[0]?.data();
    if (counted?.some((steps) => steps !== 2)) throw new Error(`The state counted ${counted.join()} steps, not 2.`);
    tf.dispose(state);
    compiled.dispose();
    return outputs;
  };
  takeStepsOnGpu(null);
  const wasm = await take();
  takeStepsOnGpu({ rounding: "apart", schedule: "grid", refused: (reason) => refused.push(reason), ...settings });
  try {
    return { wasm, gpu: await take(), refused };
  } finally {
    takeStepsOnGpu(null);
  }
}
