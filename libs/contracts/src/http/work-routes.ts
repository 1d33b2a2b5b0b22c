import { z } from "zod";
import { AttemptNumber, MetricName, PoolName, RunId, SweepId, TrainerId } from "../ids";
import { AttemptKey, GrantV1, StopAction } from "../messages/control.v1";
import { Provenance } from "../provenance";
import { ArtifactKind } from "../run";
import { storableText } from "../storable-text";
import { ExperimentRef } from "../sweep";
import { define, whole } from "./route";

/**
 * What trainers do over NATS, for training code in any language over HTTP: register, claim runs, report, hand back. A worker only ever calls;
 * nothing calls it. Every request may be sent again until it is answered: what was done is not done twice.
 */
const protocol = z
  .literal(1, { error: "must be 1: this Basin speaks version 1 of the work protocol; take a client of its release" })
  .describe("version of what follows");

const workerParams = z.object({ worker: TrainerId });

/** JSON has no word for what is no finite number; these texts are read as such. */
const numberWords = "must be a number, or one of the texts NaN, Infinity and -Infinity";
const MetricValue = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])], { error: numberWords })
  .transform(Number)
  .meta({ id: "MetricValue" });

/** Consecutive points of one metric of one attempt; see MetricChunkV1, whose arrays are packed. */
const WorkChunk = z
  .strictObject({
    run: RunId,
    attempt: AttemptNumber,
    metric: MetricName,
    chunk: z
      .int()
      .min(0)
      .max(10_000_000)
      .describe("counts from 0 per run, attempt and metric, without gaps; sent again it has the same points"),
    steps: z
      .array(z.int().min(0).max(2_147_483_647))
      .min(1)
      .max(100_000)
      .describe("strictly increasing, within and across chunks"),
    values: z.array(MetricValue).min(1).max(100_000).describe("as many as steps"),
  })
  .meta({ id: "WorkChunk" });

const WorkResult = z
  .strictObject({
    run: RunId,
    attempt: AttemptNumber,
    outcome: z.enum(["succeeded", "diverged", "failed"]),
    metrics: z
      .record(MetricName, MetricValue)
      .default({})
      .describe("final values, of metrics that the experiment declares as final"),
    labels: z.record(MetricName, z.string().max(2000)).default({}),
    reason: storableText(8000).nullable().default(null).describe("why it failed or diverged, e.g. a traceback"),
    steps: z.int().min(0).describe("trained in all, those before a resumption included"),
    trainSeconds: z.number().min(0),
    chunks: z.record(MetricName, z.int().min(1)).default({}).describe("how many were sent, by metric"),
    artifacts: z.array(storableText(200)).max(1000).default([]).describe("names of those it must have, other than checkpoints"),
  })
  .meta({ id: "WorkResult" });

const reason = storableText(8000).nullable().default(null);
const WorkRelease = z
  .discriminatedUnion("outcome", [
    z.strictObject({ ...AttemptKey.shape, outcome: z.literal("handed-back"), reason }),
    z.strictObject({ ...AttemptKey.shape, outcome: z.literal("cancelled"), reason }),
    z.strictObject({
      ...AttemptKey.shape,
      outcome: z.literal("failed"),
      reason,
      final: z.boolean().default(false).describe("another attempt would end the same: no retry"),
    }),
  ])
  .meta({ id: "WorkRelease" });

const stop = z
  .array(z.object({ ...AttemptKey.shape, action: StopAction, reason: z.string() }))
  .describe("what to stop: `cancel` and `superseded` at once, sending nothing more for it; `hand-back` after a checkpoint");
const drain = z.boolean().describe("take no more, hand back what runs");
const holding = z.array(AttemptKey).max(4096).describe("attempts that the worker has and that are not committed");

export const workRoutes = {
  registerWorker: define({
    role: "trainer",
    method: "PUT",
    path: "/workers/:worker",
    summary: "Begin to work: an outside worker says what it runs",
    params: workerParams,
    body: z.strictObject({
      protocol,
      experiment: ExperimentRef.describe("of an experiment from outside; without a version the newest"),
      pool: PoolName.optional().describe("left out: that of its token, or of its project"),
      slots: z.int().min(1).max(1024).default(1).describe("runs at a time"),
      name: storableText(120).optional().describe("left out: its id"),
      client: storableText(60).default("unnamed client"),
      pid: z.int().min(0).default(0),
      provenance: Provenance.default({}).describe("kept with every attempt that it makes"),
    }),
    response: z.object({
      worker: TrainerId,
      experiment: ExperimentRef,
      heartbeatSeconds: z.number().describe("give a sign this often: a heartbeat, a claim or a report"),
      leaseSeconds: z.number().describe("after as long without a sign its runs go to others"),
      checkpointSeconds: z.number().describe("aim for a checkpoint of each run this often"),
    }),
  }),
  workerHeartbeat: define({
    role: "trainer",
    method: "POST",
    path: "/workers/:worker/heartbeat",
    summary: "A sign of life; answers what to stop",
    params: workerParams,
    body: z.strictObject({ holding, draining: z.boolean().default(false) }),
    response: z.object({ stop, drain }),
  }),
  claimRuns: define({
    role: "trainer",
    method: "POST",
    path: "/workers/:worker/claims",
    summary: "Ask for runs; waits until there are some, or `waitSeconds` are over",
    params: workerParams,
    body: z.strictObject({
      runs: z.int().min(1).max(256).default(1).describe("at most so many"),
      waitSeconds: z.number().min(0).max(30).default(0),
      sweep: SweepId.optional().describe("of this sweep only"),
      holding: holding.describe("what was granted before and is not listed here is granted again: an answer may have been lost"),
    }),
    response: z.object({
      runs: z.array(GrantV1.extend({ sweep: SweepId }).meta({ id: "WorkGrant" })),
      stop,
      drain,
    }),
  }),
  reportWork: define({
    role: "trainer",
    method: "POST",
    path: "/workers/:worker/reports",
    summary: "Points, results and runs handed back; answers what of it is kept and what to stop",
    params: workerParams,
    body: z.strictObject({
      chunks: z.array(WorkChunk).max(10_000).default([]),
      results: z.array(WorkResult).max(4096).default([]),
      releases: z.array(WorkRelease).max(4096).default([]),
    }),
    response: z.object({
      statuses: z
        .array(
          z.object({
            ...AttemptKey.shape,
            status: z.enum(["committed", "incomplete", "superseded"]),
            missing: z.array(z.object({ metric: MetricName, chunks: z.array(z.int()) })),
            missingArtifacts: z.array(z.string()),
            reason: z.string().nullable().describe("why it is superseded"),
          }),
        )
        .describe("of each result; `incomplete`: send what is missing and the result again"),
      stop: stop.describe("the same; a stopping rule has judged what the report measures at a rung before it is answered"),
      drain,
    }),
  }),
  uploadArtifact: define({
    role: "trainer",
    method: "PUT",
    path: "/workers/:worker/runs/:run/attempts/:attempt/artifact",
    summary: "A file or a checkpoint of a run, as application/octet-stream; one of the same name takes its place",
    params: workerParams.extend({ run: RunId, attempt: whole(1, 1_000_000) }),
    query: z.object({
      name: storableText(200).min(1),
      kind: ArtifactKind.default("other"),
      mediaType: storableText(100).default("application/octet-stream"),
      step: whole(0, 2_147_483_647).optional().describe("of a checkpoint: the last step that it contains"),
    }),
    upload: "application/octet-stream",
    response: z.object({ status: z.enum(["complete", "superseded"]), bytes: z.int(), sha256: z.string() }),
  }),
} as const;
