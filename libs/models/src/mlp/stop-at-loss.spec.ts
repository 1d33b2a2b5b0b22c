import { configurationOf, findExperiment } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { after, startPack, trainPack, type TestRun } from "../testing/recorded-pack";
import { openSuiteBackend } from "../testing/suite-backend";

beforeAll(openSuiteBackend, 60_000);

const definition = findExperiment("sharpness")!;
const bound = 0.4;
const parameters = (stopAtLoss: number, batchSize = 8) =>
  configurationOf(definition, {
    samples: 40,
    hiddenLayers: [4],
    epochs: 200,
    learningRate: 0.03,
    plots: false,
    stopAtLoss,
    batchSize,
  });

it("a run ends with the first epoch whose mean loss is at or below what its problem says, its neighbours later", async () => {
  const runs = [1, 2, 4].map((seed): TestRun => ({ seed, parameters: parameters(bound) }));
  const whole = await trainPack(definition, runs);
  const epochs = whole.map(({ series }) => series["loss"]!.length);
  expect(new Set(epochs).size).toBeGreaterThan(1);
  for (const [i, { series, result }] of whole.entries()) {
    const losses = series["loss"]!.map(([, loss]) => loss);
    expect(losses.at(-1)).toBeLessThanOrEqual(bound);
    expect(losses.slice(0, -1).every((loss) => loss > bound)).toBe(true);
    expect(result!.metrics["epochsTrained"]).toBe(epochs[i]);
    expect(await trainPack(definition, [runs[i]!])).toEqual([whole[i]]);
  }
});

it("and after a resume at the same one, with the same bits", async () => {
  const run: TestRun = { seed: 2, parameters: parameters(bound) };
  const [whole] = await trainPack(definition, [run]);
  const first = await startPack(definition, [run]);
  for (let i = 0; i < 5; i++) await first.program.advance();
  const checkpoint = await first.program.checkpoint(0);
  const [resumed] = await trainPack(definition, [{ ...run, checkpoint }]);
  expect(resumed).toEqual(after(whole!, 5));
});

it("0 stops nothing, and what is never reached leaves all epochs", async () => {
  for (const stopAtLoss of [0, 1e-9]) {
    const [run] = await trainPack(definition, [{ seed: 1, parameters: parameters(stopAtLoss, 0) }]);
    expect(run!.series["loss"]).toHaveLength(200);
  }
});
