import { ExperimentDescriptor, Report, ResultGroup } from "@basin/contracts";
import { expect, test } from "vitest";
import { styleFor } from "../terminal/style";
import { widthOf } from "../terminal/text-width";
import type { Plan, Reading } from "./plan";
import { reproduceReport, tableText } from "./reproduce-report";
import { tableRows } from "./table-row";

const experiment = ExperimentDescriptor.parse({
  id: "spring",
  version: 1,
  title: "Spring",
  summary: "A spring.",
  description: "",
  source: "",
  family: "mlp",
  familyTitle: "Networks of dense layers",
  diagnostic: false,
  defaultSweep: { lesson: "", space: {}, seeds: 5 },
  parameters: {},
  defaults: {},
  perRunParameters: [],
  objective: { metric: "error", direction: "minimize" },
  metrics: [
    { name: "error", title: "Error", series: false, final: true },
    { name: "lawRecovered", title: "Law", series: false, final: true },
    { name: "outcome", title: "Outcome", series: false, final: true, categories: ["law", "none"] },
  ],
  success: { text: "small", all: [{ metric: "error", op: "<=", value: 0.1 }] },
  plots: [],
  maxPackWidth: 1,
  stepUnit: "epoch",
});

function statistics(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const median = sorted[Math.floor(values.length / 2)] ?? null;
  return {
    n: values.length,
    mean,
    median,
    std: null,
    ciLow: null,
    ciHigh: null,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
  };
}

function group(rate: number, errors: number[], laws: number[], lost = { diverged: 0, failed: 0, unfinished: 0 }): ResultGroup {
  const { diverged, failed, unfinished } = lost;
  const met = errors.filter((error) => error <= 0.1).length;
  const of = errors.length + diverged;
  return ResultGroup.parse({
    group: { rate },
    trialCount: 1,
    counts: { total: of + failed + unfinished, succeeded: errors.length, diverged, failed, cancelled: 0, pruned: 0, unfinished },
    objective: statistics(errors),
    best: null,
    worst: null,
    metrics: { error: statistics(errors), lawRecovered: statistics(laws) },
    success: { met, of, rate: met / of, low: 0, high: 1 },
    shares: { lawRecovered: { met: laws.filter((law) => law === 1).length, of, rate: 0, low: 0, high: 1 } },
    classes: {
      outcome: {
        categories: ["law", "none", "diverged"],
        counts: [laws.filter((law) => law === 1).length, laws.filter((law) => law === 0).length, diverged],
      },
    },
  });
}

const plan = (readings: Reading[], more: Partial<Plan> = {}): Plan => ({
  id: "spring",
  experiment: "spring",
  setting: "default",
  quick: null,
  readings,
  ...more,
});
const rows = (
  readings: Reading[],
  groups: ResultGroup[],
  unjudged: string | null = null,
  more: Partial<Plan> = {},
  best: number | null = null,
) => tableRows({ plan: plan(readings, more), experiment, groups, sweep: "aaaaaaaa", unjudged }, () => best);

test("a median is held against the experiment's own threshold, and the share of runs that meet it follows", () => {
  const readings: Reading[] = [{ metric: "error", read: "median", source: "0.05", want: "criterion", missed: "too few steps" }];
  const [error, share] = rows(readings, [group(1, [0.04, 0.2, 0.06], [1, 0, 1])]);
  expect(error).toMatchObject({
    ours: 0.06,
    min: 0.04,
    max: 0.2,
    n: 3,
    criterion: "<= 0.1",
    met: true,
    remark: "",
    source: "0.05",
    title: "Error",
  });
  expect(share).toMatchObject({ title: "runs that meet the criterion", n: 3, criterion: null, met: null });
  expect(share?.ours).toBeCloseTo(2 / 3, 12);
  const [missed] = rows(readings, [group(1, [0.4, 0.2, 0.06], [1, 0, 1])]);
  expect(missed).toMatchObject({ ours: 0.2, met: false, remark: "too few steps" });
});

test("what could not be judged has no verdict and says why", () => {
  const readings: Reading[] = [{ metric: "error", read: "median", want: "criterion" }];
  expect(rows(readings, [group(1, [0.4], [0])], "smaller")[0]).toMatchObject({ ours: 0.4, met: null, remark: "smaller" });
  expect(rows(readings, [])[0]).toMatchObject({ ours: null, met: null, remark: "no run gave this figure" });
  const lost = group(1, [0.01], [1], { diverged: 2, failed: 1, unfinished: 1 });
  expect(rows(readings, [lost])[0]).toMatchObject({ met: true, remark: "of 5 runs 1 failed, 2 diverged, 1 did not finish" });
});

test("a share counts diverged runs and has Wilson's interval; classes add up to the runs", () => {
  const readings: Reading[] = [
    { metric: "lawRecovered", read: "share", want: { op: ">=", value: 0.9 } },
    { metric: "outcome", read: "classes" },
  ];
  const nine = group(
    1,
    Array.from({ length: 9 }, () => 1),
    [1, 1, 1, 1, 1, 1, 1, 1, 0],
    { diverged: 1, failed: 0, unfinished: 0 },
  );
  const [law, classes] = rows(readings, [nine]);
  expect(law).toMatchObject({ ours: 0.8, n: 10, met: false });
  expect(law?.min).toBeCloseTo(0.4901625, 6);
  expect(law?.max).toBeCloseTo(0.9433178, 6);
  expect(classes).toMatchObject({ classes: { law: 8, none: 1, diverged: 1 }, n: 10, ours: null });
});

