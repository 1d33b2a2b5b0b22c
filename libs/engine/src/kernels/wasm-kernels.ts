import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { DataType, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import { kernelNames, kernelsBase64 } from "../generated/kernels";
import { chooseTiles, trialFloats } from "./choose-tiles";

/** Byte addresses and counts. The signatures stand in libs/engine/kernels, one file each. */
type Kernel = (...numbers: number[]) => void;

/** What the module exports: a function for every file of libs/engine/kernels. */
type KernelName = (typeof kernelNames)[number];

function isKernel(value: unknown): value is Kernel {
  return typeof value === "function";
}

/** What the kernels keep for as long as the backend lives: a table of constants and space for a part of a matrix. */
const keptFloats = 256 + 16 * 256;
/** A line of the caches. What the kernels keep starts with one: vectors of 256 bits that lie across two take twice as long to load. */
const lineFloats = 16;

/** A kernel as TensorFlow.js calls it: tensors in, tensors out, on the wasm backend. */
export interface RegisteredKernel {
  name: string;
  run(kernels: WasmKernels, inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo | TensorInfo[];
}

/** Our WebAssembly module on TensorFlow.js' memory: it reads and writes TensorFlow.js' tensors in place. */
export class WasmKernels {
  private spare: TensorInfo | null = null;
  private spareBytes = 0;
  private kept = 0;
  private isWide = false;

  private constructor(
    private readonly backend: BackendWasm,
    private readonly memory: WebAssembly.Memory,
    readonly call: Readonly<Record<KernelName, Kernel>>,
  ) {}

  static async instantiate(backend: BackendWasm): Promise<WasmKernels> {
    const memory = memoryOf(backend);
    const { instance } = await WebAssembly.instantiate(Buffer.from(kernelsBase64, "base64"), { env: { memory } });
    const exported = (name: KernelName): Kernel => {
      const kernel = instance.exports[name];
      if (!isKernel(kernel)) throw new Error(`The compiled kernels lack "${name}": run "node tools/build-kernels.mjs" again.`);
      return kernel;
    };
    const call = Object.fromEntries(kernelNames.map((name) => [name, exported(name)])) as Record<KernelName, Kernel>;
    const kernels = new WasmKernels(backend, memory, call);
    kernels.kept = Math.ceil(kernels.at(kernels.output([keptFloats + lineFloats])) / (4 * lineFloats)) * 4 * lineFloats;
    const floats = kernels.scratch(4 * trialFloats);
    new Float32Array(memory.buffer, floats, trialFloats).fill(0.5);
    chooseTiles(
      (wide) => kernels.useTiles(wide),
      (m, k, n) => {
        const [x, w] = [floats, floats + 4 * m * k];
        const [b, y] = [w + 4 * k * n, w + 4 * (k * n + n)];
        call.denseForward(0, x, w, b, y, 0, 1, m, k, n, 0);
      },
    );
    return kernels;
  }

  /** Whether products take tiles for vectors of 256 bits; chosen by measuring when the backend opens. */
  get wide(): boolean {
    return this.isWide;
  }

  /** Takes these tiles from now on; the bits are the same. */
  useTiles(wide: boolean): void {
    this.call.placeConstants(this.kept, wide ? 1 : 0);
    this.isWide = wide;
  }

  /** Address of a tensor's first value. */
  at(tensor: TensorInfo): number {
    return this.backend.getMemoryOffset(tensor.dataId);
  }

  /** Writes 32-bit integers to an address that is a multiple of 4. */
  writeIntegers(address: number, values: readonly number[]): void {
    new Int32Array(this.memory.buffer, address, values.length).set(values);
  }

  /** A tensor whose values the caller writes, all of them. */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    return this.backend.makeOutput([...shape], dtype);
  }

  /** Address of at least `bytes` bytes whose content lasts until the next call. */
  scratch(bytes: number): number {
    if (!this.spare || bytes > this.spareBytes) {
      if (this.spare) this.backend.disposeData(this.spare.dataId);
      this.spare = null;
      this.spareBytes = spareBytesFor(bytes);
      this.spare = this.backend.makeOutput([this.spareBytes / 4], "float32");
    }
    return this.at(this.spare);
  }
}

/** Beyond this much twice as much would not be spare. */
const doublingBytes = 16 * 1024 ** 2;

/** The next power of two, so that needs that grow little by little are met by few allocations; of large ones a sixteenth more. */
function spareBytesFor(bytes: number): number {
  if (bytes <= doublingBytes) return 2 ** Math.ceil(Math.log2(Math.max(bytes, 4096)));
  return 64 * Math.ceil((bytes * 17) / 16 / 64);
}

/** The memory object behind TensorFlow.js' heap. The typings do not list the raw exports that hold it. */
function memoryOf(backend: BackendWasm): WebAssembly.Memory {
  const exports: unknown = Reflect.get(backend.wasm, "asm");
  if (typeof exports === "object" && exports !== null) {
    for (const value of Object.values(exports)) if (value instanceof WebAssembly.Memory) return value;
  }
  throw new Error("This version of TensorFlow.js' wasm backend does not show its memory; 4.22.0 does.");
}
