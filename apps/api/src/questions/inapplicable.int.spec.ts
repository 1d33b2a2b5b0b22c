import {
  Comparison,
  Distribution,
  Importance,
  ParameterSample,
  Results,
  type CallInput,
  type RouteName,
  type Run,
  type SweepId,
} from "@basin/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness, type SeededRun } from "../http/http-harness.testing";

let api: Harness;
const sweep = "c0nd0001" as SweepId;
const params = { sweep };
const seeds = 6;

/** Three configurations, of which the first has no momentum: the default 0.9 is what its trial stores. */
const trials = [
  { optimizer: "sgd", momentum: 0.9, base: 3 },
  { optimizer: "momentum", momentum: 0.5, base: 2 },
  { optimizer: "momentum", momentum: 0.9, base: 1 },
];
const valueOf = (base: number, seed: number): number => base + seed / 100;

beforeAll(async () => {
  api = await startHarness();
  await seedSweep(api, {
    id: sweep,
    state: "completed",
    space: {
      optimizer: { type: "choice", values: ["sgd", "momentum"] },
      momentum: { type: "choice", values: [0.5, 0.9], when: { parameter: "optimizer", in: ["momentum"] } },
    },
    trials: trials.map(({ base, ...parameters }) => ({
      parameters: { ...parameters, learningRate: 0.1 },
      runs: Array.from({ length: seeds }, (_, seed): SeededRun => ({ objective: valueOf(base, seed) })),
    })),
  });
});
afterAll(() => api.stop());

async function ask<N extends RouteName>(name: N, input: CallInput<N>): Promise<unknown> {
  const answer = await api.call(name, input);
  expect(answer.status, answer.text.slice(0, 500)).toBe(200);
  return answer.json;
}

