import type { Configuration } from "@basin/contracts";
import { openBackend, wasmMemoryBytes } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { startPack } from "./testing/recorded-pack";
import { harmonicOscillator, smallOscillator } from "./testing/small-equations";
import { lossMinimization, sindyPendulum, smallNetwork, smallPendulum } from "./testing/small-experiments";
import { pendulumImages, pendulumNetwork, stripes, stripesNetwork } from "./testing/small-image-experiments";

/** Families whose packs hold tensors; one entry each. */
const subjects: { name: string; definition: ExperimentDefinition; parameters: Configuration; packs: number }[] = [
  { name: "mlp", definition: lossMinimization, parameters: smallNetwork({ epochs: 400 }), packs: 200 },
  { name: "cnn", definition: stripes, parameters: stripesNetwork({ epochs: 400 }), packs: 100 },
  { name: "autoencoder", definition: pendulumImages, parameters: pendulumNetwork({ epochs: 400 }), packs: 100 },
  { name: "sindy-autoencoder", definition: sindyPendulum, parameters: smallPendulum({ blocks: 400 }), packs: 100 },
  { name: "pinn", definition: harmonicOscillator, parameters: smallOscillator({ epochs: 400 }), packs: 100 },
];

function isCollector(value: unknown): value is () => void {
  return typeof value === "function";
}

/** Bytes that objects of ours hold on to. */
function reachableHeapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (!isCollector(collect)) throw new Error("this Node shows no garbage collector");
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

beforeAll(() => openBackend("wasm"));

const runsOf = (width: number, parameters: Configuration): { seed: number; parameters: Configuration }[] =>
  Array.from({ length: width }, (_, i) => ({ seed: 100 + i, parameters }));

describe("memory of packs", () => {
  it.each(subjects)("is given back by $packs packs of $name: tensors, wasm memory and heap", async (subject) => {
    const { definition, parameters, packs } = subject;
    const trainOne = async (i: number): Promise<void> => {
      const pack = await startPack(definition, runsOf(1 + (i % 7), parameters));
      await pack.program.advance();
      await pack.program.checkpoint(0);
      pack.program.dispose();
    };
    for (let i = 0; i < 20; i++) await trainOne(i);
    const tensors = tf.memory();
    const wasmBytes = wasmMemoryBytes();
    const heapBytes = reachableHeapBytes();
    for (let i = 20; i < 20 + packs; i++) await trainOne(i);
    expect(tf.memory()).toEqual(tensors);
    expect(wasmMemoryBytes()).toBe(wasmBytes);
    // A pack of four such networks is 20 kB or more: 100 that stay would be 2 MB. V8 itself keeps up to half a megabyte of compiled code.
    expect(reachableHeapBytes() - heapBytes).toBeLessThan(1024 * 1024);
  });

  it("does not grow with the steps of a pack, and the device is read once per epoch and figure, never while it computes", async () => {
    const pack = await startPack(lossMinimization, runsOf(4, smallNetwork({ epochs: 400 })));
    for (let i = 0; i < 20; i++) await pack.program.advance();
    const tensors = tf.memory();
    const wasmBytes = wasmMemoryBytes();
    const waiting = vi.spyOn(tf.engine(), "readSync");
    const reading = vi.spyOn(tf.engine(), "read");
    for (let i = 0; i < 200; i++) await pack.program.advance();
    expect(tf.memory()).toEqual(tensors);
    expect(wasmMemoryBytes()).toBe(wasmBytes);
    expect(waiting).not.toHaveBeenCalled();
    // The training loss and the validation loss of all runs.
    expect(reading).toHaveBeenCalledTimes(2 * 200);
    vi.restoreAllMocks();
    pack.program.dispose();
  });
});
