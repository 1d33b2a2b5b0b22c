/**
 * Every series that a process tells Prometheus: what the processes count and what the dashboards and rules ask for (`infra/grafana`) are made
 * from these lists. Names begin with `basin_` (`basin_trainer_` for a trainer's) and end with the unit, or `_total` for what only grows. Labels
 * have few values; `sweep` stands only at series of the newest active sweeps, whose number is bounded.
 */
export interface SeriesDeclaration {
  type: "counter" | "gauge" | "histogram";
  name: `basin_${string}`;
  help: string;
  labels: readonly string[];
  /** of a histogram, ascending */
  buckets?: readonly number[];
}

const shortSeconds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

type Declared<T extends SeriesDeclaration["type"]> = SeriesDeclaration & { type: T };

function declared<T extends SeriesDeclaration["type"]>(type: T) {
  return (
    name: SeriesDeclaration["name"],
    help: string,
    labels: readonly string[] = [],
    buckets?: readonly number[],
  ): Declared<T> => (buckets === undefined ? { type, name, help, labels } : { type, name, help, labels, buckets });
}
const counter = declared("counter");
const gauge = declared("gauge");
const histogram = declared("histogram");

/** Of an API process. What the ledger holds every one of them tells; a panel takes the largest. */
export const apiSeries = {
  points: counter("basin_ingest_points_total", "Metric points committed"),
  chunks: counter("basin_ingest_chunks_total", "Metric chunks committed"),
  refusedChunks: counter("basin_ingest_refused_chunks_total", "Metric chunks refused: stale attempt or sent before"),
  deadLetters: counter("basin_dead_letters_total", "Messages that could not be parsed"),
  granted: counter("basin_runs_granted_total", "Attempts granted to trainers"),
  committed: counter("basin_runs_committed_total", "Runs committed, by the state they ended in", ["outcome"]),
  lost: counter("basin_attempts_lost_total", "Attempts lost with their trainer"),
  packs: counter("basin_packs_published_total", "Packs published to the work queue"),
  leader: gauge("basin_leader", "1 while this process leads"),
  eventClients: gauge("basin_sse_clients", "Clients of server-sent events"),
  ingestSeconds: histogram("basin_ingest_batch_seconds", "Time to store a batch of telemetry", [], shortSeconds),
  passSeconds: histogram("basin_scheduler_pass_seconds", "Time of one pass of the scheduler", [], shortSeconds),
  controlSeconds: histogram("basin_control_request_seconds", "Time to answer a trainer's request", ["request"], shortSeconds),
  httpSeconds: histogram(
    "basin_http_request_seconds",
    "Time to answer an HTTP request",
    ["method", "route", "status"],
    [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  ),
  outbox: gauge("basin_outbox_messages", "Messages that have not left yet"),
  activeSweeps: gauge("basin_active_sweeps", "Sweeps that are running or paused"),
  runs: gauge("basin_runs", "Runs of all sweeps by state", ["state"]),
  backlog: gauge("basin_pool_runs", "Runs of active sweeps that have not ended, by pool and state", ["pool", "state"]),
  trainers: gauge(
    "basin_trainer_slots_known",
    "Slots of trainers heard within a day; state: online, draining, waiting, offline",
    ["trainer", "pool", "backend", "state"],
  ),
  databaseBytes: gauge("basin_database_bytes", "Size of the database on disk"),
  tableBytes: gauge("basin_database_table_bytes", "Size of a table with its indexes and what is stored beside it", ["table"]),
  natsBytes: gauge("basin_nats_stream_bytes", "Size of a JetStream stream", ["stream"]),
  natsMessages: gauge("basin_nats_stream_messages", "Messages in a JetStream stream", ["stream"]),
  sweepRuns: gauge("basin_sweep_runs", "Runs of the newest active sweeps by state", ["sweep", "name", "state"]),
  sweepPlanned: gauge("basin_sweep_runs_planned", "Runs that the newest active sweeps will have, where that is known", [
    "sweep",
    "name",
  ]),
  sweepMet: gauge(
    "basin_sweep_success_ratio",
    "Share of ended runs that met the success criterion, of the newest active sweeps",
    ["sweep", "name"],
  ),
  sweepBest: gauge("basin_sweep_best_objective", "Best objective so far, of the newest active sweeps", ["sweep", "name"]),
} as const;

/** Of a trainer. */
export const trainerSeries = {
  info: gauge("basin_trainer_info", "1: who this trainer is", ["trainer", "pool", "backend", "build"]),
  runs: counter("basin_trainer_runs_total", "Runs that left this trainer, by outcome", ["outcome"]),
  steps: counter("basin_trainer_run_steps_total", "Steps trained, counted per run"),
  points: counter("basin_trainer_metric_points_total", "Metric points reported"),
  packWidth: histogram("basin_trainer_pack_width", "Runs per claimed pack", [], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]),
  commitSeconds: histogram(
    "basin_trainer_commit_seconds",
    "From the first request to commit a result to its commit",
    [],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  ),
  checkpoints: counter("basin_trainer_checkpoints_total", "Checkpoints, by what became of them", ["outcome"]),
  spoolBytes: gauge("basin_trainer_spool_bytes", "Bytes kept on disk until their runs are committed"),
  spoolFreeBytes: gauge("basin_trainer_spool_free_bytes", "Bytes that the disk under the spool has left"),
  slotsBusy: gauge("basin_trainer_slots_busy", "Slots that train a pack"),
  slots: gauge("basin_trainer_slots", "Packs that can be trained at the same time"),
  uncommitted: gauge("basin_trainer_uncommitted_results", "Results that the control plane has not committed yet"),
  gpuMemoryBytes: gauge("basin_trainer_gpu_memory_bytes", "Memory of a GPU that is in use, by all processes", ["gpu"]),
  gpuMemoryTotalBytes: gauge("basin_trainer_gpu_memory_total_bytes", "Memory of a GPU", ["gpu"]),
  gpuUseRatio: gauge("basin_trainer_gpu_use_ratio", "Share of the time in which a GPU computed", ["gpu"]),
} as const;

/** What `made` returns for each declaration, by its type. */
export type SeriesOf<D extends Record<string, SeriesDeclaration>, C, G, H> = {
  readonly [K in keyof D]: D[K]["type"] extends "counter" ? C : D[K]["type"] extends "gauge" ? G : H;
};

/** Makes every series of a list with a metrics library's constructors. */
export function makeSeries<D extends Record<string, SeriesDeclaration>, C, G, H>(
  list: D,
  made: {
    counter: (one: SeriesDeclaration) => C;
    gauge: (one: SeriesDeclaration, key: keyof D) => G;
    histogram: (one: SeriesDeclaration) => H;
  },
): SeriesOf<D, C, G, H> {
  const entries = Object.entries(list).map(([key, one]) => [
    key,
    one.type === "gauge" ? made.gauge(one, key) : made[one.type](one),
  ]);
  return Object.fromEntries(entries) as SeriesOf<D, C, G, H>;
}
