/**
 * The ledger in PostgreSQL: its migrations, the connection, and everything that reads or writes a table. Runs move only in
 * transactions that hold their sweep's lock, keep its counters and are fenced on (run, attempt, running). It refuses to decide
 * what a run becomes (the caller's rules do), and its Prisma and pg types stay inside.
 */
export { Database, UnknownOutcomeError, type Queryable } from "./connection";
export type { Row, Statement } from "./statement";
export { transientTrouble } from "./transient-errors";
export { migrate } from "./migrate";
export { writeBackup } from "./backup/write-backup";
export { importSweep, restoreBackup } from "./backup/restore";
export { BackupFault } from "./backup/frames";
export type { BackupSummary } from "./backup/backup-format";
export { LeadershipLostError, type Epoch } from "./epoch";
export { LeadershipRepository } from "./leadership.repository";
export { SweepsRepository, type ActiveSweep, type SearchSnapshot } from "./sweeps.repository";
export { PlanningRepository, type NewTrial, type UnreportedRun } from "./planning.repository";
export { PacksRepository, type NewPack, type PendingRun } from "./packs.repository";
export { PackRatesRepository } from "./pack-rates.repository";
export type { LockedSweep } from "./sweep-locks";
export type { AttemptFact, RunMove, Verdict } from "./run-moves";
export { ExperimentsRepository, type StoredExperiment } from "./experiments.repository";
export { WorkRepository, type AttemptStanding, type OutsideWorker } from "./work.repository";
export { CommitsRepository } from "./commits.repository";
export { readEarlierRuns } from "./reads/earlier-trial-reads";
export { readRace, type ValueSums } from "./reads/race-reads";
export { RaceRepository, type RacedRun, type RaceRound } from "./race.repository";
export type { RunningAttempt } from "./stopped-runs";
export { StoppingRepository, type RungRow } from "./stopping.repository";
export { RequeueRepository, type LossFact } from "./requeue.repository";
export { CommandsRepository, type CommandEffect, type SweepAddition } from "./commands.repository";
export { AuditRepository } from "./audit.repository";
export { ProjectsRepository } from "./projects.repository";
export { ScopesRepository, type Scope } from "./scopes.repository";
export { TrainerTokensRepository } from "./trainer-tokens.repository";
export { TokensRepository } from "./tokens.repository";
export { TrainersRepository, type KnownSlot, type LiveTrainer, type Registration } from "./trainers.repository";
export { MetricChunksRepository, type Chunk } from "./metric-chunks.repository";
export { ArtifactsRepository, type NamedArtifact } from "./artifacts.repository";
export { BinRepository } from "./bin.repository";
export { DatasetsRepository, type DatasetFacts } from "./datasets.repository";
export { OutboxRepository, type OutboxEntry } from "./outbox.repository";
export { AnswersRepository, keepAnswer, type KeyedRequest } from "./answers.repository";
export { DeadLettersRepository } from "./dead-letters.repository";

// Reads for the HTTP API (src/reads)
export { listArtifacts, readArtifact, readArtifactBytes, readNamedArtifacts, runsWithArtifact } from "./reads/artifact-reads";
export { readLastSteps, readSeries, type StoredSeries, type SeriesKey } from "./reads/chunk-reads";
export { readMetricNames, readSweepColumns, readSweepStamp, type RunColumns, type SweepColumns } from "./reads/column-reads";
export {
  listDatasets,
  readDatasetFilePart,
  readDatasetRows,
  readDatasets,
  datasetNames,
  findDatasets,
} from "./reads/dataset-reads";
export { Provenances } from "./reads/provenance-reads";
export { readLabel, readLabelNames } from "./reads/label-reads";
export { readNewestAttempts, readReasons, readTraining, readTrainSeconds, readWaitingSince } from "./reads/timeline-reads";
export { listDeadLetters } from "./reads/dead-letter-reads";
export { readFigures, type LedgerFigures } from "./reads/figure-reads";
export { readAllBlocks, readAllRuns, readFinalMetricNames } from "./reads/export-reads";
export {
  countRuns,
  listRuns,
  readAttempts,
  readRun,
  readRunKeys,
  readStartedRunKeys,
  type RunFilter,
  type RunKey,
} from "./reads/run-reads";
export {
  listSweeps,
  readActiveSweeps,
  readSweep,
  readSweepFacets,
  readTrainedBy,
  type StoredSweep,
  sweepOrder,
} from "./reads/sweep-reads";
export { conditionFault, runField } from "./reads/run-fields";
export { listTrainers } from "./reads/trainer-reads";
export { listTrials, readFirstConfiguration } from "./reads/trial-reads";
