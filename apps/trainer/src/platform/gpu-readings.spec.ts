import { expect, test } from "vitest";
import { gpuReadings, readGpuTable } from "./gpu-readings";

test("reads what the driver's program tells, and leaves out what it does not", () => {
  expect(readGpuTable("0, 1024, 143771, 37\n1, [N/A], 143771, [N/A]\n")).toEqual([
    { gpu: "0", memoryBytes: 1024 * 1024 ** 2, memoryTotalBytes: 143_771 * 1024 ** 2, useRatio: 0.37 },
    { gpu: "1", memoryBytes: null, memoryTotalBytes: 143_771 * 1024 ** 2, useRatio: null },
  ]);
  expect(readGpuTable("No devices were found\n")).toEqual([]);
});

test("a trainer that computes on the CPU asks nobody", async () => {
  expect(await gpuReadings("wasm")).toEqual([]);
});
