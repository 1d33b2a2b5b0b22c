import {
  GrantV1,
  subjects,
  unversionedBuild,
  type BuildId,
  type Configuration,
  type ExperimentId,
  type PackId,
  type RunId,
  type SweepId,
  type TrainerId,
  type WorkQueue,
} from "@basin/contracts";
import type { PackRate } from "@basin/domain";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { readPackRates } from "./pack-rates.repository";
import type { RunMove } from "./run-moves";
import { sweepBuildSql, withLockedSweeps } from "./sweep-locks";
import { survivedSql } from "./trainers.repository";
import { runAfter, runsAccepting, runStateAfter, trainingRuns } from "./state-sql";

export interface PendingRun {
  id: RunId;
  packKey: string;
  strikes: number;
  /** A wider pack of it failed for a reason that may have been its width; null: none did. */
  maxWidth: number | null;
}

export interface NewPack {
  id: PackId;
  runs: readonly RunId[];
}

export interface Claim {
  sweep: SweepId;
  experiment: ExperimentId;
  grants: GrantV1[];
  moves: RunMove[];
}

interface GrantRow {
  run: RunId;
  attempt: number;
  seed: number;
  parameters: GrantV1["parameters"];
  artifact: string | null;
  step: number | null;
  bytes: number | null;
  sha256: string | null;
}

export class PacksRepository {
  constructor(private readonly database: Database) {}

  /**
   * The build that the runs of a sweep are queued for from now on, as long as none of its attempts was granted; packs for another
   * build that nobody claimed become void. Done by the leader alone.
   */
  giveTo(sweep: SweepId, build: BuildId, epoch: Epoch): Promise<RunMove[]> {
    return withLockedSweeps(
      this.database,
      [sweep],
      async (connection, locked) => {
        const owner = locked.get(sweep);
        if (owner?.state !== "running" || owner.begun || owner.build === build) return [];
        await connection.query({ text: "UPDATE sweep SET build = $2 WHERE id = $1", values: [sweep, build] });
        return PacksRepository.voidPacks(connection, sweep);
      },
      { epoch },
    );
  }

  /**
   * Groups pending runs of a running sweep into packs for the build that it is given to, queues them and writes their messages to
   * the outbox, in one transaction. `choose` sees up to `limit` pending runs, in the order of the plan, and what is known of their
   * pack keys. Nothing happens when the sweep is given to another build meanwhile. Done by the leader alone.
   */
  form(
    sweep: string,
    build: BuildId,
    epoch: Epoch,
    limit: number,
    sentAt: string,
    choose: (pending: PendingRun[], rates: ReadonlyMap<string, PackRate[]>) => readonly NewPack[],
  ): Promise<{ packs: number; moves: RunMove[] }> {
    return withLockedSweeps(
      this.database,
      [sweep],
      async (connection, locked) => {
        const owner = locked.get(sweep);
        if (owner?.state !== "running" || owner.build !== build) return { packs: 0, moves: [] };
        const { rows: pending } = await connection.query<{ [K in keyof PendingRun]: PendingRun[K] }>({
          text: `SELECT id, pack_key AS "packKey", strikes, max_width AS "maxWidth" FROM run
               WHERE sweep_id = $1 AND state IN ${runsAccepting("queue")}
               ORDER BY trial_index, seed_index LIMIT $2`,
          values: [sweep, limit],
        });
        const keys = [...new Set(pending.map(({ packKey }) => packKey))];
        const packs = choose(pending, await readPackRates(connection, keys));
        if (packs.length === 0) return { packs: 0, moves: [] };
        const { rows } = await connection.query<{ run: RunId; attempt: number }>({
          text: `WITH member AS (
                 SELECT * FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS m(run_id, pack_id, position)
               ), queued AS (
                 UPDATE run r SET state = ${runAfter("queue")}, pack_id = m.pack_id FROM member m
                 WHERE r.id = m.run_id AND r.state IN ${runsAccepting("queue")} RETURNING r.id, r.attempt, r.pack_id, r.pack_key, m.position
               ), made AS (
                 INSERT INTO pack (id, sweep_id, pool, experiment, pack_key, width)
                 SELECT pack_id, $1, $4, $5, min(pack_key), count(*) FROM queued GROUP BY pack_id RETURNING id, width
               ), sent AS (
                 INSERT INTO outbox (subject, message_id, payload)
                 SELECT $6, m.id || ':' || $7::text, $8::jsonb || jsonb_build_object('pack', m.id, 'sweep', $1::text,
                        'pool', $4::text, 'experiment', $5::text, 'width', m.width, 'sentAt', $7::text)
                 FROM made m JOIN (SELECT pack_id, min(position) AS first FROM queued GROUP BY pack_id) q ON q.pack_id = m.id
                 ORDER BY q.first
               ), counted AS (
                 UPDATE sweep SET pending = pending - q.n, queued = queued + q.n
                 FROM (SELECT count(*) AS n FROM queued) q WHERE id = $1
               )
               SELECT id AS run, attempt FROM queued`,
          values: [
            sweep,
            packs.flatMap((pack) => pack.runs),
            packs.flatMap((pack) => pack.runs.map(() => pack.id)),
            owner.pool,
            owner.experiment,
            subjects.work({ pool: owner.pool, build }),
            sentAt,
            JSON.stringify(versionFor(build)),
          ],
        });
        const moves = rows.map((row): RunMove => ({
          ...row,
          sweep: owner.id,
          state: runStateAfter("queue"),
          objective: null,
          trainer: null,
        }));
        return { packs: packs.length, moves };
      },
      { epoch },
    );
  }

