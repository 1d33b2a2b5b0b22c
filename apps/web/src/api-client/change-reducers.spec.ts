import { ChangeV2, Run, RunSeries, Sweep, SweepSpec } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import {
  type MetricPoint,
  newestPoints,
  type RunChange,
  type SweepChange,
  withPoint,
  withPoints,
  withRunChanges,
  withSweepChange,
} from "./change-reducers";

const at = "2026-01-01T00:00:00Z";
const counts = { planned: 2, pending: 0, queued: 0, running: 1, succeeded: 1, diverged: 0, failed: 0, cancelled: 0, pruned: 0 };
const sweep = Sweep.parse({
  id: "k3v9x2mq",
  name: "s",
  state: "running",
  spec: SweepSpec.parse({ experiment: "e" }),
  objective: { metric: "loss", direction: "minimize" },
  trialsPlanned: 1,
  trialsCreated: 1,
  seedCount: 2,
  counts,
  best: null,
  usage: { trainSeconds: 0, steps: 0, spent: null },
  success: null,
  build: { id: "3fa94c1b20de", version: "0.1.0" },
  earlierBuilds: [],
  waiting: null,
  owner: "local",
  project: "default",
  clonedFrom: null,
  createdAt: at,
  startedAt: at,
  finishedAt: null,
});
const run = (id: string, attempt: number, state: string) =>
  Run.parse({
    id,
    sweep: "k3v9x2mq",
    trial: "k3v9x2mq-0",
    trialIndex: 0,
    seedIndex: 0,
    seed: 0,
    state,
    outcome: "none",
    parameters: {},
    attempt,
    objective: null,
    metrics: {},
    labels: {},
    reason: null,
    trainer: null,
    build: null,
    createdAt: at,
    startedAt: null,
    finishedAt: null,
  });
const change = <T extends ChangeV2["type"]>(value: { type: T } & Record<string, unknown>) =>
  ChangeV2.parse({ v: 2, sweep: "k3v9x2mq", ...value }) as Extract<ChangeV2, { type: T }>;
const runChange = (id: string, attempt: number, state: string, objective: number | null = null): [string, RunChange] => {
  const [only] = change({ type: "runs", runs: [{ run: id, attempt, state, objective, trainer: "t1" }] }).runs;
  if (!only) throw new Error("no run");
  return [id, only];
};
const points = (...given: [run: string, attempt: number, step: number, value: number | null][]): MetricPoint[] =>
  change({
    type: "metrics",
    points: given.map(([id, attempt, step, value]) => ({ run: id, attempt, metric: "loss", step, value })),
  }).points;
const series = (id: string, attempt: number, steps: number[]) =>
  RunSeries.parse({ run: id, series: [{ metric: "loss", attempt, points: steps.length, steps, values: steps }] });
const stepsOf = (runs: readonly RunSeries[]) => runs.map((each) => each.series[0]?.steps);

describe("sweep changes", () => {
  const changed: SweepChange = change({
    type: "sweep",
    state: "completed",
    counts: { ...counts, running: 0, succeeded: 2 },
    best: { run: "k3v9x2mq-0-1", value: 0.5 },
  });

  it("replace state, counts and best, and nothing else", () => {
    expect(withSweepChange(sweep, changed)).toEqual({ ...sweep, state: "completed", counts: changed.counts, best: changed.best });
  });

  it("leave other sweeps alone", () => {
    const other = Sweep.parse({ ...sweep, id: "00000000" });
    expect(withSweepChange(other, changed)).toBe(other);
  });
});

describe("run changes", () => {
  const runs = [run("k3v9x2mq-0-0", 1, "running"), run("k3v9x2mq-0-1", 2, "running")];

  it("change the runs they name and keep the others' identity", () => {
    const next = withRunChanges(runs, new Map([runChange("k3v9x2mq-0-0", 1, "succeeded", 0.25)]));
    expect(next[0]).toMatchObject({ state: "succeeded", objective: 0.25, trainer: "t1" });
    expect(next[1]).toBe(runs[1]);
  });

  it("of an older attempt, of unknown runs, or that say nothing new keep the array", () => {
    expect(withRunChanges(runs, new Map([runChange("k3v9x2mq-0-1", 1, "failed")]))).toBe(runs);
    expect(withRunChanges(runs, new Map([runChange("k3v9x2mq-9-9", 1, "failed")]))).toBe(runs);
    const same = withRunChanges(runs, new Map([runChange("k3v9x2mq-0-0", 1, "running")]));
    expect(withRunChanges(same, new Map([runChange("k3v9x2mq-0-0", 1, "running")]))).toBe(same);
  });
});

describe("metric points", () => {
  it("are appended in order, once", () => {
    const [only] = series("k3v9x2mq-0-0", 1, [0, 10]).series;
    if (!only) throw new Error("no series");
    const [later, earlier] = points(["k3v9x2mq-0-0", 1, 20, null], ["k3v9x2mq-0-0", 1, 10, 7]);
    if (!later || !earlier) throw new Error("no points");
    expect(withPoint(only, later)).toMatchObject({ steps: [0, 10, 20], values: [0, 10, null], points: 3 });
    expect(withPoint(only, earlier)).toBe(only);
  });

  it("of a newer attempt begin the series anew, of an older one do nothing", () => {
    const before = [series("k3v9x2mq-0-0", 2, [0, 10])];
    expect(withPoints(before, newestPoints(points(["k3v9x2mq-0-0", 1, 50, 1])), "loss", 10)).toBe(before);
    const [next] = withPoints(before, newestPoints(points(["k3v9x2mq-0-0", 3, 5, 1])), "loss", 10);
    expect(next?.series[0]).toMatchObject({ attempt: 3, steps: [5], values: [1] });
  });

  it("of a run that reports for the first time add it, up to the limit", () => {
    const before = [series("k3v9x2mq-0-0", 1, [0])];
    const newest = newestPoints(points(["k3v9x2mq-0-1", 1, 3, 1], ["k3v9x2mq-0-2", 1, 4, 1]));
    expect(stepsOf(withPoints(before, newest, "loss", 2))).toEqual([[0], [3]]);
    expect(withPoints(before, newest, "accuracy", 10)).toBe(before);
    expect(withPoints(before, newest, "loss", 1)).toBe(before);
  });

  it("of one batch are the newest by attempt, then step", () => {
    const newest = newestPoints(points(["k3v9x2mq-0-0", 1, 90, 1], ["k3v9x2mq-0-0", 2, 10, 2], ["k3v9x2mq-0-0", 2, 5, 3]));
    expect(newest.get("k3v9x2mq-0-0")?.get("loss")).toMatchObject({ attempt: 2, step: 10, value: 2 });
  });
});
