import { z } from "zod";
import { ArtifactId, AttemptNumber, BuildId, MetricName, RunId, SweepId, TrainerId, TrialId } from "./ids";
import { AppliedParameters } from "./parameters";
import { Provenance } from "./provenance";
import { Build, Seed } from "./sweep";

/**
 * pending → queued (in a dispatched pack) → running (claimed) → succeeded | diverged | failed | cancelled | pruned.
 * Pruned: a stopping rule ended it; its metrics and its checkpoint stay. A lost, failed or handed-back attempt returns its run to pending; what is the run's own doing does so until the retry limit is spent.
 */
export const RunState = z.enum(["pending", "queued", "running", "succeeded", "diverged", "failed", "cancelled", "pruned"]);
export type RunState = z.infer<typeof RunState>;

/** What people read: to be through is no success, so the ledger's `succeeded` is called `finished`. */
export const stateWord = (state: RunState | AttemptState): string => (state === "succeeded" ? "finished" : state);

/** Whether a run met its experiment's success criterion; `none`: the experiment has none, or the run did not train to its end. */
export const RunOutcome = z.enum(["met", "missed", "none"]);
export type RunOutcome = z.infer<typeof RunOutcome>;

export const AttemptState = z.enum(["running", "succeeded", "diverged", "failed", "lost", "handed-back", "cancelled"]);
export type AttemptState = z.infer<typeof AttemptState>;

/** Final values of a run. Values that are not finite numbers travel as null. */
export const FinalMetrics = z.record(MetricName, z.number().nullable());
export type FinalMetrics = z.infer<typeof FinalMetrics>;

/**
 * The series that every trainer adds to those of the experiment: seconds of training at some of the steps, over all attempts. No
 * experiment may have a metric of this name.
 */
export const timeMetric = "trainSeconds";

/** Words about a finished run, e.g. the equation it discovered. */
export const RunLabels = z.record(MetricName, z.string().max(2000));
export type RunLabels = z.infer<typeof RunLabels>;

export const Run = z
  .object({
    id: RunId,
    sweep: SweepId,
    trial: TrialId,
    trialIndex: z.int(),
    seedIndex: z.int(),
    seed: Seed,
    state: RunState,
    outcome: RunOutcome,
    parameters: AppliedParameters,
    attempt: z.int().describe("the newest granted attempt, 0 before the first"),
    objective: z.number().nullable(),
    metrics: FinalMetrics,
    labels: RunLabels,
    reason: z
      .string()
      .nullable()
      .describe("why the run failed, diverged, was cancelled or pruned, or what of it is not kept; null otherwise"),
    trainer: TrainerId.nullable(),
    build: BuildId.nullable().describe("by which it was trained, or is now; null before the first attempt"),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;

export const Attempt = z
  .object({
    number: AttemptNumber,
    state: AttemptState,
    trainer: TrainerId,
    build: Build,
    packWidth: z.int().describe("how many runs were trained together when the attempt was granted"),
    resumedFromStep: z.int().nullable().describe("the step of the checkpoint it continued from; null: from the start"),
    reason: z.string().nullable(),
    provenance: Provenance.nullable().default(null).describe("where its numbers come from; null: nobody said"),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Attempt" });
export type Attempt = z.infer<typeof Attempt>;

export const ArtifactKind = z.enum(["weights", "checkpoint", "plot", "log", "other"]);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

export const Artifact = z
  .object({
    id: ArtifactId,
    run: RunId,
    attempt: AttemptNumber,
    name: z.string(),
    kind: ArtifactKind,
    mediaType: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    step: z.int().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Artifact" });
export type Artifact = z.infer<typeof Artifact>;

/** One of the bounds that a finished run's outcome hangs on. */
export const RunBound = z.object({
  title: z.string(),
  value: z.number().nullable().describe("null: not reported, or not finite"),
  limit: z.string().describe("what is asked of the value, in words, e.g. ≥ 0.995"),
  met: z.boolean(),
});
export type RunBound = z.infer<typeof RunBound>;

export const RunDetail = Run.extend({
  attempts: z.array(Attempt),
  artifacts: z.array(Artifact),
  bounds: z.array(RunBound).default([]).describe("of the success criterion, all of them; empty where the outcome is none"),
}).meta({ id: "RunDetail" });
export type RunDetail = z.infer<typeof RunDetail>;

const TrialState = z.enum(["active", "finished"]);
export const Trial = z
  .object({
    id: TrialId,
    sweep: SweepId,
    index: z.int(),
    state: TrialState,
    parameters: AppliedParameters,
    runsTotal: z.int(),
    runsFinished: z.int(),
  })
  .meta({ id: "Trial" });
export type Trial = z.infer<typeof Trial>;

export const TrainerState = z.enum(["online", "draining", "offline"]);
export const Backend = z.enum(["tensorflow", "webgpu", "wasm", "cpu"]);
export type Backend = z.infer<typeof Backend>;

/** By what a trainer computes; `outside`: by code of its own, of which Basin knows nothing. */
export const TrainerBackend = z.enum([...Backend.options, "outside"]);
export type TrainerBackend = z.infer<typeof TrainerBackend>;

export const Trainer = z
  .object({
    id: TrainerId,
    name: z.string(),
    pool: z.string(),
    state: TrainerState,
    backend: TrainerBackend,
    backendReason: z.string().describe("why this backend, and why none that is faster"),
    device: z.string(),
    slots: z.int(),
    version: z.string(),
    build: BuildId.describe("decides which sweeps it trains: each is given to one build"),
    host: z.string(),
    runningRuns: z.int(),
    waits: z.string().nullable().describe("why it takes no packs although nobody asked it to drain, e.g. that its disk is full"),
    registeredAt: z.iso.datetime(),
    lastSignAt: z.iso.datetime(),
  })
  .meta({ id: "Trainer" });
export type Trainer = z.infer<typeof Trainer>;
