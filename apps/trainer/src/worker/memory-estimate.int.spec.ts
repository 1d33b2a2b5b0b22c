import { RunId, TrainerId, type Configuration } from "@basin/contracts";
import { configurationOf, estimatePackMemory, findExperiment, packBytes } from "@basin/problems";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleTrainer, type Bundle } from "../specs/trainer-process";
import type { FromWorker, StartPack, WorkerData } from "./protocol";

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleTrainer();
});
afterAll(() => bundle.remove());

/** Bytes that a thread of its own took for one pack, from its creation to its judgement. */
async function measured(experiment: string, parameters: Configuration, width: number): Promise<number> {
  const data: WorkerData = {
    backend: "wasm",
    build: bundle.build,
    slotBytes: 4 * 2 ** 30,
    unsentBytes: new Int32Array(new SharedArrayBuffer(4)),
  };
  const worker = new Worker(new URL("pack-worker.js", pathToFileURL(bundle.main)), { workerData: data });
  let most = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message: FromWorker) => {
        if (message.type === "progress") most = Math.max(most, message.memoryBytes ?? 0);
        else if (message.type === "failed") reject(new Error(`${message.message}\n${message.stack}`));
        else if (message.type === "idle") resolve();
      });
      worker.postMessage({
        type: "start",
        trainer: TrainerId.parse("t"),
        experiment,
        runs: Array.from({ length: width }, (_, seed) => ({
          run: RunId.parse(`k3v9x2mq-0-${seed}`),
          attempt: 1,
          seed,
          parameters,
          checkpoint: null,
        })),
        datasets: [],
        weights: [],
        checkpointSeconds: 1000,
      } satisfies StartPack);
    });
  } finally {
    await worker.terminate();
  }
  return most;
}

interface Case {
  experiment: string;
  width: number;
  changes: Configuration;
}

/** Large enough that the memory a thread begins with does not count, and short. */
const cases: Case[] = [
  { experiment: "loss-minimization", width: 1, changes: { samples: 100_000, batchSize: 0, hiddenLayers: [128, 128] } },
  { experiment: "loss-minimization", width: 4, changes: { samples: 256, hiddenLayers: [1024, 1024] } },
  { experiment: "loss-minimization", width: 1, changes: { samples: 128, hiddenLayers: [2048, 2048], optimizer: "sgd" } },
  {
    experiment: "loss-minimization",
    width: 4,
    changes: { samples: 8192, batchSize: 4096, hiddenLayers: [256, 256], dropout: 0.2 },
  },
  {
    experiment: "loss-minimization",
    width: 2,
    changes: { samples: 4096, batchSize: 4096, hiddenLayers: [256, 256], batchNormalization: true },
  },
  {
    experiment: "loss-minimization",
    width: 4,
    changes: { samples: 16_384, batchSize: 8192, hiddenLayers: [128, 128], l2: 1e-4 },
  },
  {
    experiment: "spelling",
    width: 2,
    changes: { trainingSamples: 8192, batchSize: 4096, hiddenLayers: [1024, 1024], epochs: 1 },
  },
  { experiment: "mnist", width: 4, changes: { hiddenLayers: [512, 512], batchSize: 256 } },
  { experiment: "cross-validation-search", width: 4, changes: { hiddenLayers: [512, 512], batchSize: 400 } },
  { experiment: "digits-cnn", width: 8, changes: { batchSize: 512 } },
  {
    experiment: "digits-cnn",
    width: 2,
    changes: { batchSize: 0, blocks: "conv 32 k3 p1, max-pool 2, conv 64 k3 p1, average-pool 2" },
  },
  { experiment: "digits-cnn", width: 2, changes: { denseLayers: [2048, 512], batchSize: 512, optimizer: "momentum" } },
  { experiment: "pendulum-images", width: 2, changes: { pixels: 64, batchSize: 0, trainingFrames: 100 } },
  {
    experiment: "pendulum-images",
    width: 2,
    changes: { encoderBlocks: "", decoderBlocks: "", denseLayers: [1024, 256], trainingNoise: 0.1 },
  },
  {
    experiment: "sindy-pendulum",
    width: 2,
    changes: { pixels: 51, hiddenLayers: [128, 64, 32], batchSize: 1024, orbits: 40, validationOrbits: 2 },
  },
  {
    experiment: "sindy-autoencoder-lorenz",
    width: 2,
    changes: { batchSize: 4096, hiddenLayers: [256, 128], validationOrbits: 2 },
  },
  { experiment: "harmonic-oscillator-pinn", width: 4, changes: { points: 20_000, hiddenLayers: [32, 32] } },
  { experiment: "pendulum-gravity", width: 4, changes: { samples: 50_000, hiddenLayers: [16] } },
  { experiment: "laplace-pinn", width: 4, changes: { points: 8000, edgePoints: 1000 } },
  { experiment: "heat-pinn", width: 2, changes: { points: 10_000, boundary: "mixed", activation: "swish" } },
  { experiment: "maglev", width: 4, changes: { trajectories: 128, horizonGrowth: 0 } },
  { experiment: "delayed-echo", width: 4, changes: { sequences: 512, hiddenLayers: [64] } },
];

/** One step of any family, without plots where an experiment has that choice. */
const shortest: Configuration = { epochs: 1, stepsPerBlock: 1, reportEvery: 1, plots: false };

it.each(cases)(
  "is within a third of what is taken: $experiment, $width wide, $changes",
  async ({ experiment, width, changes }) => {
    const definition = findExperiment(experiment);
    if (!definition) throw new Error(`no experiment ${experiment}`);
    const short = Object.entries(shortest).filter(([name]) => name in definition.parameters.shape);
    const blocks = definition.family === "sindy-autoencoder" ? { blocks: 1 } : {};
    const parameters = configurationOf(definition, { ...Object.fromEntries(short), ...blocks, ...changes });
    const estimate = estimatePackMemory(definition, parameters, () => undefined);
    if (!estimate) throw new Error("nothing was estimated");
    const taken = await measured(experiment, parameters, width);
    expect(taken).toBeGreaterThan(40e6);
    expect(packBytes(estimate, width) / taken).toBeGreaterThan(3 / 4);
    expect(packBytes(estimate, width) / taken).toBeLessThan(4 / 3);
  },
);
