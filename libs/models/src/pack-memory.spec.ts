import type { Configuration } from "@basin/contracts";
import { openBackend, wasmMemoryBytes } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { startPack } from "./testing/recorded-pack";
import { harmonicOscillator, smallOscillator } from "./testing/small-equations";
import { maglev, smallMaglev } from "./testing/small-loops";
import { lossMinimization, sindyPendulum, smallNetwork, smallPendulum } from "./testing/small-experiments";
import { pendulumImages, pendulumNetwork, stripes, stripesNetwork } from "./testing/small-image-experiments";

interface Subject {
  name: string;
  definition: ExperimentDefinition;
  parameters: (changes: Configuration) => Configuration;
  /** So long that no pack ends in a test. */
  endless: Configuration;
  /** Makes each `advance` take more steps. */
  moreSteps: Configuration;
  packs: number;
  /** In each `advance`: the training loss and the validation figures of all runs. */
  reads: number;
  /** In each `advance`, for each run: the SINDy autoencoder copies its coefficients after a block, so that it can prune them. */
  copies: number;
}

/** Families whose packs hold tensors; one entry each. */
const subjects: Subject[] = [
  {
    name: "mlp",
    definition: lossMinimization,
    parameters: smallNetwork,
    endless: { epochs: 400 },
    moreSteps: { batchSize: 16 },
    packs: 200,
    reads: 2,
    copies: 0,
  },
  {
    name: "cnn",
    definition: stripes,
    parameters: stripesNetwork,
    endless: { epochs: 400 },
    moreSteps: { batchSize: 2 },
    packs: 100,
    reads: 2,
    copies: 0,
  },
  {
    name: "autoencoder",
    definition: pendulumImages,
    parameters: pendulumNetwork,
    endless: { epochs: 400 },
    moreSteps: { batchSize: 2 },
    packs: 100,
    reads: 1,
    copies: 0,
  },
  {
    name: "sindy-autoencoder",
    definition: sindyPendulum,
    parameters: smallPendulum,
    endless: { blocks: 400 },
    moreSteps: { stepsPerBlock: 5 },
    packs: 100,
    reads: 2,
    copies: 2,
  },
  {
    name: "pinn",
    definition: harmonicOscillator,
    parameters: smallOscillator,
    endless: { epochs: 3999 },
    moreSteps: { reportEvery: 3 },
    packs: 100,
    reads: 1,
    copies: 0,
  },
  {
    name: "rollout",
    definition: maglev,
    parameters: smallMaglev,
    endless: { epochs: 3999 },
    moreSteps: { reportEvery: 3 },
    packs: 100,
    reads: 1,
    copies: 0,
  },
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
    const { definition, parameters, endless, packs } = subject;
    const trainOne = async (i: number): Promise<void> => {
      const pack = await startPack(definition, runsOf(1 + (i % 7), parameters(endless)));
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

  it.each(subjects)("does not grow with the steps of a pack of $name, and no step reads the device", async (subject) => {
    const { definition, parameters, endless, moreSteps, reads, copies } = subject;
    for (const [width, changes] of [
      [1, endless],
      [4, endless],
      [4, { ...endless, ...moreSteps }],
    ] as const) {
      const pack = await startPack(definition, runsOf(width, parameters(changes)));
      for (let i = 0; i < 20; i++) await pack.program.advance();
      const tensors = tf.memory();
      const wasmBytes = wasmMemoryBytes();
      const waiting = vi.spyOn(tf.engine(), "readSync");
      const reading = vi.spyOn(tf.engine(), "read");
      for (let i = 0; i < 50; i++) await pack.program.advance();
      expect(tf.memory()).toEqual(tensors);
      expect(wasmMemoryBytes()).toBe(wasmBytes);
      // As often for few steps as for many.
      expect(reading.mock.calls.length).toBe(reads * 50);
      expect(waiting.mock.calls.length).toBe(copies * width * 50);
      vi.restoreAllMocks();
      pack.program.dispose();
    }
  });
});
