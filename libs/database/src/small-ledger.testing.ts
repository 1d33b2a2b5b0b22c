import { PackId, RunId, SweepId, TrainerId } from "@basin/contracts";
import { freshDatabase, type FreshDatabase } from "@basin/testing";
import { onTestFinished } from "vitest";
import { Database } from "./connection";
import { migrate } from "./migrate";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function migrateUrl(url: string): Promise<void> {
  const database = new Database({ url, log });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

export interface Ledger {
  fresh: FreshDatabase;
  database: Database;
}

/** A migrated database for one test. */
export async function openLedger(): Promise<Ledger> {
  const fresh = await freshDatabase({ migrate: migrateUrl });
  const database = new Database({ url: fresh.url, log, maxConnections: 20, retrySeconds: 60 });
  onTestFinished(() => database.close());
  return { fresh, database };
}

export const sweep = SweepId.parse("k3v9x2mq");
export const trainer = TrainerId.parse("t");
export const pack = PackId.parse("00000000-0000-4000-8000-000000000001");
export const runAt = (place: number): RunId => RunId.parse(`${sweep}-0-${place}`);

/** One sweep with one trial: `running` runs that the trainer trains, in their first attempts, then `pending` ones. */
export async function plantSweep(
  { fresh }: Ledger,
  { running, pending, planned = running + pending }: { running: number; pending: number; planned?: number },
): Promise<void> {
  const created = running + pending;
  await fresh.query(
    `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments)
     VALUES ($1, 't', 'default', 'cpu', '', '', 1, '0', 'h', 1, '{}')`,
    [trainer],
  );
  await fresh.query(
    `INSERT INTO sweep (id, name, experiment, spec, objective_metric, minimize, pool, priority, tags, seeds, search_state,
       pending, running, trials_created)
     VALUES ($1, 's', 'diagnostic', $2, 'value0', true, 'default', 0, '{}', $3, '{}', $4, $5, 1)`,
    [
      sweep,
      JSON.stringify({ experiment: "diagnostic", retryLimit: 3, budget: { maxRuns: 1 } }),
      Array.from({ length: planned }, (_, i) => i),
      pending,
      running,
    ],
  );
  await fresh.query(
    "INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total, runs_created) VALUES ($1, 0, '{}', 'k', $2, $3)",
    [sweep, planned, created],
  );
  await fresh.query(
    `INSERT INTO pack (id, sweep_id, pool, experiment, pack_key, width, published_at, claimed_at, trainer_id)
     VALUES ($1, $2, 'default', 'diagnostic', 'k', 64, now(), now(), $3)`,
    [pack, sweep, trainer],
  );
  await fresh.query(
    `INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, pack_key, state, attempt, trainer_id, pack_id, started_at)
     SELECT $1 || '-0-' || i, $1, 0, i, i, 'k', (CASE WHEN i < $2 THEN 'running' ELSE 'pending' END)::run_state,
       CASE WHEN i < $2 THEN 1 ELSE 0 END, CASE WHEN i < $2 THEN $4 END, CASE WHEN i < $2 THEN $5::uuid END,
       CASE WHEN i < $2 THEN now() END
     FROM generate_series(0, $3::int - 1) i`,
    [sweep, running, created, trainer, pack],
  );
  await fresh.query(
    `INSERT INTO attempt (run_id, number, trainer_id, pack_id, pack_width)
     SELECT $1 || '-0-' || i, 1, $3, $4, 1 FROM generate_series(0, $2::int - 1) i`,
    [sweep, running, trainer, pack],
  );
}
