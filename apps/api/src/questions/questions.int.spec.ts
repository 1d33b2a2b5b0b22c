import { unchecked } from "@basin/testing";
import {
  Comparison,
  ComparedCurves,
  Curves,
  Distribution,
  Edf,
  EquationTerms,
  Importance,
  LabelTally,
  MetricPairs,
  PairwiseTest,
  ParameterGrid,
  ParameterSample,
  plotArtifactName,
  ErrorBody,
  RunEnsemble,
  RunPlots,
  SweepEstimate,
  Timeline,
  type CallInput,
  type PlotDataInput,
  type RouteName,
  type RunId,
  type Selection,
  type SweepId,
} from "@basin/contracts";
import { median, quantile } from "@basin/numerics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSeries, seedSweep, startHarness, type Harness, type SeededRun } from "../http/http-harness.testing";

let api: Harness;
const sweep = "ana00001" as SweepId;
const params = { sweep };
const rates = [0.1, 0.01];
const widths = [4, 8, 16];
const seeds = 8;

/** A value that depends strongly on the rate, a little on the width, and on the seed. */
function valueOf(rate: number, width: number, seed: number): number {
  return rate * 100 + width / 100 + ((seed * 37) % 11) / 1000;
}

interface Seeded {
  rate: number;
  width: number;
  seed: number;
  trial: number;
  value: number;
}
const succeeded: Seeded[] = [];

beforeAll(async () => {
  api = await startHarness();
  const trials = rates.flatMap((rate) => widths.map((width) => ({ rate, width })));
  await seedSweep(api, {
    id: sweep,
    state: "completed",
    space: {
      learningRate: { type: "choice", values: rates },
      layerWidth: { type: "choice", values: widths },
    },
    trials: trials.map(({ rate, width }, trial) => ({
      parameters: { learningRate: rate, layerWidth: width, activation: "tanh" },
      runs: Array.from({ length: seeds }, (_, seed): SeededRun => {
        if (seed === 7)
          return { state: "failed", reason: `out of memory at step ${trial * 10}`, finishedAt: timeOf(trial, seed) };
        const value = valueOf(rate, width, seed);
        succeeded.push({ rate, width, seed, trial, value });
        const metrics = { mae: value, rSquared: 1 - value / 20, initialWeightNorm: seed };
        return { objective: value, metrics, finishedAt: timeOf(trial, seed) };
      }),
    })),
  });
  for (const { trial, seed, value } of succeeded) {
    const run = `${sweep}-${trial}-${seed}`;
    await seedSeries(api, run, { metric: "loss", steps: [1, 2, 3, 4], values: [4, 3, 2, 1].map((x) => x * value) });
    await api.sql("UPDATE run SET labels = $2 WHERE id = $1", [run, { equation: seed < 5 ? "x' = y" : `x' = ${seed} y` }]);
  }
  await api.sql(
    `INSERT INTO attempt (run_id, number, state, trainer_id, pack_id, pack_width, train_seconds, started_at, finished_at)
     SELECT id, 1, (CASE WHEN state = 'failed' THEN 'failed' ELSE 'succeeded' END)::attempt_state, 'trainer-1', gen_random_uuid(), 4, 8,
       finished_at - interval '9 s', finished_at FROM run`,
  );
});
afterAll(() => api.stop());

function timeOf(trial: number, seed: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, trial * 10 + seed)).toISOString();
}

async function ask<N extends RouteName>(name: N, input: CallInput<N>): Promise<unknown> {
  const answer = await api.call(name, input);
  expect(answer.status, answer.text.slice(0, 500)).toBe(200);
  return answer.json;
}

const ofRate = (rate: number): number[] => succeeded.filter((run) => run.rate === rate).map((run) => run.value);

