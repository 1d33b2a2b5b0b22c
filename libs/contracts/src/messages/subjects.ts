import { unversionedBuild, type BuildId, type PoolName, type SweepId, type TrainerId } from "../ids";

/** JetStream streams. Contents can be deleted at any time without loss: Postgres and the trainers' spools rebuild them. */
export const streams = {
  /** Work queue of packs, one subject per pool and build. */
  work: { name: "BASIN_WORK", subjects: ["basin.work.*"] },
  /** Metric chunks on their way to Postgres. */
  telemetry: { name: "BASIN_TELEMETRY", subjects: ["basin.telemetry.*"] },
  /** Messages that could not be parsed, with the reason. */
  dead: { name: "BASIN_DEAD", subjects: ["basin.dead.*"] },
} as const;

/** Where packs wait: each is for the trainers of one pool and one build. */
export interface WorkQueue {
  pool: PoolName;
  build: BuildId;
}

/** `<pool>_<build>`; the pool alone for trainers that tell no build, as these know nothing else. A pool's name has no `_`. */
export function workQueueName({ pool, build }: WorkQueue): string {
  return build === unversionedBuild ? pool : `${pool}_${build}`;
}

export const consumers = { work: (queue: WorkQueue) => `work-${workQueueName(queue)}`, telemetry: "ingest" } as const;

/** Queue group that every API process joins, so that each request is answered once. */
export const controlQueueGroup = "basin-control";

export const subjects = {
  work: (queue: WorkQueue) => `basin.work.${workQueueName(queue)}`,
  telemetry: (trainer: TrainerId) => `basin.telemetry.${trainer}`,
  dead: (origin: "work" | "telemetry" | "control" | "command") => `basin.dead.${origin}`,
  /** Requests from trainers to the control plane; see `controlRequests`. */
  control: (request: string) => `basin.control.${request}`,
  /** Core NATS, never stored: a trainer's `HeartbeatRequestV2`, which every API process hears. */
  sign: (trainer: TrainerId) => `basin.sign.${trainer}`,
  allSigns: "basin.sign.*",
  /** Pushed to one trainer: a `HeartbeatReply`, after a sign that calls for one or when a person wants something of it. */
  command: (trainer: TrainerId) => `basin.command.${trainer}`,
  /** Core NATS, never stored: tells every API process what changed, for server-sent events. */
  changes: (sweep: SweepId) => `basin.changes.${sweep}`,
  allChanges: "basin.changes.*",
  /** Core NATS, never stored: what trainers do and whether they are there. */
  trainers: "basin.trainers",
  /** Wakes the leader's scheduler; empty payload. */
  nudge: "basin.nudge",
} as const;
