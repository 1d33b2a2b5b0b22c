import {
  type AppliedParameters,
  packFloat64,
  packInt32,
  PackedCurves,
  RunId,
  RunSeries,
  SweepId,
  SweepSpec,
  Trial,
} from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { GroupLooks, groupKey, inExperimentOrder, groupLabel, variedParameters } from "../sweep-parts/groups";
import { experimentWith } from "../../spec-support/experiment-descriptor";
import { unpackedCurves } from "../../api-client/unpacked-curves";
import { curvesOfGroups, curvesOfMembers, curvesOfRuns, sampledNote } from "./curve-data";

const sweep = SweepId.parse("k3v9x2mq");
const trial = (index: number, parameters: AppliedParameters) =>
  Trial.parse({ id: `${sweep}-${index}`, sweep, index, state: "active", parameters, runsTotal: 1, runsFinished: 0 });
const trials = [
  trial(1, { activation: "tanh", learningRate: 0.001 }),
  trial(0, { activation: "relu", learningRate: 0.001 }),
  trial(2, { activation: "tanh", learningRate: 0.003 }),
];
const series = (run: string, values: (number | null)[]) =>
  RunSeries.parse({
    run: RunId.parse(run),
    series: [{ metric: "loss", attempt: 1, points: values.length, steps: values.map((_, i) => i), values }],
  });

describe("groups", () => {
  it("of seeds are told apart by their seed", () => {
    const looks = new GroupLooks(trials, ["seed"]);
    expect([looks.lookOf({ seed: 7 }), looks.lookOf({ seed: 3 }), looks.lookOf({ seed: 7 })]).toEqual([0, 1, 0]);
    expect(groupLabel({ seed: 7 }, ["seed"])).toBe("seed 7");
  });

  it("are named by what varies", () => {
    const spec = SweepSpec.parse({
      experiment: "a",
      space: {
        activation: { type: "choice", values: ["tanh"] },
        epochs: { type: "fixed", value: 3 },
        learningRate: { type: "float", min: 0, max: 1 },
      },
    });
    expect(variedParameters(spec, null)).toEqual(["activation", "learningRate"]);
    expect(inExperimentOrder(["x", "b", "a"], experimentWith({ parameters: { properties: { a: {}, b: {} } } }))).toEqual([
      "a",
      "b",
      "x",
    ]);
    expect(groupLabel({ activation: "tanh", learningRate: 0.001, epochs: 3 }, ["activation", "learningRate"])).toBe(
      "tanh · learningRate 0.001",
    );
    expect(groupLabel({}, [])).toBe("all runs");
    expect(groupKey({ a: [1, 2] }, ["a"])).not.toBe(groupKey({ a: [12] }, ["a"]));
  });

  it("keep their look while trials are added, in any order of listing", () => {
    const few = new GroupLooks(trials.slice(0, 2), ["activation", "learningRate"]);
    const all = new GroupLooks(trials, ["activation", "learningRate"]);
    for (const { parameters } of trials.slice(0, 2)) expect(few.lookOf(parameters)).toBe(all.lookOf(parameters));
    expect(all.lookOf({ activation: "relu", learningRate: 0.001 })).toBe(0);
    expect(all.lookOf({ activation: "gelu", learningRate: 1 })).toBe(3);
  });
});

describe("curves", () => {
  it("of runs carry the look of their group", () => {
    const looks = new GroupLooks(trials, ["activation"]);
    const curves = curvesOfRuns(
      [series("k3v9x2mq-1-0", [1, 2]), series("k3v9x2mq-2-4", [3, null]), series("k3v9x2mq-0-0", [])],
      "loss",
      trials,
      looks,
    );
    expect(curves.map(({ id, group, style }) => [id, group, style])).toEqual([
      ["k3v9x2mq-1-0", "tanh", 1],
      ["k3v9x2mq-2-4", "tanh", 1],
    ]);
    expect(curvesOfRuns([series("k3v9x2mq-77-0", [1])], "loss", trials, looks)[0]).toMatchObject({ group: "trial 77" });
    expect(curvesOfRuns([series("k3v9x2mq-1-0", [1])], "accuracy", trials, looks)).toEqual([]);
  });

  it("of groups say how many runs they stand for", () => {
    const looks = new GroupLooks(trials, ["activation"]);
    const [group] = unpackedCurves(
      PackedCurves.parse({
        sweep: "k3v9x2mq",
        metric: "loss",
        x: "step",
        band: "ci",
        scale: "linear",
        centre: "median",
        more: 0,
        groups: [
          {
            group: { activation: "tanh" },
            runs: 5,
            of: 5,
            steps: packInt32([0, 10]),
            n: packInt32([5, 4]),
            centre: packFloat64([0.9, 0.4]),
            low: packFloat64([0.9, Number.NaN]),
            high: packFloat64([1.1, Number.NaN]),
          },
        ],
      }),
    ).groups;
    if (!group) throw new Error("one group was given");
    const [curve] = curvesOfGroups([group], looks);
    expect(curve).toMatchObject({ label: "tanh", style: 1, values: [0.9, 0.4], band: { low: [0.9, null] } });
    expect(curve?.note?.(0)).toBe("n = 5, 0.9000 to 1.100");
    expect(curve?.note?.(1)).toBe("n = 4");
    const [bare] = curvesOfGroups([{ ...group, of: 9 }], looks, false);
    expect(bare?.band).toBeUndefined();
    expect(bare?.note?.(1)).toBe("n = 4 (5 of 9 runs read)");
  });

  it("of groups of which a sample was read say so", () => {
    expect(sampledNote([{ runs: 5, of: 5 }])).toEqual([]);
    expect(
      sampledNote([
        { runs: 4, of: 100 },
        { runs: 4, of: 90 },
        { runs: 3, of: 3 },
      ]),
    ).toEqual(["from at most 4 of up to 100 runs of a group, evenly chosen"]);
  });

  it("over time keep their fractions of seconds", () => {
    const [group] = unpackedCurves(
      PackedCurves.parse({
        sweep: "k3v9x2mq",
        metric: "loss",
        x: "time",
        band: "ci",
        scale: "linear",
        centre: "mean",
        more: 0,
        groups: [
          {
            group: {},
            runs: 1,
            of: 1,
            steps: packInt32([]),
            seconds: packFloat64([0.25, 0.5]),
            n: packInt32([1, 1]),
            centre: packFloat64([1, 2]),
            low: packFloat64([1, 2]),
            high: packFloat64([1, 2]),
          },
        ],
      }),
    ).groups;
    expect(group?.steps).toEqual([0.25, 0.5]);
  });

  it("of members carry their group's look and name themselves", () => {
    const looks = new GroupLooks(trials, ["activation"]);
    expect(curvesOfMembers([series("k3v9x2mq-1-0", [1, 2])], "loss", { activation: "tanh" }, looks)).toMatchObject([
      { id: "k3v9x2mq-1-0", group: "tanh", style: 1, values: [1, 2] },
    ]);
  });
});
