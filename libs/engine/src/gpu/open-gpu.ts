import { existsSync } from "node:fs";
import { probeArithmetic, type DeviceArithmetic } from "./probe-arithmetic";

/** A device that packs train on, with what is known of it. */
export interface Gpu {
  device: GPUDevice;
  name: string;
  /** Of the driver, in its own words. */
  driver: string;
  arithmetic: DeviceArithmetic;
}

/** Limits that are asked for as high as the adapter goes. */
const limits = [
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

let opening: Promise<Gpu> | null = null;
let opened: Gpu | null = null;

/** The device of this thread, opened on Dawn when first asked for. Rejects when there is no adapter. */
export function openGpu(): Promise<Gpu> {
  opening ??= open();
  return opening;
}

/** The device, if it is open and has not been lost. */
export function gpuInUse(): Gpu | null {
  return opened;
}

async function open(): Promise<Gpu> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  const entry = create([]);
  // Collected, it takes the process along.
  Object.defineProperty(globalThis, "basinGpu", { value: entry, configurable: true });
  const adapter = await entry.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU shows no adapter on this machine.");
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
  });
  const { vendor, architecture, device: chip, description } = adapter.info;
  const gpu = {
    device,
    name: [chip, architecture, vendor].find((word) => word !== "") ?? "a GPU without a name",
    driver: description,
    arithmetic: await probeArithmetic(device),
  };
  opened = gpu;
  void device.lost.then(() => {
    if (opened === gpu) [opened, opening] = [null, null];
  });
  return gpu;
}

/** Without a driver of the caller's choice (VK_DRIVER_FILES) the software one that chromium brings on Debian is taken from now on, where it is. */
export function useSoftwareGpu(): void {
  const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
  if (existsSync(driver)) process.env["VK_DRIVER_FILES"] ??= driver;
}
