import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { DataType, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import { kernelsBase64 } from "../generated/kernels";

/** Byte addresses and counts. The signatures stand in libs/engine/kernels, one file each. */
type Kernel = (...numbers: number[]) => void;

type KernelName =
  "placeConstants" | "batchProduct" | "denseForward" | "denseBackward" | "lossGradient" | "optimizerStep" | "gatherRows";

function isKernel(value: unknown): value is Kernel {
  return typeof value === "function";
}

/** Size of the kernels' table of constants, which lives as long as the backend. */
const constantFloats = 256;

/** A kernel as TensorFlow.js calls it: tensors in, tensors out, on the wasm backend. */
export interface RegisteredKernel {
  name: string;
  run(kernels: WasmKernels, inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo | TensorInfo[];
}

/** Our WebAssembly module on TensorFlow.js' memory: it reads and writes TensorFlow.js' tensors in place. */
export class WasmKernels {
  private spare: TensorInfo | null = null;
  private spareBytes = 0;

  private constructor(
    private readonly backend: BackendWasm,
    readonly call: Readonly<Record<KernelName, Kernel>>,
  ) {}

  static async instantiate(backend: BackendWasm): Promise<WasmKernels> {
    const { instance } = await WebAssembly.instantiate(Buffer.from(kernelsBase64, "base64"), {
      env: { memory: memoryOf(backend) },
    });
    const exported = (name: KernelName): Kernel => {
      const kernel = instance.exports[name];
      if (!isKernel(kernel)) throw new Error(`The compiled kernels lack "${name}": run "node tools/build-kernels.mjs" again.`);
      return kernel;
    };
    const kernels = new WasmKernels(backend, {
      placeConstants: exported("placeConstants"),
      batchProduct: exported("batchProduct"),
      denseForward: exported("denseForward"),
      denseBackward: exported("denseBackward"),
      lossGradient: exported("lossGradient"),
      optimizerStep: exported("optimizerStep"),
      gatherRows: exported("gatherRows"),
    });
    kernels.call.placeConstants(kernels.at(kernels.output([constantFloats])));
    return kernels;
  }

  /** Address of a tensor's first value. */
  at(tensor: TensorInfo): number {
    return this.backend.getMemoryOffset(tensor.dataId);
  }

  /** A tensor whose values the caller writes, all of them. */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.backend.makeOutput([...shape], dtype);
  }

  /** Address of at least `bytes` bytes whose content lasts until the next call. */
  scratch(bytes: number): number {
    if (!this.spare || bytes > this.spareBytes) {
      if (this.spare) this.backend.disposeData(this.spare.dataId);
      this.spareBytes = 2 ** Math.ceil(Math.log2(Math.max(bytes, 4096)));
      this.spare = this.backend.makeOutput([this.spareBytes / 4], "float32");
    }
    return this.at(this.spare);
  }
}

/** The memory object behind TensorFlow.js' heap. The typings do not list the raw exports that hold it. */
function memoryOf(backend: BackendWasm): WebAssembly.Memory {
  const exports: unknown = Reflect.get(backend.wasm, "asm");
  if (typeof exports === "object" && exports !== null) {
    for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) return value;
  }
  throw new Error("This version of TensorFlow.js' wasm backend does not show its memory; 4.22.0 does.");
}
