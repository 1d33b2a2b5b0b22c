import * as tf from "@tensorflow/tfjs-core";

let opening: Promise<void> | null = null;

/**
 * Starts TensorFlow.js' webgpu backend on Dawn. The backend was written for browsers: it looks for `navigator.gpu` and the
 * WebGPU classes among the globals, when it is loaded. Rejects when there is no adapter.
 *
 * Reading a tensor back works asynchronously only (`tensor.data()`): a synchronous read needs a canvas, which Node lacks.
 */
export async function openWebgpu(): Promise<void> {
  opening ??= start();
  await opening;
  if (tf.getBackend() !== "webgpu") await tf.setBackend("webgpu");
}

async function start(): Promise<void> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node has a navigator from version 21 on, without a gpu.
  const navigator: unknown = Reflect.get(globalThis, "navigator");
  if (typeof navigator === "object" && navigator !== null) {
    Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  } else {
    Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "Node.js" }, configurable: true });
  }
  if (!(await gpu.requestAdapter({ powerPreference: "high-performance" }))) {
    throw new Error("WebGPU shows no adapter on this machine.");
  }
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js could not start its webgpu backend.");
  await tf.ready();
}
