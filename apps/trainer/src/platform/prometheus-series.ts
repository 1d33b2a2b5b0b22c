import { makeSeries, trainerSeries } from "@basin/contracts";
import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from "prom-client";
import { gpuReadings } from "./gpu-readings";

export interface TrainerReadings {
  trainer: string;
  pool: string;
  backend: string;
  build: string;
  spoolBytes: () => number;
  spoolFreeBytes: () => number;
  slotsBusy: () => number;
  slots: number;
  uncommitted: () => number;
}

type Collect = (gauge: Gauge) => void | Promise<void>;

/** What /metrics tells about one trainer process. */
export function trainerMetrics(registry: Registry, read: TrainerReadings) {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const value =
    (of: () => number): Collect =>
    (gauge) =>
      gauge.set(of());
  const ofGpus =
    (of: (gpu: Awaited<ReturnType<typeof gpuReadings>>[number]) => number | null): Collect =>
    async (gauge) => {
      gauge.reset();
      for (const gpu of await gpuReadings(read.backend)) {
        const told = of(gpu);
        if (told !== null) gauge.set({ gpu: gpu.gpu }, told);
      }
    };
  const collected: { [K in keyof typeof trainerSeries]?: Collect } = {
    info: (gauge) => gauge.set({ trainer: read.trainer, pool: read.pool, backend: read.backend, build: read.build }, 1),
    spoolBytes: value(read.spoolBytes),
    spoolFreeBytes: value(read.spoolFreeBytes),
    slotsBusy: value(read.slotsBusy),
    slots: value(() => read.slots),
    uncommitted: value(read.uncommitted),
    gpuMemoryBytes: ofGpus(({ memoryBytes }) => memoryBytes),
    gpuMemoryTotalBytes: ofGpus(({ memoryTotalBytes }) => memoryTotalBytes),
    gpuUseRatio: ofGpus(({ useRatio }) => useRatio),
  };
  return makeSeries(trainerSeries, {
    counter: ({ name, help, labels }) => new Counter({ name, help, labelNames: [...labels], registers }),
    histogram: ({ name, help, labels, buckets = [] }) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
    gauge: ({ name, help, labels }, key) => {
      const collect = collected[key];
      const made: Gauge = new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        ...(collect === undefined ? {} : { collect: () => collect(made) }),
      });
      return made;
    },
  });
}

export type TrainerMetrics = ReturnType<typeof trainerMetrics>;
