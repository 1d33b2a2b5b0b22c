import type { Backend } from "@basin/contracts";
import { createRequire } from "node:module";

/** What a trainer may be asked for. `auto` takes the fastest that is installed. */
export const backendWishes = ["auto", "tensorflow", "wasm", "cpu", "webgpu"] as const;
export type BackendWish = (typeof backendWishes)[number];

export interface BackendDescription {
  backend: Exclude<Backend, "webgpu">;
  device: string;
  /** Why this backend, why none that is faster, and the command that would change it. */
  reason: string;
}

/** Native TensorFlow, fastest first. Optional peers: installing them downloads libtensorflow. */
export const tensorflowPackages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;
export type TensorflowPackage = (typeof tensorflowPackages)[number];

/** Packages that can be resolved from here, without loading any. */
export function installedTensorflow(): TensorflowPackage | null {
  const { resolve } = createRequire(import.meta.url);
  for (const name of tensorflowPackages) {
    try {
      resolve(name);
      return name;
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * Which backend `openBackend` would open for the wish. Loads no TensorFlow, so a main thread can report it. Throws when the
 * wish cannot be met, and names what can.
 */
export function describeBackend(
  wish: BackendWish,
  installed: TensorflowPackage | null = installedTensorflow(),
): BackendDescription {
  switch (wish) {
    case "auto":
    case "tensorflow":
      if (installed) {
        return { backend: "tensorflow", device: deviceOf(installed), reason: `native TensorFlow (${installed}) is installed` };
      }
      if (wish === "auto") return { ...wasm, reason: `our SIMD kernels on one core per slot; ${noNative}` };
      throw new Error(
        `The backend "tensorflow" needs native TensorFlow, which is not installed: run ` +
          `"npm install --no-save @tensorflow/tfjs-node-gpu@4.22.0" (NVIDIA GPU) or ` +
          `"npm install --no-save @tensorflow/tfjs-node@4.22.0" (CPU), or choose "auto", "wasm" or "cpu".`,
      );
    case "wasm":
      return {
        ...wasm,
        reason: `asked for by name; ${installed ? `${installed} is installed and would be used by "auto"` : noNative}`,
      };
    case "cpu":
      return {
        backend: "cpu",
        device: "plain JavaScript, one core per slot",
        reason: `asked for by name; for comparison only: "wasm" is some 50 times faster`,
      };
    case "webgpu":
      throw new Error(`The backend "webgpu" is not available yet: choose "auto", "tensorflow", "wasm" or "cpu".`);
  }
}

const wasm = { backend: "wasm", device: "WebAssembly SIMD, one core per slot" } as const;
const noNative =
  `native TensorFlow is not installed ("npm install --no-save @tensorflow/tfjs-node-gpu@4.22.0" adds it for an NVIDIA GPU, ` +
  `"@tensorflow/tfjs-node@4.22.0" for a CPU)`;

function deviceOf(installed: TensorflowPackage): string {
  return installed === "@tensorflow/tfjs-node-gpu" ? "native TensorFlow on an NVIDIA GPU" : "native TensorFlow on the CPU";
}

/** Reads BASIN_BACKEND. Throws with the choices on any other word. */
export function parseBackendWish(text: string | undefined): BackendWish {
  const wish = backendWishes.find((name) => name === (text ?? "auto"));
  if (!wish) throw new Error(`There is no backend "${text}": choose one of ${backendWishes.join(", ")}.`);
  return wish;
}
