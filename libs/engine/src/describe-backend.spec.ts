import { describe, expect, it } from "vitest";
import {
  backendWishes,
  defaultSlots,
  describeBackend,
  parseBackendWish,
  type BackendFindings,
  type BackendWish,
} from "./describe-backend";

const tensorflows = {
  gpu: { found: { package: "@tensorflow/tfjs-node-gpu", version: "2.9.1", gpu: true } },
  cpu: { found: { package: "@tensorflow/tfjs-node", version: "2.9.1", gpu: false } },
  none: { missing: "not installed (INSTALL-TENSORFLOW)" },
} as const satisfies Record<string, BackendFindings["tensorflow"]>;
const adapters = {
  hardware: { found: { name: "Radeon 780M", driver: "", software: false } },
  software: { found: { name: "SwiftShader", driver: "", software: true } },
  none: { missing: "no driver shows an adapter" },
} as const satisfies Record<string, BackendFindings["webgpu"]>;

const vectors = {
  wide: { found: "V8 joins vectors" },
  narrow: { missing: "256-bit vectors: need Node 24" },
} as const satisfies Record<string, BackendFindings["wideVectors"]>;

type Row = [keyof typeof tensorflows, keyof typeof adapters, Record<BackendWish, string | null>];
/** What every wish gives for every pair of findings; null where it is refused. */
const table: Row[] = [
  ["gpu", "hardware", { auto: "tensorflow", tensorflow: "tensorflow", webgpu: "webgpu", wasm: "wasm", cpu: "cpu" }],
  ["gpu", "software", { auto: "tensorflow", tensorflow: "tensorflow", webgpu: "webgpu", wasm: "wasm", cpu: "cpu" }],
  ["gpu", "none", { auto: "tensorflow", tensorflow: "tensorflow", webgpu: null, wasm: "wasm", cpu: "cpu" }],
  ["cpu", "hardware", { auto: "webgpu", tensorflow: "tensorflow", webgpu: "webgpu", wasm: "wasm", cpu: "cpu" }],
  ["cpu", "software", { auto: "wasm", tensorflow: "tensorflow", webgpu: "webgpu", wasm: "wasm", cpu: "cpu" }],
  ["cpu", "none", { auto: "wasm", tensorflow: "tensorflow", webgpu: null, wasm: "wasm", cpu: "cpu" }],
  ["none", "hardware", { auto: "webgpu", tensorflow: null, webgpu: "webgpu", wasm: "wasm", cpu: "cpu" }],
  ["none", "software", { auto: "wasm", tensorflow: null, webgpu: "webgpu", wasm: "wasm", cpu: "cpu" }],
  ["none", "none", { auto: "wasm", tensorflow: null, webgpu: null, wasm: "wasm", cpu: "cpu" }],
];

describe("describeBackend", () => {
  it.each(table)("with TensorFlow on %s and an adapter of %s", (tensorflow, webgpu, wanted) => {
    const findings = { tensorflow: tensorflows[tensorflow], webgpu: adapters[webgpu], wideVectors: vectors.wide };
    for (const wish of backendWishes) {
      const want = wanted[wish];
      if (want === null) expect(() => describeBackend(wish, findings)).toThrow(`The backend "${wish}" is not available`);
      else expect(describeBackend(wish, findings).backend).toBe(want);
    }
  });

  it("says for a slower choice why each faster one is not there, and how to get it", () => {
    const none = describeBackend("auto", { tensorflow: tensorflows.none, webgpu: adapters.none, wideVectors: vectors.narrow });
    expect(none.reason).toContain("256-bit vectors: need Node 24");
    expect(none.reason).toContain("tensorflow: not installed (INSTALL-TENSORFLOW)");
    expect(none.reason).toContain("webgpu: no driver shows an adapter");
    const poor = describeBackend("auto", { tensorflow: tensorflows.cpu, webgpu: adapters.software, wideVectors: vectors.wide });
    expect(poor.reason).toContain("V8 joins vectors");
    expect(poor.reason).toContain("tensorflow: @tensorflow/tfjs-node is installed but sees no GPU");
    expect(poor.reason).toContain("webgpu: its only adapter is software, SwiftShader (BASIN_BACKEND=webgpu takes it)");
    const gpu = describeBackend("auto", { tensorflow: tensorflows.none, webgpu: adapters.hardware, wideVectors: vectors.wide });
    expect(gpu.reason).not.toContain("joins vectors");
    expect(gpu).toMatchObject({ device: "Radeon 780M" });
    expect(gpu.reason).toContain("INSTALL-TENSORFLOW");
  });

  it("names the device, and does not pass software off as a GPU", () => {
    const device = (wish: BackendWish, findings: BackendFindings): string => describeBackend(wish, findings).device;
    const rich = { tensorflow: tensorflows.gpu, webgpu: adapters.hardware, wideVectors: vectors.wide };
    const poor = { tensorflow: tensorflows.cpu, webgpu: adapters.software, wideVectors: vectors.wide };
    expect(device("tensorflow", rich)).toBe("native TensorFlow 2.9.1 on an NVIDIA GPU");
    expect(device("tensorflow", poor)).toBe("native TensorFlow 2.9.1 on the CPU");
    expect(device("webgpu", poor)).toBe("software (SwiftShader)");
    for (const wish of ["tensorflow", "webgpu", "wasm", "cpu"] as const) {
      expect(describeBackend(wish, rich).reason).toContain("asked for by name");
    }
  });

  it("refuses what is not there with the command and the other choices", () => {
    const findings = { tensorflow: tensorflows.none, webgpu: adapters.none, wideVectors: vectors.narrow };
    expect(() => describeBackend("tensorflow", findings)).toThrow(/INSTALL-TENSORFLOW.*"auto", "webgpu", "wasm", "cpu"/);
    expect(() => describeBackend("webgpu", findings)).toThrow(/no driver.*"auto", "tensorflow", "wasm", "cpu"/);
  });
});

it("one slot per core on the CPU, one on a device that all would share", () => {
  const slots = (["tensorflow", "webgpu", "wasm", "cpu"] as const).map((backend) => defaultSlots(backend, 8));
  expect(slots).toEqual([1, 1, 8, 8]);
});

it("reads the environment's word", () => {
  expect(parseBackendWish(undefined)).toBe("auto");
  for (const wish of backendWishes) expect(parseBackendWish(wish)).toBe(wish);
  expect(() => parseBackendWish("gpu")).toThrow(new RegExp(backendWishes.join(", ")));
});
