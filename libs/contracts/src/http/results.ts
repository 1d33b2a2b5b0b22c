import { z } from "zod";
import { PackedFloat64, PackedInt32 } from "../packed-array";
import { MetricName, RunId, SweepId, TrialId } from "../ids";
import { AppliedParameters } from "../parameters";
import { Build, Objective } from "../sweep";

/**
 * What an answer leaves out of the runs it is about, or counts once. A run repeats another when it is the same training: configuration and seed
 * agree in everything that has an effect.
 */
export const LeftOut = z.object({
  repeats: z.int().describe("runs that repeat one that counts"),
  without: z.int().describe("finished runs without a finite value: diverged, failed, or the figure is undefined"),
  reading: z.string().describe("the same in words; empty where there is nothing to say"),
});
export type LeftOut = z.infer<typeof LeftOut>;
/** What an answer of an API says that knew nothing of it. */
export const nothingLeftOut: LeftOut = { repeats: 0, without: 0, reading: "" };

/**
 * What is typical of a group: the mean with its 95 % interval. Of a metric on a logarithmic scale whose values are all positive, the geometric
 * mean with the interval of the mean logarithm, which never reaches below 0.
 */
export const TypicalValue = z.object({
  scale: z.enum(["linear", "log"]),
  centre: z.number(),
  low: z.number().nullable().describe("null for a single value"),
  high: z.number().nullable(),
});
export type TypicalValue = z.infer<typeof TypicalValue>;

/** Statistics over the initializations of a group. Only finite values of succeeded runs enter; `n` says how many. */
export const Statistics = z
  .object({
    n: z.int(),
    mean: z.number().nullable(),
    median: z.number().nullable(),
    std: z.number().nullable().describe("sample standard deviation (n − 1)"),
    ciLow: z
      .number()
      .nullable()
      .describe("mean − t(0.975, n − 1)·std/√n, at least 0 for positive values of a metric on a logarithmic scale"),
    ciHigh: z.number().nullable().describe("mean + t(0.975, n − 1)·std/√n"),
    min: z.number().nullable(),
    max: z.number().nullable(),
    typical: TypicalValue.nullable().default(null).describe("null without a value"),
  })
  .meta({ id: "Statistics" });
export type Statistics = z.infer<typeof Statistics>;

/** Share of finished runs that meet a criterion, with Wilson's 95 % interval. */
export const SuccessRate = z.object({ met: z.int(), of: z.int(), rate: z.number(), low: z.number(), high: z.number() });
export type SuccessRate = z.infer<typeof SuccessRate>;

/**
 * Of a final metric that names a class: how many finished runs are in each, in the order of its categories. A diverged run is in the class
 * "diverged" where there is one, so that the counts add up to the finished runs.
 */
export const ClassCounts = z.object({ categories: z.array(z.string()), counts: z.array(z.int()) });
export type ClassCounts = z.infer<typeof ClassCounts>;

/** Runs of a group by how they ended. */
export const RunCounts = z.object({
  total: z.int(),
  succeeded: z.int(),
  diverged: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  pruned: z.int(),
  unfinished: z.int(),
});

export const ResultGroup = z
  .object({
    /** The values of the parameters grouped by; null: does not apply to these runs. */
    group: AppliedParameters,
    trials: z.array(TrialId).describe("at most 20 are listed").optional(),
    trialCount: z.int(),
    counts: RunCounts,
    repeats: z.int().default(0).describe("further runs that repeat one of these; they count nowhere"),
    objective: Statistics,
    best: z.object({ run: RunId, value: z.number() }).nullable(),
    worst: z.object({ run: RunId, value: z.number() }).nullable(),
    metrics: z.record(MetricName, Statistics),
    /** Share of finished runs that meet the experiment's success criterion, with Wilson's 95 % interval; null without one. */
    success: SuccessRate.nullable(),
    shares: z.record(MetricName, SuccessRate).describe("of final metrics that are 1 or 0: of finished runs, those with 1"),
    classes: z.record(MetricName, ClassCounts).describe("of final metrics with categories"),
  })
  .meta({ id: "ResultGroup" });
