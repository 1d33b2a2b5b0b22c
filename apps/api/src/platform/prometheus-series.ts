import { apiSeries, makeSeries, RunState } from "@basin/contracts";
import { Database, readFigures, type LedgerFigures } from "@basin/database";
import { streamSizes, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { NATS } from "./injection-keys";

/** A scrape does not wait longer than this for a database or a NATS that is away; the figures are left out then. */
const patienceMilliseconds = 1000;

type Fill = (figures: LedgerFigures, gauge: Gauge) => void;

/** Ended by themselves, so the success criterion was asked. */
const judged = ["succeeded", "diverged", "failed"] as const;

/** Gauges of what the ledger holds, read for each scrape. */
const ledgerGauges: { [K in keyof typeof apiSeries]?: Fill } = {
  outbox: ({ outbox }, gauge) => gauge.set(outbox),
  activeSweeps: ({ activeSweeps }, gauge) => gauge.set(activeSweeps),
  runs: ({ runs }, gauge) => {
    for (const state of RunState.options) gauge.set({ state }, runs[state]);
  },
  backlog: ({ pools }, gauge) => {
    for (const { pool, ...counts } of pools)
      for (const [state, count] of Object.entries(counts)) gauge.set({ pool, state }, count);
  },
  trainers: ({ trainers }, gauge) => {
    for (const { name, pool, backend, state, slots } of trainers) gauge.set({ trainer: name, pool, backend, state }, slots);
  },
  databaseBytes: ({ databaseBytes }, gauge) => gauge.set(databaseBytes),
  tableBytes: ({ tables }, gauge) => {
    for (const { table, bytes } of tables) gauge.set({ table }, bytes);
  },
  sweepRuns: ({ sweeps }, gauge) => {
    for (const { sweep, name, counts } of sweeps)
      for (const state of RunState.options) gauge.set({ sweep, name, state }, counts[state]);
  },
  sweepPlanned: ({ sweeps }, gauge) => {
    for (const { sweep, name, planned } of sweeps) if (planned !== null) gauge.set({ sweep, name }, planned);
  },
  sweepMet: ({ sweeps }, gauge) => {
    for (const { sweep, name, met, counts } of sweeps) {
      const ended = judged.reduce((sum, state) => sum + counts[state], 0);
      if (met !== null && ended > 0) gauge.set({ sweep, name }, met / ended);
    }
  },
  sweepBest: ({ sweeps }, gauge) => {
    for (const { sweep, name, best } of sweeps) if (best !== null) gauge.set({ sweep, name }, best);
  },
};

type StreamSizes = Awaited<ReturnType<typeof streamSizes>>;

const streamGauges: { [K in keyof typeof apiSeries]?: (sizes: StreamSizes, gauge: Gauge) => void } = {
  natsBytes: (sizes, gauge) => {
    for (const { stream, bytes } of sizes) gauge.set({ stream }, bytes);
  },
  natsMessages: (sizes, gauge) => {
    for (const { stream, messages } of sizes) gauge.set({ stream }, messages);
  },
};

/** Every series that the process tells about itself; one registry per process. */
@Injectable()
export class PrometheusSeries {
  readonly registry = new Registry();
  readonly counted = makeSeries(apiSeries, {
    counter: ({ name, help, labels }) => new Counter({ name, help, labelNames: [...labels], registers: [this.registry] }),
    histogram: ({ name, help, labels, buckets = [] }) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [this.registry] }),
    gauge: ({ name, help, labels }, key) => {
      const collect = this.#collect(key);
      return new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [this.registry],
        ...(collect === null ? {} : { collect }),
      });
    },
  });
  readonly #ledger = shared(() => readFigures(this.database));
  readonly #streams = shared(() => streamSizes(this.nats));

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {
    collectDefaultMetrics({ register: this.registry });
  }

  #collect(key: keyof typeof apiSeries): ((this: Gauge) => Promise<void>) | null {
    const ledger = ledgerGauges[key];
    const streams = streamGauges[key];
    if (ledger === undefined && streams === undefined) return null;
    const read = async (gauge: Gauge): Promise<void> => {
      const [figures, sizes] = await Promise.all([ledger && this.#ledger(), streams && this.#streams()]);
      gauge.reset();
      if (figures) ledger?.(figures, gauge);
      else if (sizes) streams?.(sizes, gauge);
      else gauge.remove();
    };
    return function (this: Gauge) {
      return read(this);
    };
  }
}

/** Gauges that are collected at the same time share one reading. Null where it fails or takes too long. */
function shared<T>(read: () => Promise<T>): () => Promise<T | null> {
  let reading: Promise<T | null> | null = null;
  return () => {
    reading ??= Promise.race([
      read().catch(() => null),
      new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMilliseconds).unref()),
    ]).finally(() => (reading = null));
    return reading;
  };
}
