import { partsOfRunId, attemptKeyOf, type AttemptKey, type TrainerId } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { endAttempts, type AttemptFact, type RunMove, type Verdict } from "./run-moves";
import { lockSweeps, withLockedSweeps } from "./sweep-locks";
import { trainingRuns } from "./state-sql";
import { statement } from "./statement";
import { bool, float8, int4, listOf, runId, text, trainerId } from "./sql-types";

/** What is known when an attempt ends without a result, to tell whose doing it was. */
export interface LossFact {
  /** The attempt was granted to an earlier process of the trainer, so that process is gone. */
  processGone: boolean;
  /** A checkpoint came from the attempt. */
  progressed: boolean;
  /** Earlier attempts whose trainers died before the run got further, since the last fresh retry budget. */
  trainerDeaths: number;
}

type HeldAttempt = AttemptKey & LossFact;

const silentTrainers = statement({
  name: "silent-trainers",
  text: `SELECT t.id FROM trainer t
    WHERE t.last_sign_at < now() - make_interval(secs => $1)
      AND (t.lost_at IS NULL OR EXISTS (SELECT 1 FROM run r WHERE r.trainer_id = t.id AND r.state IN ${trainingRuns}))`,
  parameters: [float8],
  row: { id: trainerId },
});

const readClock = statement({
  text: "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at",
  row: { at: float8 },
});

const sweepsTrainedBy = statement({
  text: `SELECT DISTINCT sweep_id AS id FROM run WHERE trainer_id = $1 AND state IN ${trainingRuns}`,
  parameters: [text],
  row: { id: text },
});

const markLost = statement({
  text: `UPDATE trainer SET lost_at = coalesce(lost_at, now())
    WHERE id = $1 AND last_sign_at < now() - make_interval(secs => $2)`,
  parameters: [text, float8],
});

const runsTrainedBy = statement({
  text: `SELECT id AS run, attempt FROM run WHERE trainer_id = $1 AND state IN ${trainingRuns}`,
  parameters: [text],
  row: { run: runId, attempt: int4 },
});

/** Attempts that end without a result: released, or lost with their trainer. */
export class RequeueRepository {
  constructor(private readonly database: Database) {}

  /** Ends those of the trainer's attempts that are current; the others are left alone, so a repetition changes nothing. */
  release<K extends AttemptKey>(
    trainer: TrainerId,
    attempts: readonly K[],
    decide: (attempt: K, fact: AttemptFact, loss: LossFact) => Verdict,
  ): Promise<RunMove[]> {
    const byKey = new Map(attempts.map((attempt) => [attemptKeyOf(attempt), attempt]));
    return withLockedSweeps(
      this.database,
      attempts.map((attempt) => partsOfRunId(attempt.run).sweep),
      async (connection, sweeps) => {
        const held = await heldBy(connection, trainer, attempts);
        const losses = lossesByKey(held);
        return endAttempts(connection, sweeps, held, (fact) => {
          const key = attemptKeyOf(fact);
          const [attempt, loss] = [byKey.get(key), losses.get(key)];
          return attempt && loss ? decide(attempt, fact, loss) : null;
        });
      },
    );
  }

  /** Trainers whose last sign is older than `leaseSeconds`, with something to take away. */
  async silentTrainers(leaseSeconds: number): Promise<TrainerId[]> {
    const { rows } = await this.database.query(silentTrainers(leaseSeconds));
    return rows.map((row) => row.id);
  }

  /** The database's clock, in milliseconds. */
  async now(): Promise<number> {
    const { rows } = await this.database.query(readClock());
    return rows[0]?.at ?? Number.NaN;
  }

  /** Marks the trainer lost and ends all it held. Null when it gave a sign meanwhile. Done by the leader alone. */
  lose(
    trainer: TrainerId,
    leaseSeconds: number,
    epoch: Epoch,
    decide: (fact: AttemptFact, loss: LossFact) => Verdict,
  ): Promise<RunMove[] | null> {
    return this.database.transaction(
      async (connection) => {
        const { rows: owners } = await connection.query(sweepsTrainedBy(trainer));
        const sweeps = await lockSweeps(
          connection,
          owners.map((owner) => owner.id),
        );
        const { rowCount } = await connection.query(markLost(trainer, leaseSeconds));
        if (rowCount === 0) return null;
        const { rows: keys } = await connection.query(runsTrainedBy(trainer));
        const held = await heldBy(connection, trainer, keys);
        const losses = lossesByKey(held);
        return endAttempts(connection, sweeps, held, (fact) => {
          const loss = losses.get(attemptKeyOf(fact));
          return loss ? decide(fact, loss) : null;
        });
      },
      { epoch },
    );
  }
}

const heldAttempts = statement({
  name: "held-by",
  text: `SELECT a.run_id AS run, a.number AS attempt, a.started_at < t.registered_at AS "processGone",
      EXISTS (SELECT 1 FROM artifact c WHERE c.run_id = a.run_id AND c.attempt = a.number AND c.kind = 'checkpoint')
        AS progressed,
      (SELECT count(*)::int FROM attempt e WHERE e.run_id = a.run_id AND e.trainer_died) AS "trainerDeaths"
    FROM unnest($1::text[], $2::int[]) AS k(run_id, attempt)
    JOIN attempt a ON a.run_id = k.run_id AND a.number = k.attempt
    JOIN trainer t ON t.id = a.trainer_id
    WHERE a.trainer_id = $3 AND a.state = 'running'`,
  parameters: [listOf(text), listOf(int4), text],
  row: { run: runId, attempt: int4, processGone: bool, progressed: bool, trainerDeaths: int4 },
});

/** Of these attempts the ones that the trainer holds. */
async function heldBy(connection: Queryable, trainer: TrainerId, keys: readonly AttemptKey[]): Promise<HeldAttempt[]> {
  const { rows } = await connection.query(
    heldAttempts(
      keys.map((key) => key.run),
      keys.map((key) => key.attempt),
      trainer,
    ),
  );
  return rows;
}

function lossesByKey(held: readonly HeldAttempt[]): Map<string, LossFact> {
  return new Map(held.map((attempt) => [attemptKeyOf(attempt), attempt]));
}