describe("distribution", () => {
  it("has the box of each group, the best median first, with its runs", async () => {
    const json = await ask("getDistribution", { params, query: { groupBy: ["learningRate"], points: 5 } });
    const { groups, figure, criterion } = Distribution.parse(json);
    expect(figure).toMatchObject({ metric: "mae", isObjective: true, better: "lower" });
    expect(criterion).not.toBeNull();
    expect(groups.map(({ group }) => group)).toEqual([{ learningRate: 0.01 }, { learningRate: 0.1 }]);
    const [first] = groups;
    const values = ofRate(0.01);
    expect(first).toMatchObject({ trialCount: 3, n: 21, counts: { total: 24, succeeded: 21, failed: 3 } });
    expect(first?.box?.median).toBeCloseTo(median(values), 12);
    expect(first?.box?.q1).toBeCloseTo(quantile(values, 0.25), 12);
    expect(first?.box?.q3).toBeCloseTo(quantile(values, 0.75), 12);
    expect(first?.box?.min).toBe(Math.min(...values));
    expect(first?.points.values).toHaveLength(5);
    expect(first?.points.values[0]).toBe(Math.min(...values));
    expect(first?.points.values[4]).toBe(Math.max(...values));
    expect(first?.success?.of).toBe(24);
  });

  it("groups by the seed, too, and over any final metric", async () => {
    const json = await ask("getDistribution", { params, query: { groupBy: ["seed"], metric: "rSquared", sort: "index" } });
    const { groups, figure } = Distribution.parse(json);
    expect(figure.isObjective).toBe(false);
    expect(groups.map(({ group }) => group["seed"])).toEqual([100, 101, 102, 103, 104, 105, 106, 107]);
    expect(groups.at(-1)).toMatchObject({ n: 0, box: null });
  });

  it("names a metric or parameter that does not exist, and what is near", async () => {
    const metric = await api.call("getDistribution", { params, query: { metric: "rSquard" } });
    expect(metric.status).toBe(400);
    expect(api.errorOf(metric).issues[0]).toMatchObject({
      path: "metric",
      hint: expect.stringContaining('"rSquared"') as string,
    });
    const parameter = await api.call("getDistribution", { params, query: { groupBy: ["learningRat"] } });
    expect(api.errorOf(parameter).issues[0]?.path).toBe("groupBy[0]");
  });
});

describe("parameters", () => {
  it("samples trials by rank, the best always among them", async () => {
    const all = ParameterSample.parse(await ask("getParameterSample", { params }));
    expect(all.coverage).toEqual({ shown: 6, of: 6 });
    expect(all.ranks).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all.trials).toEqual([3, 4, 5, 0, 1, 2]);
    expect(all.parameters["layerWidth"]).toEqual([4, 8, 16, 4, 8, 16]);
    expect(all.axes).toMatchObject([
      { name: "learningRate", kind: "number", distinct: 2, values: [0.01, 0.1] },
      { name: "layerWidth", min: 4, max: 16 },
    ]);
    const few = ParameterSample.parse(await ask("getParameterSample", { params, query: { per: "run", limit: 10 } }));
    expect(few.coverage).toEqual({ shown: 10, of: 48 });
    const sorted = succeeded.map(({ value }) => value).sort((a, b) => a - b);
    expect(few.values[0]).toBe(sorted[0]);
    expect(few.values.at(-1)).toBeNull();
    expect(few.ranks.at(-1)).toBeNull();
  });

  it("the EDF reaches every run's value and ends at 1", async () => {
    const { groups } = Edf.parse(await ask("getEdf", { params, query: { groupBy: ["learningRate"] } }));
    expect(groups).toHaveLength(2);
    for (const { group, x, y, n, without } of groups) {
      const values = ofRate(Number(group["learningRate"]));
      expect({ n, without }).toEqual({ n: 21, without: 3 });
      expect(y.at(-1)).toBe(1);
      x.forEach((at, i) => expect(y[i]).toBeCloseTo(values.filter((value) => value <= at).length / values.length, 12));
    }
  });

  it("the grid holds the mean of each cell", async () => {
    const json = await ask("getParameterGrid", { params, query: { x: "layerWidth", y: "learningRate" } });
    const { x, y, z, n } = ParameterGrid.parse(json);
    expect([x.values, y.values, x.edges]).toEqual([widths, [0.01, 0.1], null]);
    y.values.forEach((rate, line) =>
      x.values.forEach((width, column) => {
        const cell = succeeded.filter((run) => run.rate === rate && run.width === width).map(({ value }) => value);
        expect(z[line]?.[column]).toBeCloseTo(cell.reduce((a, b) => a + b, 0) / cell.length, 12);
        expect(n[line]?.[column]).toBe(7);
      }),
    );
    const binned = ParameterGrid.parse(
      await ask("getParameterGrid", { params, query: { x: "layerWidth", y: "learningRate", bins: 2, statistic: "best" } }),
    );
    expect(binned.x.edges).toEqual([4, 10, 16]);
    expect(binned.z[0]?.[0]).toBe(Math.min(...ofRate(0.01)));
  });

  it.each(["main-effects", "permutation"] as const)("importance by %s finds what decides", async (method) => {
    const json = await ask("getImportance", {
      params,
      query: { method, parameters: ["learningRate", "layerWidth", "activation"] },
    });
    const { parameters, n, method: named } = Importance.parse(json);
    expect(n).toBe(42);
    expect(named.id).toBe(method);
    expect(named.description.length).toBeGreaterThan(50);
    expect(parameters.map(({ name }) => name)).toEqual(["learningRate", "layerWidth"]);
    expect(parameters[0]?.importance).toBeGreaterThan(0.9);
  });

  it("two final metrics of the same runs", async () => {
    const json = await ask("getMetricPairs", { params, query: { x: "initialWeightNorm", groupBy: ["learningRate"], limit: 10 } });
    const { xs, ys, group, groups, coverage } = MetricPairs.parse(json);
    expect(coverage).toEqual({ shown: 10, of: 42 });
    expect(groups).toHaveLength(2);
    xs.forEach((seed, i) => {
      const rate = Number(groups[group[i] ?? 0]?.["learningRate"]);
      expect(succeeded.some((run) => run.seed === seed && run.rate === rate && run.value === ys[i])).toBe(true);
    });
  });
});

