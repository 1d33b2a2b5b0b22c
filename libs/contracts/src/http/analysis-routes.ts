import { z } from "zod";
import { MetricName, RunId, SweepId } from "../ids";
import { AppliedParameters } from "../parameters";
import { PlotData } from "../plots";
import { SweepRequest } from "../short-forms";
import {
  Distribution,
  Edf,
  EquationTerms,
  Importance,
  LabelTally,
  MetricPairs,
  ParameterGrid,
  ParameterSample,
  RunEnsemble,
  RunPlots,
  SweepAnswer,
  SweepEstimate,
  SweepProgress,
  Timeline,
} from "./analysis";
import { ComparedCurves, Comparison, PairwiseTest, Selection } from "./comparison";
import { BandKind, CurveX, RunSeries } from "./results";
import { count, csv, csvOrNone, define, flag, jsonText, runParams, sweepParams } from "./route";

const figure = MetricName.optional().describe("a final metric; default: the sweep's objective");
const groupBy = csvOrNone(z.string())
  .optional()
  .describe(
    "parameters, comma-separated, `seed` among them; none: all runs together; default: every parameter that the sweep varies",
  );
const group = jsonText(AppliedParameters)
  .optional()
  .describe('JSON: only runs whose configuration agrees, e.g. {"learningRate":0.1}; null: where the parameter does not apply');
const PlotId = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "a plot id is kebab-case");
const plotParams = sweepParams.extend({ plot: PlotId });
const runs = csvOrNone(RunId).optional().describe("these runs only");

