import {
  Distribution,
  Importance,
  LabelTally,
  MetricPairs,
  PairwiseTest,
  ParameterSample,
  Results,
  type CallInput,
  type RouteName,
  type Selection,
  type SweepId,
} from "@basin/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness, type SeededRun } from "../http/http-harness.testing";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

async function ask<N extends RouteName>(name: N, input: CallInput<N>): Promise<unknown> {
  const answer = await api.call(name, input);
  expect(answer.status, answer.text.slice(0, 500)).toBe(200);
  return answer.json;
}
const test = async (a: Selection, b: Selection): Promise<PairwiseTest> =>
  PairwiseTest.parse(await ask("testPair", { body: { a, b } }));

describe("forty draws of two configurations with three seeds each, as random search once made them", () => {
  const sweep = "rep00001" as SweepId;
  const params = { sweep };
  const values = { tanh: [0.268, 0.273, 0.278], relu: [0.311, 0.305, 0.315] };

  beforeAll(async () => {
    await seedSweep(api, {
      id: sweep,
      state: "completed",
      space: { activation: { type: "choice", values: ["tanh", "relu"] } },
      trials: Array.from({ length: 40 }, (_, trial) => {
        const activation = trial % 3 === 0 ? "relu" : "tanh";
        // What a copy would have shown had it not been lost.
        const runs = values[activation].map((objective, seed): SeededRun => {
          const lost = trial === 0 && seed === 1;
          return lost ? { state: "failed" } : { objective, metrics: { mae: objective, rSquared: 1 - objective ** 2 } };
        });
        return { parameters: { activation, hiddenLayers: [8] }, runs };
      }),
    });
  });

  it("are six runs, however often they were trained", async () => {
    const { groups, leftOut } = Results.parse(await ask("getResults", { params, query: {} }));
    expect(groups.map(({ group, objective, counts, repeats }) => [group.activation, objective.n, counts.total, repeats])).toEqual(
      [
        ["tanh", 3, 3, 75],
        ["relu", 3, 3, 39],
      ],
    );
    expect(leftOut).toMatchObject({ repeats: 114, without: 0 });
    expect(leftOut.reading).toContain("114 runs repeat one that counts");
    // With NumPy and SciPy, from the three logarithms: 10^(mean ± t(0.975, 2)·std/√3).
    expect(groups[0]?.objective.typical?.low).toBeCloseTo(0.260826963199555, 12);
    expect(groups[0]?.objective.typical?.high).toBeCloseTo(0.28567726084518563, 12);
  });

  it("show no difference: p = 0.1 is the least that three against three can give", async () => {
    const found = await test({ sweep, group: { activation: "tanh" } }, { sweep, group: { activation: "relu" } });
    // scipy.stats.mannwhitneyu(x, y, method="exact").
    expect(found.mannWhitney).toMatchObject({ u: 0, method: "exact" });
    expect(found.mannWhitney?.p).toBeCloseTo(0.1, 14);
    expect([found.a.n, found.b.n, found.a.repeats, found.b.repeats]).toEqual([3, 3, 75, 39]);
    expect(found.reading).toContain("do not show");
    expect(found.reading).toContain("75 runs of activation = tanh repeat another");
  });

  it("count once in every other answer", async () => {
    const importance = Importance.parse(await ask("getImportance", { params, query: {} }));
    expect([importance.n, importance.coverage]).toEqual([6, { shown: 6, of: 6 }]);
    const pairs = MetricPairs.parse(await ask("getMetricPairs", { params, query: { x: "rSquared" } }));
    expect(pairs.coverage.of).toBe(6);
    const sample = ParameterSample.parse(await ask("getParameterSample", { params, query: {} }));
    expect([sample.trials, sample.n, sample.coverage.of]).toEqual([[1, 0], [3, 3], 2]);
    const distribution = Distribution.parse(await ask("getDistribution", { params, query: { groupBy: [] } }));
    expect(distribution.groups).toMatchObject([{ n: 6, repeats: 114 }]);
    const run = `${sweep}-39-2`;
    expect(await ask("compare", { body: { items: [{ run: run }] } })).toMatchObject({ items: [{ run, runs: 1 }] });
  });
});

