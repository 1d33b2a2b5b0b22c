import type { AttemptKey, BuildId, GrantV1, PackId, SweepId, SweepState, TrainerId } from "@basin/contracts";
import type { Database } from "./connection";
import { grant, grantOf, unheldGrants } from "./grants";
import type { RunMove } from "./run-moves";
import { runStateAfter, trainingRuns } from "./state-sql";
import { statement } from "./statement";
import {
  attemptState,
  bool,
  float8,
  int4,
  int8,
  listOf,
  nullable,
  present,
  runId,
  sweepId,
  sweepState,
  text,
  trainerId,
  uuid,
} from "./sql-types";
import { survivedSql } from "./trainers.repository";

/** Who works, and at what. */
export interface OutsideWorker {
  id: TrainerId;
  experiment: string;
  pool: string;
  build: BuildId;
}

/** What the ledger knows of an attempt that somebody writes of. */
export interface AttemptStanding extends AttemptKey {
  /** Whom it was granted to; null: there is no such attempt. */
  holder: TrainerId | null;
  state: string | null;
  /** Why it ended; null: it runs, or nobody said. */
  reason: string | null;
  /** Of its run; null: there is no such run. */
  newest: number | null;
  sweep: SweepState | null;
}

const nextSweep = statement({
  name: "next-outside-sweep",
  text: `SELECT s.id FROM sweep s
    WHERE s.state = 'running' AND s.experiment = $1 AND s.pool = $2 AND s.build = $3 AND ($4::text IS NULL OR s.id = $4) AND s.queued > 0
      AND ($5::text IS NULL OR s.project = $5) AND ($6::text IS NULL OR s.owner = $6)
      AND EXISTS (SELECT 1 FROM pack p WHERE p.sweep_id = s.id AND p.claimed_at IS NULL AND p.voided_at IS NULL)
    ORDER BY s.priority DESC, s.created_at, s.id LIMIT 1 FOR NO KEY UPDATE`,
  parameters: [text, text, text, nullable(text), nullable(text), nullable(text)],
  row: { id: sweepId },
});

const nextPacks = statement({
  name: "next-outside-packs",
  text: `SELECT p.id FROM pack p JOIN run r ON r.pack_id = p.id
    WHERE p.sweep_id = $1 AND p.claimed_at IS NULL AND p.voided_at IS NULL
    ORDER BY r.trial_index, r.seed_index LIMIT $2`,
  parameters: [text, int8],
  row: { id: uuid },
});

const attemptStandings = statement({
  name: "attempt-standings",
  text: `SELECT k.run_id AS run, k.attempt, a.trainer_id AS holder, a.state, a.reason, r.attempt AS newest, s.state AS sweep
    FROM unnest($1::text[], $2::int[]) AS k(run_id, attempt)
    LEFT JOIN run r ON r.id = k.run_id LEFT JOIN sweep s ON s.id = r.sweep_id
    LEFT JOIN attempt a ON a.run_id = k.run_id AND a.number = k.attempt`,
  parameters: [listOf(text), listOf(int4)],
  row: {
    run: runId,
    attempt: int4,
    holder: nullable(trainerId),
    state: nullable(attemptState),
    reason: nullable(text),
    newest: nullable(int4),
    sweep: nullable(sweepState),
  },
});

/** Of running sweeps, runs whose stopping rule was not told yet of a rung that they reached. */
const untoldRungs = statement({
  name: "untold-rungs",
  text: `SELECT count(*)::int AS runs FROM unnest($1::text[], $2::int[], $3::int[]) AS k(run_id, attempt, rungs)
    JOIN run r ON r.id = k.run_id AND r.attempt = k.attempt JOIN sweep s ON s.id = r.sweep_id
    WHERE s.state = 'running' AND r.state IN ${trainingRuns} AND r.rungs_told < k.rungs`,
  parameters: [listOf(text), listOf(int4), listOf(int4)],
  row: { runs: present(int4) },
});

/** A report is a sign of life; written down at most once in `$2` seconds. */
const reportSign = statement({
  name: "report-sign",
  text: `WITH ${survivedSql}, sign AS (
      UPDATE trainer SET last_sign_at = now(), lost_at = NULL
      WHERE id = $1 AND (last_sign_at <= now() - make_interval(secs => $2) OR lost_at IS NOT NULL)
    )
    SELECT drain_asked AS drain FROM trainer WHERE id = $1`,
  parameters: [text, float8],
  row: { drain: bool },
});

const sweepExperiment = statement({
  name: "sweep-experiment",
  text: "SELECT experiment FROM sweep WHERE id = $1",
  parameters: [text],
  row: { experiment: text },
});

/** What outside workers ask for by themselves, since nobody invites them. */
export class WorkRepository {
  constructor(private readonly database: Database) {}

  /**
   * Grants up to `runs` queued runs of the first sweep, by priority and age, that has any for this worker; in the order of its plan. `project` and
   * `owner`: of those sweeps only.
   */
  claim(
    { id, experiment, pool, build }: OutsideWorker,
    { runs, sweep, project, owner: mine }: { runs: number; sweep: SweepId | null; project: string | null; owner: string | null },
  ): Promise<{ grants: (GrantV1 & { sweep: SweepId })[]; moves: RunMove[] }> {
    return this.database.transaction(async (connection) => {
      const { rows: sweeps } = await connection.query(nextSweep(experiment, pool, build, sweep, project, mine));
      const [owner] = sweeps;
      if (!owner) return { grants: [], moves: [] };
      const { rows: packs } = await connection.query(nextPacks(owner.id, runs));
      if (packs.length === 0) return { grants: [], moves: [] };
      const rows = await grant(
        connection,
        packs.map((pack) => pack.id as PackId),
        id,
        build,
      );
      return {
        grants: rows.map((row) => ({ ...grantOf(row), sweep: owner.id })),
        moves: rows.map(({ run, attempt }) => ({
          sweep: owner.id,
          run,
          attempt,
          state: runStateAfter("claim"),
          objective: null,
          trainer: id,
        })),
      };
    });
  }

  /** What the worker was granted and does not list: the answer that told it was lost. */
  unheld(worker: TrainerId, holding: readonly AttemptKey[]): Promise<GrantV1[]> {
    return unheldGrants(this.database, worker, holding);
  }

  /** What a sweep runs; null: there is no such sweep. */
  async experimentOf(sweep: SweepId): Promise<string | null> {
    const { rows } = await this.database.query(sweepExperiment(sweep));
    return rows[0]?.experiment ?? null;
  }

  /** Whether the worker, which gave a sign just now, is to hand back what it has. */
  async sign(worker: TrainerId, skipWithinSeconds: number): Promise<boolean> {
    const { rows } = await this.database.query(reportSign(worker, skipWithinSeconds));
    return rows[0]?.drain ?? false;
  }

  /** How many of these attempts, each with the number of rungs that it reached, still wait for what their stopping rule says. */
  async untoldRungs(reached: readonly (AttemptKey & { rungs: number })[]): Promise<number> {
    const columns = [reached.map((one) => one.run), reached.map((one) => one.attempt), reached.map((one) => one.rungs)] as const;
    const { rows } = await this.database.query(untoldRungs(...columns));
    return rows[0]?.runs ?? 0;
  }

  /** Each of the attempts, in the order given. */
  async standings(keys: readonly AttemptKey[]): Promise<AttemptStanding[]> {
    if (keys.length === 0) return [];
    const { rows } = await this.database.query(
      attemptStandings(
        keys.map((key) => key.run),
        keys.map((key) => key.attempt),
      ),
    );
    return rows;
  }
}
