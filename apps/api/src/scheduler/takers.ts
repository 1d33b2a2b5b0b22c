import type { ActiveSweep, LiveTrainer } from "@basin/database";

/** Trainers that can train a sweep's experiment in its pool, of whichever build. */
export function takersOf(sweep: Pick<ActiveSweep, "pool" | "experiment">, trainers: readonly LiveTrainer[]): LiveTrainer[] {
  return trainers.filter((one) => one.pool === sweep.pool && one.experiments.includes(sweep.experiment));
}
