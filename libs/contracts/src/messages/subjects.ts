import { unversionedBuild, type BuildId, type PoolName, type SweepId, type TrainerId } from "../ids";

/** JetStream streams. Contents can be deleted at any time without loss: Postgres and the trainers' spools rebuild them. */
export const streams = {
  /** Metric chunks on their way to Postgres. */
  telemetry: { name: "BASIN_TELEMETRY", subjects: ["basin.telemetry.*"] },
  /** Messages that could not be parsed, with the reason. */
  dead: { name: "BASIN_DEAD", subjects: ["basin.dead.>"] },
} as const;

/** The work queues of one pool, one subject per build: a stream of its own, so that a trainer can be let at its pool's alone. */
export const workStream = (pool: PoolName) => ({ name: `BASIN_WORK_${pool}`, subjects: [`basin.work.${pool}.*`] });

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

/** In the place of a trainer's id in the subjects of those who are none. */
export const controlPlaneName = "control-plane";

export const subjects = {
  work: ({ pool, build }: WorkQueue) => `basin.work.${pool}.${build}`,
  telemetry: (trainer: TrainerId) => `basin.telemetry.${trainer}`,
  dead: (origin: "work" | "telemetry" | "control" | "command", finder: string) => `basin.dead.${origin}.${finder}`,
  /** Requests to the control plane from a trainer, or from whoever wants to become one; see `controlRequests`. */
  control: (asker: string, request: string) => `basin.control.${asker}.${request}`,
  allControl: (request: string) => `basin.control.*.${request}`,
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
  /** Answers to whoever connected under the name, which only they can read. */
  inbox: (name: string) => `_INBOX.${name}`,
} as const;

interface Permissions {
  publish: string[];
  subscribe: string[];
}

/** All that a trainer may do: be itself, and take packs of its pool. Streams and consumers are the control plane's to make. */
export function trainerPermissions(trainer: TrainerId, pool: PoolName): Permissions {
  const work = workStream(pool).name;
  return {
    publish: [
      subjects.control(trainer, "*"),
      subjects.sign(trainer),
      subjects.telemetry(trainer),
      subjects.dead("work", trainer),
      subjects.dead("command", trainer),
      `$JS.API.CONSUMER.MSG.NEXT.${work}.*`,
      `$JS.ACK.${work}.>`,
    ],
    subscribe: [`${subjects.inbox(trainer)}.>`, subjects.command(trainer)],
  };
}

/** Whoever holds a token may ask to become a trainer of its pool, and hear the answer. */
export function joinPermissions(token: string): Permissions {
  return { publish: [subjects.control(token, "join")], subscribe: [`${subjects.inbox(token)}.>`] };
}
