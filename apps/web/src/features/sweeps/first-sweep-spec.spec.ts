import { SweepSpec } from "@basin/contracts";
import { expect, it } from "vitest";
import { experimentWith } from "../../spec-support/experiment-descriptor";
import { firstSweepOf } from "./first-sweep-spec";

it("offers the default sweep of the first real experiment", () => {
  const space = { activation: { type: "choice" as const, values: ["tanh", "relu"] } };
  const first = firstSweepOf([
    experimentWith({ id: "noop", diagnostic: true }),
    experimentWith({ id: "surface", defaultSweep: { lesson: "Which learns it?", space, seeds: 20 } }),
  ]);
  expect(SweepSpec.parse(first?.spec)).toMatchObject({ experiment: "surface", space, seeds: { count: 3, first: 0 } });
  expect(first?.text).toContain("Which learns it?");
});

it("has nothing to offer when there is no experiment", () => {
  expect(firstSweepOf([])).toBeNull();
  expect(firstSweepOf([experimentWith({ diagnostic: true })])).toBeNull();
});