describe("runs that differ in nothing that has an effect", () => {
  it("of an experiment that draws nothing are one, whatever their seeds", async () => {
    const sweep = "det00001" as SweepId;
    await seedSweep(api, {
      id: sweep,
      state: "completed",
      experiment: "dataset-sindy",
      space: { threshold: { type: "choice", values: [0.1, 0.2] } },
      trials: [0.1, 0.2].map((threshold) => ({
        parameters: { threshold },
        runs: Array.from({ length: 5 }, (): SeededRun => ({ objective: threshold, metrics: { mae: threshold } })),
      })),
    });
    const { groups, leftOut } = Results.parse(await ask("getResults", { params: { sweep }, query: {} }));
    expect(groups.map(({ objective, repeats }) => [objective.n, objective.std, objective.ciLow, repeats])).toEqual([
      [1, null, null, 4],
      [1, null, null, 4],
    ]);
    expect(leftOut.reading).toContain("the seed does not matter here");
    const found = await test({ sweep, group: { threshold: 0.1 } }, { sweep, group: { threshold: 0.2 } });
    expect([found.a.n, found.b.n, found.welch]).toEqual([1, 1, null]);
  });

  it("are one where batches hold all samples, and where single precision cannot tell rates apart", async () => {
    const sweep = "ba7c0001" as SweepId;
    const trials = [0, 15, 4096, 14].flatMap((batchSize) =>
      [0.1, 0.1 + 1e-9, 0.2].map((learningRate) => ({ batchSize, learningRate })),
    );
    await seedSweep(api, {
      id: sweep,
      state: "completed",
      experiment: "runge-interpolation",
      space: {
        samples: { type: "fixed", value: 15 },
        batchSize: { type: "choice", values: [0, 15, 4096, 14] },
        learningRate: { type: "choice", values: [0.1, 0.1 + 1e-9, 0.2] },
      },
      trials: trials.map((parameters) => ({
        parameters,
        runs: Array.from({ length: 3 }, (_, seed): SeededRun => ({ objective: 0.9 + seed / 100 })),
      })),
    });
    // Two sizes of batches by two rates, each from three initializations.
    const { groups } = Results.parse(await ask("getResults", { params: { sweep }, query: { groupBy: [] } }));
    expect(groups.map(({ objective, repeats }) => [objective.n, repeats])).toEqual([[12, 24]]);
  });

  it("of a dataset are one from as many rows on as training has", async () => {
    const { body } = await api.app.inject({
      method: "POST",
      url: "/api/v1/datasets?name=rows.csv",
      headers: { "content-type": "application/octet-stream" },
      payload: ["x,y", ...Array.from({ length: 50 }, (_, i) => `${i / 7},${i / 3}`)].join("\n"),
    });
    const { id } = JSON.parse(body) as { id: string };
    const sweep = "ba7c0002" as SweepId;
    const sizes = [0, 40, 50, 39];
    await seedSweep(api, {
      id: sweep,
      state: "completed",
      experiment: "dataset-regression",
      space: {
        dataset: { type: "fixed", value: id },
        targets: { type: "fixed", value: ["y"] },
        testFraction: { type: "fixed", value: 0.2 },
        batchSize: { type: "choice", values: sizes },
      },
      trials: sizes.map((batchSize) => ({ parameters: { batchSize }, runs: [{ objective: 0.5 }, { objective: 0.6 }] })),
    });
    const { groups } = Results.parse(await ask("getResults", { params: { sweep }, query: { groupBy: [] } }));
    expect(groups.map(({ objective, repeats }) => [objective.n, repeats])).toEqual([[4, 4]]);
  });

  it("stand in each group of a parameter without effect, and once where they are pooled", async () => {
    const sweep = "1d1e0001" as SweepId;
    const activations = ["tanh", "relu", "gelu"];
    await seedSweep(api, {
      id: sweep,
      state: "completed",
      experiment: "iris-perceptron",
      space: { activation: { type: "choice", values: activations } },
      trials: activations.map((activation) => ({
        parameters: { activation },
        runs: Array.from({ length: 4 }, (_, seed): SeededRun => ({ objective: 0.9 + seed / 100 })),
      })),
    });
    const of = async (groupBy: string[]): Promise<[number, number][]> =>
      Results.parse(await ask("getResults", { params: { sweep }, query: { groupBy } })).groups.map((group) => [
        group.objective.n,
        group.repeats,
      ]);
    expect(await of(["activation"])).toEqual(activations.map(() => [4, 0]));
    expect(await of([])).toEqual([[4, 8]]);
    const importance = Importance.parse(await ask("getImportance", { params: { sweep }, query: {} }));
    expect(importance.parameters).toMatchObject([{ name: "activation", importance: 0 }]);
  });
});

