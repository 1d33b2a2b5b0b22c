import { GrantV1, type AttemptKey, type BuildId, type Configuration, type PackId, type TrainerId } from "@basin/contracts";
import type { Queryable } from "./connection";
import { int4, jsonb, listOf, nullable, runId, text, uuid } from "./sql-types";
import { runAfter, runsAccepting, trainingRuns } from "./state-sql";
import { statement, type RowOf } from "./statement";

/** The newest checkpoint by the build that trains the run now: no attempt goes on from another build's. */
const checkpointOf = `LEFT JOIN LATERAL (
    SELECT a.id, a.step, a.bytes, a.sha256 FROM artifact a
    JOIN attempt w ON w.run_id = a.run_id AND w.number = a.attempt AND w.build = g.build
    WHERE a.run_id = g.id AND a.kind = 'checkpoint'
    ORDER BY a.attempt DESC, a.step DESC LIMIT 1
  ) c ON true`;

const grantColumns = {
  run: runId,
  attempt: int4,
  seed: int4,
  parameters: jsonb<Configuration>(),
  artifact: nullable(uuid),
  step: nullable(int4),
  bytes: nullable(int4),
  sha256: nullable(text),
};
type GrantRow = RowOf<typeof grantColumns>;

const claimGrant = statement({
  name: "claim-grant",
  text: `WITH taken AS (
      UPDATE pack SET claimed_at = now(), trainer_id = $2
      WHERE id = ANY($1) AND claimed_at IS NULL AND voided_at IS NULL RETURNING id
    ), g AS (
      UPDATE run SET state = ${runAfter("claim")}, attempt = attempt + 1, trainer_id = $2, build = $3, reason = NULL,
             started_at = coalesce(started_at, now())
      FROM taken WHERE run.pack_id = taken.id AND run.state IN ${runsAccepting("claim")}
      RETURNING run.id, run.sweep_id, run.trial_index, run.seed_index, run.attempt, run.seed, run.build, run.pack_id
    ), given AS (
      SELECT g.*, c.id AS artifact, c.step, c.bytes, c.sha256 FROM g ${checkpointOf}
    ), begun AS (
      INSERT INTO attempt (run_id, number, trainer_id, build, pack_id, pack_width, resumed_from_step, provenance)
      SELECT id, attempt, $2, $3, pack_id, count(*) OVER (PARTITION BY pack_id), step,
        (SELECT provenance FROM trainer WHERE trainer.id = $2) FROM given
    ), counted AS (
      UPDATE sweep s SET queued = s.queued - n.n, running = s.running + n.n, started_at = coalesce(s.started_at, now()),
             build = $3
      FROM (SELECT sweep_id, count(*) AS n FROM given GROUP BY sweep_id) n WHERE s.id = n.sweep_id
    )
    SELECT v.id AS run, v.attempt, v.seed, t.parameters, v.artifact, v.step, v.bytes, v.sha256
    FROM given v JOIN trial t ON t.sweep_id = v.sweep_id AND t.index = v.trial_index
    ORDER BY v.trial_index, v.seed_index`,
  parameters: [listOf(uuid), text, text],
  row: grantColumns,
});

/** Under the sweep's lock: grants attempts to the runs that are queued in the packs, unless these are claimed or void. */
export async function grant(
  connection: Queryable,
  packs: readonly PackId[],
  trainer: TrainerId,
  build: BuildId,
): Promise<GrantRow[]> {
  const { rows } = await connection.query(claimGrant(packs, trainer, build));
  return rows;
}

const readGranted = statement({
  text: `SELECT g.id AS run, g.attempt, g.seed, t.parameters, c.id AS artifact, c.step, c.bytes, c.sha256
    FROM run g JOIN trial t ON t.sweep_id = g.sweep_id AND t.index = g.trial_index ${checkpointOf}
    WHERE g.pack_id = $1 AND g.trainer_id = $2 AND g.state IN ${trainingRuns} ORDER BY g.trial_index, g.seed_index`,
  parameters: [uuid, text],
  row: grantColumns,
});

/** What the trainer was granted of the pack and still trains. */
export async function grantedBefore(connection: Queryable, pack: PackId, trainer: TrainerId): Promise<GrantRow[]> {
  const { rows } = await connection.query(readGranted(pack, trainer));
  return rows;
}

const readUnheld = statement({
  name: "unheld-grants",
  text: `SELECT g.id AS run, g.attempt, g.seed, t.parameters, c.id AS artifact, c.step, c.bytes, c.sha256
    FROM run g JOIN trial t ON t.sweep_id = g.sweep_id AND t.index = g.trial_index ${checkpointOf}
    WHERE g.trainer_id = $1 AND g.state IN ${trainingRuns}
      AND NOT EXISTS (SELECT 1 FROM unnest($2::text[], $3::int[]) AS h(run_id, attempt) WHERE h.run_id = g.id AND h.attempt = g.attempt)
    ORDER BY g.trial_index, g.seed_index`,
  parameters: [text, listOf(text), listOf(int4)],
  row: grantColumns,
});

/** What the trainer trains by the ledger and does not name. */
export async function unheldGrants(
  connection: Queryable,
  trainer: TrainerId,
  holding: readonly AttemptKey[],
): Promise<GrantV1[]> {
  const { rows } = await connection.query(
    readUnheld(
      trainer,
      holding.map((key) => key.run),
      holding.map((key) => key.attempt),
    ),
  );
  return rows.map(grantOf);
}

export function grantOf(row: GrantRow): GrantV1 {
  const { run, attempt, seed, parameters, artifact, step, bytes, sha256 } = row;
  const checkpoint = artifact === null ? null : { artifact, step, bytes, sha256 };
  return GrantV1.parse({ run, attempt, seed, parameters, checkpoint });
}
