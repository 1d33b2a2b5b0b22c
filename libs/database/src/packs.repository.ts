import {
  type GrantV1,
  type PackMessageV1,
  subjects,
  unversionedBuild,
  type AttemptKey,
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
import { grant, grantedBefore, grantOf } from "./grants";
import type { RunMove } from "./run-moves";
import { sweepBuildSql, withLockedSweeps } from "./sweep-locks";
import { survivedSql } from "./trainers.repository";
import { runAfter, runsAccepting, runStateAfter, trainingRuns } from "./state-sql";
import { statement } from "./statement";
import {
  bool,
  buildId,
  float8,
  int4,
  int8,
  jsonb,
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

/** A pack that a trainer has taken, with the attempts that it still trains. */
export interface PackInTraining {
  pack: string;
  sweep: SweepId;
  trainer: TrainerId;
  /** Since it was taken. */
  seconds: number;
  attempts: AttemptKey[];
}

export interface Claim {
  sweep: SweepId;
  experiment: ExperimentId;
  grants: GrantV1[];
  moves: RunMove[];
}

/** What a pack message says of its version: trainers that tell no build know version 1 only. */
function versionFor(build: BuildId): object {
  return build === unversionedBuild ? { v: 1 } : { v: 2, build };
}

/** Of packs that an older control plane formed, too. */
const queueBuildSql = `coalesce(${sweepBuildSql}, '${unversionedBuild}')`;

/** The message of a pack in SQL: what its version says, and the rest of what the contract asks for. */
function messageSql(version: string, parts: Record<Exclude<keyof PackMessageV1, "v">, string>): string {
  const pairs = Object.entries(parts).map(([key, sql]) => `'${key}', ${sql}`);
  return `${version} || jsonb_build_object(${pairs.join(", ")})`;
}

const giveToBuild = statement({
  text: "UPDATE sweep SET build = $2 WHERE id = $1",
  parameters: [text, text],
});

const pendingRuns = statement({
  text: `SELECT id, pack_key AS "packKey", strikes, max_width AS "maxWidth" FROM run
    WHERE sweep_id = $1 AND state IN ${runsAccepting("queue")}
    ORDER BY trial_index, seed_index LIMIT $2`,
  parameters: [text, int8],
  row: { id: runId, packKey: text, strikes: int4, maxWidth: nullable(int4) },
});

const formPacks = statement({
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
      SELECT $6, m.id || ':' || $7::text, ${messageSql("$8::jsonb", {
        pack: "m.id",
        sweep: "$1::text",
        pool: "$4::text",
        experiment: "$5::text",
        width: "m.width",
        sentAt: "$7::text",
      })}
      FROM made m JOIN (SELECT pack_id, min(position) AS first FROM queued GROUP BY pack_id) q ON q.pack_id = m.id
      WHERE $9
      ORDER BY q.first
    ), counted AS (
      UPDATE sweep SET pending = pending - q.n, queued = queued + q.n
      FROM (SELECT count(*) AS n FROM queued) q WHERE id = $1
    )
    SELECT id AS run, attempt FROM queued`,
  parameters: [text, listOf(text), listOf(uuid), text, text, text, text, jsonb(), bool],
  row: { run: runId, attempt: int4 },
});

const readConfigurations = statement({
  text: `SELECT DISTINCT ON (r.pack_key) r.pack_key AS "packKey", t.parameters
    FROM run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index
    WHERE r.sweep_id = $1 AND r.state IN ${runsAccepting("queue")} AND r.pack_key = ANY($2::text[]) ORDER BY r.pack_key, r.trial_index`,
  parameters: [text, listOf(text)],
  row: { packKey: text, parameters: jsonb<Configuration>() },
});

const unclaimedPacks = statement({
  name: "unclaimed-packs",
  text: `SELECT p.pool, ${queueBuildSql} AS build, count(*)::int AS packs FROM pack p JOIN sweep ON sweep.id = p.sweep_id
    WHERE p.claimed_at IS NULL AND p.voided_at IS NULL GROUP BY 1, 2`,
  row: { pool: text, build: buildId, packs: int4 },
});

const packsInTraining = statement({
  name: "packs-in-training",
  text: `SELECT p.id AS pack, p.sweep_id AS sweep, p.trainer_id AS trainer, extract(epoch FROM now() - p.claimed_at)::float8 AS seconds,
      array_agg(r.id) AS runs, array_agg(r.attempt) AS attempts
    FROM run r JOIN pack p ON p.id = r.pack_id WHERE r.sweep_id = ANY($1::text[]) AND r.state IN ${trainingRuns}
      AND p.trainer_id IS NOT NULL
    GROUP BY p.id`,
  parameters: [listOf(text)],
  row: {
    pack: uuid,
    sweep: sweepId,
    trainer: present(trainerId),
    seconds: present(float8),
    runs: listOf(runId),
    attempts: listOf(int4),
  },
});

const staleQueues = statement({
  name: "stale-queues",
  text: `SELECT DISTINCT p.pool, ${queueBuildSql} AS build FROM pack p JOIN sweep ON sweep.id = p.sweep_id
    WHERE p.claimed_at IS NULL AND p.voided_at IS NULL AND p.published_at < now() - make_interval(secs => $1)`,
  parameters: [float8],
  row: { pool: text, build: buildId },
});

const sendStale = statement({
  text: `WITH again AS (
      UPDATE pack p SET sends = sends + 1, published_at = NULL FROM sweep
      WHERE sweep.id = p.sweep_id AND ${queueBuildSql} = $5 AND p.pool = $1 AND p.claimed_at IS NULL
        AND p.voided_at IS NULL AND p.published_at < now() - make_interval(secs => $2)
      RETURNING p.id, p.sweep_id, p.experiment, p.width, p.created_at
    )
    INSERT INTO outbox (subject, message_id, payload)
    SELECT $3, id || ':' || $4::text, ${messageSql("$6::jsonb", {
      pack: "id",
      sweep: "sweep_id",
      pool: "$1::text",
      experiment: "experiment",
      width: "width",
      sentAt: "$4::text",
    })}
    FROM again ORDER BY created_at`,
  parameters: [text, float8, text, text, text, jsonb()],
});

const claimLock = statement({
  name: "claim-lock",
  text: `SELECT id AS sweep, experiment, state, ${sweepBuildSql} AS build FROM sweep WHERE id = (SELECT sweep_id FROM pack WHERE id = $1)
    FOR NO KEY UPDATE`,
  parameters: [uuid],
  row: { sweep: sweepId, experiment: text, state: sweepState, build: nullable(buildId) },
});

const claimSign = statement({
  name: "claim-sign",
  text: `WITH ${survivedSql} UPDATE trainer SET last_sign_at = now(), lost_at = NULL WHERE id = $1 AND build IS NOT NULL
    RETURNING build`,
  parameters: [text],
  row: { build: present(buildId) },
});

const voidUnclaimed = statement({
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
  parameters: [text],
  row: { run: runId, sweep: sweepId, attempt: int4 },
});

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
        await connection.query(giveToBuild(sweep, build));
        return PacksRepository.voidPacks(connection, sweep);
      },
      { epoch },
    );
  }

  /**
   * Groups pending runs of a running sweep into packs for the build that it is given to, queues them and writes their messages to
   * the outbox (without `invite` none: outside workers ask by themselves), in one transaction. `choose` sees up to `limit` pending runs, in the order of the plan, and what is known of their
   * pack keys. Nothing happens when the sweep is given to another build meanwhile. Done by the leader alone.
   */
  form(
    sweep: string,
    build: BuildId,
    epoch: Epoch,
    limit: number,
    sentAt: string,
    choose: (pending: PendingRun[], rates: ReadonlyMap<string, PackRate[]>) => readonly NewPack[],
    options: { invite: boolean } = { invite: true },
  ): Promise<{ packs: number; moves: RunMove[] }> {
    return withLockedSweeps(
      this.database,
      [sweep],
      async (connection, locked) => {
        const owner = locked.get(sweep);
        if (owner?.state !== "running" || owner.build !== build) return { packs: 0, moves: [] };
        const { rows: pending } = await connection.query(pendingRuns(sweep, limit));
        const keys = [...new Set(pending.map(({ packKey }) => packKey))];
        const packs = choose(pending, await readPackRates(connection, keys));
        if (packs.length === 0) return { packs: 0, moves: [] };
        const { rows } = await connection.query(
          formPacks(
            sweep,
            packs.flatMap((pack) => pack.runs),
            packs.flatMap((pack) => pack.runs.map(() => pack.id)),
            owner.pool,
            owner.experiment,
            subjects.work({ pool: owner.pool, build }),
            sentAt,
            JSON.stringify(versionFor(build)),
            options.invite,
          ),
        );
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
    const { rows } = await this.database.query(readConfigurations(sweep, packKeys));
    return new Map(rows.map(({ packKey, parameters }) => [packKey, parameters]));
  }

  /** Packs of these sweeps that trainers have taken. */
  async inTraining(sweeps: readonly SweepId[]): Promise<PackInTraining[]> {
    const { rows } = await this.database.query(packsInTraining(sweeps));
    return rows.map(({ runs, attempts, ...pack }) => ({
      ...pack,
      attempts: runs.map((run, i) => ({ run, attempt: attempts[i] ?? 0 })),
    }));
  }

  /** Takes back packs of a sweep that nobody has claimed: their runs are pending again. Done by the leader alone. */
  withdraw(sweep: SweepId, epoch: Epoch): Promise<RunMove[]> {
    return withLockedSweeps(this.database, [sweep], (connection) => PacksRepository.voidPacks(connection, sweep), { epoch });
  }

  /** How many packs nobody has claimed, by the queue that they wait in. */
  async unclaimed(): Promise<(WorkQueue & { packs: number })[]> {
    const { rows } = await this.database.query(unclaimedPacks());
    return rows;
  }

  /** Queues with packs that were published more than `olderThanSeconds` ago and not claimed since. */
  async staleQueues(olderThanSeconds: number): Promise<WorkQueue[]> {
    const { rows } = await this.database.query(staleQueues(olderThanSeconds));
    return rows;
  }

  /** Writes the messages of a queue's stale packs to the outbox again. Returns how many. Done by the leader alone. */
  async sendAgain({ pool, build }: WorkQueue, olderThanSeconds: number, sentAt: string, epoch: Epoch): Promise<number> {
    const subject = subjects.work({ pool, build });
    const again = sendStale(pool, olderThanSeconds, subject, sentAt, build, JSON.stringify(versionFor(build)));
    const { rowCount } = await this.database.transaction((connection) => connection.query(again), { epoch });
    return rowCount ?? 0;
  }

  /**
   * Grants attempts to the runs still queued in the pack. The same trainer asking again gets the same grants; null for a
   * pack that does not exist. No grants: claimed by another, voided, the sweep does not run, or is given to another build.
   */
  claim(pack: PackId, trainer: TrainerId): Promise<Claim | null | "unknown-trainer"> {
    return this.database.transaction(async (connection) => {
      const { rows: found } = await connection.query(claimLock(pack));
      const owner = found[0];
      if (!owner) return null;
      const { rows: known } = await connection.query(claimSign(trainer));
      const build = known[0]?.build;
      if (build === undefined) return "unknown-trainer";
      const may = owner.state === "running" && (owner.build ?? build) === build;
      const granted = may ? await grant(connection, [pack], trainer, build) : [];
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
    const { rows } = await connection.query(voidUnclaimed(sweep));
    return rows.map((row) => ({ ...row, state: runStateAfter("withdraw"), objective: null, trainer: null }));
  }
}