  /** One configuration for each of the keys that pending runs of the sweep have; those of a key differ in what no shape depends on. */
  async configurations(sweep: string, packKeys: readonly string[]): Promise<Map<string, Configuration>> {
    const { rows } = await this.database.query<{ packKey: string; parameters: Configuration }>({
      text: `SELECT DISTINCT ON (r.pack_key) r.pack_key AS "packKey", t.parameters
             FROM run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index
             WHERE r.sweep_id = $1 AND r.state IN ${runsAccepting("queue")} AND r.pack_key = ANY($2::text[]) ORDER BY r.pack_key, r.trial_index`,
      values: [sweep, packKeys],
    });
    return new Map(rows.map(({ packKey, parameters }) => [packKey, parameters]));
  }

  /** How many packs nobody has claimed, by the queue that they wait in. */
  async unclaimed(): Promise<(WorkQueue & { packs: number })[]> {
    const { rows } = await this.database.query<WorkQueue & { packs: number }>({
      name: "unclaimed-packs",
      text: `SELECT p.pool, ${queueBuildSql} AS build, count(*)::int AS packs FROM pack p JOIN sweep ON sweep.id = p.sweep_id
             WHERE p.claimed_at IS NULL AND p.voided_at IS NULL GROUP BY 1, 2`,
    });
    return rows;
  }

  /** Queues with packs that were published more than `olderThanSeconds` ago and not claimed since. */
  async staleQueues(olderThanSeconds: number): Promise<WorkQueue[]> {
    const { rows } = await this.database.query<{ [K in keyof WorkQueue]: WorkQueue[K] }>({
      name: "stale-queues",
      text: `SELECT DISTINCT p.pool, ${queueBuildSql} AS build FROM pack p JOIN sweep ON sweep.id = p.sweep_id
             WHERE p.claimed_at IS NULL AND p.voided_at IS NULL AND p.published_at < now() - make_interval(secs => $1)`,
      values: [olderThanSeconds],
    });
    return rows;
  }

