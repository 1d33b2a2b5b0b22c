import { unversionedBuild, type Trainer, type TrainerBackend, type TrainerId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { bool, buildId, float8, int4, nullable, text, textOf, timestamptz, trainerId } from "../sql-types";

const everyTrainer = statement({
  text: `SELECT t.id, t.name, t.pool, t.backend, t.backend_reason, t.device, t.slots, t.version, t.build, t.host, t.draining,
      (t.lost_at IS NOT NULL OR t.last_sign_at < now() - make_interval(secs => $1)) AS silent,
      (SELECT count(*)::int FROM run r WHERE r.trainer_id = t.id AND r.state = 'running') AS running_runs,
      t.waits, t.registered_at, t.last_sign_at
    FROM trainer t WHERE ($2::text IS NULL OR t.pool = $2) AND ($3::text IS NULL OR t.id = $3)
    ORDER BY silent, t.pool, t.name, t.id LIMIT 10000`,
  parameters: [float8, nullable(text), nullable(text)],
  row: {
    id: trainerId,
    name: text,
    pool: text,
    backend: textOf<TrainerBackend>(),
    backend_reason: text,
    device: text,
    slots: int4,
    version: text,
    build: nullable(buildId),
    host: text,
    draining: bool,
    silent: bool,
    running_runs: int4,
    waits: nullable(text),
    registered_at: timestamptz,
    last_sign_at: timestamptz,
  },
});

/**
 * Trainers, those that gave a sign within `leaseSeconds` first, then by pool and name. The clock is the database's, as for
 * the leases themselves.
 */
export async function listTrainers(
  database: Queryable,
  query: { pool?: string | undefined; id?: TrainerId | undefined; leaseSeconds: number },
): Promise<Trainer[]> {
  const { rows } = await database.query(everyTrainer(query.leaseSeconds, query.pool ?? null, query.id ?? null));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    pool: row.pool,
    state: row.silent ? "offline" : row.draining ? "draining" : "online",
    backend: row.backend,
    backendReason: row.backend_reason,
    device: row.device,
    slots: row.slots,
    version: row.version,
    build: row.build ?? unversionedBuild,
    host: row.host,
    runningRuns: row.running_runs,
    waits: row.waits,
    registeredAt: row.registered_at.toISOString(),
    lastSignAt: row.last_sign_at.toISOString(),
  }));
}
