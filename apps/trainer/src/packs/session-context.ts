import type { TrainerId } from "@basin/contracts";
import type { NatsConnection } from "@basin/messaging";
import type { Logger } from "pino";
import type { ArtifactTransfer } from "../control/artifact-transfer";
import type { Committer } from "../control/committer";
import type { ReleaseQueue } from "../control/release-queue";
import type { TrainerMetrics } from "../platform/prometheus-series";
import type { DatasetStore } from "./dataset-store";
import type { PackMeasures } from "./pack-measures";
import type { UnsentBytes } from "../worker/protocol";
import type { SpoolRoom } from "../spool/spool-room";
import type { WorkerPool } from "../worker/worker-pool";

/** What every session of a trainer shares. */
export interface SessionContext {
  trainer: TrainerId;
  connection: NatsConnection;
  committer: Committer;
  releases: ReleaseQueue;
  transfer: ArtifactTransfer;
  datasets: DatasetStore;
  pool: WorkerPool;
  room: SpoolRoom;
  series: TrainerMetrics;
  measures: PackMeasures;
  unsentBytes: UnsentBytes;
  log: Logger;
  /** Aborted when the process ends: what is not settled then stays in the spool. */
  signal: AbortSignal;
}