  /** Writes the messages of a queue's stale packs to the outbox again. Returns how many. Done by the leader alone. */
  async sendAgain({ pool, build }: WorkQueue, olderThanSeconds: number, sentAt: string, epoch: Epoch): Promise<number> {
    const again = {
      text: `WITH again AS (
               UPDATE pack p SET sends = sends + 1, published_at = NULL FROM sweep
               WHERE sweep.id = p.sweep_id AND ${queueBuildSql} = $5 AND p.pool = $1 AND p.claimed_at IS NULL
                 AND p.voided_at IS NULL AND p.published_at < now() - make_interval(secs => $2)
               RETURNING p.id, p.sweep_id, p.experiment, p.width, p.created_at
             )
             INSERT INTO outbox (subject, message_id, payload)
             SELECT $3, id || ':' || $4::text, $6::jsonb || jsonb_build_object('pack', id, 'sweep', sweep_id, 'pool', $1::text,
                    'experiment', experiment, 'width', width, 'sentAt', $4::text)
             FROM again ORDER BY created_at`,
      values: [pool, olderThanSeconds, subjects.work({ pool, build }), sentAt, build, JSON.stringify(versionFor(build))],
    };
    const { rowCount } = await this.database.transaction((connection) => connection.query(again), { epoch });
    return rowCount ?? 0;
  }

  /**
   * Grants attempts to the runs still queued in the pack. The same trainer asking again gets the same grants; null for a
   * pack that does not exist. No grants: claimed by another, voided, the sweep does not run, or is given to another build.
   */
  claim(pack: PackId, trainer: TrainerId): Promise<Claim | null | "unknown-trainer"> {
    return this.database.transaction(async (connection) => {
      const { rows: found } = await connection.query<{
        sweep: SweepId;
        experiment: ExperimentId;
        state: string;
        build: BuildId | null;
      }>({
        name: "claim-lock",
        text: `SELECT id AS sweep, experiment, state, ${sweepBuildSql} AS build FROM sweep WHERE id = (SELECT sweep_id FROM pack WHERE id = $1)
               FOR NO KEY UPDATE`,
        values: [pack],
      });
      const owner = found[0];
      if (!owner) return null;
      const { rows: known } = await connection.query<{ build: BuildId }>({
        name: "claim-sign",
        text: `WITH ${survivedSql} UPDATE trainer SET last_sign_at = now(), lost_at = NULL WHERE id = $1 AND build IS NOT NULL
               RETURNING build`,
        values: [trainer],
      });
      const build = known[0]?.build;
      if (build === undefined) return "unknown-trainer";
      const may = owner.state === "running" && (owner.build ?? build) === build;
      const granted = may ? await grant(connection, pack, trainer, build) : [];
      const rows = granted.length > 0 ? granted : await grantedBefore(connection, pack, trainer);
      const { sweep, experiment } = owner;
      return {
        sweep,
        experiment,
        grants: rows.map(grantOf),
        moves: granted.map(({ run, attempt }) => ({
          sweep,
          run,
          attempt,
          state: runStateAfter("claim"),
          objective: null,
          trainer,
        })),
      };
    });
  }

  /** Under the sweep's lock: unclaimed packs become void, their runs pending. */
  static async voidPacks(connection: Queryable, sweep: string): Promise<RunMove[]> {
    const { rows } = await connection.query<{ run: RunId; sweep: SweepId; attempt: number }>({
      text: `WITH gone AS (
               UPDATE pack SET voided_at = now() WHERE sweep_id = $1 AND claimed_at IS NULL AND voided_at IS NULL RETURNING id
             ), unsent AS (
               DELETE FROM outbox WHERE payload->>'pack' IN (SELECT id::text FROM gone)
             ), back AS (
               UPDATE run SET state = ${runAfter("withdraw")}, pack_id = NULL
               WHERE pack_id IN (SELECT id FROM gone) AND state IN ${runsAccepting("withdraw")} RETURNING id, attempt
             ), counted AS (
               UPDATE sweep SET queued = queued - b.n, pending = pending + b.n FROM (SELECT count(*) AS n FROM back) b
               WHERE sweep.id = $1
             )
             SELECT id AS run, $1 AS sweep, attempt FROM back`,
      values: [sweep],
    });
    return rows.map((row) => ({ ...row, state: runStateAfter("withdraw"), objective: null, trainer: null }));
  }
}

