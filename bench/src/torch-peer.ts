import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { runPeer } from "./peer-environment";
import type { WarmStack } from "./warm-stack";

const TorchAnswer = z.object({ seconds: z.number(), losses: z.array(z.number()) });

export interface TorchJob {
  [setting: string]: unknown;
  case: string;
  seeds: readonly number[];
}

const workers = 2;

/** Optuna with PyTorch; every study in a database of its own on the stack's Postgres. */
export class TorchPeer {
  #studies = 0;

  constructor(
    private readonly stack: WarmStack,
    private readonly folder: string,
  ) {}

  /** Trains every seed once. `threads`: of each worker; `report`: every step's loss goes to the study. */
  async run(job: TorchJob, { threads, report }: { threads: number; report: boolean }): Promise<z.infer<typeof TorchAnswer>> {
    const { length } = job.seeds;
    if (length % workers !== 0) throw new RangeError(`${length} seeds cannot be shared evenly by ${workers} workers`);
    const study = `study_${++this.#studies}`;
    await this.#administer(`CREATE DATABASE ${study}`);
    const storage = this.stack.databaseUrl.replace(/^postgresql:/, "postgresql+psycopg2:").replace(/\/[^/]*$/, `/${study}`);
    const file = join(this.folder, `${study}.json`);
    await writeFile(
      file,
      JSON.stringify({ ...job, study, storage, workers, threads, trialsPerWorker: length / workers, report }),
    );
    return TorchAnswer.parse(await runPeer("optuna_torch.py", file));
  }

  /** One thread or two in each worker, whichever trains one run per worker in less time; the better of two tries each. */
  async betterThreads(job: TorchJob, rows: Record<string, unknown>[]): Promise<number> {
    const best: Record<1 | 2, number> = { 1: Infinity, 2: Infinity };
    for (let round = 0; round < 2; round++) {
      for (const threads of [1, 2] as const) {
        const { seconds } = await this.run({ ...job, seeds: job.seeds.slice(0, workers) }, { threads, report: false });
        best[threads] = Math.min(best[threads], seconds);
      }
    }
    rows.push({ case: job.case, torchSecondsWithOneThread: best[1], torchSecondsWithTwoThreads: best[2] });
    return best[1] <= best[2] ? 1 : 2;
  }

  async #administer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.stack.databaseUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
