import { openBackend, readSafetensors } from "@basin/engine";
import { configurationOf, findExperiment, noResources } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { everyOperation, smallLoop, smallMaglev, maglev } from "../testing/small-loops";
import { trainPack } from "../testing/recorded-pack";
import { initialLoopWeights, loopNetwork } from "./loop-network";
import { freshRolloutRun } from "./rollout-run";

beforeAll(async () => {
  await openBackend("wasm");
});

const echo = findExperiment("delayed-echo")!;
const small = { sequences: 8, hiddenLayers: [6], horizon: 12, firstHorizon: 12, delay: 3, reportEvery: 1, plots: false };

describe("a recurrent network", () => {
  it.each([0.25, 0])("moves by rate times limit where its gradient is longer: limit %d", async (clipNorm) => {
    const changes = { ...small, epochs: 1, optimizer: "sgd", learningRate: 0.1, initializationGain: 3, clipNorm };
    const parameters = configurationOf(echo, changes);
    const [recording] = await trainPack(echo, [{ seed: 4, parameters }]);
    const norm = recording!.result!.metrics["gradientNorm"]!;
    expect(norm).toBeGreaterThan(0.5);
    const network = loopNetwork(
      { inputs: [{ op: "constant", value: 0 }], outputs: 1, outputActivation: "linear" },
      {
        hiddenLayers: [6],
        activation: "tanh",
        cell: "elman",
      },
    );
    const before = initialLoopWeights(network, { initialization: "lecun-normal", initializationGain: 3 }, 4);
    const { tensors } = readSafetensors(recording!.result!.artifacts[0]!.content);
    const squares = network.specs.flatMap(({ name }, i) =>
      Array.from(tensors[name]!.values, (value, k) => (value - before[i]![k]!) ** 2),
    );
    const moved = Math.sqrt(squares.reduce((a, b) => a + b, 0));
    expect(moved / (0.1 * (clipNorm > 0 ? clipNorm : norm))).toBeCloseTo(1, 4);
  });

  it("hears nothing of what it has no memory for, and echoes where it has", async () => {
    const parameters = (cell: string) =>
      configurationOf(echo, { ...small, delay: 1, epochs: 150, learningRate: 0.05, initializationGain: 1, cell });
    const [without] = await trainPack(echo, [{ seed: 1, parameters: parameters("none") }]);
    const [with_] = await trainPack(echo, [{ seed: 1, parameters: parameters("elman") }]);
    expect(without!.result!.metrics["testError"]).toBeGreaterThan(0.9);
    expect(with_!.result!.metrics["testError"]).toBeLessThan(0.2);
  });

  it("ends as diverged, with its figures, when its loss is no number", async () => {
    const parameters = configurationOf(echo, { ...small, epochs: 40, optimizer: "sgd", learningRate: 1e6, clipNorm: 0 });
    const [recording] = await trainPack(echo, [{ seed: 1, parameters }]);
    const { outcome, reason, metrics } = recording!.result!;
    expect(outcome).toBe("diverged");
    expect(reason).toMatch(/^loss became (Infinity|NaN) at epoch \d+$/);
    const finals = echo.metrics.filter(({ final }) => final).map(({ name }) => name);
    expect(finals).toEqual(expect.arrayContaining(Object.keys(metrics)));
    expect(metrics).toHaveProperty("testError", Number.NaN);
  });
});

it.each([
  ["maglev", maglev, smallMaglev({ plots: true })],
  ["delayed-echo", echo, configurationOf(echo, { ...small, epochs: 2, plots: true })],
] as const)("%s reports the figures that its descriptor says, and draws its plots", async (_, definition, parameters) => {
  const [recording] = await trainPack(definition, [{ seed: 2, parameters }]);
  const finals = definition.metrics.filter(({ final }) => final).map(({ name }) => name);
  expect(Object.keys(recording!.result!.metrics).sort()).toEqual(finals.sort());
  const series = definition.metrics.filter((one) => one.series).map(({ name }) => name);
  expect(Object.keys(recording!.series).sort()).toEqual(series.sort());
  const drawn = recording!.result!.artifacts.filter(({ kind }) => kind === "plot").map(({ name }) => name);
  expect(drawn).toEqual(definition.plots.map(({ id }) => `plots/${id}.json`));
});

it("refuses parameters that do not fit each other", () => {
  const run = (changes: Parameters<typeof smallLoop>[0]) =>
    freshRolloutRun({ index: 0, seed: 1, attempt: 1, parameters: smallLoop(changes), checkpoint: null });
  expect(run({}).step).toBe(0);
  expect(() => run({ firstHorizon: 12 })).toThrow("firstHorizon (12) is more than the horizon of 11 steps.");
  expect(() => run({ reportEvery: 4 })).toThrow("reportEvery (4) does not divide the 6 epochs.");
  const { problem } = everyOperation;
  if (problem.kind !== "rollout") throw new Error("not a rollout");
  const loop = problem.loop(smallLoop(), noResources);
  expect(() => loopNetwork(loop, { hiddenLayers: [], activation: "tanh", cell: "elman" })).toThrow("hiddenLayers has no layer");
});
