import { messageOf } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { createRequire } from "node:module";
import { tensorflowPackages } from "../describe-backend";
import { restoreUtil } from "./restore-util";

/**
 * Loads native TensorFlow, on a GPU if the package for it can be loaded. The packages are optional, so neither bundler nor type
 * checker may look for them; `require` finds them in NODE_PATH too. Rejects when none can be loaded.
 */
export async function openTensorflow(): Promise<void> {
  const require = createRequire(import.meta.url);
  const failures: string[] = [];
  restoreUtil();
  for (const name of tensorflowPackages) {
    try {
      require(name);
    } catch (error) {
      failures.push(`${name}: ${messageOf(error).split("\n")[0]}`);
      continue;
    }
    if (!tf.engine().backendNames().includes("tensorflow")) {
      throw new Error(
        `${name} brought its own copy of @tensorflow/tfjs-core; both must be 4.22.0 and resolve to one folder, or the backend stays unknown to us.`,
      );
    }
    await tf.setBackend("tensorflow");
    await tf.ready();
    return;
  }
  throw new Error(`Native TensorFlow cannot be loaded. ${failures.join("; ")}`);
}
