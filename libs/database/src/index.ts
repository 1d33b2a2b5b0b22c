/**
 * The ledger in PostgreSQL: its migrations, the connection, and everything that reads or writes a table. Runs move only in
 * transactions that hold their sweep's lock, keep its counters and are fenced on (run, attempt, running). It refuses to decide
 * what a run becomes (the caller's rules do), and its Prisma and pg types stay inside.
 */
export { Database, type DatabaseLog, type DatabaseOptions, type Queryable, type Statement } from "./connection";
export { isTransient } from "./transient-errors";
export { migrate } from "./migrate";
export { findMigrationsFolder } from "./migrations-folder";
export { tryLead, type LeaderLock } from "./leader-lock";
export { SweepsRepository, type ActiveSweep, type NewSweep, type SearchSnapshot, type SweepProgress } from "./sweeps.repository";
export { PlanningRepository, type NewTrial, type SearchStep } from "./planning.repository";
export { PacksRepository, type Claim, type NewPack, type PendingRun } from "./packs.repository";
export type { LockedSweep } from "./sweep-locks";
export type { AttemptFact, RunMove, Verdict } from "./run-moves";
export { CommitsRepository } from "./commits.repository";
export { RequeueRepository } from "./requeue.repository";
export { CommandsRepository, type CommandEffect, type Extension, type RunningAttempt } from "./commands.repository";
export { TrainersRepository, type LiveTrainer, type Pulse } from "./trainers.repository";
export { MetricChunksRepository, type NewChunk } from "./metric-chunks.repository";
export { ArtifactsRepository, type ArtifactPart, type StoreOutcome } from "./artifacts.repository";
export { OutboxRepository, type OutboxEntry } from "./outbox.repository";
export { DeadLettersRepository } from "./dead-letters.repository";

// Reads for the HTTP API (src/reads)
export { listArtifacts, readArtifact, readArtifactBytes } from "./reads/artifact-reads";
export { readBlocks, readLastSteps, readSeries, type PointBlock, type PointSeries, type SeriesKey } from "./reads/chunk-reads";
export { listDeadLetters } from "./reads/dead-letter-reads";
export { readFigures, type LedgerFigures } from "./reads/figure-reads";
export { readAllBlocks, readAllRuns, readFinalMetricNames } from "./reads/export-reads";
export { readOutcomes, readTrialGroups, type RunOutcome } from "./reads/outcome-reads";
export {
  countTrialRuns,
  listRuns,
  readAttempts,
  readRun,
  readRunKeys,
  readStartedRunKeys,
  type RunKey,
  type RunSort,
} from "./reads/run-reads";
export { listSweeps, readActiveSweeps, readSweep, type SweepFilter, type SweepSort } from "./reads/sweep-reads";
export { listTrainers } from "./reads/trainer-reads";
export { listTrials, readFirstConfiguration } from "./reads/trial-reads";