test("groups of a sweep are named by their values; the best one follows the bound's direction; another plan's best is taken away", () => {
  const groups = [group(1, [0.5, 0.4, 0.6], [1]), group(0.1, [0.05, 0.07, 0.06], [1])];
  const swept = { swept: { rate: [1, 0.1] } };
  const [named, best, compared] = rows(
    [
      { metric: "error", read: "median", where: { rate: 1 }, want: "criterion" },
      { metric: "error", read: "best", want: { op: "<=", value: 0.1 } },
      { metric: "error", read: "best", want: { op: "<=", value: 0.01 }, minus: "other" },
    ],
    groups,
    null,
    swept,
    0.055,
  );
  expect(named).toMatchObject({ ours: 0.5, met: false, setting: "default", group: "rate 1" });
  expect(best).toMatchObject({ ours: 0.06, min: 0.05, max: 0.07, met: true });
  expect(compared).toMatchObject({ met: true, min: null, max: null });
  expect(compared?.ours).toBeCloseTo(0.005, 12);
  const [ratio] = rows(
    [{ metric: "error", read: "best", want: { op: "<=", value: 1.5 }, over: "other" }],
    groups,
    null,
    swept,
    0.05,
  );
  expect(ratio).toMatchObject({ met: true, title: "Error: divided by that of other" });
  expect(ratio?.ours).toBeCloseTo(1.2, 12);
});

test("a group of which half of the runs have no figure is best only where no other is better off", () => {
  const best: Reading[] = [{ metric: "error", read: "best", want: { op: "<=", value: 0.1 } }];
  const lost = (diverged: number, failed = 0) => ({ diverged, failed, unfinished: 0 });
  const half = group(1, [0.01, 0.02], [1, 1], lost(1, 1));
  const fewer = group(2, [0.01], [1], lost(3));
  const most = group(3, [0.2, 0.3, 0.4], [0, 0, 0], lost(2));
  expect(rows(best, [half, fewer, most])[0]).toMatchObject({ ours: 0.3, met: false });
  expect(rows(best, [fewer, half])[0]).toMatchObject({ ours: 0.02, n: 2 });
});

test("a criterion whose object is missing has no verdict", () => {
  const reading: Reading = {
    metric: "error",
    read: "median",
    want: "criterion",
    unless: { metric: "outcome", category: "none", why: "no law to judge" },
  };
  expect(rows([reading], [group(1, [0.4, 0.2], [1, 0])])[0]).toMatchObject({ ours: 0.4, met: null, remark: "no law to judge" });
  expect(rows([reading], [group(1, [0.4, 0.2], [1, 1])])[0]).toMatchObject({ met: false });
});

test("the report holds rows, checks and named figures; the table shows remarks", () => {
  const readings: Reading[] = [
    { metric: "outcome", read: "classes" },
    { metric: "lawRecovered", read: "share", want: { op: ">=", value: 0.9 }, figure: "lawRate", remark: "looser" },
  ];
  const measured = rows(readings, [group(1, [0.04, 0.2], [1, 0])]);
  const report = reproduceReport({
    machine: { cpu: "x", cores: 2, memoryBytes: 1, node: "v22", backend: "wasm" },
    startedAt: new Date(0),
    seconds: 1,
    plans: [plan(readings)],
    rows: measured,
  });
  expect(Report.parse(JSON.parse(JSON.stringify(report)))).toMatchObject({
    report: "reproduce",
    version: 1,
    figures: { lawRate: { value: 0.5, samples: 2 } },
    checks: [
      { name: "spring: Law", want: ">= 0.9", got: 0.5, met: false, reason: "looser; missed; see the experiment's description" },
    ],
  });
  expect(report.rows).toHaveLength(2);
  const lines = tableText(measured, styleFor(process.stdout));
  expect(lines[2]).toContain("spring: default");
  expect(lines[3]).toContain("law 1, none 1");
  expect(lines[4]).toMatch(/0\.5 \[.*\] n=2 +>= 0\.9 +.*missed/);
  expect(lines[5]).toContain("looser; missed");
  for (const columns of [60, 80, 120]) {
    const narrow = tableText(measured, styleFor(process.stdout), columns);
    expect(Math.max(...narrow.map(widthOf))).toBeLessThanOrEqual(columns);
  }
});

test("a rank correlation has its interval, and none where nothing varies or too few runs are there", () => {
  const reading: Reading = { metric: "error", read: "rank-correlation", against: "lawRecovered" };
  const row = (rho: number | null, runs: number) =>
    tableRows(
      {
        plan: plan([reading]),
        experiment,
        groups: [],
        correlations: new Map([[reading, { rho, runs }]]),
        sweep: "aaaaaaaa",
        unjudged: null,
      },
      () => null,
    )[0]!;
  expect(row(0.5, 20)).toMatchObject({ title: "Error: Spearman's correlation with Law", ours: 0.5, n: 20, met: null });
  // By hand: artanh 0.5 = 0.549306, half width 1.959964·√(1.125/17) = 0.504197.
  expect(row(0.5, 20).min).toBeCloseTo(Math.tanh(0.549306 - 0.504197), 5);
  expect(row(0.5, 20).max).toBeCloseTo(Math.tanh(0.549306 + 0.504197), 5);
  expect(row(null, 20)).toMatchObject({ ours: null, n: 20 });
  expect(row(-1, 20)).toMatchObject({ ours: -1, min: -1, max: -1 });
});
