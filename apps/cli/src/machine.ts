import type { Report } from "@basin/contracts";
import { availableParallelism, cpus, totalmem } from "node:os";
import { call } from "./api-calls";

/** The machine of a report; the backends are those of the trainers that are there. */
export async function machineOf(origin: string): Promise<Report["machine"]> {
  const { items: trainers } = await call(origin, "listTrainers", { query: {} });
  const backends = new Set(trainers.filter((trainer) => trainer.state !== "offline").map((trainer) => trainer.backend));
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    backend: [...backends].join(", ") || "unknown",
  };
}