/** What a pack message says of its version: trainers that tell no build know version 1 only. */
function versionFor(build: BuildId): object {
  return build === unversionedBuild ? { v: 1 } : { v: 2, build };
}

/** Of packs that an older control plane formed, too. */
const queueBuildSql = `coalesce(${sweepBuildSql}, '${unversionedBuild}')`;

/** The newest checkpoint by the build that trains the run now: no attempt goes on from another build's. */
const checkpointOf = `LEFT JOIN LATERAL (
    SELECT a.id, a.step, a.bytes, a.sha256 FROM artifact a
    JOIN attempt w ON w.run_id = a.run_id AND w.number = a.attempt AND w.build = g.build
    WHERE a.run_id = g.id AND a.kind = 'checkpoint'
    ORDER BY a.attempt DESC, a.step DESC LIMIT 1
  ) c ON true`;

async function grant(connection: Queryable, pack: PackId, trainer: TrainerId, build: BuildId): Promise<GrantRow[]> {
  const { rows } = await connection.query<GrantRow & { [column: string]: unknown }>({
    name: "claim-grant",
    text: `WITH taken AS (
             UPDATE pack SET claimed_at = now(), trainer_id = $2
             WHERE id = $1 AND claimed_at IS NULL AND voided_at IS NULL RETURNING id
           ), g AS (
             UPDATE run SET state = ${runAfter("claim")}, attempt = attempt + 1, trainer_id = $2, build = $3, reason = NULL,
                    started_at = coalesce(started_at, now())
             FROM taken WHERE run.pack_id = taken.id AND run.state IN ${runsAccepting("claim")}
             RETURNING run.id, run.sweep_id, run.trial_index, run.seed_index, run.attempt, run.seed, run.build
           ), given AS (
             SELECT g.*, c.id AS artifact, c.step, c.bytes, c.sha256 FROM g ${checkpointOf}
           ), begun AS (
             INSERT INTO attempt (run_id, number, trainer_id, build, pack_id, pack_width, resumed_from_step)
             SELECT id, attempt, $2, $3, $1, (SELECT count(*) FROM given), step FROM given
           ), counted AS (
             UPDATE sweep s SET queued = s.queued - n.n, running = s.running + n.n, started_at = coalesce(s.started_at, now()),
                    build = $3
             FROM (SELECT sweep_id, count(*) AS n FROM given GROUP BY sweep_id) n WHERE s.id = n.sweep_id
           )
           SELECT v.id AS run, v.attempt, v.seed, t.parameters, v.artifact, v.step, v.bytes, v.sha256
           FROM given v JOIN trial t ON t.sweep_id = v.sweep_id AND t.index = v.trial_index
           ORDER BY v.trial_index, v.seed_index`,
    values: [pack, trainer, build],
  });
  return rows;
}

async function grantedBefore(connection: Queryable, pack: PackId, trainer: TrainerId): Promise<GrantRow[]> {
  const { rows } = await connection.query<GrantRow & { [column: string]: unknown }>({
    text: `SELECT g.id AS run, g.attempt, g.seed, t.parameters, c.id AS artifact, c.step, c.bytes, c.sha256
           FROM run g JOIN trial t ON t.sweep_id = g.sweep_id AND t.index = g.trial_index ${checkpointOf}
           WHERE g.pack_id = $1 AND g.trainer_id = $2 AND g.state IN ${trainingRuns} ORDER BY g.trial_index, g.seed_index`,
    values: [pack, trainer],
  });
  return rows;
}

function grantOf(row: GrantRow): GrantV1 {
  const { run, attempt, seed, parameters, artifact, step, bytes, sha256 } = row;
  const checkpoint = artifact === null ? null : { artifact, step, bytes, sha256 };
  return GrantV1.parse({ run, attempt, seed, parameters, checkpoint });
}
