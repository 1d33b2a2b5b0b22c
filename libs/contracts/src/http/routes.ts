import { z } from "zod";
import { ArtifactId, BuildId, MetricName, PoolName, RunId, SweepId, TrainerId, TrialId } from "../ids";
import { Catalog, ExperimentDescriptor } from "../catalog";
import { AppliedParameters, ParameterValue } from "../parameters";
import { Artifact, Run, RunDetail, RunState, Trainer, Trial } from "../run";
import { Budget, ExperimentId, Seed, Sweep, SweepSpec, SweepState } from "../sweep";
import { SweepRequest } from "../short-forms";
import { plotMediaType } from "../plots";
import { DeadLetterV1 } from "../messages/dead-letter.v1";
import { analysisRoutes } from "./analysis-routes";
import { datasetRoutes } from "./datasets";
import { Issue } from "./error";
import { BandKind, Curves, CurveX, PackedCurves, Results, RunSeries } from "./results";
import {
  count,
  csv,
  csvOrNone,
  define,
  eitherWay,
  flag,
  jsonText,
  page,
  pageOf,
  runParams,
  sweepParams,
  whole,
  type Route,
} from "./route";
import { tokenRoutes } from "./tokens";

export const SweepPreview = z
  .object({
    trials: z.number().nullable().describe("null: decided while the sweep runs"),
    runs: z.number().nullable().describe("at most as many as the budget allows"),
    seeds: z.int(),
    sample: z.array(AppliedParameters).describe("the first configurations, at most 20; null: does not apply"),
    objective: z.object({ metric: z.string(), direction: z.string() }),
    warnings: z.array(Issue).describe("what the sweep may do but hardly means, e.g. a swept parameter that changes nothing"),
  })
  .meta({ id: "SweepPreview" });
export type SweepPreview = z.infer<typeof SweepPreview>;

export const ExtendSweep = z
  .strictObject({
    seeds: z
      .union([z.int().min(1).max(100_000), z.strictObject({ list: z.array(Seed).min(1) })])
      .optional()
      .describe("more initializations for every trial: how many (the next seeds), or which"),
    trials: z.int().min(1).max(1_000_000).optional().describe("more trials, for algorithms with a trial budget (random)"),
    budget: Budget.optional().describe("in place of the sweep's budget ({}: none); runs that the old one cancelled wait again"),
  })
  .refine((e) => e.seeds !== undefined || e.trials !== undefined || e.budget !== undefined, {
    message: "give seeds, trials, a budget, or several of them",
  })
  .meta({ id: "ExtendSweep", minProperties: 1 });
export type ExtendSweep = z.infer<typeof ExtendSweep>;

const CloneSweep = z.strictObject({
  changes: z.record(z.string(), z.unknown()).default({}).describe("fields of the sweep spec to replace"),
});

export const ContinueSweep = z.strictObject({
  build: BuildId.optional().describe("default: the only other build whose trainers are there"),
});

/** Fields that say what a sweep is for; what it does cannot be changed. */
export const SweepPatch = z
  .strictObject({
    name: SweepSpec.shape.name,
    tags: SweepSpec.shape.tags.unwrap().optional(),
    notes: z.string().max(10_000).optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), { message: "give name, tags or notes" })
  .meta({ minProperties: 1 });
export type SweepPatch = z.infer<typeof SweepPatch>;

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

/** What sweeps can be sorted by. */
const sweepSortFields = ["createdAt", "name", "failed", "runs", "success", "owner"] as const;
export type SweepSortField = (typeof sweepSortFields)[number];