describe("a parameter whose condition does not hold", () => {
  it("is null in the results, not its default, and pools nothing with runs that have that value", async () => {
    const { groups } = Results.parse(await ask("getResults", { params, query: { groupBy: ["momentum"] } }));
    expect(groups.map(({ group, counts }) => [group, counts.total])).toEqual([
      [{ momentum: 0.9 }, seeds],
      [{ momentum: 0.5 }, seeds],
      [{ momentum: null }, seeds],
    ]);
    const both = Results.parse(await ask("getResults", { params, query: {} }));
    expect(both.groups.map(({ group }) => group)).toContainEqual({ optimizer: "sgd", momentum: null });
  });

  it("has no value in a sample of parameters, and is none of its axis' values", async () => {
    const { axes, parameters, trials: shown } = ParameterSample.parse(await ask("getParameterSample", { params, query: {} }));
    expect(axes.find(({ name }) => name === "momentum")).toMatchObject({ values: [0.5, 0.9], distinct: 2 });
    expect(parameters.momentum?.[shown.indexOf(0)]).toBeNull();
    expect(parameters.momentum?.[shown.indexOf(2)]).toBe(0.9);
  });

  it("can be selected and compared as such", async () => {
    const items = [
      { sweep, group: { momentum: null } },
      { sweep, group: { momentum: 0.9 } },
    ];
    const comparison = Comparison.parse(await ask("compare", { body: { items } }));
    expect(comparison.items.map(({ runs, objective }) => [runs, objective.min])).toEqual([
      [seeds, 3],
      [seeds, 1],
    ]);
    expect(comparison.parameters.find(({ name }) => name === "momentum")?.values).toEqual([
      { value: null, many: false },
      { value: 0.9, many: false },
    ]);
    const group = JSON.stringify({ momentum: null });
    const members = await ask("getCurveMembers", { params, query: { metric: "loss", group } });
    expect(members).toMatchObject({ of: seeds });
    const { reading } = (await ask("testPair", { body: { a: items[0]!, b: items[1]! } })) as { reading: string };
    expect(reading).toContain("momentum does not apply");
  });

  it("explains only differences between runs that it applies to", async () => {
    const { parameters } = Importance.parse(await ask("getImportance", { params, query: {} }));
    const share = Object.fromEntries(parameters.map(({ name, importance, bins }) => [name, { importance, bins }]));
    // With NumPy from the logarithms: ω² of both optimizers over all 18 runs; of both momenta, the 12 runs that have one against the whole.
    expect(share["optimizer"]?.importance).toBeCloseTo(0.5742278473065493, 10);
    expect(share["momentum"]?.importance).toBeCloseTo(0.3869170130722494, 10);
    expect(share["momentum"]?.bins).toBe(2);
  });

  it("meets a filter for null, and none for its default", async () => {
    const found = async (condition: object): Promise<Run[]> => {
      const json = await ask("listRuns", { params, query: { where: JSON.stringify([condition]), sort: "-parameters.momentum" } });
      return (json as { items: Run[] }).items;
    };
    const with09 = await found({ field: "parameters.momentum", op: "=", value: 0.9 });
    expect(new Set(with09.map(({ trialIndex }) => trialIndex))).toEqual(new Set([2]));
    const without = await found({ field: "parameters.momentum", op: "=", value: null });
    expect(new Set(without.map(({ trialIndex }) => trialIndex))).toEqual(new Set([0]));
    expect(without[0]?.parameters).toMatchObject({ momentum: null, learningRate: 0.1 });
    expect(await found({ field: "parameters.momentum", op: ">=", value: 0.6 })).toHaveLength(seeds);
    const all = await found({ field: "seed", op: ">=", value: 0 });
    expect(all.map(({ trialIndex }) => trialIndex)).toEqual([2, 1, 0].flatMap((trial) => new Array<number>(seeds).fill(trial)));
  });

  it("is empty in an export, and null on a run's own page and in the list of trials", async () => {
    const csv = (await api.send("GET", `/api/v1/sweeps/${sweep}/export?format=csv`)).text.split("\r\n");
    const column = csv[0]?.split(",").indexOf("parameters.momentum") ?? -1;
    expect(csv[1]?.split(",")[column]).toBe("");
    expect(csv[1 + seeds]?.split(",")[column]).toBe("0.5");
    const ndjson = (await api.send("GET", `/api/v1/sweeps/${sweep}/export?format=ndjson`)).text.split("\n");
    expect((JSON.parse(ndjson[0] ?? "") as Run).parameters.momentum).toBeNull();
    expect(await ask("getRun", { params: { run: `${sweep}-0-0` as Run["id"] } })).toMatchObject({
      parameters: { momentum: null },
    });
    const { items } = (await ask("listTrials", { params, query: {} })) as { items: { parameters: object }[] };
    expect(items.map(({ parameters }) => parameters)).toMatchObject([{ momentum: null }, { momentum: 0.5 }, { momentum: 0.9 }]);
  });

  it("tells a distribution over initializations where it applies", async () => {
    const { groups } = Distribution.parse(await ask("getDistribution", { params, query: { groupBy: ["momentum"] } }));
    expect(groups.map(({ group, n }) => [group.momentum, n])).toEqual([
      [0.9, seeds],
      [0.5, seeds],
      [null, seeds],
    ]);
  });
});

describe("a parameter that the catalogue knows to do nothing under another", () => {
  const plain = "c0nd0002" as SweepId;

  beforeAll(() =>
    seedSweep(api, {
      id: plain,
      state: "completed",
      space: {
        optimizer: { type: "choice", values: ["sgd", "momentum"] },
        momentum: { type: "choice", values: [0.5, 0.9] },
      },
      trials: [{ optimizer: "sgd", momentum: 0.5, base: 3 }, ...trials].map(({ base, ...parameters }) => ({
        parameters: { ...parameters, learningRate: 0.1 },
        runs: Array.from({ length: seeds }, (_, seed): SeededRun => ({ objective: valueOf(base, seed) })),
      })),
    }),
  );

  it("does not apply there without a condition, too, and its repeats count once", async () => {
    const { groups } = Results.parse(await ask("getResults", { params: { sweep: plain }, query: { groupBy: ["momentum"] } }));
    expect(groups.map(({ group, counts, repeats }) => [group, counts.total, repeats])).toEqual([
      [{ momentum: 0.9 }, seeds, 0],
      [{ momentum: 0.5 }, seeds, 0],
      [{ momentum: null }, seeds, seeds],
    ]);
    const where = JSON.stringify([{ field: "parameters.momentum", op: "=", value: null }]);
    const { items } = (await ask("listRuns", { params: { sweep: plain }, query: { where } })) as { items: Run[] };
    expect(new Set(items.map(({ trialIndex }) => trialIndex))).toEqual(new Set([0, 1]));
  });
});
