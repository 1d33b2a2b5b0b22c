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
