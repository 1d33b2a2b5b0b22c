import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface TrainerReadings {
  spoolBytes: () => number;
  spoolFreeBytes: () => number;
  slotsBusy: () => number;
  slots: number;
  uncommitted: () => number;
}

/** What /metrics tells about one trainer process. */
export class PrometheusSeries {
  readonly runs: Counter<"outcome">;
  readonly steps: Counter;
  readonly points: Counter;
  readonly packWidth: Histogram;
  readonly commitSeconds: Histogram;
  readonly checkpoints: Counter<"outcome">;

  constructor(registry: Registry, read: TrainerReadings) {
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    this.runs = new Counter({
      name: "basin_trainer_runs_total",
      help: "Runs that left this trainer, by outcome.",
      labelNames: ["outcome"],
      registers,
    });
    this.steps = new Counter({ name: "basin_trainer_run_steps_total", help: "Steps trained, counted per run.", registers });
    this.points = new Counter({ name: "basin_trainer_metric_points_total", help: "Metric points reported.", registers });
    this.packWidth = new Histogram({
      name: "basin_trainer_pack_width",
      help: "Runs per claimed pack.",
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    });
    this.commitSeconds = new Histogram({
      name: "basin_trainer_commit_seconds",
      help: "From the first request to commit a result to its commit.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.checkpoints = new Counter({
      name: "basin_trainer_checkpoints_total",
      help: "Checkpoints, by what became of them.",
      labelNames: ["outcome"],
      registers,
    });
    const gauge = (name: string, help: string, value: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(value()) });
    };
    gauge("basin_trainer_spool_bytes", "Bytes kept on disk until their runs are committed.", read.spoolBytes);
    gauge("basin_trainer_spool_free_bytes", "Bytes that the disk under the spool has left.", read.spoolFreeBytes);
    gauge("basin_trainer_slots_busy", "Slots that train a pack.", read.slotsBusy);
    gauge("basin_trainer_slots", "Packs that can be trained at the same time.", () => read.slots);
    gauge("basin_trainer_uncommitted_results", "Results that the control plane has not committed yet.", read.uncommitted);
  }
}
