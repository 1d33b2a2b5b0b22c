import {
  unversionedBuild,
  type AttemptKey,
  type BuildId,
  type Provenance,
  type RegisterRequestV2,
  type RunId,
  type StopAction,
  type TrainerBackend,
  type TrainerId,
} from "@basin/contracts";
import { createHash } from "node:crypto";
import type { Database } from "./connection";
import { trainingRuns } from "./state-sql";
import { statement } from "./statement";
import { bool, buildId, float8, int4, json, jsonb, listOf, nullable, present, text, trainerId } from "./sql-types";

/** Answer to one heartbeat. */
export interface Pulse {
  /** False: an equal sign was noted a moment ago, and nothing was written or compared. */
  noted: boolean;
  /** A person wants it to hand back what it has and take no more. */
  drainAsked: boolean;
  /** What the trainer must stop. */
  stop: { run: RunId; attempt: number; action: StopAction }[];
  /** Attempts granted to it more than the grace ago that it does not list: lost with an earlier process. */
  forgotten: AttemptKey[];
}

/** What a trainer says of itself, in whichever version. */
export interface Registration extends Omit<RegisterRequestV2, "v" | "slotBytes" | "backend"> {
  backend: TrainerBackend;
  /** Kept with every attempt that it makes. */
  provenance: Provenance;
  /** Null: it did not say. */
  slotBytes: number | null;
}

/** A trainer that takes work now. */
export interface LiveTrainer {
  id: TrainerId;
  pool: string;
  build: BuildId;
  version: string;
  slots: number;
  backend: string;
  /** Memory that one slot's pack may take; null: it did not say. */
  slotBytes: number | null;
  experiments: string[];
}

/** A slot of a trainer that is known. */
export interface KnownSlot {
  /** The trainer's. */
  name: string;
  backend: string;
  /** Memory that a pack in it may take; null: the trainer did not say. */
  slotBytes: number | null;
}

/**
 * A part of a WITH list, before a statement that notes a sign of trainer $1: a lost trainer that speaks, and is no new process, was not
 * dead. (A new process registers, which makes it not lost without this.)
 */
export const survivedSql = `survived AS (
               UPDATE attempt a SET trainer_died = false FROM trainer t
               WHERE t.id = $1 AND t.lost_at IS NOT NULL AND a.trainer_id = t.id AND a.trainer_died AND a.finished_at >= t.lost_at
             )`;

const registerTrainer = statement({
  text: `WITH known AS (
      INSERT INTO build (id, version) VALUES ($13, $14)
      ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE build.version IS DISTINCT FROM excluded.version
    ), told AS (
      INSERT INTO provenance (id, content) VALUES ($15, $16) ON CONFLICT DO NOTHING
    )
    INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments,
      slot_bytes, build, provenance)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, pool = excluded.pool, backend = excluded.backend,
      backend_reason = excluded.backend_reason, device = excluded.device, slots = excluded.slots,
      version = excluded.version, host = excluded.host, pid = excluded.pid, experiments = excluded.experiments,
      slot_bytes = excluded.slot_bytes, build = excluded.build, provenance = excluded.provenance,
      draining = trainer.build IS NULL AND trainer.drain_asked, drain_asked = trainer.build IS NULL AND trainer.drain_asked,
      lost_at = NULL, waits = NULL, last_sign_at = now(), registered_at = now()`,
  parameters: [
    text,
    text,
    text,
    text,
    text,
    text,
    int4,
    text,
    text,
    int4,
    listOf(text),
    nullable(float8),
    text,
    nullable(text),
    text,
    jsonb(),
  ],
});

const pulse = statement({
  name: "pulse",
  text: `WITH ${survivedSql}, sign AS (
      UPDATE trainer SET last_sign_at = now(), lost_at = NULL, draining = drain_asked OR $2, waits = $7
      WHERE id = $1 AND build IS NOT NULL AND (last_sign_at <= now() - make_interval(secs => $6) OR lost_at IS NOT NULL
                         OR draining IS DISTINCT FROM (drain_asked OR $2) OR (waits IS NULL) IS DISTINCT FROM ($7::text IS NULL))
      RETURNING drain_asked
    ), held AS (
      SELECT * FROM unnest($3::text[], $4::int[]) AS h(run_id, attempt)
    ), judged AS (
      SELECT h.run_id AS run, h.attempt,
        CASE WHEN a.state = 'running' AND a.trainer_id = $1 THEN
               CASE s.state WHEN 'paused' THEN 'hand-back' WHEN 'cancelled' THEN 'cancel' END
             WHEN a.state IN ('succeeded', 'diverged', 'failed') AND a.trainer_id = $1 THEN NULL
             ELSE 'superseded' END AS action
      FROM held h LEFT JOIN attempt a ON a.run_id = h.run_id AND a.number = h.attempt
      LEFT JOIN run r ON r.id = h.run_id LEFT JOIN sweep s ON s.id = r.sweep_id
      WHERE EXISTS (SELECT 1 FROM sign)
    )
    SELECT EXISTS (SELECT 1 FROM trainer WHERE id = $1 AND build IS NOT NULL) AS known, (SELECT drain_asked FROM sign) AS "drainAsked",
      (SELECT json_agg(j) FROM judged j WHERE j.action IS NOT NULL) AS stop,
      (SELECT json_agg(json_build_object('run', r.id, 'attempt', r.attempt)) FROM run r
       JOIN attempt a ON a.run_id = r.id AND a.number = r.attempt
       WHERE EXISTS (SELECT 1 FROM sign) AND r.trainer_id = $1 AND r.state IN ${trainingRuns} AND a.started_at < now() - make_interval(secs => $5)
         AND NOT EXISTS (SELECT 1 FROM held h WHERE h.run_id = r.id AND h.attempt = r.attempt)) AS forgotten`,
  parameters: [text, bool, listOf(text), listOf(int4), float8, float8, nullable(text)],
  row: {
    known: bool,
    drainAsked: nullable(bool),
    stop: nullable(json<Pulse["stop"]>()),
    forgotten: nullable(json<AttemptKey[]>()),
  },
});

