import { setFlagsFromString } from "node:v8";
import type { Finding } from "../describe-backend";

/** V8's major version of Node 24, the first whose revectorization joins what our kernels lay side by side (Node 22's finds nothing). */
const firstMajor = 13;

/** What decides: `process.versions.v8` and `process.arch`. */
export interface EngineVersion {
  v8: string;
  arch: string;
}

/**
 * Lets V8 join two neighbouring SIMD operations of WebAssembly into one of 256 bits (AVX2). Each float goes through the same operations in the
 * same order, so its bits stay. For the whole process, threads included, and only what is compiled from now on: to be called once, before
 * workers start. Tells whether this V8 does it, or why not.
 */
export function allowWideVectors(): Finding<string> {
  const answer = canWidenVectors({ v8: process.versions.v8, arch: process.arch });
  if ("found" in answer) setFlagsFromString("--experimental-wasm-revectorize");
  return answer;
}

/** Whether V8 has the pass, by its version and the processor's kind; without AVX2 it leaves code as it is. */
export function canWidenVectors({ v8, arch }: EngineVersion): Finding<string> {
  if (arch !== "x64") return { missing: `256-bit vectors: V8 has them on x64 only, this is ${arch}` };
  if (Number.parseInt(v8, 10) < firstMajor) {
    return {
      missing: `256-bit vectors: need Node 24 or later, which trains 1.3 to 1.4 times as fast ("nvm install 24" or nodejs.org)`,
    };
  }
  return { found: "V8 joins vectors to 256 bits where the processor has AVX2" };
}
