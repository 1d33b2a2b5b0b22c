import { BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { registeredKernels } from "../generated/registered-kernels";
import { WasmKernels } from "../kernels/wasm-kernels";
import { guardWasmHeap } from "./wasm-heap";

let opening: Promise<void> | null = null;

/** Starts the single-threaded SIMD build of TensorFlow.js' wasm backend with our kernels in place of, and beside, its own. */
export async function openWasm(): Promise<void> {
  opening ??= start();
  await opening;
  if (tf.getBackend() !== "wasm") await tf.setBackend("wasm");
}

async function start(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(dirname(entry) + sep);
  if (!(await tf.setBackend("wasm")))
    throw new Error("TensorFlow.js could not start its wasm backend; does this machine's Node run SIMD?");
  await tf.ready();
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm))
    throw new Error("TensorFlow.js' wasm backend is not the one of @tensorflow/tfjs-backend-wasm.");
  guardWasmHeap(backend);
  const kernels = await WasmKernels.instantiate(backend);
  const own = new Set(tf.getKernelsForBackend("wasm").map(({ kernelName }) => kernelName));
  for (const kernel of registeredKernels) {
    if (own.has(kernel.name)) tf.unregisterKernel(kernel.name, "wasm");
    tf.registerKernel({
      kernelName: kernel.name,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs }) => kernel.run(kernels, inputs, attrs ?? {}),
    });
  }
}

/** Bytes of the wasm backend's memory, which grows to what was needed at once and never shrinks; null while another backend is current. */
export function wasmMemoryBytes(): number | null {
  const backend = tf.getBackend() === "wasm" ? tf.backend() : null;
  if (!(backend instanceof BackendWasm)) return null;
  const heap: unknown = Reflect.get(backend.wasm, "HEAPU8");
  return heap instanceof Uint8Array ? heap.buffer.byteLength : null;
}