const Facet = z.object({ value: z.string(), sweeps: z.int() });

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
  ...datasetRoutes,
  getCatalog: define({
    method: "GET",
    path: "/catalog",
    summary: "Experiments and search algorithms, with JSON Schemas of their parameters",
    query: z.object({ diagnostic: flag.default(false) }),
    response: Catalog,
  }),
  getExperiment: define({
    method: "GET",
    path: "/catalog/experiments/:experiment",
    summary: "One experiment",
    params: z.object({ experiment: ExperimentId }),
    response: ExperimentDescriptor,
  }),
  previewSweep: define({
    method: "POST",
    path: "/sweeps/preview",
    summary: "Check a sweep and count its trials and runs; nothing is stored",
    body: SweepRequest,
    response: SweepPreview,
  }),
  createSweep: define({
    method: "POST",
    path: "/sweeps",
    summary: "Submit a sweep",
    body: SweepRequest,
    response: Sweep,
    statuses: [201],
    once: true,
  }),
  listSweeps: define({
    method: "GET",
    path: "/sweeps",
    summary: "Sweeps, newest first unless sorted otherwise",
    query: z.object({
      ...page,
      state: csv(SweepState).optional(),
      experiment: ExperimentId.optional(),
      tag: z.string().optional(),
      owner: z.string().max(80).optional(),
      search: z.string().max(200).optional().describe("part of the name, id, experiment, owner, a tag or the notes"),
      sort: z.enum(eitherWay(sweepSortFields)).default("-createdAt"),
    }),
    response: pageOf(Sweep),
  }),
  getSweep: define({ method: "GET", path: "/sweeps/:sweep", summary: "One sweep", params: sweepParams, response: Sweep }),
  patchSweep: define({
    method: "PATCH",
    path: "/sweeps/:sweep",
    summary: "Change name, tags or notes",
    params: sweepParams,
    body: SweepPatch,
    response: Sweep,
  }),
  sweepFacets: define({
    method: "GET",
    path: "/sweeps/facets",
    summary: "Tags, owners and experiments there are, with the number of sweeps of each",
    response: z.object({
      tags: z.array(Facet),
      owners: z.array(Facet),
      experiments: z.array(Facet),
    }),
  }),
  pauseSweep: define({
    method: "POST",
    path: "/sweeps/:sweep/pause",
    summary: "Stop dispatching; running runs are checkpointed and handed back",
    params: sweepParams,
    response: Sweep,
  }),
  resumeSweep: define({
    method: "POST",
    path: "/sweeps/:sweep/resume",
    summary: "Continue a paused sweep",
    params: sweepParams,
    response: Sweep,
  }),
  cancelSweep: define({
    method: "POST",
    path: "/sweeps/:sweep/cancel",
    summary: "Stop for good; finished runs stay",
    params: sweepParams,
    response: Sweep,
  }),
  continueSweep: define({
    method: "POST",
    path: "/sweeps/:sweep/continue",
    summary: "Give what is left of a sweep to trainers of another build; every run says which trained it",
    params: sweepParams,
    body: ContinueSweep,
    response: Sweep,
  }),
  retryFailed: define({
    method: "POST",
    path: "/sweeps/:sweep/retry-failed",
    summary: "Give every failed run a fresh retry budget",
    params: sweepParams,
    response: Sweep,
  }),
  extendSweep: define({
    method: "POST",
    path: "/sweeps/:sweep/extend",
    summary: "Add initializations or trials",
    params: sweepParams,
    body: ExtendSweep,
    response: Sweep,
    once: true,
  }),
  cloneSweep: define({
    method: "POST",
    path: "/sweeps/:sweep/clone",
    summary: "Submit the same spec again, with changes",
    params: sweepParams,
    body: CloneSweep,
    response: Sweep,
    statuses: [201],
    once: true,
  }),
  listTrials: define({
    method: "GET",
    path: "/sweeps/:sweep/trials",
    summary: "Trials by index",
    params: sweepParams,
    query: z.object(page),
    response: pageOf(Trial),
  }),
  listRuns: define({
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
    method: "POST",
    path: "/sweeps/:sweep/runs/retry",
    summary: "Give these failed or cancelled runs a fresh retry budget",
    params: sweepParams,
    body: bulkRuns,
    response: BulkOutcome,
  }),
  cancelRuns: define({
    method: "POST",
    path: "/sweeps/:sweep/runs/cancel",
    summary: "Stop these runs for good; finished ones stay",
    params: sweepParams,
    body: bulkRuns,
    response: BulkOutcome,
  }),
  getResults: define({
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
    method: "GET",
    path: "/sweeps/:sweep/curves",
    summary: "One metric: mean and band over initializations, per group",
    params: sweepParams,
    query: curvesQuery,
    response: Curves,
  }),
  getPackedCurves: define({
    method: "GET",
    path: "/sweeps/:sweep/curves/packed",
    summary: "The same with one centre line, packed: a third in size",
    params: sweepParams,
    query: curvesQuery.extend({ centre: z.enum(["mean", "median"]).default("mean") }),
    response: PackedCurves,
  }),
  getSweepSeries: define({
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
    method: "GET",
    path: "/sweeps/:sweep/events",
    summary: "Server-sent events of one sweep (ChangeV1)",
    params: sweepParams,
    response: z.string(),
    mediaTypes: ["text/event-stream"],
  }),
  events: define({
    method: "GET",
    path: "/events",
    summary: "Server-sent events of all sweeps (ChangeV1 without metrics)",
    response: z.string(),
    mediaTypes: ["text/event-stream"],
  }),
  trainerEvents: define({
    method: "GET",
    path: "/trainers/events",
    summary: "Server-sent events of the trainers (TrainerChangeV1)",
    response: z.string(),
    mediaTypes: ["text/event-stream"],
  }),
  getRun: define({
    method: "GET",
    path: "/runs/:run",
    summary: "One run with its attempts and artifacts",
    params: runParams,
    response: RunDetail,
  }),
  getRunMetrics: define({
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
    method: "GET",
    path: "/runs/:run/artifacts",
    summary: "Artifacts of a run",
    params: runParams,
    response: z.object({ items: z.array(Artifact) }),
  }),
  getArtifactContent: define({
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
    method: "POST",
    path: "/trainers/:trainer/drain",
    summary: "Hand its runs back and take no more",
    params: z.object({ trainer: TrainerId }),
    response: Trainer,
  }),
  undrainTrainer: define({
    method: "POST",
    path: "/trainers/:trainer/undrain",
    summary: "Take packs again after a drain",
    params: z.object({ trainer: TrainerId }),
    response: Trainer,
  }),
  listDeadLetters: define({
    method: "GET",
    path: "/dead-letters",
    summary: "Messages that could not be parsed, newest first",
    query: z.object({ limit: count(100, 1000) }),
    response: z.object({ items: z.array(DeadLetterV1.extend({ id: z.string() })), total: z.int() }),
  }),
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;

type PartOf<R, K extends string> = R extends Record<K, infer S> ? (S extends z.ZodType ? z.output<S> : never) : never;
/** The query of a route as who answers it gets it: checked, defaults filled in. Callers write `CallInput`. */
export type QueryOf<N extends RouteName> = PartOf<(typeof routes)[N], "query">;
/** The body of a request, in the same way. */
export type BodyOf<N extends RouteName> = PartOf<(typeof routes)[N], "body">;
/** What a route answers. */
export type AnswerOf<N extends RouteName> = PartOf<(typeof routes)[N], "response">;
