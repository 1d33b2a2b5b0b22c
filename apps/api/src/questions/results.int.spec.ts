import {
  Curves,
  PackedCurves,
  type PackedFloat64,
  Results,
  type RunSeries,
  type SweepId,
  timeMetric,
  unpackFloat64,
  unpackInt32,
} from "@basin/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSeries, seedSweep, startHarness, type Harness, type SeededRun } from "../http/http-harness.testing";

let api: Harness;
const sweep = "k3v9x2mq" as SweepId;
const space = {
  learningRate: { type: "choice", values: [0.1, 0.01] },
  activation: { type: "choice", values: ["tanh", "relu"] },
  epochs: { type: "fixed", value: 10 },
};

const done = (objective: number | null, r2: number | null = null): SeededRun => ({
  objective,
  metrics: { mae: objective, rSquared: r2 },
});
/** t(0.975, 2): for two degrees of freedom the quantile has a closed form. */
const t2 = 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2));

/** Mean objective per trial: 3, 1, none, 2. */
const trials = [
  { parameters: { learningRate: 0.1, activation: "tanh", epochs: 10 }, runs: [done(2, 0.9), done(4, 0.999), done(3, 0.5)] },
  {
    parameters: { learningRate: 0.1, activation: "relu", epochs: 10 },
    runs: [done(1, 1), { state: "diverged", objective: null }, { state: "pending" }],
  },
  {
    parameters: { learningRate: 0.01, activation: "tanh", epochs: 10 },
    runs: [{ state: "failed", reason: "x" }, done(null, Number.NaN), { state: "cancelled", objective: 5 }],
  },
  {
    parameters: { learningRate: 0.01, activation: "relu", epochs: 10 },
    runs: [done(1.5, 0.9999), done(2.5, 0.2), { state: "running" }],
  },
];

beforeAll(async () => {
  api = await startHarness();
  await seedSweep(api, { id: sweep, space, trials });
});
afterAll(() => api.stop());

async function results(query: object, id: SweepId = sweep): Promise<Results> {
  const answer = await api.call("getResults", { params: { sweep: id }, query });
  expect(answer.status, answer.text).toBe(200);
  return Results.parse(answer.json);
}

