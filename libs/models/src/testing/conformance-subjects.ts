import { updateRuleNames, type Configuration } from "@basin/contracts";
import { configurationOf, type ExperimentDefinition } from "@basin/problems";
import type { TestRun } from "./recorded-pack";
import { autoencoderCases, cnnCases, pendulumImages, pendulumNetwork, stripes, stripesNetwork } from "./small-image-experiments";
import { equationCases } from "./small-equations";
import { loopCases } from "./small-loops";
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
} from "./small-experiments";

/** What a family must show; a new family adds one entry here. */
export interface Subject {
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

export const subjects: readonly Subject[] = [
  mlp("adam, tanh", {}),
  mlp("rmsprop, gelu, best weights", { optimizer: "rmsprop", activation: "gelu", restoreBestWeights: true }),
  mlp("nesterov, sine, full batch", { optimizer: "nesterov", activation: "sine", batchSize: 0, validationFraction: 0 }),
  {
    ...mlp("L-BFGS in the last epochs, with an L2 penalty", {}),
    parameters: (i) =>
      smallNetwork({
        learningRate: rates[i % 3] ?? 0,
        initialization: initializations[i % 4] ?? "",
        batchSize: 0,
        schedule: "cosine",
        lbfgsSteps: [4, 0, 2, 6][i % 4] ?? 0,
        l2: [0.1, 0][i % 2] ?? 0,
      }),
  },
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

/** One of each family, the first in the list: tried with every change. */
export const firstOfEachFamily: readonly Subject[] = subjects.filter(
  ({ family }, i) => i === subjects.findIndex((subject) => subject.family === family),
);

/** That many runs; the i-th is the same in every pack. */
export function runsOf(subject: Subject, width: number): TestRun[] {
  return Array.from({ length: width }, (_, i) => ({ seed: 100 + i, parameters: subject.parameters(i) }));
}
