import type { Backend } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { openTensorflow } from "./open-tensorflow";
import { openWasm } from "./open-wasm";
import { openWebgpu } from "./open-webgpu";

/** Loads TensorFlow.js on the backend in this thread and makes it the current one; a later call switches. Rejects when it cannot be had. */
export async function openBackend(backend: Backend): Promise<void> {
  switch (backend) {
    case "wasm":
      return openWasm();
    case "webgpu":
      return openWebgpu();
    case "tensorflow":
      return openTensorflow();
    case "cpu":
      await import("@tensorflow/tfjs-backend-cpu");
      if (!(await tf.setBackend("cpu"))) throw new Error("TensorFlow.js could not start its cpu backend.");
      return tf.ready();
  }
}
