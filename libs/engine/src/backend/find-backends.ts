import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import {
  describeBackend,
  tensorflowPackages,
  type BackendDescription,
  type BackendFindings,
  type BackendWish,
  type Finding,
  type FoundAdapter,
  type FoundTensorflow,
  type TensorflowPackage,
} from "../describe-backend";
import { parseRounding } from "../gpu/rounding";
import { restoreUtilSource } from "./restore-util";
import { allowWideVectors } from "./wide-vectors";

/** A GPU's driver that is loaded for the first time may take seconds; without any the answer comes within 0.2 s. */
const webgpuTrialSeconds = 10;
/** libtensorflow has half a gigabyte, and CUDA initializes slowly. */
const tensorflowTrialSeconds = 60;

const tensorflowCommands =
  `"npm install --no-save @tensorflow/tfjs-node-gpu@4.22.0" adds it for an NVIDIA GPU, ` +
  `"npm install --no-save @tensorflow/tfjs-node@4.22.0" for a CPU`;
const webgpuCommand = `"npm install --no-save webgpu@0.6.2" adds it`;

/**
 * Chooses the backend of a trainer: loads what the wish may need, each in a process of its own, so that a driver that crashes
 * or hangs takes nothing with it and no TensorFlow.js enters the calling thread. Rejects when the wish cannot be met. Unless told
 * otherwise it lets V8 join vectors (`allowWideVectors`), which is why it must come before the workers start. On webgpu the device is told with its driver and
 * with the rounding that the environment asks for (BASIN_ROUNDING).
 */
export async function chooseBackend(wish: BackendWish, wideVectors = true): Promise<BackendDescription> {
  const rounding = parseRounding(process.env["BASIN_ROUNDING"]);
  const vectors = wideVectors ? allowWideVectors() : { missing: "256-bit vectors: switched off (BASIN_WIDE_VECTORS)" };
  const findings = await findBackends(wish);
  const description = describeBackend(wish, { ...findings, wideVectors: vectors });
  if (description.backend !== "webgpu" || !("found" in findings.webgpu)) return description;
  const { driver } = findings.webgpu.found;
  const told = [description.device, ...(driver === "" ? [] : [`driver: ${driver}`]), `rounding: ${rounding}`];
  return { ...description, device: told.join(", ") };
}

async function findBackends(wish: BackendWish): Promise<Omit<BackendFindings, "wideVectors">> {
  const notTried = { missing: "not tried" };
  const tensorflow = wish === "auto" || wish === "tensorflow" ? await findTensorflow() : notTried;
  const settled = wish === "auto" && "found" in tensorflow && tensorflow.found.gpu;
  const webgpu = wish === "webgpu" || (wish === "auto" && !settled) ? await findWebgpu() : notTried;
  return { tensorflow, webgpu };
}

async function findTensorflow(): Promise<Finding<FoundTensorflow>> {
  const broken: string[] = [];
  let withoutGpu: FoundTensorflow | null = null;
  for (const name of tensorflowPackages) {
    const path = resolvePackage(name);
    if (path === null) continue;
    const answer = await tryInProcess(tensorflowTrial, path, tensorflowTrialSeconds);
    const found = "found" in answer ? readTensorflow(name, answer.found) : null;
    if (found?.gpu) return { found };
    if (found) withoutGpu ??= found;
    else broken.push(`${name} is installed but cannot be loaded: ${"missing" in answer ? answer.missing : "no clear answer"}`);
  }
  if (withoutGpu) return { found: withoutGpu };
  return { missing: broken.length > 0 ? broken.join("; ") : `not installed (${tensorflowCommands})` };
}

async function findWebgpu(): Promise<Finding<FoundAdapter>> {
  const path = resolvePackage("webgpu");
  if (path === null) return { missing: `not installed (${webgpuCommand})` };
  const answer = await tryInProcess(webgpuTrial, path, webgpuTrialSeconds);
  if ("missing" in answer) return answer;
  return readAdapter(answer.found) ?? { missing: "the adapter gave no clear answer" };
}

