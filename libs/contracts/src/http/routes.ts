import { z } from "zod";
import { ArtifactId, BuildId, MetricName, PoolName, RunId, SweepId, TrainerId, TrialId } from "../ids";
import { Catalog, ExperimentDescriptor } from "../catalog";
import { ParameterValue } from "../parameters";
import { Artifact, Run, RunDetail, RunState, Trainer, Trial } from "../run";
import { ExperimentRef, Sweep } from "../sweep";
import { plotMediaType } from "../plots";
import { DeadLetterV1 } from "../messages/dead-letter.v1";
import { analysisRoutes } from "./analysis-routes";
import { binRoutes } from "./bin-routes";
import { datasetRoutes } from "./datasets";
import { experimentRoutes } from "./experiment-routes";
import { BandKind, Curves, CurveX, PackedCurves, Results, RunSeries } from "./results";
import { count, csv, csvOrNone, define, flag, jsonText, page, pageOf, runParams, sweepParams, whole, type Route } from "./route";
import { paretoRoutes } from "./pareto-routes";
import { raceRoutes } from "./race-routes";
import { projectRoutes } from "./projects";
import { savingRoutes } from "./saving-routes";
import { sweepRoutes } from "./sweep-routes";
import { tokenRoutes } from "./tokens";
import { trainerTokenRoutes } from "./trainer-tokens";
import { workRoutes } from "./work-routes";

/** A field of a run: one of its own, `parameters.<name>` or `metrics.<name>`. */
export const RunField = z
  .string()
  .regex(
    /^(index|seed|state|outcome|attempt|trainer|build|objective|reason|startedAt|finishedAt|parameters\.[a-z][a-zA-Z0-9]{0,63}|metrics\.[a-zA-Z][a-zA-Z0-9_/.-]{0,63}|labels\.[a-zA-Z][a-zA-Z0-9_/.-]{0,63})$/,
    "a field is index, seed, state, outcome, attempt, trainer, build, objective, reason, startedAt, finishedAt, parameters.<name>, metrics.<name> or labels.<name>",
  );

/** `=` and `!=` compare any JSON value; `<`, `<=`, `>`, `>=` compare numbers (and times); `contains` looks into text. */
export const RunCondition = z.strictObject({
  field: RunField,
  op: z.enum(["=", "!=", "<", "<=", ">", ">=", "contains"]),
  value: z.union([ParameterValue, z.null()]),
});
export type RunCondition = z.infer<typeof RunCondition>;

const bulkRuns = z.strictObject({ runs: z.array(RunId).min(1).max(10_000) });
const BulkOutcome = z.object({
  changed: z.int(),
  unchanged: z.int().describe("runs whose state does not allow it"),
  sweep: Sweep,
});

const curvesQuery = z.object({
  metric: MetricName,
  groupBy: csvOrNone(z.string()).optional().describe("parameters, comma-separated, `seed` among them; none: all runs together"),
  band: BandKind.default("ci"),
  scale: z.enum(["linear", "log"]).default("linear"),
  x: CurveX.default("step"),
  points: count(300, 5000, 2),
  limit: count(50, 1000).describe("groups, best first"),
  runs: count(4000, 20_000).describe(
    "most runs read if every group were shown: of each an equal share, sampled evenly where it has more (it says so), and the same whatever `limit` is",
  ),
});