describe("course", () => {
  it("attempts, throughput, history and reasons", async () => {
    const json = await ask("getTimeline", { params, query: { attempts: 3, bins: 10, points: 5 } });
    const timeline = Timeline.parse(json);
    expect(timeline.coverage).toEqual({ shown: 3, of: 48 });
    expect(timeline.attempts.map(({ run }) => run)).toEqual([`${sweep}-5-7`, `${sweep}-5-6`, `${sweep}-5-5`]);
    const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
    expect([sum(timeline.throughput.succeeded), sum(timeline.throughput.failed)]).toEqual([42, 6]);
    expect(timeline.history.best.at(-1)).toBe(Math.min(...succeeded.map(({ value }) => value)));
    expect([...timeline.history.best].sort((a, b) => b - a)).toEqual(timeline.history.best);
    expect(timeline.reasons).toEqual([
      { state: "failed", reason: "out of memory at step #", count: 6, examples: [0, 1, 2, 3, 4].map((t) => `${sweep}-${t}-7`) },
    ]);
  });

  it("sees what changed since the last question", async () => {
    const [run] = [`${sweep}-0-0`];
    const before = Distribution.parse(await ask("getDistribution", { params, query: { groupBy: [] } })).groups[0]?.n;
    await api.database.transaction(async (connection) => {
      await connection.query(unchecked("UPDATE run SET state = 'diverged' WHERE id = $1", [run]));
      await connection.query(unchecked("UPDATE sweep SET succeeded = succeeded - 1, diverged = 1 WHERE id = $1", [sweep]));
    });
    const during = Distribution.parse(await ask("getDistribution", { params, query: { groupBy: [] } })).groups[0]?.n;
    await api.database.transaction(async (connection) => {
      await connection.query(unchecked("UPDATE run SET state = 'succeeded' WHERE id = $1", [run]));
      await connection.query(unchecked("UPDATE sweep SET succeeded = succeeded + 1, diverged = 0 WHERE id = $1", [sweep]));
    });
    const after = Distribution.parse(await ask("getDistribution", { params, query: { groupBy: [] } })).groups[0]?.n;
    expect([before, during, after]).toEqual([42, 41, 42]);
  });

  it("estimates the time of a sweep from what was trained", async () => {
    const body = { experiment: "loss-minimization", seeds: { count: 10 } };
    const estimate = SweepEstimate.parse(await ask("estimateSweep", { body }));
    expect(estimate).toMatchObject({ runs: 10, slots: 0, secondsPerRun: { median: 2 }, seconds: { median: 20 } });
    expect(estimate.reading).toContain("No trainer");
  });
});

