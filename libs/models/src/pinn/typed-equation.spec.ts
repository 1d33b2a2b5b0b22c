import { DatasetId, type Configuration, type DatasetContent } from "@basin/contracts";
import { configurationOf, findExperiment, type ProblemResources } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { openSuiteBackend } from "../testing/suite-backend";

beforeAll(openSuiteBackend, 60_000);

const small: Configuration = { hiddenLayers: [16, 16], points: 60, epochs: 1500, reportEvery: 100, plots: true };

async function train(changes: Configuration, resources?: ProblemResources) {
  const definition = findExperiment("equation");
  if (!definition) throw new Error("no equation");
  const parameters = configurationOf(definition, { ...small, ...changes });
  expect(definition.check?.(parameters)).toEqual([]);
  const [run] = await trainPack(definition, [{ seed: 4, parameters }], resources);
  if (!run?.result) throw new Error("the run did not end");
  expect(run.result.outcome, run.result.reason ?? "").toBe("succeeded");
  return run.result;
}

it("a typed equation with functions of the solution is solved", async () => {
  // u' = −tanh u + abs(u) − u, which for u > 0 is −tanh u: sinh u = sinh 1 · e^{−t}.
  const { metrics, artifacts } = await train({
    coordinates: ["t in [0, 2]"],
    equations: ["u_t = -tanh(u) + abs(u) - u + log(exp(t))*0"],
    conditions: ["u(0) = 1"],
    reference: ["u = log(sinh(1)*exp(-t) + sqrt((sinh(1)*exp(-t))^2 + 1))"],
  });
  expect(metrics["relativeL2"]).toBeLessThan(0.01);
  expect(metrics["error"]).toBe(metrics["relativeL2"]);
  expect(metrics["shareOfBound"]).toBeCloseTo((metrics["error"] ?? NaN) / 0.01, 10);
  expect(artifacts.map(({ name }) => name)).toContain("plots/solution.json");
});

it("a third derivative and ends that are tied are trained", async () => {
  // On a ring: a wave of period 2π moves on and keeps its shape.
  const ring = {
    coordinates: ["x in [0, 2*pi]", "t in [0, 0.5]"],
    equations: ["u_t = u_xxx"],
    conditions: ["u(x, 0) = sin(x)", "u(0, t) = u(2*pi, t)", "u_x(0, t) = u_x(2*pi, t)", "u_xx(0, t) = u_xx(2*pi, t)"],
    reference: ["u = sin(x - t)"],
  };
  const { metrics } = await train({ ...ring, epochs: 500, lbfgsSteps: 350, reportEvery: 100 });
  expect(metrics["relativeL2"]).toBeLessThan(0.1);
  // The same bits beside other runs: this goes operation by operation.
  const definition = findExperiment("equation");
  if (!definition) throw new Error("no equation");
  const parameters = configurationOf(definition, { ...small, ...ring, epochs: 12, lbfgsSteps: 4, reportEvery: 4, plots: false });
  const pack = await trainPack(
    definition,
    [4, 5, 6].map((seed) => ({ seed, parameters })),
  );
  const [alone] = await trainPack(definition, [{ seed: 5, parameters }]);
  expect(pack[1]?.result?.metrics).toEqual(alone?.result?.metrics);
  expect(pack[0]?.result?.metrics).not.toEqual(alone?.result?.metrics);
});

it("a solution that a dataset has judges at the dataset's points, and is not trained on", async () => {
  const id = DatasetId.parse("cd".repeat(32));
  const times = Float64Array.of(0, 0.3, 0.7, 1);
  const column = (name: string, values: Float64Array) => ({ name, type: "number" as const, values, categories: [] });
  const tableOf = (values: Float64Array): DatasetContent => ({
    id,
    name: "decay.csv",
    rows: 4,
    columns: [column("t", times), column("level", values)],
    arrays: [],
  });
  const decay = {
    coordinates: ["t in [0, 1]"],
    equations: ["u_t = -2*u"],
    conditions: ["u(0) = 1"],
    referenceFrom: "dataset",
    referenceDataset: id,
    referenceColumns: ["t", "u = level"],
    epochs: 600,
  };
  const exact = times.map((t) => Math.exp(-2 * t));
  const known = await train(decay, { dataset: () => tableOf(exact) });
  expect(known.metrics["relativeL2"]).toBeLessThan(0.02);
  expect(known.metrics["error"]).toBe(known.metrics["relativeL2"]);
  // Twice the solution: an error of half of it, from the same network.
  const doubled = await train(decay, { dataset: () => tableOf(exact.map((value) => 2 * value)) });
  expect(doubled.metrics["loss"]).toBe(known.metrics["loss"]);
  expect(doubled.metrics["relativeL2"]).toBeCloseTo(0.5, 1);
  const plot = known.artifacts.find(({ name }) => name === "plots/solution.json");
  expect(JSON.parse(new TextDecoder().decode(plot?.content))).toMatchObject({
    series: [
      { name: "u, known", style: "points", x: [0, 0.3, 0.7, 1].map((t) => expect.closeTo(t, 6) as number) },
      { name: "u" },
    ],
  });
});

it("a trained constant is found from data", async () => {
  const id = DatasetId.parse("ab".repeat(32));
  const times = Float64Array.from({ length: 21 }, (_, i) => i / 20);
  const column = (name: string, values: Float64Array) => ({ name, type: "number" as const, values, categories: [] });
  const content: DatasetContent = {
    id,
    name: "decay.csv",
    rows: 21,
    columns: [
      column("time", times),
      column(
        "u",
        times.map((t) => Math.exp(-2 * t)),
      ),
    ],
    arrays: [],
  };
  const { metrics, labels } = await train(
    {
      coordinates: ["t in [0, 1]"],
      equations: ["u_t = -alpha*u"],
      conditions: [],
      trainable: ["alpha = 0.5"],
      alpha: 2,
      reference: ["u = exp(-alpha*t)"],
      dataset: id,
      columns: ["t = time", "u"],
    },
    { dataset: () => content },
  );
  expect(metrics["estimate1"]).toBeGreaterThan(1.9);
  expect(metrics["estimate1"]).toBeLessThan(2.1);
  expect(metrics["data1Loss"]).toBeLessThan(1e-3);
  expect(labels?.["constants"]).toMatch(/^alpha = (1\.9|2\.0)/);
});

it("a function to fit is an equation without derivatives, and what is not known is judged by its residual", async () => {
  const { metrics } = await train({
    coordinates: ["x in [-1, 1]", "y in [0, 1]"],
    equations: ["u = sin(3*x)*exp(-y)"],
    conditions: [],
    referenceFrom: "none",
  });
  expect(metrics["residualRms"]).toBeLessThan(0.03);
  expect(metrics["error"]).toBe(metrics["residualRms"]);
  expect(metrics).not.toHaveProperty("relativeL2");
});
