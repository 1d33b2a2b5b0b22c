import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface GpuReading {
  /** its number on this machine */
  gpu: string;
  memoryBytes: number | null;
  memoryTotalBytes: number | null;
  /** 0 to 1 */
  useRatio: number | null;
}

/** Asking takes tens of milliseconds; a scrape asks three times. */
const keptMilliseconds = 4000;

let kept: { until: number; readings: Promise<GpuReading[]> } | null = null;

/** What the driver's own program tells of NVIDIA's GPUs; nothing where it is not there, or the backend computes on the CPU. */
export function gpuReadings(backend: string): Promise<GpuReading[]> {
  if (backend !== "webgpu" && backend !== "tensorflow") return Promise.resolve([]);
  const now = performance.now();
  if (kept === null || kept.until < now) {
    const query = ["--query-gpu=index,memory.used,memory.total,utilization.gpu", "--format=csv,noheader,nounits"];
    const readings = promisify(execFile)("nvidia-smi", query, { timeout: 2000 }).then(
      ({ stdout }) => readGpuTable(stdout),
      () => [],
    );
    kept = { until: now + keptMilliseconds, readings };
  }
  return kept.readings;
}

/** Lines of `index, MiB in use, MiB in all, percent`; a figure that the driver does not tell is `[N/A]`. */
export function readGpuTable(table: string): GpuReading[] {
  const figure = (text: string | undefined, unit: number): number | null => {
    const value = Number(text);
    return text === undefined || text === "" || !Number.isFinite(value) ? null : value * unit;
  };
  return table.split("\n").flatMap((line) => {
    const [gpu, used, total, use] = line.split(",").map((cell) => cell.trim());
    if (gpu === undefined || !/^\d+$/.test(gpu)) return [];
    const mebibyte = 1024 ** 2;
    return [{ gpu, memoryBytes: figure(used, mebibyte), memoryTotalBytes: figure(total, mebibyte), useRatio: figure(use, 0.01) }];
  });
}
