import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { runPeer } from "./peer-environment";
import type { WarmStack } from "./warm-stack";

const TorchAnswer = z.object({ seconds: z.number().nullable(), losses: z.array(z.number()) });

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
  async run(job: TorchJob, options: { threads: number; report: boolean }): Promise<{ seconds: number; losses: number[] }> {
    const { seconds, losses } = await this.#train(job, { ...options, giveUpSeconds: null });
    if (seconds === null) throw new Error("PyTorch gave up, though it was given all the time it wanted");
    return { seconds, losses };
  }

  /**
   * One thread or two in each worker, whichever trains one run per worker in less time; the better of two tries each. Where the threads of
   * two workers fight for the cores, a try with two can take minutes: it is given three times as long as one with one.
   */
  async betterThreads(job: TorchJob, rows: Record<string, unknown>[]): Promise<number> {
    const few = { ...job, seeds: job.seeds.slice(0, workers) };
    let one = Infinity;
    let two = Infinity;
    for (let round = 0; round < 2; round++) {
      one = Math.min(one, (await this.run(few, { threads: 1, report: false })).seconds);
      const answer = await this.#train(few, { threads: 2, report: false, giveUpSeconds: 3 * one });
      two = Math.min(two, answer.seconds ?? Infinity);
    }
    const shown = Number.isFinite(two) ? two : `more than ${(3 * one).toFixed(1)}`;
    rows.push({ case: job.case, torchSecondsWithOneThread: one, torchSecondsWithTwoThreads: shown });
    return one <= two ? 1 : 2;
  }

  async #train(
    job: TorchJob,
    options: { threads: number; report: boolean; giveUpSeconds: number | null },
  ): Promise<z.infer<typeof TorchAnswer>> {
    const { length } = job.seeds;
    if (length % workers !== 0) throw new RangeError(`${length} seeds cannot be shared evenly by ${workers} workers`);
    const study = `study_${++this.#studies}`;
    await this.#administer(`CREATE DATABASE ${study}`);
    const storage = this.stack.databaseUrl.replace(/^postgresql:/, "postgresql+psycopg2:").replace(/\/[^/]*$/, `/${study}`);
    const file = join(this.folder, `${study}.json`);
    await writeFile(file, JSON.stringify({ ...job, ...options, study, storage, workers, trialsPerWorker: length / workers }));
    return TorchAnswer.parse(await runPeer("optuna_torch.py", file));
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
