import { PlotData, type Configuration } from "@basin/contracts";
import { configurationOf, findExperiment, type DescentProblem } from "@basin/problems";
import { describe, expect, it } from "vitest";
import { after, startPack, trainPack } from "../testing/recorded-pack";

function experiment(id: string) {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  return definition;
}

async function run(id: string, changes: Configuration, seeds: readonly number[] = [1]) {
  const definition = experiment(id);
  const parameters = configurationOf(definition, { plots: false, ...changes });
  const recordings = await trainPack(
    definition,
    seeds.map((seed) => ({ seed, parameters })),
  );
  return recordings.map(({ result }) => result!);
}

const problems: [string, Configuration, number][] = [
  ["bowl", {}, 8],
  ["saddle-escape", {}, 2],
  ["plateau-time", {}, 14],
  ["muller-brown", {}, 2],
  ["random-critical-points", { dimension: 4 }, 4],
  ["boltzmann", { samples: 200 }, 28],
];

describe.each(problems)("%s", (id, changes, dimension) => {
  const definition = experiment(id);
  const problem = definition.problem as DescentProblem;
  const parameters = configurationOf(definition, changes);

  it("has gradients that are central differences of its values, and no value below its minimum", () => {
    const point = Float64Array.from({ length: dimension }, (_, i) => Math.sin(3 * i + 1));
    problem.gradient(parameters, point, 5, 1).forEach((got, i) => {
      const at = (change: number): number =>
        problem.value(
          parameters,
          point.map((v, j) => (j === i ? v + change : v)),
          5,
        );
      expect(Math.abs(got - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-5 * Math.max(1, Math.abs(got)));
    });
    expect(problem.start(parameters, 5)).toHaveLength(dimension);
    expect(problem.value(parameters, point, 5)).toBeGreaterThan(problem.minimum(parameters, 5));
  });

  it("draws what it declares", async () => {
    const [result] = await run(id, { ...changes, plots: true, ...("draws" in parameters ? { draws: 500 } : {}) });
    const drawn = result!.artifacts.map(({ name, content }) => ({
      name,
      kind: PlotData.parse(JSON.parse(new TextDecoder().decode(content))).kind,
    }));
    expect(drawn).toEqual(definition.plots.map((plot) => ({ name: `plots/${plot.id}.json`, kind: plot.kind })));
    const reported = Object.keys(result!.metrics).sort();
    expect(reported).toEqual(definition.metrics.flatMap(({ name, final }) => (final ? name : [])).sort());
  });
});

describe("the bowl", () => {
  // H = 2[[33.673, 5], [5, 1]] of x = 10i/49: eigenvalues 68.843 and 0.50395, so 2/λmax = 0.0290516.
  const limit = 0.0290516;

  it("all starts end in the minimum of the normal equations just below the limit", async () => {
    const [result] = await run("bowl", { learningRate: 0.99 * limit });
    expect(result!.metrics["rateOverLimit"]).toBeCloseTo(0.99, 4);
    expect(result!.metrics["worstDistance"]).toBeLessThan(1e-6);
    expect(result!.metrics["startsApart"]).toBeLessThan(1e-6);
  });

  it("just above it every step makes the error larger by what the limit says, and further above it soon overflows", async () => {
    const definition = experiment("bowl");
    const parameters = configurationOf(definition, { learningRate: 1.01 * limit, maxSteps: 3000, plots: false });
    const [recording] = await trainPack(definition, [{ seed: 1, parameters }]);
    const values = recording!.series["value"]!.map(([, value]) => value);
    // Along the steep direction the error is multiplied by 1 − 2·1.01 = −1.02, and the value by its square.
    expect(values.at(-1)! / values.at(-2)!).toBeCloseTo(1.02 ** 2, 4);
    const [far] = await run("bowl", { learningRate: 1.5 * limit });
    expect(far!.outcome).toBe("diverged");
  });
});

describe("the saddle", () => {
  it("without noise the descent ends at it; with noise it arrives at a minimum in at most 200 steps from every seed", async () => {
    const [still] = await run("saddle-escape", { stepNoise: 0 });
    expect(still!.metrics).toMatchObject({ arrived: 0, side: 0 });
    expect(still!.metrics["saddleDistance"]).toBeLessThan(1e-8);
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
    for (const [stepNoise, most] of [
      [1e-3, 80],
      [1e-2, 60],
    ] as const) {
      const results = await run("saddle-escape", { stepNoise }, seeds);
      expect(results.every(({ metrics }) => metrics["arrived"] === 1)).toBe(true);
      const leaving = results.map(({ metrics }) => metrics["leavingSteps"]!).sort((a, b) => a - b);
      expect(leaving[10]).toBeLessThan(most);
      expect(new Set(results.map(({ metrics }) => metrics["side"]))).toEqual(new Set([-1, 1]));
    }
  });

  it("the noise of a step is the same after a resume, and in a pack", async () => {
    const definition = experiment("saddle-escape");
    const parameters = configurationOf(definition, { stepNoise: 1e-2, plots: false });
    const [whole] = await trainPack(definition, [{ seed: 7, parameters }]);
    const [, beside] = await trainPack(definition, [
      { seed: 8, parameters },
      { seed: 7, parameters },
    ]);
    expect(beside).toEqual(whole);
    const first = await startPack(definition, [{ seed: 7, parameters }]);
    for (let i = 0; i < 30; i++) await first.program.advance();
    const checkpoint = await first.program.checkpoint(0);
    const [resumed] = await trainPack(definition, [{ seed: 7, parameters, checkpoint }]);
    expect(resumed).toEqual(after(whole!, 30));
  });

  it("holds a start 24.16 steps longer for every decade that it is nearer to the ridge", async () => {
    for (const { metrics } of await run("plateau-time", {}, [1, 2, 3])) {
      expect(metrics["expectedStepsPerDecade"]).toBeCloseTo(24.1589, 3);
      expect(metrics["slopeError"]).toBeLessThan(0.03);
    }
  });
});

describe("the Boltzmann machine", () => {
  it("by the exact gradient ends in the couplings of greatest likelihood, within the bounds from 1,000 samples", async () => {
    const [few, more] = await Promise.all([{ samples: 200 }, {}].map((changes) => run("boltzmann", changes, [1, 2, 3])));
    for (const { metrics } of more!) {
      expect(metrics["reached"]).toBe(1);
      expect(metrics["divergence"]).toBeLessThan(0.05);
      expect(metrics["couplingError"]).toBeLessThan(0.08);
      expect(metrics["identityError"]).toBeLessThan(1e-12);
      expect(metrics["uniformDivergence"]).toBeGreaterThan(0.5);
    }
    const sum = (results: typeof few): number => results!.reduce((all, { metrics }) => all + metrics["divergence"]!, 0);
    expect(sum(few)).toBeGreaterThan(2 * sum(more));
  });

  it("by contrastive divergence comes nearly as far, and without learning stays where it is", async () => {
    const [sampled] = await run("boltzmann", { learning: "contrastive-divergence", learningRate: 0.05, maxSteps: 300 });
    expect(sampled!.metrics["divergence"]).toBeLessThan(0.1);
    const [still] = await run("boltzmann", { learning: "none", maxSteps: 5 });
    expect(still!.metrics["divergence"]).toBe(still!.metrics["uniformDivergence"]);
  });
});

describe("random critical points", () => {
  it("are left exactly where a curvature is negative, for the minimum that it leads to", async () => {
    const results = await run(
      "random-critical-points",
      { dimension: 2, draws: 1000, maxSteps: 20_000 },
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    for (const { metrics } of results) {
      const least = metrics["leastCurvature"]!;
      expect(metrics["reached"]).toBe(1);
      if (least > 0) expect(metrics["endDistance"]).toBeLessThan(1e-3);
      else expect(metrics["endDistance"]! ** 2).toBeCloseTo(-least, 2);
    }
    expect(new Set(results.map(({ metrics }) => metrics["leastCurvature"]! > 0)).size).toBe(2);
  });
});
