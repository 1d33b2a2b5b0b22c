import { Database, readFigures, type LedgerFigures } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

const buckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
/** A scrape does not wait longer than this for a database that is away; the figures are left out then. */
const patienceMilliseconds = 1000;

/** Every series that the process tells about itself; one registry per process. */
@Injectable()
export class PrometheusSeries {
  readonly registry = new Registry();
  readonly points = this.counter("basin_ingest_points_total", "Metric points committed");
  readonly chunks = this.counter("basin_ingest_chunks_total", "Metric chunks committed");
  readonly refusedChunks = this.counter(
    "basin_ingest_refused_chunks_total",
    "Metric chunks refused: stale attempt or sent before",
  );
  readonly deadLetters = this.counter("basin_dead_letters_total", "Messages that could not be parsed");
  readonly granted = this.counter("basin_runs_granted_total", "Attempts granted to trainers");
  readonly committed = this.counter("basin_runs_committed_total", "Runs committed");
  readonly lost = this.counter("basin_attempts_lost_total", "Attempts lost with their trainer");
  readonly packs = this.counter("basin_packs_published_total", "Packs published to the work queue");
  readonly leader = new Gauge({ name: "basin_leader", help: "1 while this process leads", registers: [this.registry] });
  readonly eventClients = new Gauge({
    name: "basin_sse_clients",
    help: "Clients of server-sent events",
    registers: [this.registry],
  });
  readonly ingestSeconds = this.histogram("basin_ingest_batch_seconds", "Time to store a batch of telemetry");
  readonly passSeconds = this.histogram("basin_scheduler_pass_seconds", "Time of one pass of the scheduler");
  readonly controlSeconds = new Histogram({
    name: "basin_control_request_seconds",
    help: "Time to answer a trainer's request",
    labelNames: ["request"],
    buckets,
    registers: [this.registry],
  });
  readonly httpSeconds = new Histogram({
    name: "basin_http_request_seconds",
    help: "Time to answer an HTTP request",
    labelNames: ["method", "route", "status"],
    buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [this.registry],
  });
  #reading: Promise<LedgerFigures | null> | null = null;

  constructor(@Inject(Database) private readonly database: Database) {
    collectDefaultMetrics({ register: this.registry });
    this.ledgerGauge("basin_outbox_messages", "Messages that have not left yet", [], ({ outbox }, gauge) => gauge.set(outbox));
    this.ledgerGauge("basin_active_sweeps", "Sweeps that are running or paused", [], ({ activeSweeps }, gauge) =>
      gauge.set(activeSweeps),
    );
    this.ledgerGauge("basin_runs", "Runs of all sweeps by state", ["state"], ({ runs }, gauge) => {
      for (const [state, count] of Object.entries(runs)) gauge.set({ state }, count);
    });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  private histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }

  /** What the ledger holds, read for each scrape. */
  private ledgerGauge(
    name: string,
    help: string,
    labelNames: string[],
    fill: (figures: LedgerFigures, gauge: Gauge) => void,
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: async () => {
        const figures = await this.readLedger();
        gauge.reset();
        if (figures) fill(figures, gauge);
        else gauge.remove();
      },
    });
  }

  /** Gauges that are collected at the same time share one query. Null while the database is away. */
  private readLedger(): Promise<LedgerFigures | null> {
    this.#reading ??= Promise.race([
      readFigures(this.database).catch(() => null),
      new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMilliseconds).unref()),
    ]).finally(() => (this.#reading = null));
    return this.#reading;
  }
}
