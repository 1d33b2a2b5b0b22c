import * as tf from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { MachineFault } from "./machine-fault";
import { openBackend } from "./open-backend";
import { wasmMemoryBytes } from "./open-wasm";
import { limitWasmHeap, OutOfMemory, tensorFault } from "./wasm-heap";

const mebibyte = 1024 ** 2;
beforeAll(() => openBackend("wasm"));
afterEach(() => limitWasmHeap(Infinity));

/** What the function throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("the heap of the wasm backend", () => {
  // malloc takes sizes modulo 2³²: 4 GiB and 64 bytes would be 64 bytes.
  it.each([2 ** 32 + 64, 2 ** 32, 12 * 2 ** 30])("refuses %d bytes at once instead of taking them for a few", (bytes) => {
    const before = wasmMemoryBytes();
    const error = thrownBy(() => tf.tidy(() => tf.fill([bytes / 4], 0)));
    expect(error).toBeInstanceOf(OutOfMemory);
    expect(wasmMemoryBytes()).toBe(before);
  });

  it("refuses what would grow it beyond its limit, and goes on with what fits", () => {
    const taken = wasmMemoryBytes() ?? 0;
    limitWasmHeap(taken);
    const error = thrownBy(() => tf.tidy(() => tf.fill([(256 * mebibyte) / 4], 0)));
    expect(error).toBeInstanceOf(OutOfMemory);
    expect((error as OutOfMemory).limit).toBe(taken);
    expect(tf.tidy(() => tf.sum(tf.square(tf.tensor1d([3, 4]))).arraySync())).toBe(25);
    limitWasmHeap(Infinity);
    const last = (256 * mebibyte) / 4 - 1;
    expect(tf.tidy(() => tf.slice(tf.fill([last + 1], 7), [last], [1]).arraySync())).toEqual([7]);
  });
});

describe("what an error says about its thread", () => {
  const trap = thrownBy(() => {
    // (module (func (export "f") unreachable))
    const code = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code)));
    (exports["f"] as () => void)();
  });

  it("a trap leaves nothing to trust; with a heap beyond its limit it was memory", () => {
    expect(trap).toBeInstanceOf(WebAssembly.RuntimeError);
    limitWasmHeap(1000);
    expect([tensorFault(trap, null), tensorFault(trap, 1000), tensorFault(trap, 1001)]).toEqual(["trap", "trap", "memory"]);
  });

  const errors: [fault: string, act: () => unknown][] = [
    ["memory", () => new Float32Array(2 ** 40)],
    ["memory", () => new WebAssembly.Memory({ initial: 1, maximum: 2 }).grow(4)],
    ["trap", () => new Uint8Array(2).set([1, 2, 3])],
    ["trap", () => new Float32Array(new ArrayBuffer(8), 16)],
    ["trap", deeper],
    ["error", () => void JSON.parse("{")],
    ["error", () => (undefined as unknown as { a: number }).a],
    [
      "error",
      () => {
        throw new RangeError("The library has no term.");
      },
    ],
    ["error", () => Buffer.alloc(-1)],
    ["machine", () => readFileSync("/there/is/no/such/file")],
    [
      "machine",
      () => {
        throw new MachineFault("The device is in use.");
      },
    ],
    [
      "machine",
      () => {
        throw new Error("the data cannot be had", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
      },
    ],
    [
      "machine",
      () => {
        throw new Error("Device is lost.");
      },
    ],
  ];
  it.each(errors)("%s: %s", (fault, act) => {
    expect(tensorFault(thrownBy(act), null)).toBe(fault);
  });
});

function deeper(): number {
  return 1 + deeper();
}
