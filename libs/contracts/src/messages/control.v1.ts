import { z } from "zod";
import { ArtifactId, AttemptNumber, MetricName, PackId, PoolName, RunId, SweepId, TrainerId } from "../ids";
import { Configuration } from "../parameters";
import { ArtifactKind, Backend, FinalMetrics, RunLabels } from "../run";
import { storableText } from "../storable-text";
import { ExperimentId, Seed } from "../sweep";

/**
 * Requests that a trainer sends to the control plane over core NATS (`basin.control.<name>`). Every request is idempotent:
 * a trainer repeats it until it is answered. The reply to anything that fails is `ControlErrorV1`.
 */
const v = z.literal(1);
const attemptKey = { run: RunId, attempt: AttemptNumber };
export const AttemptKey = z.strictObject(attemptKey);
export type AttemptKey = z.infer<typeof AttemptKey>;

/** Tells attempts apart in maps and sets. */
export const attemptKeyOf = ({ run, attempt }: AttemptKey): string => `${run}#${attempt}`;

/** `retry: true`: the control plane could not work now (e.g. database away); ask again. `false`: this request is wrong. */
export const ControlErrorV1 = z.strictObject({
  v,
  error: z.strictObject({ code: z.string(), message: z.string(), retry: z.boolean() }),
});
export type ControlErrorV1 = z.infer<typeof ControlErrorV1>;

export const RegisterRequestV1 = z.strictObject({
  v,
  trainer: TrainerId,
  name: storableText(120),
  pool: PoolName,
  backend: Backend,
  backendReason: storableText(4000),
  device: storableText(400),
  slots: z.int().min(1).max(1024),
  version: storableText(60),
  host: storableText(255),
  pid: z.int(),
  experiments: z.array(ExperimentId),
});
export type RegisterRequestV1 = z.infer<typeof RegisterRequestV1>;
export const RegisterReplyV1 = z.strictObject({
  v,
  heartbeatSeconds: z.number().positive(),
  /** Without a sign for this long the trainer's runs are given to others. */
  leaseSeconds: z.number().positive(),
  /** Aim for a checkpoint of each run this often. */
  checkpointSeconds: z.number().positive(),
});
export type RegisterReplyV1 = z.infer<typeof RegisterReplyV1>;

export const StopAction = z.enum([
  /** Stop at once and release the run as `cancelled`; no checkpoint. */
  "cancel",
  /** Write a checkpoint, then release the run as `handed-back` (pause, drain). */
  "hand-back",
  /** The attempt is no longer current: stop, drop its spool, send nothing more for it. */
  "superseded",
]);
export type StopAction = z.infer<typeof StopAction>;

export const HeartbeatRequestV1 = z.strictObject({
  v,
  trainer: TrainerId,
  draining: z.boolean(),
  /** Packs claimed and not yet finished; `runs` lists the attempts in them that the trainer still holds, uncommitted results included. */
  packs: z.array(z.strictObject({ pack: PackId, step: z.int().min(0), runs: z.array(AttemptKey) })),
});
export type HeartbeatRequestV1 = z.infer<typeof HeartbeatRequestV1>;
export const HeartbeatReplyV1 = z.strictObject({
  v,
  stop: z.array(z.strictObject({ ...attemptKey, action: StopAction })),
  /** Take no new pack; hand back what runs. */
  drain: z.boolean(),
  /** The control plane does not know this trainer: register again. */
  unknown: z.boolean(),
});
export type HeartbeatReplyV1 = z.infer<typeof HeartbeatReplyV1>;

export const ClaimRequestV1 = z.strictObject({ v, trainer: TrainerId, pack: PackId });
export type ClaimRequestV1 = z.infer<typeof ClaimRequestV1>;
export const GrantV1 = z.strictObject({
  ...attemptKey,
  seed: Seed,
  parameters: Configuration,
  /** Where to resume from; fetch it with `fetch`. */
  checkpoint: z.strictObject({ artifact: ArtifactId, step: z.int().min(0), bytes: z.int(), sha256: z.string() }).nullable(),
});
export type GrantV1 = z.infer<typeof GrantV1>;
export const ClaimReplyV1 = z.strictObject({
  v,
  sweep: SweepId,
  experiment: ExperimentId,
  /** Empty when the pack was claimed before, cancelled or paused meanwhile: acknowledge the message and forget it. */
  grants: z.array(GrantV1),
});
export type ClaimReplyV1 = z.infer<typeof ClaimReplyV1>;

