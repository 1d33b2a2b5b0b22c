import { takeStepsOnGpu } from "../compile-step";
import { scheduleWishes, type GpuSettings } from "../gpu/gpu-step";
import { openGpu } from "../gpu/open-gpu";
import { parseRounding } from "../gpu/rounding";
import { openWasm } from "./open-wasm";

/**
 * Opens a GPU for the steps of training, and wasm for everything else: data, evaluation, plots, and steps for which the GPU has no kernels, of which
 * `refused` hears. Rejects when there is no adapter.
 */
export async function openWebgpu(refused: (reason: string) => void): Promise<void> {
  await openWasm();
  await openGpu();
  const { BASIN_ROUNDING: rounding, BASIN_GPU_SCHEDULE: schedule } = process.env;
  takeStepsOnGpu({ rounding: parseRounding(rounding), schedule: parseSchedule(schedule), refused });
}

function parseSchedule(text: string | undefined): GpuSettings["schedule"] {
  const schedule = scheduleWishes.find((name) => name === ((text === "" ? undefined : text) ?? "measured"));
  if (!schedule)
    throw new Error(`There is no schedule "${text ?? ""}" (BASIN_GPU_SCHEDULE): choose one of ${scheduleWishes.join(", ")}.`);
  return schedule;
}
