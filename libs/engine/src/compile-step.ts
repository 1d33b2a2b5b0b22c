import { GpuStep, type GpuSettings } from "./gpu/gpu-step";
import { MachineFault } from "./backend/machine-fault";
import { gpuInUse, openGpu } from "./gpu/open-gpu";
import { callSteps, type CompiledStep, type Step } from "./step";

let settings: GpuSettings | null = null;

/** Opens the GPU again where it was lost since. Rejects with MachineFault when it does not come back. */
export async function renewGpu(): Promise<void> {
  if (settings === null || gpuInUse()) return;
  await openGpu().catch((error: unknown) =>
    Promise.reject(new MachineFault("the GPU was lost and does not come back", { cause: error })),
  );
}

/** From now on steps are taken on the GPU that is open in this thread; with null they are called on wasm again. */
export function takeStepsOnGpu(wanted: GpuSettings | null): void {
  settings = wanted;
}

/** Whether steps are taken on a GPU, so that a kernel of a whole epoch on wasm is no gain. */
export function stepsOnGpu(): boolean {
  return settings !== null && gpuInUse() !== null;
}

/**
 * Every family's loop of steps goes through this one place. On wasm, and wherever else TensorFlow.js computes, the step is called as it is; on a GPU it is
 * recorded once for each key and replayed.
 */
export function compileStep<K>(step: Step<K>): CompiledStep<K> {
  const gpu = gpuInUse();
  if (settings && gpu) return new GpuStep(step, gpu, settings);
  return { run: (state, plan) => callSteps(step, state, plan), dispose: () => undefined };
}