describe("curves", () => {
  it("have mean, median and band per group, and say how many runs are behind them", async () => {
    const json = await ask("getCurves", { params, query: { metric: "loss", groupBy: ["learningRate"], band: "iqr" } });
    const { groups, more } = Curves.parse(json);
    expect(more).toBe(0);
    const [first] = groups;
    const last = ofRate(0.01);
    expect(first).toMatchObject({ runs: 21, of: 24, steps: [1, 2, 3, 4], n: [21, 21, 21, 21] });
    expect(first?.median[3]).toBeCloseTo(median(last), 12);
    expect(first?.low[3]).toBeCloseTo(quantile(last, 0.25), 12);
    const sampled = Curves.parse(await ask("getCurves", { params, query: { metric: "loss", groupBy: [], runs: 5 } }));
    expect(sampled.groups[0]).toMatchObject({ of: 48 });
    expect(sampled.groups[0]?.runs).toBeLessThanOrEqual(5);
  });

  it("members of a group come one by one", async () => {
    const group = JSON.stringify({ learningRate: 0.1, layerWidth: 8 });
    const json = await ask("getCurveMembers", { params, query: { metric: "loss", group, limit: 4 } });
    expect(json).toMatchObject({ of: 8 });
    const { runs } = json as { runs: { run: string }[] };
    expect(runs.map(({ run }) => run)).toEqual([0, 2, 5, 7].map((seed) => `${sweep}-1-${seed}`));
    const malformed = await api.call("getCurveMembers", { params, query: { metric: "loss", group: "{" } });
    expect([malformed.status, api.errorOf(malformed).issues[0]?.path]).toEqual([400, "group"]);
  });
});

describe("comparing", () => {
  const items: Selection[] = [
    { sweep, group: { learningRate: 0.1 } },
    { sweep, group: { learningRate: 0.01 } },
    { run: `${sweep}-4-2` as RunId },
  ];

  it("tells parameters that differ, metrics and differences", async () => {
    const comparison = Comparison.parse(await ask("compare", { body: { items } }));
    expect(comparison.items.map(({ runs, run }) => [runs, run])).toEqual([
      [24, null],
      [24, null],
      [1, `${sweep}-4-2`],
    ]);
    const [first, second] = comparison.parameters;
    expect([first?.name, second?.name]).toEqual(["learningRate", "layerWidth"]);
    expect(first?.values.map(({ value }) => value)).toEqual([0.1, 0.01, 0.01]);
    expect(second?.values.map(({ many }) => many)).toEqual([true, true, false]);
    expect(comparison.parameters.find(({ name }) => name === "activation")?.differs).toBe(false);
    const mae = comparison.metrics[0];
    expect(mae?.name).toBe("mae");
    expect(mae?.deltas[0]).toBe(0);
    expect(mae?.deltas[1]).toBeCloseTo((mae?.statistics[1]?.mean ?? 0) - (mae?.statistics[0]?.mean ?? 0), 12);
    const missing = await api.call("compare", { body: { items: [{ run: `${sweep}-99-0` as RunId }] } });
    expect(missing.status).toBe(404);
  });

  it("overlays curves of groups and runs, with all of them together", async () => {
    const json = await ask("compareCurves", { body: { items, metric: "loss", together: true, members: 2 } });
    const curves = ComparedCurves.parse(json);
    expect(curves.items.map(({ runs }) => runs)).toEqual([21, 21, 1]);
    const value = valueOf(0.01, 8, 2);
    expect(curves.items[2]).toMatchObject({ steps: [1, 2, 3, 4], mean: [4, 3, 2, 1].map((x) => x * value), low: [], n: [] });
    expect(curves.together?.n).toEqual([42, 42, 42, 42]);
    expect(curves.members.map(({ item }) => item)).toEqual([0, 1, 2]);
  });

  it("a group's curve is the same whatever it is compared with", async () => {
    const [a, b, c] = items;
    if (!a || !b || !c) throw new Error("three items");
    const of = async (some: Selection[]): Promise<ComparedCurves["items"]> =>
      ComparedCurves.parse(await ask("compareCurves", { body: { items: some, metric: "loss", points: 3 } })).items;
    const [alone] = await of([a]);
    expect(alone?.runs).toBe(21);
    for (const others of [[b], [b, c], Array.from({ length: 60 }, () => b)]) expect((await of([a, ...others]))[0]).toEqual(alone);
    const many = await api.call("compareCurves", { body: { items: Array.from({ length: 1000 }, () => a), metric: "loss" } });
    expect([many.status, api.errorOf(many).issues[0]?.path]).toEqual([400, "items"]);
  });

  it("tests two groups and says what it means", async () => {
    const [a, b] = items;
    if (!a || !b) throw new Error("two items");
    const test = PairwiseTest.parse(await ask("testPair", { body: { a, b } }));
    expect(test.mannWhitney?.p).toBeLessThan(1e-6);
    expect(test.cliffsDelta).toMatchObject({ value: -1, magnitude: "large" });
    expect(test.hodgesLehmann?.shift).toBeCloseTo(-9, 1);
    expect(test.reading).toContain("learningRate = 0.1");
    expect(test.reading).toContain("lower is better, so learningRate = 0.01 wins");
    const same = PairwiseTest.parse(await ask("testPair", { body: { a, b: a } }));
    expect(same.mannWhitney?.p).toBeGreaterThan(0.5);
    expect(same.reading).toContain("do not show");
  });
});