function resolvePackage(name: TensorflowPackage | "webgpu"): string | null {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return null;
  }
}

/**
 * Runs CommonJS code in a fresh Node with `argument` as process.argv[1]. It answers once, with `tell({found})` or
 * `tell({missing})`. Whatever else it does, also a crash after its answer, is no more than a reason.
 */
export function tryInProcess(code: string, argument: string, limitSeconds: number): Promise<Finding<unknown>> {
  const script = `const tell = (answer) => {
    require("node:fs").writeSync(1, "\\n" + answerMark + JSON.stringify(answer) + "\\n");
    process.kill(process.pid, "SIGKILL");
  };
  const answerMark = ${JSON.stringify(answerMark)};
  ${code}`;
  const limits = { timeout: limitSeconds * 1000, killSignal: "SIGKILL", maxBuffer: 16 * 1024 * 1024 } as const;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: process.env["TF_CPP_MIN_LOG_LEVEL"] ?? "2" };
  const startedAt = performance.now();
  return new Promise((resolve) => {
    execFile(process.execPath, ["-e", script, argument], { ...limits, env }, (error, stdout) => {
      const line = stdout.split("\n").findLast((one) => one.startsWith(answerMark));
      const answer: unknown = line === undefined ? null : JSON.parse(line.slice(answerMark.length));
      if (hasKey(answer, "found")) resolve({ found: answer.found });
      else if (hasKey(answer, "missing")) resolve({ missing: String(answer.missing).slice(0, longestReason) });
      else if (performance.now() - startedAt >= limits.timeout) resolve({ missing: `no answer within ${limitSeconds} s` });
      else resolve({ missing: `the trial ended with ${error?.signal ?? `code ${error?.code ?? 0}`}` });
    });
  });
}

const answerMark = "basin-backend-trial ";
/** Drivers can be talkative; the reason travels with the trainer's registration. */
const longestReason = 500;
const longestDriver = 120;

const webgpuTrial = `
  import(require("node:url").pathToFileURL(process.argv[1]).href).then(async ({ create, globals }) => {
    Object.assign(globalThis, globals);
    const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return tell({ missing: "no driver shows an adapter (on Linux it takes libvulkan1 and the GPU's Vulkan driver)" });
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    await adapter.requestDevice();
    tell({ found: { vendor, architecture, device, description, isFallbackAdapter } });
  }).catch((error) => tell({ missing: "the package webgpu cannot be used: " + error.message }));`;

const tensorflowTrial = `${restoreUtilSource}
  try {
    const tf = require(process.argv[1]);
    const backend = tf.backend();
    tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync();
    tell({ found: { backend: tf.getBackend(), version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice } });
  } catch (error) {
    tell({ missing: error.message.split("\\n")[0] });
  }`;

function readTensorflow(name: TensorflowPackage, answer: unknown): FoundTensorflow | null {
  if (!hasKey(answer, "backend") || answer.backend !== "tensorflow" || !hasKey(answer, "gpu")) return null;
  return { package: name, version: textAt(answer, "version"), gpu: answer.gpu === true };
}

function readAdapter(answer: unknown): Finding<FoundAdapter> | null {
  if (!hasKey(answer, "isFallbackAdapter")) return null;
  const words = ["description", "device", "architecture", "vendor"].map((key) => textAt(answer, key));
  const swiftShader = textAt(answer, "architecture") === "swiftshader";
  const software = answer.isFallbackAdapter === true || swiftShader || words.some((word) => word.startsWith("llvmpipe"));
  return {
    found: {
      name: swiftShader ? "SwiftShader" : (words.find((word) => word !== "") ?? "a GPU without a name"),
      driver: textAt(answer, "description").slice(0, longestDriver),
      software,
    },
  };
}

function textAt(answer: unknown, key: string): string {
  if (!hasKey(answer, key)) return "";
  const value = answer[key];
  return typeof value === "string" ? value : "";
}

function hasKey<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === "object" && value !== null && key in value;
}
