import { Controller, Get, Header, Inject, Injectable } from "@nestjs/common";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { Operation } from "../http/operation";

/** Every figure that the process counts about itself; one registry per process. */
@Injectable()
export class Metrics {
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
  readonly ingestSeconds = this.histogram("basin_ingest_batch_seconds", "Time to store a batch of telemetry");
  readonly passSeconds = this.histogram("basin_scheduler_pass_seconds", "Time of one pass of the scheduler");
  readonly requestSeconds = new Histogram({
    name: "basin_control_request_seconds",
    help: "Time to answer a trainer's request",
    labelNames: ["request"],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  private histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3], registers: [this.registry] });
  }
}

@Controller("metrics")
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Operation("metrics")
  @Header("content-type", "text/plain; version=0.0.4; charset=utf-8")
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