export type ResultGroup = z.infer<typeof ResultGroup>;

export const Results = z
  .object({
    sweep: SweepId,
    objective: Objective,
    builds: z.array(Build.extend({ runs: z.int() })).describe("finished runs by the build that trained them, most first"),
    groupedBy: z.array(z.string()),
    groups: z.array(ResultGroup),
    leftOut: LeftOut.default(nothingLeftOut),
    rankedBy: z.string().default("").describe("what puts one group before another, in words"),
    /** Groups that exist beyond those returned (`limit`). */
    more: z.int(),
  })
  .meta({ id: "Results" });
export type Results = z.infer<typeof Results>;

/** A series cut down to a point budget, keeping the least and the greatest value of every stretch, or raw. */
export const Series = z
  .object({
    metric: MetricName,
    attempt: z.int(),
    points: z.int().describe("number of points stored, before down-sampling"),
    steps: z.array(z.number()).describe("seconds of training where they were asked for"),
    values: z.array(z.number().nullable()).describe("null: not a finite number"),
  })
  .meta({ id: "Series" });
export type Series = z.infer<typeof Series>;
export const RunSeries = z.object({ run: RunId, series: z.array(Series) }).meta({ id: "RunSeries" });
export type RunSeries = z.infer<typeof RunSeries>;

/**
 * What curves are drawn over: steps, or seconds of training (of the pack that a run was trained in). Runs of trainers that set no
 * stamps of time are left out of the latter.
 */
export const CurveX = z.enum(["step", "time"]);

/** What a band about a mean shows: the mean's 95 % interval, the standard deviation, all values, or the middle half. */
export const BandKind = z.enum(["ci", "std", "range", "iqr"]);
export type BandKind = z.infer<typeof BandKind>;

/** Mean and band over the initializations of each group at common steps. */
const GroupCurve = z
  .object({
    group: AppliedParameters,
    runs: z.int().describe("that reported the metric"),
    of: z.int().describe("runs that started; more than `runs`: some never reported, or a sample was read"),
    steps: z.array(z.number()).describe("seconds of training where they were asked for"),
    n: z.array(z.int()).describe("finite values at each step"),
    mean: z.array(z.number().nullable()),
    median: z.array(z.number().nullable()),
    low: z.array(z.number().nullable()).describe("of the band `range`: the least of all values since the step before"),
    high: z.array(z.number().nullable()).describe("of the band `range`: the greatest of all values since the step before"),
  })
  .meta({ id: "GroupCurve" });

export const Curves = z
  .object({
    sweep: SweepId,
    metric: MetricName,
    band: BandKind,
    scale: z.enum(["linear", "log"]).describe("log: mean and band are computed on log10 of positive values"),
    x: CurveX,
    groups: z.array(GroupCurve),
    /** Groups that exist beyond those returned (`limit`). */
    more: z.int(),
  })
  .meta({ id: "Curves" });
export type Curves = z.infer<typeof Curves>;

/** A group's curve with one centre line, as packed arrays; NaN where `GroupCurve` has null. */
export const PackedGroupCurve = GroupCurve.pick({ group: true, runs: true, of: true }).extend({
  steps: PackedInt32.describe("empty where seconds were asked for"),
  seconds: PackedFloat64.optional().describe("of training, where they were asked for"),
  n: PackedInt32,
  centre: PackedFloat64,
  low: PackedFloat64,
  high: PackedFloat64,
});
export type PackedGroupCurve = z.infer<typeof PackedGroupCurve>;
export const PackedCurves = Curves.omit({ groups: true }).extend({
  centre: z.enum(["mean", "median"]),
  groups: z.array(PackedGroupCurve),
});
export type PackedCurves = z.infer<typeof PackedCurves>;