export const routes = {
  ...analysisRoutes,
  ...tokenRoutes,
  ...projectRoutes,
  ...trainerTokenRoutes,
  ...datasetRoutes,
  ...binRoutes,
  getCatalog: define({
    role: "viewer",
    trainers: true,
    method: "GET",
    path: "/catalog",
    summary: "Experiments and search algorithms, with JSON Schemas of their parameters",
    query: z.object({ diagnostic: flag.default(false) }),
    response: Catalog,
  }),
  getExperiment: define({
    role: "viewer",
    trainers: true,
    method: "GET",
    path: "/catalog/experiments/:experiment",
    summary: "One experiment",
    params: z.object({ experiment: ExperimentRef }),
    response: ExperimentDescriptor,
  }),
  ...experimentRoutes,
  ...workRoutes,
  ...paretoRoutes,
  ...raceRoutes,
  ...savingRoutes,
  ...sweepRoutes,
  listTrials: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/trials",
    summary: "Trials by index",
    params: sweepParams,
    query: z.object(page),
    response: pageOf(Trial),
  }),
  listRuns: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/runs",
    summary: "Runs",
    params: sweepParams,
    query: z.object({
      ...page,
      state: csv(RunState).optional(),
      trial: TrialId.optional(),
      where: jsonText(z.array(RunCondition).max(20)).optional().describe("JSON list of conditions, all of which must hold"),
      search: z.string().max(200).optional().describe("part of the run id, the reason or a label"),
      sort: z
        .string()
        .refine(
          (sort) => RunField.safeParse(sort.replace(/^-/, "")).success,
          "sort by a field, with - before it for the other way",
        )
        .default("index"),
    }),
    response: pageOf(Run),
  }),
  retryRuns: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/runs/retry",
    summary: "Give these failed or cancelled runs a fresh retry budget",
    params: sweepParams,
    body: bulkRuns,
    response: BulkOutcome,
  }),
  cancelRuns: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/sweeps/:sweep/runs/cancel",
    summary: "Stop these runs for good; finished ones stay",
    params: sweepParams,
    body: bulkRuns,
    response: BulkOutcome,
  }),
  getResults: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/results",
    summary: "Results grouped by configuration over initializations",
    params: sweepParams,
    query: z.object({
      groupBy: csvOrNone(z.string())
        .optional()
        .describe("parameters, comma-separated; none: all runs together; default: every parameter that the sweep varies"),
      sort: z.enum(["objective", "index"]).default("objective").describe("objective: best mean first"),
      limit: count(500, 10_000),
    }),
    response: Results,
  }),
  getCurves: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/curves",
    summary: "One metric: mean and band over initializations, per group",
    params: sweepParams,
    query: curvesQuery,
    response: Curves,
  }),
  getPackedCurves: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/curves/packed",
    summary: "The same with one centre line, packed: a third in size",
    params: sweepParams,
    query: curvesQuery.extend({ centre: z.enum(["mean", "median"]).default("mean") }),
    response: PackedCurves,
  }),
  getSweepSeries: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/series",
    summary: "One metric of many runs, down-sampled",
    params: sweepParams,
    query: z.object({
      metric: MetricName,
      runs: csvOrNone(RunId).optional().describe("default: the first `limit` runs that have started"),
      x: CurveX.default("step"),
      points: count(200, 5000, 2),
      limit: count(200, 1000),
    }),
    response: z.object({ sweep: SweepId, metric: MetricName, x: CurveX, runs: z.array(RunSeries) }),
  }),
  exportSweep: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/export",
    summary: "Every run, streamed: one row per run (what=runs) or per metric point (what=metrics)",
    params: sweepParams,
    query: z.object({
      format: z.enum(["csv", "ndjson", "parquet"]).default("csv"),
      what: z.enum(["runs", "metrics"]).default("runs"),
    }),
    response: z.string(),
    mediaTypes: ["text/csv", "application/x-ndjson", "application/vnd.apache.parquet"],
  }),
  sweepEvents: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/events",
    summary: "Server-sent events of one sweep (ChangeV2)",
    params: sweepParams,
    response: z.string(),
    mediaTypes: ["text/event-stream"],
  }),
  events: define({
    role: "viewer",
    method: "GET",
    path: "/events",
    summary: "Server-sent events of all sweeps (ChangeV2 without metrics)",
    response: z.string(),
    mediaTypes: ["text/event-stream"],
  }),
  trainerEvents: define({
    role: "viewer",
    method: "GET",
    path: "/trainers/events",
    summary: "Server-sent events of the trainers (TrainerChangeV1)",
    response: z.string(),
    mediaTypes: ["text/event-stream"],
  }),
  getRun: define({
    role: "viewer",
    method: "GET",
    path: "/runs/:run",
    summary: "One run with its attempts and artifacts",
    params: runParams,
    response: RunDetail,
  }),
  getRunMetrics: define({
    role: "viewer",
    method: "GET",
    path: "/runs/:run/metrics",
    summary: "Metric series of a run",
    params: runParams,
    query: z.object({
      metrics: csv(MetricName).optional().describe("default: all"),
      points: count(1000, 100_000, 2).describe("point budget per series"),
      raw: flag.default(false).describe("true: every point"),
      attempt: whole(1, 2_147_483_647).optional().describe("default: the newest"),
    }),
    response: RunSeries,
  }),
  listArtifacts: define({
    role: "viewer",
    method: "GET",
    path: "/runs/:run/artifacts",
    summary: "Artifacts of a run",
    params: runParams,
    response: z.object({ items: z.array(Artifact) }),
  }),
  getArtifactContent: define({
    role: "viewer",
    trainers: true,
    method: "GET",
    path: "/artifacts/:artifact/content",
    summary: "Download an artifact",
    params: z.object({ artifact: ArtifactId }),
    response: z.string(),
    statuses: [200, 304],
    mediaTypes: [plotMediaType, "application/octet-stream", "*/*"],
    ranges: true,
  }),
  listTrainers: define({
    role: "viewer",
    method: "GET",
    path: "/trainers",
    summary: "Trainers",
    query: z.object({ pool: PoolName.optional() }),
    response: z.object({
      items: z.array(Trainer),
      build: BuildId.nullable().describe("that the control plane was made with; null: it does not know"),
    }),
  }),
  drainTrainer: define({
    role: "admin",
    method: "POST",
    path: "/trainers/:trainer/drain",
    summary: "Hand its runs back and take no more",
    params: z.object({ trainer: TrainerId }),
    response: Trainer,
  }),
  undrainTrainer: define({
    role: "admin",
    method: "POST",
    path: "/trainers/:trainer/undrain",
    summary: "Take packs again after a drain",
    params: z.object({ trainer: TrainerId }),
    response: Trainer,
  }),
  listDeadLetters: define({
    role: "admin",
    method: "GET",
    path: "/dead-letters",
    summary: "Messages that could not be parsed, newest first",
    query: z.object({ limit: count(100, 1000) }),
    response: z.object({ items: z.array(DeadLetterV1.extend({ id: z.string() })), total: z.int() }),
  }),
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;

/** Commands to a sweep that say nothing but which. */
export type SweepCommand = Extract<
  RouteName,
  | "pauseSweep"
  | "resumeSweep"
  | "cancelSweep"
  | "retryFailed"
  | "archiveSweep"
  | "unarchiveSweep"
  | "deleteSweep"
  | "restoreSweep"
>;

type PartOf<R, K extends string> = R extends Record<K, infer S> ? (S extends z.ZodType ? z.output<S> : never) : never;
/** The query of a route as who answers it gets it: checked, defaults filled in. Callers write `CallInput`. */
export type QueryOf<N extends RouteName> = PartOf<(typeof routes)[N], "query">;
/** The body of a request, in the same way. */
export type BodyOf<N extends RouteName> = PartOf<(typeof routes)[N], "body">;
/** What a route answers. */
export type AnswerOf<N extends RouteName> = PartOf<(typeof routes)[N], "response">;
