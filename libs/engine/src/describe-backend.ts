import type { Backend } from "@basin/contracts";

/** What a trainer may be asked for. `auto` takes the fastest that this machine gives. */
export const backendWishes = ["auto", "tensorflow", "webgpu", "wasm", "cpu"] as const;
export type BackendWish = (typeof backendWishes)[number];

export interface BackendDescription {
  backend: Backend;
  device: string;
  /** Why this backend, why none that is faster, and the command that would change it. */
  reason: string;
}

/** Native TensorFlow, fastest first. Optional: installing them downloads libtensorflow. */
export const tensorflowPackages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;
export type TensorflowPackage = (typeof tensorflowPackages)[number];

/** A native TensorFlow that was loaded for a trial. */
export interface FoundTensorflow {
  package: TensorflowPackage;
  /** Of the C library. */
  version: string;
  /** Whether its first device is a GPU. */
  gpu: boolean;
}

/** A WebGPU adapter that gave a device for a trial. */
export interface FoundAdapter {
  name: string;
  /** Of the driver, in its own words; empty where it has none. */
  driver: string;
  /** Runs on the CPU, as SwiftShader and llvmpipe do. */
  software: boolean;
}

/** What a trial found, or why there is nothing and the command that would change it. */
export type Finding<T> = { found: T } | { missing: string };

export interface BackendFindings {
  tensorflow: Finding<FoundTensorflow>;
  webgpu: Finding<FoundAdapter>;
  /** Whether the kernels of wasm run in vectors of 256 bits. */
  wideVectors: Finding<string>;
}

/**
 * Which backend serves the wish on a machine with these findings. `auto` takes native TensorFlow on a GPU, then WebGPU on a
 * hardware adapter, then our kernels on wasm. Throws when a backend asked for by name is not there; the message says how to
 * get it and what can be had instead.
 */
export function describeBackend(wish: BackendWish, findings: BackendFindings): BackendDescription {
  const { tensorflow, webgpu, wideVectors } = findings;
  const vectors = "found" in wideVectors ? wideVectors.found : wideVectors.missing;
  switch (wish) {
    case "auto": {
      if ("found" in tensorflow && tensorflow.found.gpu) {
        return onTensorflow(tensorflow.found, "native TensorFlow drives a GPU");
      }
      const noTensorflow = `tensorflow: ${"found" in tensorflow ? tensorflowWithoutGpu(tensorflow.found) : tensorflow.missing}`;
      if ("found" in webgpu && !webgpu.found.software) {
        return onWebgpu(webgpu.found, `a GPU is reachable through WebGPU; ${noTensorflow}`);
      }
      const noWebgpu = `webgpu: ${"found" in webgpu ? softwareOnly(webgpu.found) : webgpu.missing}`;
      return { ...wasm, reason: `our SIMD kernels, since no GPU is within reach; ${vectors}; ${noTensorflow}; ${noWebgpu}` };
    }
    case "tensorflow":
      if ("missing" in tensorflow) throw notThere("tensorflow", tensorflow.missing);
      return onTensorflow(tensorflow.found, byName);
    case "webgpu":
      if ("missing" in webgpu) throw notThere("webgpu", webgpu.missing);
      return onWebgpu(webgpu.found, byName);
    case "wasm":
      return { ...wasm, reason: `${byName}; ${vectors}; "auto" would look for a GPU` };
    case "cpu":
      return {
        backend: "cpu",
        device: "plain JavaScript, one core per slot",
        reason: `${byName}; for comparison only: "wasm" is some 50 times faster`,
      };
  }
}

/** Packs that a trainer trains at once unless told otherwise: one per core, but one on a device that all of them would share. */
export function defaultSlots(backend: Backend, cores: number): number {
  switch (backend) {
    case "wasm":
    case "cpu":
      return cores;
    case "tensorflow":
    case "webgpu":
      return 1;
  }
}

const byName = "asked for by name";
const wasm = { backend: "wasm", device: "WebAssembly SIMD, one core per slot" } as const;

function onTensorflow({ package: name, version, gpu }: FoundTensorflow, why: string): BackendDescription {
  const device = `native TensorFlow ${version} on ${gpu ? "an NVIDIA GPU" : "the CPU"}`;
  return { backend: "tensorflow", device, reason: `${why} (${name})` };
}

function onWebgpu({ name, software }: FoundAdapter, why: string): BackendDescription {
  return { backend: "webgpu", device: software ? `software (${name})` : name, reason: why };
}

function tensorflowWithoutGpu({ package: name }: FoundTensorflow): string {
  return `${name} is installed but sees no GPU, and on the CPU it is slower than our kernels (BASIN_BACKEND=tensorflow takes it)`;
}

function softwareOnly({ name }: FoundAdapter): string {
  return `its only adapter is software, ${name} (BASIN_BACKEND=webgpu takes it)`;
}

function notThere(backend: "tensorflow" | "webgpu", why: string): Error {
  const others = backendWishes.filter((name) => name !== backend).map((name) => `"${name}"`);
  return new Error(`The backend "${backend}" is not available: ${why}. Choose another of ${others.join(", ")}, or install it.`);
}

/** Reads BASIN_BACKEND. Throws with the choices on any other word. */
export function parseBackendWish(text: string | undefined): BackendWish {
  const wish = backendWishes.find((name) => name === (text ?? "auto"));
  if (!wish) throw new Error(`There is no backend "${text}": choose one of ${backendWishes.join(", ")}.`);
  return wish;
}
