import { SweepSpec } from "@basin/contracts";
import { expect, it } from "vitest";
import { experimentWith } from "../../spec-support/experiment-descriptor";
import { firstSweepOf } from "./first-sweep-spec";

const experiment = (id: string, diagnostic: boolean, properties: Record<string, unknown>) =>
  experimentWith({ id, title: id, diagnostic, parameters: { type: "object", properties } });
const activation = { title: "Activation", "x-suggest": { type: "choice", values: ["tanh", "relu"] } };

it("sweeps what the first real experiment suggests", () => {
  const first = firstSweepOf([
    experiment("noop", true, { activation }),
    experiment("plain", false, { learningRate: { "x-suggest": { type: "log-float", min: 1, max: 2 } } }),
    experiment("surface", false, { width: { type: "integer" }, activation }),
  ]);
  expect(SweepSpec.parse(first?.spec)).toMatchObject({
    experiment: "surface",
    space: { activation: { type: "choice", values: ["tanh", "relu"] } },
    seeds: { count: 3, first: 0 },
  });
  expect(first?.text).toContain("6 runs");
});

it("has nothing to offer when no experiment suggests a choice", () => {
  expect(firstSweepOf([])).toBeNull();
  expect(firstSweepOf([experiment("plain", false, {})])).toBeNull();
});
