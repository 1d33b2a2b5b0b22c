import { mlpPerRunParameters, MlpParameters } from "@basin/contracts";
import { expect, it } from "vitest";
import { z } from "zod";
import { finalMetric } from "./final-metric";
import { logicGates } from "./logic-gates/logic-gates";
import { mlpExperiment } from "./mlp-experiment";
import { mlpMetrics } from "./mlp-metrics";
import { withDefault } from "./with-default";

it("an experiment of the family mlp has its metrics, rules and per-run parameters beside its own", () => {
  const own = finalMetric("error", "Error", "ŷ − y.");
  const issue = { path: "start", message: "own" };
  const made = mlpExperiment({ ...logicGates, metrics: [own], check: () => [issue] });
  expect(made.metrics).toEqual([...mlpMetrics, own]);
  expect(made).toMatchObject({ family: "mlp", stepUnit: "epoch", perRunParameters: mlpPerRunParameters });
  expect(made.check?.({ folds: 1, validationFraction: 0.2 }).map(({ path }) => path)).toEqual(["start", "folds", "folds"]);
});

it("a parameter with another default keeps its limits and what is said of it, but for what is replaced or taken away", () => {
  const told = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input" });
  const { learningRate, shuffle } = MlpParameters.shape;
  const other = withDefault(learningRate, 0.5, { title: "Rate" });
  expect(told(other)).toEqual({ ...told(learningRate), default: 0.5, title: "Rate" });
  expect(told(learningRate)["title"]).toBe("Learning rate");
  expect([other.parse(undefined), other.safeParse(-1).success]).toEqual([0.5, false]);
  expect(told(withDefault(shuffle, false, { "x-advanced": undefined }))).not.toHaveProperty("x-advanced");
});