describe("results", () => {
  it("are grouped by what the sweep varies, best median first, with figures computed from succeeded runs", async () => {
    const { groups, groupedBy, more, objective } = await results({});
    expect({ groupedBy, more, objective }).toEqual({
      groupedBy: ["activation", "learningRate"],
      more: 0,
      objective: { metric: "mae", direction: "minimize" },
    });
    // Of the configuration with mean 1 one of two finished runs diverged: numpy.median([1, inf]) is infinite, so it stands behind both that have a median.
    expect(groups.map((group) => group.objective.mean)).toEqual([2, 3, 1, null]);
    expect(groups[1]).toMatchObject({
      group: { learningRate: 0.1, activation: "tanh" },
      trials: ["k3v9x2mq-0"],
      trialCount: 1,
      counts: { total: 3, succeeded: 3, diverged: 0, failed: 0, cancelled: 0, pruned: 0, unfinished: 0 },
      best: { run: "k3v9x2mq-0-0", value: 2 },
      worst: { run: "k3v9x2mq-0-1", value: 4 },
    });
    // 2, 3, 4: std 1, half width t(0.975, 2)/√3.
    const figures = groups[1]?.objective;
    expect(figures).toMatchObject({ n: 3, median: 3, std: 1, min: 2, max: 4 });
    expect(figures?.ciLow).toBeCloseTo(3 - t2 / Math.sqrt(3), 10);
    expect(figures?.ciHigh).toBeCloseTo(3 + t2 / Math.sqrt(3), 10);
    expect(groups[1]?.metrics.rSquared?.mean).toBeCloseTo((0.9 + 0.999 + 0.5) / 3, 14);
    expect(groups[2]?.objective).toMatchObject({ n: 1, mean: 1, std: null, ciLow: null });
    expect(groups[2]?.counts).toEqual({ total: 3, succeeded: 1, diverged: 1, failed: 0, cancelled: 0, pruned: 0, unfinished: 1 });
  });

  it("leave out what is not finite, and n says so", async () => {
    const none = (await results({})).groups[3];
    expect(none).toMatchObject({
      group: { learningRate: 0.01, activation: "tanh" },
      objective: { n: 0, mean: null, min: null },
      best: null,
      worst: null,
      metrics: { rSquared: { n: 0, mean: null }, mae: { n: 0 } },
      counts: { succeeded: 1, failed: 1, cancelled: 1, unfinished: 0 },
    });
  });

  it("count how many finished runs meet the experiment's criterion, with Wilson's interval", async () => {
    const definition = (await api.call("getExperiment", { params: { experiment: "loss-minimization" } })).json as {
      success: { all: { metric: string; op: string; value: number }[] } | null;
    };
    expect(definition.success?.all.map(({ metric }) => metric).sort()).toEqual(["mae", "rSquared"]);
    const runs = [
      { objective: 0.001, metrics: { mae: 0.001, rSquared: 0.9999 } },
      done(0.001, 0.5),
      { state: "diverged" },
      { state: "cancelled" },
    ];
    const id = await seedSweep(api, { id: "w0000000", trials: [{ parameters: { learningRate: 1 }, runs }] });
    const success = (await results({}, id)).groups[0]?.success;
    // Wilson for 1 of 3, z = 1.959963984540054 (values of the closed form, computed apart).
    const z = 1.959963984540054;
    const centre = (1 / 3 + (z * z) / 6) / (1 + (z * z) / 3);
    const half = (z / (1 + (z * z) / 3)) * Math.sqrt(((1 / 3) * (2 / 3)) / 3 + (z * z) / 36);
    expect(success).toMatchObject({ met: 1, of: 3, rate: 1 / 3 });
    expect(success?.low).toBeCloseTo(centre - half, 9);
    expect(success?.high).toBeCloseTo(centre + half, 9);
  });

  it("give both readings of a recovery with Wilson's interval, and classes that add up to the finished runs", async () => {
    const ended = (outcomeClass: number, supportRecovered: number, lawRecovered: number): SeededRun => ({
      objective: 0.01,
      metrics: { outcomeClass, supportRecovered, lawRecovered },
    });
    const runs = [ended(0, 1, 1), ended(1, 1, 0), ended(1, 1, 0), ended(3, 0, 0), { state: "diverged" }, { state: "pending" }];
    const id = await seedSweep(api, {
      id: "p0000000",
      experiment: "sindy-pendulum",
      trials: [{ parameters: { pixels: 16 }, runs }],
    });
    const group = (await results({}, id)).groups[0];
    expect(group?.shares).toMatchObject({
      lawRecovered: { met: 1, of: 5, rate: 0.2 },
      supportRecovered: { met: 3, of: 5, rate: 0.6 },
    });
    // Wilson's closed form for 3 of 5.
    const z = 1.959963984540054;
    const half = (z / (1 + (z * z) / 5)) * Math.sqrt((0.6 * 0.4) / 5 + (z * z) / 100);
    expect(group?.shares["supportRecovered"]?.high).toBeCloseTo((0.6 + (z * z) / 10) / (1 + (z * z) / 5) + half, 9);
    const classes = group?.classes["outcomeClass"];
    const named = Object.fromEntries(classes?.categories.map((name, i) => [name, classes.counts[i]]) ?? []);
    expect(named).toMatchObject({ law: 1, support: 2, linear: 0, mixed: 1, diverged: 1 });
    expect(classes?.counts.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it("can be grouped otherwise, and refuse a parameter that is not there", async () => {
    const { groups } = await results({ groupBy: ["activation"] });
    expect(groups.map(({ group, trialCount, counts }) => ({ group, trialCount, total: counts.total }))).toEqual([
      { group: { activation: "relu" }, trialCount: 2, total: 6 },
      { group: { activation: "tanh" }, trialCount: 2, total: 6 },
    ]);
    expect(groups[0]?.objective.mean).toBeCloseTo((1 + 1.5 + 2.5) / 3, 14);
    expect((await results({ groupBy: ["epochs"] })).groups.map((group) => group.group)).toEqual([{ epochs: 10 }]);
    expect((await results({ groupBy: [] })).groups).toMatchObject([{ group: {}, trialCount: 4, counts: { total: 12 } }]);
    const refused = await api.call("getResults", { params: { sweep }, query: { groupBy: ["activation", "learningrate"] } });
    expect(api.errorOf(refused).issues).toMatchObject([
      { path: "groupBy[1]", hint: expect.stringContaining('"learningRate"') as string },
    ]);
  });

  it("respect direction, sort and limit", async () => {
    const id = await seedSweep(api, { id: "m0000000", space, trials, maximize: true });
    const best = await results({ limit: 1 }, id);
    expect(best).toMatchObject({ more: 3, groups: [{ objective: { mean: 3 }, best: { value: 4 }, worst: { value: 2 } }] });
    expect((await results({ sort: "index" })).groups.map((group) => group.trials?.[0])).toEqual(
      [0, 1, 2, 3].map((i) => `k3v9x2mq-${i}`),
    );
  });

  it("of a sweep without runs are empty", async () => {
    const id = await seedSweep(api, { id: "e0000000" });
    expect(await results({}, id)).toMatchObject({ groups: [], more: 0 });
  });
});

describe("curves", () => {
  const id = "c0000000" as SweepId;
  /** Two groups; the second run of the first group ends early, the third has a hole, one run never reported. */
  beforeAll(async () => {
    const runs: SeededRun[] = [{ objective: 1 }, { objective: 1 }, { objective: 1 }, { state: "pending", attempt: 0 }];
    await seedSweep(api, {
      id,
      space: { learningRate: space.learningRate },
      trials: [
        { parameters: { learningRate: 0.1 }, runs },
        { parameters: { learningRate: 0.01 }, runs: [{ objective: 0.5 }, { state: "running" }] },
      ],
    });
    const steps = [1, 2, 3, 4, 5];
    await seedSeries(api, `${id}-0-0`, { metric: "loss", steps, values: [1, 2, 3, 4, 5], chunkPoints: 2 });
    await seedSeries(api, `${id}-0-1`, { metric: "loss", steps: [1, 2, 3], values: [3, 4, Number.NaN] });
    await seedSeries(api, `${id}-0-2`, { metric: "loss", steps: [1, 3, 5], values: [8, 9, 100] });
    await seedSeries(api, `${id}-1-0`, { metric: "loss", steps: [10, 20], values: [100, 1] });
    await seedSeries(api, `${id}-1-1`, { metric: "loss", steps: [10, 20], values: [1, 0] });
  });
  const curves = async (query: object): Promise<Curves> => {
    const answer = await api.call("getCurves", { params: { sweep: id }, query: { metric: "loss", ...query } });
    expect(answer.status, answer.text).toBe(200);
    return Curves.parse(answer.json);
  };

  it.each(["mean", "median"] as const)("packed, hold the same numbers with the %s as centre", async (centre) => {
    const plain = await curves({ band: "iqr" });
    const answer = await api.call("getPackedCurves", { params: { sweep: id }, query: { metric: "loss", band: "iqr", centre } });
    const packed = PackedCurves.parse(answer.json);
    const numbers = (values: PackedFloat64) => [...unpackFloat64(values)].map((value) => (Number.isNaN(value) ? null : value));
    expect(packed.groups.length).toBeGreaterThan(0);
    expect(
      packed.groups.map((group) => ({
        ...group,
        steps: [...unpackInt32(group.steps)],
        n: [...unpackInt32(group.n)],
        centre: numbers(group.centre),
        low: numbers(group.low),
        high: numbers(group.high),
      })),
    ).toEqual(plain.groups.map(({ mean, median, ...group }) => ({ ...group, centre: centre === "mean" ? mean : median })));
    expect(packed.more).toBe(plain.more);
  });

  it("give mean and band at common steps over runs of different length, best group first", async () => {
    const { groups } = await curves({ band: "range" });
    expect(groups.map(({ group, runs, steps }) => ({ group, runs, steps }))).toEqual([
      { group: { learningRate: 0.01 }, runs: 2, steps: [10, 20] },
      { group: { learningRate: 0.1 }, runs: 3, steps: [1, 2, 3, 4, 5] },
    ]);
    // Step 2 of run 2 is the value of step 1; run 1 ends at 3 with NaN.
    expect(groups[1]?.n).toEqual([3, 3, 2, 2, 2]);
    expect(groups[1]?.low).toEqual([1, 2, 3, 4, 5]);
    expect(groups[1]?.high).toEqual([8, 8, 9, 9, 100]);
    [4, 14 / 3, 6, 6.5, 52.5].forEach((value, i) => expect(groups[1]?.mean[i]).toBeCloseTo(value, 12));
  });

  it.each([
    // Step 1: 1, 3, 8 → mean 4, std √13.
    ["std", 4 - Math.sqrt(13), 4 + Math.sqrt(13)],
    ["ci", 4 - (t2 * Math.sqrt(13)) / Math.sqrt(3), 4 + (t2 * Math.sqrt(13)) / Math.sqrt(3)],
    ["iqr", 2, 5.5],
    ["range", 1, 8],
  ])("have the band %s", async (band, low, high) => {
    const group = (await curves({ band })).groups[1];
    expect(group?.low[0]).toBeCloseTo(low, 10);
    expect(group?.high[0]).toBeCloseTo(high, 10);
  });

  it("are drawn over seconds of training where trainers set stamps, and without the runs that have none", async () => {
    await seedSeries(api, `${id}-0-0`, { metric: timeMetric, steps: [1, 5], values: [2, 10] });
    await seedSeries(api, `${id}-0-2`, { metric: timeMetric, steps: [5], values: [20] });
    const { groups } = await curves({ band: "range", x: "time", points: 4 });
    expect(groups.map(({ runs, of }) => ({ runs, of }))).toEqual([
      { runs: 0, of: 2 },
      { runs: 2, of: 3 },
    ]);
    const group = groups[1];
    // Run 0 reaches steps 1 to 5 at 2, 4, …, 10 s and then has ended; run 2 reaches 1, 3, 5 at 4, 12, 20 s.
    expect(group?.steps).toEqual([5, 10, 15, 20]);
    expect(group?.n).toEqual([2, 2, 1, 1]);
    // Least and greatest of all values since the second before: 1 and 2 until 5 s, 3, 4 and 5 until 10 s.
    expect(group?.low).toEqual([1, 3, 9, 100]);
    expect(group?.high).toEqual([8, 8, 9, 100]);
    const series = await api.call("getSweepSeries", { params: { sweep: id }, query: { metric: "loss", x: "time" } });
    const runs = (series.json as { runs: RunSeries[] }).runs.filter(({ series: all }) => all.length > 0);
    expect(runs.map(({ run, series: [first] }) => [run, first?.steps])).toEqual([
      [`${id}-0-0`, [2, 4, 6, 8, 10]],
      [`${id}-0-2`, [4, 12, 20]],
    ]);
  });

  it("packed over time have fractions of seconds", async () => {
    const query = { metric: "loss", x: "time", points: 8, centre: "mean" } as const;
    const answer = await api.call("getPackedCurves", { params: { sweep: id }, query });
    const group = PackedCurves.parse(answer.json).groups[1];
    expect([...unpackFloat64(group?.seconds ?? ("" as PackedFloat64))]).toEqual([2.5, 5, 7.5, 10, 12.5, 15, 17.5, 20]);
  });

  it("on a logarithmic scale use the logarithms of positive values", async () => {
    const group = (await curves({ band: "std", scale: "log" })).groups[0];
    expect(group?.n).toEqual([2, 1]);
    // log10 of 100 and 1: mean 1, std √2.
    expect(group?.mean[0]).toBeCloseTo(10, 10);
    expect(group?.low[0]).toBeCloseTo(10 ** (1 - Math.SQRT2), 10);
    expect(group?.high[0]).toBeCloseTo(10 ** (1 + Math.SQRT2), 10);
    expect(group?.mean[1]).toBeCloseTo(1, 12);
    expect(group?.low[1]).toBeNull();
  });

  it("keep to the point budget and the number of groups", async () => {
    const { groups } = await curves({ points: 2, limit: 1 });
    expect(groups).toHaveLength(1);
    expect((await curves({ points: 3 })).groups[1]?.steps).toEqual([1, 3, 5]);
  });

  it("of a group are the same whichever others are shown, and however many", async () => {
    const many = "c0000001" as SweepId;
    const rates = [0.1, 0.2, 0.3, 0.4, 0.5];
    await seedSweep(api, {
      id: many,
      space: { learningRate: { type: "choice", values: rates } },
      trials: rates.map((learningRate, i) => ({
        parameters: { learningRate },
        runs: Array.from({ length: 6 }, (): SeededRun => ({ objective: i })),
      })),
    });
    for (const trial of rates.keys())
      for (let seed = 0; seed < 6; seed += 1)
        await seedSeries(api, `${many}-${trial}-${seed}`, { metric: "loss", steps: [1, 2], values: [seed * seed, trial] });
    const of = async (query: object): Promise<Curves["groups"]> =>
      Curves.parse((await api.call("getCurves", { params: { sweep: many }, query: { metric: "loss", ...query } })).json).groups;
    const all = await of({ runs: 10 });
    expect(all.map(({ runs, of: started }) => [runs, started])).toEqual(rates.map(() => [2, 6]));
    for (const limit of [1, 2, 4]) expect(await of({ runs: 10, limit })).toEqual(all.slice(0, limit));
    expect((await of({})).map(({ runs }) => runs)).toEqual([6, 6, 6, 6, 6]);
  });

  it("of a metric nobody reported have no points", async () => {
    const answer = await api.call("getCurves", { params: { sweep: id }, query: { metric: "nothing" } });
    expect(Curves.parse(answer.json).groups).toMatchObject([{ runs: 0, steps: [], mean: [] }, { runs: 0 }]);
    expect((await api.send("GET", `/api/v1/sweeps/${id}/curves`)).status).toBe(400);
  });
});

/** A reader of RFC 4180 that knows nothing of the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const fields = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g;
  let end = 0;
  for (const match of text.matchAll(fields)) {
    expect(match.index).toBe(end);
    end = match.index + match[0].length;
    const field = match[1] ?? "";
    rows.at(-1)?.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (match[2] === "\r\n") rows.push([]);
  }
  expect(end).toBe(text.length);
  return rows.slice(0, -1);
}

describe("export", () => {
  const id = "x0000000" as SweepId;
  beforeAll(async () => {
    const reason = 'line one\nsaid "no", twice';
    await seedSweep(api, {
      id,
      trials: [
        {
          parameters: { hiddenLayers: [8, 4], activation: "tanh" },
          runs: [{ objective: 0.125, metrics: { mae: 0.125, r2: null } }],
        },
        { parameters: { hiddenLayers: [], activation: "relu" }, runs: [{ state: "failed", reason, metrics: null }] },
      ],
    });
    await seedSeries(api, `${id}-0-0`, {
      metric: "loss",
      steps: [1, 2, 3],
      values: [0.1, Number.NaN, Number.NEGATIVE_INFINITY],
      chunkPoints: 2,
    });
    await seedSeries(api, `${id}-1-0`, { metric: "loss", steps: [1], values: [1e-300] });
  });
  const get = (query: object) => api.call("exportSweep", { params: { sweep: id }, query });

  it("writes one CSV row for each run, with parameters and final metrics as columns", async () => {
    const answer = await get({});
    expect(answer.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": 'attachment; filename="basin-x0000000-runs.csv"',
    });
    const [header, ...rows] = parseCsv(answer.text);
    const records = rows.map((row) => Object.fromEntries(row.map((value, i) => [header?.[i] ?? "", value])));
    expect(records).toMatchObject([
      {
        run: "x0000000-0-0",
        trial: "0",
        seed: "100",
        state: "finished",
        attempt: "1",
        objective: "0.125",
        "parameters.hiddenLayers": "[8,4]",
        "parameters.activation": "tanh",
        "metrics.mae": "0.125",
        "metrics.r2": "",
      },
      { run: "x0000000-1-0", state: "failed", reason: 'line one\nsaid "no", twice', objective: "", "metrics.mae": "" },
    ]);
  });

  it("writes text that a spreadsheet would run as text, in names of columns too, and numbers as numbers", async () => {
    const sweep = await seedSweep(api, {
      id: "x0000009",
      trials: [
        {
          parameters: { activation: "=1+2", learningRate: -1.5 },
          runs: [{ state: "failed", reason: '@SUM(1,"2")', objective: -1.5, metrics: { mae: -1.5 } }],
        },
      ],
    });
    await api.sql(`UPDATE run SET labels = '{"equation": "-x + 2y"}' WHERE sweep_id = 'x0000009'`);
    const { text } = await api.call("exportSweep", { params: { sweep } });
    const [header, row] = parseCsv(text);
    expect(Object.fromEntries((row ?? []).map((value, i) => [header?.[i] ?? "", value]))).toMatchObject({
      reason: `'@SUM(1,"2")`,
      objective: "-1.5",
      "parameters.activation": "'=1+2",
      "parameters.learningRate": "-1.5",
      "metrics.mae": "-1.5",
      "labels.equation": "'-x + 2y",
    });
  });

  it("writes runs as NDJSON in the form of the API, with the state in the word that people read", async () => {
    const answer = await get({ format: "ndjson" });
    expect(answer.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    const lines = answer.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    const { json } = await api.call("listRuns", { params: { sweep: id } });
    const { items } = json as { items: { state: string }[] };
    expect(items.map(({ state }) => state)).toEqual(["succeeded", "failed"]);
    expect(lines).toEqual([
      { ...items[0], state: "finished", provenance: {} },
      { ...items[1], provenance: {} },
    ]);
  });

  it("writes one row for each metric point", async () => {
    const [header, ...rows] = parseCsv((await get({ what: "metrics" })).text);
    expect(header).toEqual(["run", "trial", "seedIndex", "seed", "attempt", "metric", "step", "value"]);
    expect(rows).toEqual([
      ["x0000000-0-0", "0", "0", "100", "1", "loss", "1", "0.1"],
      ["x0000000-0-0", "0", "0", "100", "1", "loss", "2", "NaN"],
      ["x0000000-0-0", "0", "0", "100", "1", "loss", "3", "-Infinity"],
      ["x0000000-1-0", "1", "0", "100", "1", "loss", "1", "1e-300"],
    ]);
    const ndjson = (await get({ what: "metrics", format: "ndjson" })).text.trimEnd().split("\n");
    expect(ndjson.map((line) => (JSON.parse(line) as { value: number | null }).value)).toEqual([0.1, null, null, 1e-300]);
  });

  it("answers 404 before anything is sent", async () => {
    expect((await api.call("exportSweep", { params: { sweep: "00000000" } })).status).toBe(404);
  });
});
