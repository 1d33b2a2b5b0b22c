import { PlotData } from "@basin/contracts";
import { configurationOf, findExperiment, noResources, type CustomLossProblem, type ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { openSuiteBackend } from "../testing/suite-backend";
import { freshSampleRun } from "../training/sample-run";
import { CustomLossNetwork } from "./custom-loss-network";

beforeAll(openSuiteBackend, 60_000);

const spelling = findExperiment("spelling")!;

describe("the gradients by the weights", () => {
  /** The losses of the last call in double precision, run by run. */
  let measured: number[] = [];
  const [samples, inputWidth, outputWidth] = [5, 3, 2];
  const problem: CustomLossProblem = {
    kind: "custom-loss",
    inputWidth,
    outputWidth,
    data: () => ({
      samples,
      inputs: Float32Array.from({ length: samples * inputWidth }, (_, i) => Math.sin(2 * i + 1)),
      targets: Float32Array.from({ length: samples * outputWidth }, (_, i) => Math.cos(5 * i)),
    }),
    // Quartic, and of all samples together, as no fused loss is.
    lossOf(_, { outputs, targets }, gradient) {
      let square = 0;
      outputs.forEach((y, i) => (square += (y - targets[i]!) ** 2));
      gradient?.forEach((__, i) => (gradient[i] = 4 * square * (outputs[i]! - targets[i]!)));
      measured.push(square * square);
      return square * square;
    },
    evaluationInputs: () => new Float32Array(inputWidth),
    evaluate: () => ({}),
  };
  const definition = { ...spelling, problem } as ExperimentDefinition;
  const parameters = configurationOf(spelling, { hiddenLayers: [4, 3], activation: "tanh" });
  const packRun = (seed: number) => ({ index: seed, run: `run-${seed}`, attempt: 1, seed, parameters, checkpoint: null });

  it("are central differences of a loss that no kernel has, for every run of a pack by its own weights", () => {
    const runs = [1, 2].map((seed) => packRun(seed));
    const network = new CustomLossNetwork(definition, problem, runs[0] as never, noResources);
    const initial = runs.map((run) => network.initial(run as never, network.parametersOf(run as never)));
    const { inputs, targets } = problem.data(parameters);
    const stacked = (change?: { run: number; array: number; at: number; by: number }): tf.Tensor[] =>
      network.specs.map(({ shape }, array) => {
        const values = initial.flatMap((own, run) =>
          Array.from(own[array]!, (v, at) =>
            change?.run === run && change.array === array && change.at === at ? v + change.by : v,
          ),
        );
        return tf.tensor(values, [runs.length, ...shape]);
      });
    const both = (values: Float32Array, width: number): tf.Tensor3D =>
      tf.tensor3d([...values, ...values], [runs.length, samples, width]);
    const steps = runs.map((run) =>
      freshSampleRun(
        run as never,
        network.parametersOf(run as never),
        { training: new Int32Array(0), validation: new Int32Array(0) },
        1,
      ),
    );
    const call = (tensors: tf.Tensor[]): tf.Tensor[] => {
      measured = [];
      const x = both(inputs, inputWidth);
      return network.lossAndGradients(tensors, x, both(targets, outputWidth), { runs: steps, taken: [0, 0], given: {} })
        .gradients!;
    };
    tf.tidy(() => {
      const gradients = call(stacked()).map((tensor) => tensor.dataSync<"float32">());
      let checked = 0;
      for (const run of [0, 1])
        network.specs.forEach(({ shape }, array) => {
          const size = shape.reduce((a, b) => a * b, 1);
          for (let at = 0; at < size; at += 2) {
            const loss = (by: number): number => {
              call(stacked({ run, array, at, by }));
              return measured[run]!;
            };
            const want = (loss(1e-2) - loss(-1e-2)) / 2e-2;
            expect(Math.abs(gradients[array]![run * size + at]! - want)).toBeLessThan(1e-2 * Math.max(1, Math.abs(want)));
            checked += 1;
          }
        });
      expect(checked).toBeGreaterThan(30);
    });
  });
});

it("spelling draws what it declares and reports what it declares; every loss makes the words less wrong", async () => {
  const train = async (changes: object) => {
    const short = { trainingSamples: 600, hiddenLayers: [32], epochs: 6, ...changes };
    return (await trainPack(spelling, [{ seed: 1, parameters: configurationOf(spelling, short) }]))[0]!;
  };
  const untrained = await train({ learningRate: 1e-30, plots: false, loss: "places" });
  for (const loss of ["places", "alignment", "reinforce"]) {
    const { result } = await train({ loss, drawnWords: 4 });
    const drawn = result!.artifacts.flatMap(({ name, content }) =>
      name.startsWith("plots/") ? [{ name, kind: PlotData.parse(JSON.parse(new TextDecoder().decode(content))).kind }] : [],
    );
    expect(drawn).toEqual(spelling.plots.map(({ id, kind }) => ({ name: `plots/${id}.json`, kind })));
    const finals = spelling.metrics.flatMap(({ name, final }) => (final && name !== "validationLoss" ? name : [])).sort();
    expect(Object.keys(result!.metrics).sort()).toEqual(finals);
    expect(result!.metrics["testDistance"]).toBeLessThan(untrained.result!.metrics["testDistance"]! - 0.5);
  }
});
