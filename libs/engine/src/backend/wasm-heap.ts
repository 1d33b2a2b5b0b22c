import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { isMachineFault } from "./machine-fault";

/** What a WebAssembly memory can address. */
const mostBytes = 2 ** 32 - 2 ** 16;
/** Emscripten grows a heap by up to this much more than is asked for. */
const growthBytes = 96 * 1024 ** 2;

let limitBytes = mostBytes;

/** Tensors that do not fit in the wasm backend's memory. The allocation left nothing behind, but the operation that asked for it may have. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";

  /** `bytes`: what was asked for beyond `taken`, the bytes that the heap has already. */
  constructor(
    readonly bytes: number,
    readonly taken: number,
    readonly limit: number,
  ) {
    super(
      `the tensors do not fit in memory: ${bytes} bytes more are needed than the ${taken} that are taken, of at most ${limit}`,
    );
  }
}

/** The most bytes that the wasm backend's heap may take in this thread, now and later; default: all that WebAssembly can address. */
export function limitWasmHeap(bytes: number): void {
  limitBytes = Math.min(mostBytes, bytes);
}

/**
 * Makes allocations fail that TensorFlow.js would take for successful: its `malloc` answers a full heap with the address 0, where the next
 * kernel writes over everything, and takes sizes modulo 2³². (tensorflow/tfjs#6439.)
 */
export function guardWasmHeap(backend: BackendWasm): void {
  const heap = heapOf(backend);
  // Their first call puts the real ones in the places of both.
  heap._free(heap._malloc(16));
  const { _malloc: allocate, _free: free } = heap;
  const takenBytes = (): number => heap.HEAPU8.buffer.byteLength;
  heap._malloc = (bytes) => {
    const taken = takenBytes();
    if (bytes > limitBytes) throw new OutOfMemory(bytes, taken, limitBytes);
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) throw new OutOfMemory(bytes, taken, limitBytes);
    const grown = takenBytes();
    if (grown > taken && grown > limitBytes + growthBytes) {
      free(address);
      throw new OutOfMemory(bytes, taken, limitBytes);
    }
    return address;
  };
}

/** What Emscripten's module shows of its heap; the typings of TensorFlow.js leave it out. */
interface EmscriptenHeap {
  HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
  _free: (address: number) => void;
}

function heapOf({ wasm }: BackendWasm): EmscriptenHeap {
  const module: unknown = wasm;
  if (!isHeap(module)) throw new Error("This version of TensorFlow.js' wasm backend does not show its heap; 4.22.0 does.");
  return module;
}

function isHeap(value: unknown): value is EmscriptenHeap {
  if (typeof value !== "object" || value === null) return false;
  const part = (name: string): unknown => Reflect.get(value, name);
  return part("HEAPU8") instanceof Uint8Array && ["_malloc", "_free"].every((name) => typeof part(name) === "function");
}

/** Tensors of this thread that were not disposed, on any backend. */
export function tensorCount(): number {
  return tf.engine().state.numTensors;
}

/** What V8 says when a buffer, an array or the memory itself cannot be had. */
const exhausted = /array buffer allocation failed|invalid (typed )?array (buffer )?length|memory\.grow|out of memory/i;
/** What it says in the middle of a kernel, or of a copy into the heap: the stack is full, or an address lies outside. */
const interrupted = /maximum call stack|offset is out of bounds|outside the bounds of the buffer/i;

/**
 * What an error of tensor work says about the thread it came from. `memory`: its tensors did not fit; `trap`: it was stopped in the
 * middle of something. In either case nothing in the thread's heap can be trusted any more. `machine`: what it needed was not to be had.
 * `error`: anything else, and the same inputs give it again.
 */
export function tensorFault(error: unknown, heapBytes: number | null): "memory" | "trap" | "machine" | "error" {
  if (error instanceof OutOfMemory) return "memory";
  // Kernels allocate by themselves, too, and trap when they cannot.
  if (error instanceof WebAssembly.RuntimeError) return heapBytes !== null && heapBytes > limitBytes ? "memory" : "trap";
  if (error instanceof RangeError && exhausted.test(error.message)) return "memory";
  if (error instanceof RangeError && interrupted.test(error.message)) return "trap";
  return isMachineFault(error) ? "machine" : "error";
}
