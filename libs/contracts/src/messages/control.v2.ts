import { z } from "zod";
import { BuildId, PackId, PoolName, TrainerId } from "../ids";
import { Backend } from "../run";
import { storableText } from "../storable-text";
import { ExperimentId } from "../sweep";
import { AttemptKey } from "./control.v1";

const v = z.literal(2);

/** Version 1 with the trainer's build and the memory of a slot. Its packs come on the queue of its pool and build (`subjects.work`). */
export const RegisterRequestV2 = z.strictObject({
  v,
  trainer: TrainerId,
  name: storableText(120),
  pool: PoolName,
  backend: Backend,
  backendReason: storableText(4000),
  device: storableText(400),
  slots: z.int().min(1).max(1024),
  /** What it calls itself, e.g. 0.1.0; two builds may have the same. */
  version: storableText(60),
  /** Decides which runs it gets: a sweep is trained by one build. */
  build: BuildId,
  host: storableText(255),
  pid: z.int(),
  experiments: z.array(ExperimentId),
  /** Memory that a pack in one slot may take. */
  slotBytes: z.int().min(1),
});
export type RegisterRequestV2 = z.infer<typeof RegisterRequestV2>;

/** Answers version 2 of the request; version 1 is answered as ever. */
export const RegisterReplyV2 = z.strictObject({
  v,
  heartbeatSeconds: z.number().positive(),
  /** Without a sign for this long the trainer's runs are given to others. */
  leaseSeconds: z.number().positive(),
  /** Aim for a checkpoint of each run this often. */
  checkpointSeconds: z.number().positive(),
  /** The build that the control plane was made with (null: it does not know). A trainer of another one works, for sweeps of its own build. */
  build: BuildId.nullable(),
});
export type RegisterReplyV2 = z.infer<typeof RegisterReplyV2>;

/** What a pack cost while it had this width, since the heartbeat before. */
export const PackMeasure = z.strictObject({
  pack: PackId,
  width: z.int().min(1),
  /** Steps of single runs: `width` for each step of the pack. */
  runSteps: z.int().min(1),
  seconds: z.number().min(0),
  /** A bound from above on the memory that the pack needed; null when the backend cannot tell. */
  bytes: z.int().min(0).nullable(),
});
export type PackMeasure = z.infer<typeof PackMeasure>;

/** Version 1 with what packs cost, and why none is taken. Answered with `HeartbeatReplyV1`, too. */
export const HeartbeatRequestV2 = z.strictObject({
  v,
  trainer: TrainerId,
  draining: z.boolean(),
  /** Packs claimed and not yet finished; `runs` lists the attempts in them that the trainer still holds, uncommitted results included. */
  packs: z.array(z.strictObject({ pack: PackId, step: z.int().min(0), runs: z.array(AttemptKey) })),
  /** Why it takes no packs although nobody asked it to drain, e.g. that its disk is full; absent: it takes them. */
  waits: storableText(1000).optional(),
  /** Lost when the heartbeat is: later ones bring more. */
  measured: z.array(PackMeasure).max(1024),
});
export type HeartbeatRequestV2 = z.infer<typeof HeartbeatRequestV2>;
