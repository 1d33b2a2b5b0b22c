import { MlpParameters, type Configuration } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { checkMlpParameters, configurationOf, type ExperimentDefinition } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { startPack, trainPack } from "../testing/recorded-pack";
import { logicGates, lossMinimization } from "../testing/small-experiments";

beforeAll(async () => {
  await openBackend("wasm");
});

const inputs = Float32Array.of(-1.5, 0.3, -0.4, 1.1, 0.2, -0.7, 0.9, 0.5, 1.6, -1.2, -0.8, -0.1);
const targets = Float32Array.of(0.4, -1.3, 0.8, 0.1, 2.2, -0.6);

/** Six points of two inputs, to fit a plane. */
const plane: ExperimentDefinition = {
  ...lossMinimization,
  parameters: MlpParameters,
  problem: {
    kind: "supervised",
    inputWidth: 2,
    outputWidth: 1,
    outputActivation: "linear",
    loss: "mse",
    data: () => ({ samples: 6, inputs, targets }),
    evaluationInputs: () => Float32Array.of(0, 0, 1, 0, 0, 1),
    evaluate: (_, [origin = NaN, first = NaN, second = NaN]) => ({ bias: origin, w1: first - origin, w2: second - origin }),
  },
};

/** Minimizes mean (w·x + b − y)² + ½λ|w|² by Gauss elimination of its normal equations, in double precision. */
function leastSquares(l2: number): number[] {
  const rows = Array.from(targets, (y, i) => ({ x: [inputs[2 * i]!, inputs[2 * i + 1]!, 1], y }));
  const a = [0, 1, 2].map((i) => [
    ...[0, 1, 2].map((j) => rows.reduce((sum, { x }) => sum + (2 / 6) * x[i]! * x[j]!, i === j && i < 2 ? l2 : 0)),
    rows.reduce((sum, { x, y }) => sum + (2 / 6) * x[i]! * y, 0),
  ]);
  for (let k = 0; k < 3; k++)
    for (let i = 0; i < 3; i++) {
      if (i === k) continue;
      const share = a[i]![k]! / a[k]![k]!;
      a[i] = a[i]!.map((value, j) => value - share * a[k]![j]!);
    }
  return a.map((row, i) => row[3]! / row[i]!);
}

const minimizing = (changes: Configuration): Configuration => ({
  ...MlpParameters.parse({ hiddenLayers: [], batchSize: 0, epochs: 25, lbfgsSteps: 25, plots: false, ...changes }),
});

describe("L-BFGS in the last epochs", () => {
  it.each([0, 0.3])("fits a plane as the normal equations do, with an L2 penalty of %d", async (l2) => {
    const [run] = await trainPack(plane, [{ seed: 1, parameters: minimizing({ l2 }) }]);
    const [w1 = NaN, w2 = NaN, bias = NaN] = leastSquares(l2);
    const { metrics = {} } = run?.result ?? {};
    expect(Math.abs(metrics["w1"]! - w1)).toBeLessThan(2e-5);
    expect(Math.abs(metrics["w2"]! - w2)).toBeLessThan(2e-5);
    expect(Math.abs(metrics["bias"]! - bias)).toBeLessThan(2e-5);
  });

  it("ends far below Adam's steps alone, which stay as they are in the same pack", async () => {
    const parameters = (lbfgsSteps: number) =>
      configurationOf(logicGates, { epochs: 120, learningRate: 0.01, batchSize: 0, lbfgsSteps, plots: false });
    const [adam, minimized] = await trainPack(logicGates, [
      { seed: 2, parameters: parameters(0) },
      { seed: 2, parameters: parameters(80) },
    ]);
    const [alone] = await trainPack(logicGates, [{ seed: 2, parameters: parameters(0) }]);
    expect(adam).toEqual(alone);
    const [slow, fast] = [adam, minimized].map((run) => run?.result?.metrics["loss"] ?? NaN);
    expect(fast).toBeLessThan(slow! / 100);
    // Until then the same bits.
    expect(minimized?.series["loss"]?.slice(0, 40)).toEqual(adam?.series["loss"]?.slice(0, 40));
  });

  it.each<[Configuration, string]>([
    [{ batchSize: 64 }, "batchSize"],
    [{ dropout: 0.1 }, "dropout"],
    [{ inputDropout: 0.1 }, "inputDropout"],
    [{ l1: 0.1 }, "l1"],
    [{ proximalL1: 0.1 }, "proximalL1"],
    [{ clipNorm: 1 }, "clipNorm"],
    [{ clipValue: 1 }, "clipValue"],
    [{ plateauPatience: 3 }, "plateauPatience"],
    [{ batchNormalization: true }, "batchNormalization"],
    [{ lbfgsSteps: 26 }, "lbfgsSteps"],
  ])("is refused with %j, by the catalogue's check and by the family", async (changes, path) => {
    const parameters = minimizing({ hiddenLayers: [3], ...changes });
    expect(checkMlpParameters(parameters).map((issue) => issue.path)).toEqual([path]);
    await expect(startPack(plane, [{ seed: 1, parameters }])).rejects.toThrow(path);
  });
});
