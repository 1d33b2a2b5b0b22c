import { openBackend } from "@basin/engine";
import { createPackProgram } from "@basin/models";
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerData } from "./protocol";
import { servePacks } from "./serve-packs";

if (!parentPort) throw new Error("pack-worker runs in a worker thread of the trainer");
const data = workerData as WorkerData;

servePacks(parentPort, data, {
  async open() {
    await openBackend(data.backend);
    return createPackProgram;
  },
});
