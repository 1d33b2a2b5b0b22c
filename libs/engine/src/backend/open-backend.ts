import * as tf from "@tensorflow/tfjs-core";
import { describeBackend, installedTensorflow, type BackendDescription, type BackendWish } from "../describe-backend";
import { openWasm } from "./open-wasm";

/**
 * Loads TensorFlow.js on the chosen backend in this thread and makes it the current one; a second call with another wish
 * switches. Throws when the wish cannot be met.
 */
export async function openBackend(wish: BackendWish): Promise<BackendDescription> {
  const installed = installedTensorflow();
  const description = describeBackend(wish, installed);
  switch (description.backend) {
    case "wasm":
      await openWasm();
      break;
    case "cpu":
      await import("@tensorflow/tfjs-backend-cpu");
      await activateBackend("cpu");
      break;
    case "tensorflow": {
      // The specifier stays a variable: the package is optional, so neither bundler nor type checker may look for it.
      const name: string = installed ?? "@tensorflow/tfjs-node";
      await import(name);
      await activateBackend("tensorflow");
      break;
    }
  }
  return description;
}

async function activateBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js could not start its backend "${name}".`);
  await tf.ready();
}
