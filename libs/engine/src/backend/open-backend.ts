import type { Backend } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { takeStepsOnGpu } from "../compile-step";
import { openTensorflow } from "./open-tensorflow";
import { openWasm } from "./open-wasm";
import { openWebgpu } from "./open-webgpu";

/**
 * Loads TensorFlow.js on the backend in this thread and makes it the current one; a later call switches. Rejects when it cannot be had. `refused` hears
 * which steps webgpu leaves to wasm, and why.
 */
export async function openBackend(backend: Backend, refused: (reason: string) => void = () => undefined): Promise<void> {
  if (backend !== "webgpu") takeStepsOnGpu(null);
  switch (backend) {
    case "wasm":
      return openWasm();
    case "webgpu":
      return openWebgpu(refused);
    case "tensorflow":
      return openTensorflow();
    case "cpu":
      await import("@tensorflow/tfjs-backend-cpu");
      if (!(await tf.setBackend("cpu"))) throw new Error("TensorFlow.js could not start its cpu backend.");
      return tf.ready();
  }
}
