import { SweepId, SweepSpec } from "@basin/contracts";
import { expect, it } from "vitest";
import { OpenSweeps, searchStep } from "./search-step";

const id = (n: number) => SweepId.parse(String(n).padStart(8, "0"));
const stored = (trials: number): unknown => ({
  experiment: "diagnostic",
  space: { level: { type: "float", min: 0, max: 1 } },
  search: { algorithm: "random", config: { trials } },
});

it("opens a sweep once for every version of its spec", () => {
  const sweeps = new OpenSweeps();
  const first = sweeps.of(id(1), stored(3));
  expect(sweeps.of(id(1), stored(3)), "read again from the ledger").toBe(first);
  expect(sweeps.of(id(2), stored(3)), "another sweep").not.toBe(first);
  const extended = sweeps.of(id(1), stored(4));
  expect(extended.search.input.config).toEqual({ trials: 4 });
  expect(sweeps.of(id(1), stored(4))).toBe(extended);
  expect(sweeps.of(id(1), stored(3)), "an earlier version is opened anew").not.toBe(first);
});

it("fills in what specs from before did not have", () => {
  expect(new OpenSweeps().of(id(1), stored(3)).spec).toEqual(SweepSpec.parse(stored(3)));
});

it("forgets sweeps that were planned long ago, and gives the same for them again", () => {
  const sweeps = new OpenSweeps();
  const trials = () => {
    const { search } = sweeps.of(id(0), stored(2));
    const state = search.algorithm.init(search.input);
    return searchStep(sweeps.of(id(0), stored(2)), state, 0, { type: "capacity", trials: 9 }).trials;
  };
  const before = trials();
  const first = sweeps.of(id(0), stored(2));
  for (let n = 1; n <= 1000; n += 1) sweeps.of(id(n), stored(2));
  expect(sweeps.of(id(0), stored(2))).not.toBe(first);
  expect(trials()).toEqual(before);
  expect(before).toHaveLength(2);
});

it("says what this version of Basin lacks", () => {
  const sweeps = new OpenSweeps();
  expect(() => sweeps.of(id(1), { experiment: "never-was" })).toThrow('no experiment "never-was"');
  expect(() => sweeps.of(id(1), { experiment: "diagnostic", search: { algorithm: "oracle" } })).toThrow("oracle");
});