/** Questions over the runs of a sweep, answered by the server in answers of bounded size. */
export const analysisRoutes = {
  getAnswer: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/answer",
    summary: "What the sweep found: a sentence, its best configurations, and what became of each run",
    params: sweepParams,
    query: z.object({
      limit: count(12, 200).describe("configurations"),
      seeds: count(100, 1000).describe("initializations of each"),
    }),
    response: SweepAnswer,
  }),
  getProgress: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/progress",
    summary: "How far a sweep is by the steps of its runs, how long it still takes, and what it waits for",
    params: sweepParams,
    query: z.object({ runs: count(100, 500, 0).describe("most runs in training listed") }),
    response: SweepProgress,
  }),
  getDistribution: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/distribution",
    summary: "A figure over initializations, per group: box, runs, success rate, classes",
    params: sweepParams,
    query: z.object({
      metric: figure,
      groupBy,
      points: count(100, 1000, 0).describe("most runs listed per group"),
      pointsInAll: count(50_000, 50_000, 0).describe("most runs listed; shared evenly by the groups"),
      limit: count(100, 1000).describe("groups"),
      sort: z.enum(["median", "mean", "success", "spread", "index"]).default("median").describe("best, or narrowest, first"),
    }),
    response: Distribution,
  }),
  getParameterSample: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/parameters",
    summary: "Parameters and a figure of trials or runs",
    params: sweepParams,
    query: z.object({
      metric: figure,
      per: z.enum(["trial", "run"]).default("trial"),
      parameters: csv(z.string()).optional().describe("default: every parameter that the sweep varies"),
      limit: count(1000, 10_000),
    }),
    response: ParameterSample,
  }),
  getEdf: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/edf",
    summary: "Empirical distribution function of a figure, per group",
    params: sweepParams,
    query: z.object({
      metric: figure,
      groupBy: csvOrNone(z.string()).optional().describe("default: all runs together"),
      points: count(400, 2000, 2),
      limit: count(20, 200),
    }),
    response: Edf,
  }),
  getParameterGrid: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/parameter-grid",
    summary: "A figure over two parameters: a grid of values or bins",
    params: sweepParams,
    query: z.object({
      x: z.string(),
      y: z.string(),
      metric: figure,
      statistic: z.enum(["mean", "median", "best", "success"]).default("mean"),
      bins: count(20, 100, 2).describe("per axis with more distinct values than this"),
    }),
    response: ParameterGrid,
  }),
  getImportance: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/importance",
    summary: "Which parameters matter for a figure, with the method named",
    params: sweepParams,
    query: z.object({
      metric: figure,
      method: z.enum(["main-effects", "permutation"]).default("main-effects"),
      parameters: csv(z.string()).optional().describe("default: every parameter that the sweep varies"),
    }),
    response: Importance,
  }),
  getTimeline: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/timeline",
    summary: "Attempts on trainers, throughput, best so far, and why runs failed",
    params: sweepParams,
    query: z.object({
      attempts: count(500, 5000, 0),
      bins: count(60, 500, 2),
      points: count(500, 5000, 2).describe("of the optimization history"),
    }),
    response: Timeline,
  }),
  getCurveMembers: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/curve-members",
    summary: "Series of single runs of one group, down-sampled",
    params: sweepParams,
    query: z.object({
      metric: MetricName,
      group,
      x: CurveX.default("step"),
      points: count(200, 2000, 2),
      limit: count(100, 200),
    }),
    response: z.object({ sweep: SweepId, metric: MetricName, x: CurveX, of: z.int(), runs: z.array(RunSeries) }),
  }),
  getLabelTally: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/label-tally",
    summary: "Words of runs, e.g. discovered equations, counted per group",
    params: sweepParams,
    query: z.object({
      label: MetricName.optional().describe("default: `support` (the active terms), else `equation`, else the first there is"),
      groupBy,
      texts: count(20, 200).describe("most frequent texts per group"),
      limit: count(100, 1000).describe("groups"),
    }),
    response: LabelTally,
  }),
  getEquationTerms: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/equation-terms/:plot",
    summary: "Coefficients of discovered equations, run by term",
    params: plotParams,
    query: z.object({
      group,
      runs,
      history: flag.default(true),
      limit: count(50, 200),
    }),
    response: EquationTerms,
  }),
  getRunPlot: define({
    role: "viewer",
    method: "GET",
    path: "/runs/:run/plots/:plot",
    summary: "One of the experiment's own plots of a run",
    params: runParams.extend({ plot: PlotId }),
    response: PlotData,
  }),
  getRunPlots: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/plots/:plot",
    summary: "One of the experiment's own plots, of several runs",
    params: plotParams,
    query: z.object({
      group,
      runs,
      limit: count(12, 50),
    }),
    response: RunPlots,
  }),
  getRunEnsemble: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/plots/:plot/ensemble",
    summary: "Mean, band and spread of one of the plots over several runs",
    params: plotParams,
    query: z.object({
      group,
      runs,
      band: BandKind.default("std"),
      limit: count(50, 200),
    }),
    response: RunEnsemble,
  }),
  getMetricPairs: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/metric-pairs",
    summary: "Two final metrics of the same runs, e.g. initial weights against outcome",
    params: sweepParams,
    query: z.object({
      x: MetricName,
      y: figure,
      groupBy: csvOrNone(z.string()).optional().describe("default: all runs together"),
      limit: count(2000, 20_000),
    }),
    response: MetricPairs,
  }),
  compare: define({
    role: "viewer",
    reads: true,
    method: "POST",
    path: "/compare",
    summary: "Runs and groups of sweeps: parameters, final metrics, differences",
    body: z.strictObject({ items: z.array(Selection).min(1).max(1000) }),
    response: Comparison,
    errors: [404],
  }),
  compareCurves: define({
    role: "viewer",
    reads: true,
    method: "POST",
    path: "/compare/curves",
    summary: "One metric of runs and groups of one or several sweeps",
    body: z.strictObject({
      items: z.array(Selection).min(1).max(1000),
      metric: MetricName,
      band: BandKind.default("ci"),
      scale: z.enum(["linear", "log"]).default("linear"),
      points: z.int().min(2).max(2000).default(200),
      together: z.boolean().default(false),
      members: z.int().min(0).max(200).default(0).describe("single runs per item, at most 1,000 in all"),
    }),
    response: ComparedCurves,
    errors: [404],
  }),
  testPair: define({
    role: "viewer",
    reads: true,
    method: "POST",
    path: "/compare/test",
    summary: "Whether two groups of runs differ on a figure, and by how much",
    body: z.strictObject({ a: Selection, b: Selection, metric: figure }),
    response: PairwiseTest,
    errors: [404],
  }),
  estimateSweep: define({
    role: "viewer",
    reads: true,
    method: "POST",
    path: "/sweeps/estimate",
    summary: "How long a sweep would take, from past runs of its experiment",
    body: SweepRequest,
    response: SweepEstimate,
  }),
} as const;