const liveTrainers = statement({
  name: "live-trainers",
  text: `SELECT id, pool, build, version, slots, backend, slot_bytes AS "slotBytes", experiments FROM trainer
    WHERE build IS NOT NULL AND lost_at IS NULL AND NOT draining AND last_sign_at >= now() - make_interval(secs => $1)`,
  parameters: [float8],
  row: {
    id: trainerId,
    pool: text,
    build: present(buildId),
    version: text,
    slots: int4,
    backend: text,
    slotBytes: nullable(float8),
    experiments: listOf(text),
  },
});

export class TrainersRepository {
  constructor(private readonly database: Database) {}

  /**
   * A new process of a trainer is never draining: that belonged to the process before. One that only had to tell its build goes on
   * as it was asked to.
   */
  async register(registration: Registration): Promise<void> {
    const { trainer, name, pool, backend, backendReason, device, slots, version, build } = registration;
    const { host, pid, experiments, slotBytes } = registration;
    const content = JSON.stringify(registration.provenance);
    const register = registerTrainer(
      trainer,
      name,
      pool,
      backend,
      backendReason,
      device,
      slots,
      version,
      host,
      pid,
      experiments,
      slotBytes,
      build,
      build === unversionedBuild ? null : version,
      createHash("sha256").update(content).digest("hex").slice(0, 32),
      content,
    );
    await this.database.transaction((connection) => connection.query(register));
  }

  /**
   * Notes the sign and compares what the trainer holds with the ledger, in one statement. Nothing of both when a sign that says the same
   * was noted within `skipWithinSeconds` (every api process hears it); 0: always. Null: it is not registered,
   * or was not asked for its build.
   */
  async pulse(
    trainer: TrainerId,
    draining: boolean,
    held: readonly AttemptKey[],
    graceSeconds: number,
    skipWithinSeconds = 0,
    waits: string | null = null,
  ): Promise<Pulse | null> {
    const { rows } = await this.database.urgent.query(
      pulse(
        trainer,
        draining,
        held.map((key) => key.run),
        held.map((key) => key.attempt),
        graceSeconds,
        skipWithinSeconds,
        waits,
      ),
    );
    const row = rows[0];
    if (!row?.known) return null;
    if (row.drainAsked === null) return { noted: false, drainAsked: false, stop: [], forgotten: [] };
    return { noted: true, drainAsked: row.drainAsked, stop: row.stop ?? [], forgotten: row.forgotten ?? [] };
  }

  /** Trainers with a sign within the lease that are not draining. */
  async live(leaseSeconds: number): Promise<LiveTrainer[]> {
    const { rows } = await this.database.query(liveTrainers(leaseSeconds));
    return rows;
  }

  /** Trainers of a pool that can train an experiment and are not lost, those that drain included. */
  async slotsFor(pool: string, experiment: string): Promise<KnownSlot[]> {
    return this.database.plain((records) =>
      records.trainer.findMany({
        select: { name: true, backend: true, slotBytes: true },
        where: { pool, experiments: { has: experiment }, lostAt: null },
      }),
    );
  }

  /**
   * Asks the trainer to hand back what it has and take no more, or to take packs again. It counts as draining until it says
   * otherwise with a heartbeat. False: there is no such trainer.
   */
  async askToDrain(id: TrainerId, drain: boolean): Promise<boolean> {
    const data = drain ? { drainAsked: true, draining: true } : { drainAsked: false };
    const { count } = await this.database.plain((records) => records.trainer.updateMany({ where: { id }, data }));
    return count > 0;
  }

  /** Of these trainers, the ones that a person wants to drain. */
  async askedToDrain(ids: readonly TrainerId[]): Promise<Set<TrainerId>> {
    const rows = await this.database.plain((records) =>
      records.trainer.findMany({ select: { id: true }, where: { id: { in: [...ids] }, drainAsked: true } }),
    );
    return new Set(rows.map((row) => row.id as TrainerId));
  }

  /** What an outside worker registered for; null: it is not registered, or no outside worker. */
  async outsideWorker(id: TrainerId): Promise<{ experiment: string; pool: string; build: BuildId } | null> {
    const row = await this.database.plain((records) =>
      records.trainer.findUnique({ where: { id }, select: { experiments: true, pool: true, build: true, backend: true } }),
    );
    const [experiment] = row?.experiments ?? [];
    if (row?.backend !== "outside" || row.build === null || experiment === undefined) return null;
    return { experiment, pool: row.pool, build: row.build };
  }

  async nameOf(id: TrainerId): Promise<string | null> {
    const row = await this.database.plain((records) => records.trainer.findUnique({ where: { id }, select: { name: true } }));
    return row?.name ?? null;
  }
}
