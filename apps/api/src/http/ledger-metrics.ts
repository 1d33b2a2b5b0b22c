import { Database, readFigures, type LedgerFigures } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { Gauge } from "prom-client";
import { Metrics } from "../platform/metrics";

/** A scrape does not wait longer than this for a database that is away; the figures are left out then. */
const patienceMilliseconds = 1000;

/** What the ledger holds, read once for each scrape. */
@Injectable()
export class LedgerMetrics {
  private reading: Promise<LedgerFigures | null> | null = null;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {
    this.gauge("basin_outbox_messages", "Messages that have not left yet", (figures, gauge) => gauge.set(figures.outbox));
    this.gauge("basin_active_sweeps", "Sweeps that are running or paused", (figures, gauge) => gauge.set(figures.activeSweeps));
    this.gauge(
      "basin_runs",
      "Runs of all sweeps by state",
      (figures, gauge) => {
        for (const [state, count] of Object.entries(figures.runs)) gauge.set({ state }, count);
      },
      ["state"],
    );
  }

  private gauge(
    name: string,
    help: string,
    fill: (figures: LedgerFigures, gauge: Gauge) => void,
    labelNames: string[] = [],
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.metrics.registry],
      collect: async () => {
        const figures = await this.read();
        gauge.reset();
        if (figures) fill(figures, gauge);
        else gauge.remove();
      },
    });
  }

  /** Gauges that are collected at the same time share one query. Null while the database is away. */
  private read(): Promise<LedgerFigures | null> {
    this.reading ??= Promise.race([
      readFigures(this.database).catch(() => null),
      new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMilliseconds).unref()),
    ]).finally(() => (this.reading = null));
    return this.reading;
  }
}