describe("words and plots of runs", () => {
  it("equations are tallied per group", async () => {
    const json = await ask("getLabelTally", { params, query: { groupBy: ["learningRate"], texts: 2 } });
    const { label, labels, groups } = LabelTally.parse(json);
    expect([label, labels]).toEqual(["equation", ["equation"]]);
    expect(groups[0]).toMatchObject({ of: 21, more: 1, tally: [{ text: "x' = y", count: 15 }, { count: 3 }] });
    expect(await ask("getLabelTally", { params, query: { groupBy: ["learningRate"], texts: 2 } })).toEqual(json);
    expect((await api.call("getLabelTally", { params, query: { label: "equatoin" } })).status).toBe(400);
  });

  it("texts are kept until a run changes", async () => {
    const counted = "ana00003" as SweepId;
    const failed: SeededRun = { state: "failed", reason: "out of memory", finishedAt: timeOf(0, 1) };
    await seedSweep(api, { id: counted, experiment: "gone", trials: [{ parameters: {}, runs: [{ objective: 1 }, failed] }] });
    const say = (seed: number, equation: string) =>
      api.sql("UPDATE run SET labels = $2 WHERE id = $1", [`${counted}-0-${seed}`, { equation }]);
    await say(0, "x' = y");
    await say(1, "x' = y");
    const tallied = async () =>
      LabelTally.parse(await ask("getLabelTally", { params: { sweep: counted } })).groups[0]?.tally.map(
        ({ text, count, examples }) => [text, count, examples],
      );
    const first = [["x' = y", 2, [`${counted}-0-0`, `${counted}-0-1`]]];
    expect(await tallied()).toEqual(first);
    await say(0, "x' = 2 y");
    expect(await tallied(), "the texts that were read before").toEqual(first);
    expect((await api.call("retryFailed", { params: { sweep: counted } })).status).toBe(200);
    expect(await tallied(), "the run that is tried again says nothing yet").toEqual([["x' = 2 y", 1, [`${counted}-0-0`]]]);
  });

  it("coefficients come run by term, with their histories", async () => {
    const plotted = "ana00002" as SweepId;
    await seedSweep(api, {
      id: plotted,
      experiment: "gone",
      trials: [{ parameters: {}, runs: [{ objective: 1 }, { objective: 2 }, {}] }],
    });
    for (const seed of [0, 1]) await storePlot(`${plotted}-0-${seed}`, "equation", equationOf(seed));
    const one = await ask("getRunPlot", { params: { run: `${plotted}-0-1` as RunId, plot: "equation" } });
    expect(one).toMatchObject({ kind: "equation", truth: null, caption: "" });
    const terms = EquationTerms.parse(await ask("getEquationTerms", { params: { sweep: plotted, plot: "equation" } }));
    expect(terms.coverage).toEqual({ shown: 2, of: 3 });
    expect(terms.terms.map(({ text }) => text)).toEqual(["x", "y"]);
    expect(terms.runs.map(({ coefficients }) => coefficients)).toEqual([[[0, 1]], [[1, 1]]]);
    expect(terms.runs[1]?.history).toEqual([{ step: 10, coefficients: [[1, 2]], active: [[true, true]] }]);
    const plots = RunPlots.parse(await ask("getRunPlots", { params: { sweep: plotted, plot: "equation" }, query: { limit: 2 } }));
    expect(plots.items.map(({ run }) => run)).toEqual([`${plotted}-0-0`]);
    const missing = await api.call("getRunPlot", { params: { run: `${plotted}-0-2` as RunId, plot: "equation" } });
    expect(missing.status).toBe(404);
    const together = await api.call("getRunEnsemble", { params: { sweep: plotted, plot: "equation" } });
    expect(together.status).toBe(400);
    expect(ErrorBody.parse(together.json).error.issues[0]).toMatchObject({
      path: "plot",
      hint: "curves, surfaces and contours do",
    });
  });

  it("the runs of a configuration predict together", async () => {
    const plotted = "ana00004" as SweepId;
    await seedSweep(api, {
      id: plotted,
      experiment: "gone",
      trials: [
        { parameters: { learningRate: 0.1 }, runs: [{ objective: 1 }, { objective: 2 }, {}] },
        { parameters: { learningRate: 0.2 }, runs: [{ objective: 3 }] },
      ],
    });
    for (const [run, y] of [
      ["0-0", 1],
      ["0-1", 4],
      ["1-0", 9],
    ] as const)
      await storePlot(`${plotted}-${run}`, "function", {
        kind: "curve",
        title: "f",
        x: { label: "x" },
        y: { label: "f" },
        series: [
          { name: "truth", x: [0, 1], y: [2, 2] },
          { name: "network", x: [0, 1], y: [y, 2 * y] },
        ],
      });
    const query = { group: JSON.stringify({ learningRate: 0.1 }), band: "range" as const };
    const answer = RunEnsemble.parse(await ask("getRunEnsemble", { params: { sweep: plotted, plot: "function" }, query }));
    expect(answer.runs).toEqual([`${plotted}-0-0`, `${plotted}-0-1`]);
    expect(answer.coverage).toEqual({ shown: 2, of: 3 });
    expect(answer.mean).toMatchObject({
      series: [{ name: "truth" }, { name: "network", y: [2.5, 5], low: [1, 2], high: [4, 8] }],
    });
    expect(answer.spread).toMatchObject({ series: [{ y: [Math.sqrt(4.5), Math.sqrt(18)] }] });
    const runs = [`${plotted}-0-2` as RunId];
    expect(await ask("getRunEnsemble", { params: { sweep: plotted, plot: "function" }, query: { runs } })).toMatchObject({
      runs: [],
      mean: null,
      spread: null,
    });
  });
});

function equationOf(seed: number): PlotDataInput {
  return {
    kind: "equation",
    title: "Law",
    text: "x' = y",
    latex: "\\dot x = y",
    terms: [
      { text: "x", latex: "x" },
      { text: "y", latex: "y" },
    ],
    rows: [
      {
        name: "\\dot x",
        coefficients: [seed, 1],
        active: [seed > 0, true],
        history: [{ step: 10, coefficients: [seed, 2], active: [true, true] }],
      },
    ],
  };
}

async function storePlot(run: string, plot: string, data: PlotDataInput): Promise<void> {
  const content = Buffer.from(JSON.stringify(data));
  await api.sql(
    `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, content)
     VALUES (gen_random_uuid(), $1, 1, $2, 'plot', 'application/vnd.basin.plot+json', $3, 'x', $4)`,
    [run, plotArtifactName(plot), content.length, content],
  );
}