describe("diverged runs", () => {
  const sweep = "d1v00001" as SweepId;
  const params = { sweep };
  const diverged = (count: number): SeededRun[] => Array.from({ length: count }, () => ({ state: "diverged", objective: null }));
  const values = (count: number, at: (i: number) => number): SeededRun[] =>
    Array.from({ length: count }, (_, i) => ({ objective: at(i) }));

  beforeAll(async () => {
    await seedSweep(api, {
      id: sweep,
      state: "completed",
      space: { learningRate: { type: "choice", values: [0.1, 0.3, 0.4, 0.5] } },
      trials: [
        { parameters: { learningRate: 0.1 }, runs: values(20, (i) => 0.3 + i / 200) },
        { parameters: { learningRate: 0.3 }, runs: [...values(14, (i) => 0.05 + i / 100), ...diverged(6)] },
        { parameters: { learningRate: 0.4 }, runs: [...values(3, (i) => [0.02, 0.2, 0.5][i] ?? 0), ...diverged(17)] },
        { parameters: { learningRate: 0.5 }, runs: diverged(20) },
      ],
    });
  });

  it("keep a configuration that mostly diverges behind those that do not, in every order", async () => {
    const { groups, leftOut, rankedBy } = Results.parse(await ask("getResults", { params, query: {} }));
    expect(groups.map(({ group }) => group.learningRate)).toEqual([0.3, 0.1, 0.4, 0.5]);
    expect(rankedBy).toContain("those without a value counting as the worst");
    expect(leftOut).toMatchObject({ without: 43 });
    expect(leftOut.reading).toContain("43 of 80 finished runs without a value (43 diverged)");
    for (const sort of ["median", "mean", "spread"] as const) {
      const { groups: boxes } = Distribution.parse(await ask("getDistribution", { params, query: { sort } }));
      expect(boxes.slice(2).map(({ group }) => group.learningRate)).toEqual([0.4, 0.5]);
    }
    const sample = ParameterSample.parse(await ask("getParameterSample", { params, query: {} }));
    expect(sample.trials).toEqual([1, 0, 2, 3]);
  });

  it("leave no interval of a positive error below 0", async () => {
    const { groups } = Results.parse(await ask("getResults", { params, query: {} }));
    // Of 0.02, 0.2, 0.5 the mean's interval would begin at −0.36; NumPy and SciPy from the logarithms.
    const { typical, ciLow } = groups[2]!.objective;
    expect(ciLow).toBe(0);
    expect(typical?.scale).toBe("log");
    expect(typical?.centre).toBeCloseTo(0.12599210498948732, 12);
    expect(typical?.low).toBeCloseTo(0.00204707571658971, 12);
    expect(typical?.high).toBeCloseTo(7.754481376061174, 8);
  });

  it("count as worse than any value in the test, and its reading says so", async () => {
    const found = await test({ sweep, group: { learningRate: 0.1 } }, { sweep, group: { learningRate: 0.3 } });
    // Of all C(40, 20) choices of 20 mid-ranks, counted in Python's whole numbers; scipy.stats.mannwhitneyu(a, b + [inf] * 6), which
    // approximates where values tie, has 0.0312.
    expect(found.mannWhitney?.u).toBe(280);
    expect(found.mannWhitney?.p).toBeCloseTo(0.029611230351182957, 12);
    expect(found.cliffsDelta?.value).toBeCloseTo(-0.4, 12);
    expect(found.reading).toContain(
      "6 of 20 runs of learningRate = 0.3 diverged or ended without a value and count as worse than any",
    );
    const all = await test({ sweep, group: { learningRate: 0.1 } }, { sweep, group: { learningRate: 0.5 } });
    expect(all.mannWhitney?.p).toBeLessThan(1e-6);
    expect(all.reading).toContain("learningRate = 0.1 wins");
  });

  it("are left out of importances, which say of how many runs they speak", async () => {
    const { n, coverage, leftOut } = Importance.parse(await ask("getImportance", { params, query: {} }));
    expect([n, coverage]).toEqual([37, { shown: 37, of: 80 }]);
    expect(leftOut.reading).toContain("they are left out");
  });
});

it("equal figures share a rank", async () => {
  const sweep = "t1e00001" as SweepId;
  const accuracies = [0.9, 0.7, 0.9, 0.7, 0.9, 0.5];
  await seedSweep(api, {
    id: sweep,
    maximize: true,
    space: { learningRate: { type: "choice", values: accuracies.map((_, i) => i + 1) } },
    trials: accuracies.map((accuracy, i) => ({
      parameters: { learningRate: i + 1 },
      runs: Array.from({ length: 3 }, (): SeededRun => ({ objective: accuracy })),
    })),
  });
  const { ranks, trials } = ParameterSample.parse(await ask("getParameterSample", { params: { sweep }, query: {} }));
  expect(ranks).toEqual([1, 1, 1, 4, 4, 6]);
  expect(trials).toEqual([0, 2, 4, 1, 3, 5]);
  const perRun = ParameterSample.parse(await ask("getParameterSample", { params: { sweep }, query: { per: "run" } }));
  expect(perRun.ranks).toEqual([...new Array<number>(9).fill(1), ...new Array<number>(6).fill(10), 16, 16, 16]);
});

it("a label's examples are the first runs that have it, by trial and seed, whatever the order in which they ended", async () => {
  const sweep = "1abe0001" as SweepId;
  await seedSweep(api, {
    id: sweep,
    trials: [{ parameters: { learningRate: 1 }, runs: Array.from({ length: 8 }, (_, i): SeededRun => ({ objective: i })) }],
  });
  for (const seed of [5, 0, 1, 7, 4, 2, 3, 6])
    await api.sql("UPDATE run SET labels = $2 WHERE id = $1", [`${sweep}-0-${seed}`, { equation: "x' = y" }]);
  const { groups } = LabelTally.parse(await ask("getLabelTally", { params: { sweep }, query: {} }));
  expect(groups[0]?.tally[0]?.examples).toEqual([0, 1, 2, 3, 4].map((seed) => `${sweep}-0-${seed}`));
});