export const RunResultV1 = z.strictObject({
  ...attemptKey,
  outcome: z.enum(["succeeded", "diverged", "failed"]),
  metrics: FinalMetrics,
  /** Absent from trainers that know none. */
  labels: RunLabels.optional(),
  reason: storableText(8000).nullable(),
  steps: z.int().min(0).describe("steps trained in all, resumed ones included"),
  trainSeconds: z.number().min(0),
  /** How many chunks the control plane must hold, per metric, before the run is committed. */
  chunks: z.record(MetricName, z.int().min(1)),
  /** Names of the artifacts (other than checkpoints) it must hold. */
  artifacts: z.array(storableText(200)),
});
export type RunResultV1 = z.infer<typeof RunResultV1>;
export const CommitRequestV1 = z.strictObject({ v, trainer: TrainerId, results: z.array(RunResultV1).min(1).max(4096) });
export type CommitRequestV1 = z.infer<typeof CommitRequestV1>;
export const CommitStatusV1 = z.strictObject({
  ...attemptKey,
  /** `incomplete`: send `missing` again and repeat the request. `committed` and `superseded` are final: drop the spool. */
  status: z.enum(["committed", "incomplete", "superseded"]),
  missing: z.array(z.strictObject({ metric: MetricName, chunks: z.array(z.int()).max(10_000) })),
  missingArtifacts: z.array(z.string()),
});
export type CommitStatusV1 = z.infer<typeof CommitStatusV1>;
export const CommitReplyV1 = z.strictObject({ v, statuses: z.array(CommitStatusV1) });
export type CommitReplyV1 = z.infer<typeof CommitReplyV1>;

/** Gives attempts back without a result. `failed` counts towards the retry limit; the others do not. */
export const ReleaseRequestV1 = z.strictObject({
  v,
  trainer: TrainerId,
  attempts: z
    .array(
      z.strictObject({
        ...attemptKey,
        outcome: z.enum(["handed-back", "cancelled", "failed"]),
        reason: storableText(8000).nullable(),
      }),
    )
    .min(1)
    .max(4096),
});
export type ReleaseRequestV1 = z.infer<typeof ReleaseRequestV1>;
export const ReleaseReplyV1 = z.strictObject({ v, released: z.int() });
export type ReleaseReplyV1 = z.infer<typeof ReleaseReplyV1>;

/** At most this many bytes of an artifact travel in one message (before base-64). */
export const artifactPartBytes = 384 * 1024;
/** No artifact may be larger. */
export const artifactMaxBytes = 64 * 1024 * 1024;

/** Stores one part of an artifact. It exists once all parts arrived and the hash agrees; a newer checkpoint replaces the older. */
export const ArtifactRequestV1 = z.strictObject({
  v,
  trainer: TrainerId,
  ...attemptKey,
  name: storableText(200).min(1),
  kind: ArtifactKind,
  mediaType: storableText(100),
  /** For checkpoints: the last step it contains. */
  step: z.int().min(0).nullable(),
  bytes: z.int().min(0).max(artifactMaxBytes),
  sha256: z.hex().length(64),
  part: z.int().min(0),
  parts: z.int().min(1),
  content: z.base64(),
});
export type ArtifactRequestV1 = z.infer<typeof ArtifactRequestV1>;
export const ArtifactReplyV1 = z.strictObject({ v, status: z.enum(["part-stored", "complete", "superseded"]) });
export type ArtifactReplyV1 = z.infer<typeof ArtifactReplyV1>;

export const FetchRequestV1 = z.strictObject({ v, trainer: TrainerId, artifact: ArtifactId, part: z.int().min(0) });
export type FetchRequestV1 = z.infer<typeof FetchRequestV1>;
export const FetchReplyV1 = z.strictObject({ v, parts: z.int().min(1), content: z.base64() });
export type FetchReplyV1 = z.infer<typeof FetchReplyV1>;
