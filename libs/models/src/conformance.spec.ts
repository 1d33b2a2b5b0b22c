import { updateRuleNames, type Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { configurationOf, type ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { modelFamilies } from "./registry";
import { after, startPack, trainPack, type TestRun } from "./testing/recorded-pack";
import { bitwise, expectCloseTraining, expectSameTraining, openSuiteBackend, suiteBackend } from "./testing/suite-backend";
import {
  autoencoderCases,
  cnnCases,
  pendulumImages,
  pendulumNetwork,
  stripes,
  stripesNetwork,
} from "./testing/small-image-experiments";
import { equationCases } from "./testing/small-equations";
import { loopCases } from "./testing/small-loops";
import {
  boltzmann,
  diagnostic,
  logicGates,
  lossMinimization,
  optimizers,
  penaltyCases,
  rungeInterpolation,
  sindyLorenz,
  sindyPendulum,
  smallNetwork,
  smallPendulum,
  spelling,
} from "./testing/small-experiments";

/** What a family must show; a new family adds one entry here. */
interface Subject {
  family: string;
  name: string;
  definition: ExperimentDefinition;
  /** Parameters of the i-th run: whatever may differ within a pack does. */
  parameters(i: number): Configuration;
  steps: number;
}

const rates = [1e-3, 3e-2, 1e-2];
const initializations = ["torch-default", "near-zero", "he-normal", "glorot-uniform"];
const mlp = (name: string, changes: Configuration): Subject => ({
  family: "mlp",
  name,
  definition: lossMinimization,
  parameters: (i) =>
    smallNetwork({
      learningRate: rates[i % 3] ?? 0,
      initialization: initializations[i % 4] ?? "",
      momentum: 0.5 + 0.1 * (i % 5),
      rmspropAlpha: 0.9 + 0.02 * (i % 5),
      ...changes,
    }),
  steps: 6,
});

const subjects: Subject[] = [
  mlp("adam, tanh", {}),
  mlp("rmsprop, gelu, best weights", { optimizer: "rmsprop", activation: "gelu", restoreBestWeights: true }),
  mlp("nesterov, sine, full batch", { optimizer: "nesterov", activation: "sine", batchSize: 0, validationFraction: 0 }),
  mlp("adagrad, no hidden layer", { optimizer: "adagrad", hiddenLayers: [] }),
  {
    ...mlp("dropout, batch normalization, clipping, penalties and schedules", {}),
    parameters: (i) =>
      smallNetwork({
        learningRate: rates[i % 3] ?? 0,
        layerActivations: "swish, elu",
        batchNormalization: true,
        restoreBestWeights: true,
        dropout: [0, 0.5, 0.2][i % 3] ?? 0,
        clipNorm: [0, 0.5][i % 2] ?? 0,
        clipValue: [0.1, 0, 0][i % 3] ?? 0,
        l1: [0, 0.01][i % 2] ?? 0,
        l2: [0.1, 0, 0, 0][i % 4] ?? 0,
        schedule: ["cosine", "step", "exponential", "constant"][i % 4] ?? "",
        schedulePeriod: 2,
      }),
  },
  {
    family: "mlp",
    name: "Huber's loss and proximal steps",
    definition: rungeInterpolation,
    parameters: (i) =>
      configurationOf(rungeInterpolation, {
        loss: "huber",
        huberDelta: 0.1,
        samples: 45,
        hiddenLayers: [19, 6],
        batchSize: 16,
        epochs: 6,
        plots: false,
        learningRate: rates[i % 3] ?? 0,
        proximalL1: [0, 0.01, 0.1][i % 3] ?? 0,
        schedule: ["cosine", "constant"][i % 2] ?? "",
      }),
    steps: 6,
  },
  mlp("shaped activations, dropout of inputs, adagrad with momentum", {
    layerActivations: "leaky-relu, elu",
    leakySlope: 0.2,
    eluAlpha: 0.5,
    inputDropout: 0.3,
    optimizer: "adagrad-momentum",
  }),
  mlp("cosine, a rest that ends no run", { activation: "cosine", plateauPatience: 4, plateauTolerance: 1e-9 }),
  mlp("two folds and two bootstrap samples", { folds: 2, bootstrapSamples: 2, validationFraction: 0, optimizer: "momentum" }),
  ...penaltyCases.map(({ name, definition, changes }): Subject => ({
    family: "mlp",
    name: `mlp with an output penalty: ${name}`,
    definition,
    parameters: (i) =>
      configurationOf(definition, {
        learningRate: [1e-3, 5e-3, 2e-3][i % 3] ?? 0,
        penaltyWeight: [0.3, 0, 0.01, 3][i % 4] ?? 0,
        initialization: initializations[i % 4] ?? "",
        epochs: 4,
        plots: i % 9 === 0,
        ...changes,
      }),
    steps: 4,
  })),
  mlp("two folds, in the data's order", { folds: 2, validationFraction: 0, shuffle: false, optimizer: "momentum" }),
  {
    family: "mlp",
    name: "logic gates",
    definition: logicGates,
    parameters: (i) => configurationOf(logicGates, { epochs: 6, learningRate: rates[i % 3] ?? 0, plots: i % 9 === 0 }),
    steps: 6,
  },
  ...cnnCases.map(({ name, changes }): Subject => ({
    family: "cnn",
    name: `cnn: ${name}`,
    definition: stripes,
    parameters: (i) =>
      stripesNetwork({ learningRate: rates[i % 3] ?? 0, initialization: initializations[i % 4] ?? "", ...changes }),
    steps: 4,
  })),
  ...autoencoderCases.map(({ name, changes }): Subject => ({
    family: "autoencoder",
    name: `autoencoder: ${name}`,
    definition: pendulumImages,
    parameters: (i) =>
      pendulumNetwork({
        plots: i === 0,
        learningRate: rates[i % 3] ?? 0,
        initialization: initializations[i % 4] ?? "",
        ...changes,
      }),
    steps: 3,
  })),
  ...[
    { procedure: "gauge-scan-polished", activation: "elu" },
    {
      procedure: "source-threshold",
      initialCoefficient: 0.1,
      pruneEvery: 2,
      sparsityTo: 1,
      activation: "sigmoid",
      reciprocal: true,
    },
  ].map((changes): Subject => ({
    family: "sindy-autoencoder",
    name: `sindy-autoencoder, ${changes.procedure}`,
    definition: sindyPendulum,
    parameters: (i) =>
      smallPendulum({ learningRate: rates[i % 3] ?? 0, lawWeight: 1e-3 * (1 + (i % 4)), lateFrom: 0.25 * (i % 5), ...changes }),
    steps: 3,
  })),
  ...equationCases.map(({ name, definition, parameters }): Subject => ({
    family: "pinn",
    name,
    definition,
    parameters: (i) =>
      parameters({ learningRate: rates[i % 3] ?? 0, initialization: initializations[i % 4] ?? "", plots: i % 9 === 0 }),
    steps: 6,
  })),
  ...loopCases.map(({ name, definition, parameters }): Subject => ({
    family: "rollout",
    name,
    definition,
    parameters: (i) =>
      parameters({
        learningRate: rates[i % 3] ?? 0,
        initialization: initializations[i % 4] ?? "",
        clipNorm: [0, 0.1][i % 2] ?? 0,
        plots: i % 9 === 0,
      }),
    steps: 6,
  })),
  {
    family: "descent",
    name: "descent",
    definition: optimizers,
    parameters: (i) =>
      configurationOf(optimizers, {
        maxSteps: 6,
        rule: updateRuleNames[i % updateRuleNames.length] ?? "",
        learningRate: 1e-3,
        stepNoise: [0, 0.01][i % 2] ?? 0,
        landscape: i % 4 === 0 ? "rosenbrock" : "quadratic",
      }),
    steps: 6,
  },
  ...["alignment", "places", "reinforce"].map((loss): Subject => ({
    family: "custom-loss",
    name: `custom-loss: spelling, ${loss}`,
    definition: spelling,
    parameters: (i) =>
      configurationOf(spelling, {
        loss,
        warmUp: 0,
        drawnWords: 3,
        trainingSamples: 100,
        hiddenLayers: [7, 5],
        batchSize: 32,
        epochs: 3,
        plots: false,
        learningRate: rates[i % 3] ?? 0,
        initialization: initializations[i % 4] ?? "",
        schedule: ["cosine", "constant"][i % 2] ?? "",
      }),
    steps: 3,
  })),
  {
    family: "descent",
    name: "a Boltzmann machine, whose gradients are drawn in every step",
    definition: boltzmann,
    parameters: (i) =>
      configurationOf(boltzmann, {
        maxSteps: 6,
        learning: ["exact", "contrastive-divergence", "contrastive-divergence"][i % 3] ?? "",
        samples: [50, 100][i % 2] ?? 0,
        sweeps: [1, 3][i % 2] ?? 0,
        chains: [10, 20, 30][i % 3] ?? 0,
        plots: false,
      }),
    steps: 6,
  },
  {
    family: "sindy",
    name: "sindy",
    definition: sindyLorenz,
    parameters: (i) =>
      configurationOf(sindyLorenz, {
        noise: 0.01 * (1 + (i % 3)),
        duration: 0.5,
        threshold: [0.1, 0.5][i % 2] ?? 0,
        maxIterations: 3,
      }),
    steps: 3,
  },
  {
    family: "diagnostic",
    name: "diagnostic",
    definition: diagnostic,
    parameters: (i) => configurationOf(diagnostic, { steps: 6, valuesPerStep: 2, level: i, checkpointBytes: 5 }),
    steps: 6,
  },
];

function runsOf(subject: Subject, width: number): TestRun[] {
  return Array.from({ length: width }, (_, i) => ({ seed: 100 + i, parameters: subject.parameters(i) }));
}

/** BASIN_TEST_BACKEND=tensorflow|webgpu: the same suite with that backend's tolerance, and narrower where software plays the GPU. */
const widest = bitwise ? 17 : 9;
/** Hundreds are tried in pack-memory.spec.ts. */
const packs = 12;
if (!bitwise) vi.setConfig({ testTimeout: 900_000 });

beforeAll(openSuiteBackend);

it("covers every family", () => {
  expect(new Set(subjects.map(({ family }) => family))).toEqual(new Set(modelFamilies.map(({ id }) => id)));
});

describe.each(subjects)("$name", (subject) => {
  const { definition, steps } = subject;

  it(`gives a run the same ${bitwise ? "bits" : "numbers"} alone and in packs of 2, 5 and ${widest}`, async () => {
    const wide = await trainPack(definition, runsOf(subject, widest));
    for (const width of [1, 2, 5]) {
      const narrow = await trainPack(definition, runsOf(subject, width));
      narrow.forEach((recording, i) => expectSameTraining(recording, wide[i]));
    }
    const [last] = await trainPack(definition, runsOf(subject, widest).slice(widest - 1));
    expectSameTraining(last, wide[widest - 1]);
    for (const recording of wide) {
      expect(recording.result?.outcome).toBe("succeeded");
      for (const points of Object.values(recording.series)) {
        expect(points.map(([step]) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
      }
    }
    expect(new Set(wide.map(({ series }) => JSON.stringify(series))).size).toBe(widest);
  });

  it("does not change when a neighbour is dropped", async () => {
    const whole = await trainPack(definition, runsOf(subject, 4));
    for (const leaver of [0, 2]) {
      const pack = await startPack(definition, runsOf(subject, 4));
      await pack.program.advance();
      await pack.program.advance();
      pack.program.drop(leaver);
      expect(pack.program.active()).toEqual([0, 1, 2, 3].filter((run) => run !== leaver));
      await pack.finish();
      expect(pack.recordings[leaver]?.result).toBeNull();
      for (const stayed of [0, 1, 2, 3].filter((run) => run !== leaver)) {
        expectSameTraining(pack.recordings[stayed], whole[stayed]);
      }
    }
  });

  it("continues from a checkpoint of any step among other neighbours", async () => {
    const runs = runsOf(subject, 3);
    const whole = await trainPack(definition, runs);
    for (let step = 0; step < steps; step += suiteBackend === "webgpu" ? 3 : 1) {
      const first = await startPack(definition, runs);
      for (let i = 0; i < step; i++) await first.program.advance();
      expect(first.program.step(1)).toBe(step);
      const checkpoint = await first.program.checkpoint(1);
      first.program.dispose();
      const strangers = runsOf(subject, 7).slice(5);
      const second = await startPack(definition, [strangers[0]!, { ...runs[1]!, checkpoint, attempt: 2 }, strangers[1]!]);
      expect(second.program.step(1)).toBe(step);
      await second.finish();
      expectSameTraining(second.recordings[1], after(whole[1]!, step));
    }
  });

  it.skipIf(bitwise)("gives what wasm gives, within the tolerance", async () => {
    const here = await trainPack(definition, runsOf(subject, 3));
    await openBackend("wasm");
    const there = await trainPack(definition, runsOf(subject, 3));
    await openSuiteBackend();
    here.forEach((recording, i) => expectCloseTraining(recording, there[i]));
  });

  it("refuses an unknown run, and disposes twice without harm", async () => {
    const { program } = await startPack(definition, runsOf(subject, 2));
    program.drop(1);
    expect(() => program.checkpoint(1)).toThrow("Run 1 is not in this pack any more.");
    expect(() => program.step(7)).toThrow("Run 7 is not in this pack any more.");
    program.dispose();
    program.dispose();
    expect(program.active()).toEqual([]);
  });

  it(`leaves no tensor behind after ${packs} packs`, async () => {
    const before = tf.memory();
    for (let i = 0; i < packs; i++) {
      const pack = await startPack(definition, runsOf(subject, 1 + (i % 2)));
      await pack.program.advance();
      await pack.program.checkpoint(0);
      if (i % 3 === 0) pack.program.drop(0);
      if (i % 6 === 0) await pack.finish();
      pack.program.dispose();
    }
    expect(tf.memory()).toEqual(before);
  });
});
