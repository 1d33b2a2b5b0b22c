import { describe, expect, it } from "vitest";
import { backendWishes, describeBackend, parseBackendWish } from "./describe-backend";

describe("describeBackend", () => {
  it("takes wasm when no native TensorFlow is installed, and says how to get it", () => {
    const { backend, reason } = describeBackend("auto", null);
    expect(backend).toBe("wasm");
    expect(reason).toContain("npm install --no-save @tensorflow/tfjs-node-gpu@");
  });

  it("takes native TensorFlow when it is installed", () => {
    expect(describeBackend("auto", "@tensorflow/tfjs-node-gpu")).toMatchObject({
      backend: "tensorflow",
      device: "native TensorFlow on an NVIDIA GPU",
    });
    expect(describeBackend("tensorflow", "@tensorflow/tfjs-node").device).toBe("native TensorFlow on the CPU");
  });

  it("keeps to a backend asked for by name", () => {
    expect(describeBackend("wasm", "@tensorflow/tfjs-node").backend).toBe("wasm");
    expect(describeBackend("cpu", null).backend).toBe("cpu");
  });

  it("refuses what it cannot give and names the choices", () => {
    expect(() => describeBackend("tensorflow", null)).toThrow(/npm install --no-save .*"auto", "wasm" or "cpu"/);
    expect(() => describeBackend("webgpu", null)).toThrow(/not available yet: choose "auto", "tensorflow", "wasm" or "cpu"/);
  });

  it("reads the environment's word", () => {
    expect(parseBackendWish(undefined)).toBe("auto");
    expect(parseBackendWish("cpu")).toBe("cpu");
    expect(() => parseBackendWish("gpu")).toThrow(new RegExp(backendWishes.join(", ")));
  });
});
