import {
  type RunId,
  partsOfRunId,
  attemptKeyOf,
  type AttemptKey,
  type CommitStatusV1,
  type RunResultV1,
  type TrainerId,
} from "@basin/contracts";
import type { Database } from "./connection";
import { endAttempts, type AttemptFact, type RunMove, type Verdict } from "./run-moves";
import { withLockedSweeps } from "./sweep-locks";
import { statement } from "./statement";
import { bool, int4, int8, listOf, nullable, runId, text } from "./sql-types";

/** No answer names more chunks than this, of one metric and in all; the rest is asked for in the next round. */
const maxMissingPerSeries = 10_000;
const maxMissing = 50_000;

interface LackingSeries {
  run: RunId;
  attempt: number;
  metric: string;
  count: number;
}

interface ContradictedSeries {
  run: RunId;
  attempt: number;
  metric: string;
  chunks: number;
  /** The last step of any of its points. */
  last: number;
  forward: boolean;
  /** As the result says; null: it does not name the series. */
  count: number | null;
  runSteps: number;
}

type Missing = Pick<CommitStatusV1, "missing" | "missingArtifacts">;

const attemptStanding = statement({
  name: "attempt-standing",
  text: `SELECT a.run_id AS run, a.number AS attempt, a.state = 'running' AS running
    FROM unnest($1::text[], $2::int[]) AS k(run_id, attempt)
    JOIN attempt a ON a.run_id = k.run_id AND a.number = k.attempt
    WHERE a.trainer_id = $3 AND a.state IN ('running', 'succeeded', 'diverged', 'failed')`,
  parameters: [listOf(text), listOf(int4), text],
  row: { run: runId, attempt: int4, running: bool },
});

const lackingSeries = statement({
  name: "lacking-series",
  text: `SELECT w.run_id AS run, w.attempt, w.metric, w.count FROM unnest($1::text[], $2::int[], $3::text[], $4::int[])
      AS w(run_id, attempt, metric, count)
    WHERE (SELECT count(*) FROM metric_chunk k WHERE k.run_id = w.run_id AND k.attempt = w.attempt
           AND k.metric = w.metric AND k.chunk < w.count) < w.count`,
  parameters: [listOf(text), listOf(int4), listOf(text), listOf(int4)],
  row: { run: runId, attempt: int4, metric: text, count: int4 },
});

const lackingArtifacts = statement({
  name: "lacking-artifacts",
  text: `SELECT w.run_id AS run, w.attempt, w.name FROM unnest($1::text[], $2::int[], $3::text[]) AS w(run_id, attempt, name)
    WHERE NOT EXISTS (SELECT 1 FROM artifact a WHERE a.run_id = w.run_id AND a.attempt = w.attempt
                      AND a.name = w.name)`,
  parameters: [listOf(text), listOf(int4), listOf(text)],
  row: { run: runId, attempt: int4, name: text },
});

const contradictedSeries = statement({
  name: "contradicted-series",
  text: `SELECT s.run_id AS run, s.attempt, s.metric, s.chunks, s.last, s.forward, w.count, s.run_steps AS "runSteps" FROM (
      SELECT k.run_id, k.attempt, k.metric, k.run_steps, count(*)::int AS chunks, max(k.last) AS last,
        coalesce(bool_and(k.forward), true) AS forward
      FROM (SELECT m.run_id, m.attempt, m.metric, r.run_steps, m.steps[cardinality(m.steps)] AS last,
              m.first_step > lag(m.steps[cardinality(m.steps)]) OVER (
                PARTITION BY m.run_id, m.attempt, m.metric ORDER BY m.chunk) AS forward
            FROM unnest($1::text[], $2::int[], $3::int[]) AS r(run_id, attempt, run_steps)
            JOIN metric_chunk m ON m.run_id = r.run_id AND m.attempt = r.attempt) k
      GROUP BY k.run_id, k.attempt, k.metric, k.run_steps
    ) s LEFT JOIN unnest($4::text[], $5::int[], $6::text[], $7::int[]) AS w(run_id, attempt, metric, count)
      ON w.run_id = s.run_id AND w.attempt = s.attempt AND w.metric = s.metric
    WHERE w.count IS DISTINCT FROM s.chunks OR NOT s.forward OR s.last > s.run_steps`,
  parameters: [listOf(text), listOf(int4), listOf(int4), listOf(text), listOf(int4), listOf(text), listOf(int4)],
  row: {
    run: runId,
    attempt: int4,
    metric: text,
    chunks: int4,
    last: int4,
    forward: bool,
    count: nullable(int4),
    runSteps: int4,
  },
});

const lackingChunks = statement({
  name: "lacking-chunks",
  text: `SELECT w.run_id AS run, w.attempt, w.metric, w.count, l.chunks
    FROM unnest($1::text[], $2::int[], $3::text[], $4::int[]) AS w(run_id, attempt, metric, count)
    CROSS JOIN LATERAL (
      SELECT array_agg(n.chunk ORDER BY n.chunk) AS chunks FROM (
        SELECT c AS chunk FROM generate_series(0, w.count - 1) c
        WHERE NOT EXISTS (SELECT 1 FROM metric_chunk k WHERE k.run_id = w.run_id AND k.attempt = w.attempt
                          AND k.metric = w.metric AND k.chunk = c)
        ORDER BY c LIMIT $5) n
    ) l WHERE l.chunks IS NOT NULL`,
  parameters: [listOf(text), listOf(int4), listOf(text), listOf(int4), int8],
  row: { run: runId, attempt: int4, metric: text, count: int4, chunks: listOf(int4) },
});

export class CommitsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Commits results of attempts that are current and hold every chunk and artifact they name. `decide` hears of stored points that
   * contradict the result. Repeating a commit that succeeded answers `committed` again. One transaction.
   */
  async commit(
    trainer: TrainerId,
    results: readonly RunResultV1[],
    decide: (result: RunResultV1, fact: AttemptFact, contradiction: string | null) => Verdict,
  ): Promise<{ statuses: CommitStatusV1[]; moves: RunMove[] }> {
    const standing = await this.standing(trainer, results);
    const current = results.filter((result) => standing.get(attemptKeyOf(result)) === "running");
    const missing = await this.missing(current);
    const complete = current.filter((result) => !missing.has(attemptKeyOf(result)));
    const byKey = new Map(complete.map((result) => [attemptKeyOf(result), result]));
    const contradictions = await this.contradictions(complete);
    const moves =
      complete.length === 0
        ? []
        : await withLockedSweeps(
            this.database,
            complete.map((result) => partsOfRunId(result.run).sweep),
            (connection, sweeps) =>
              endAttempts(connection, sweeps, complete, (fact) => {
                const result = byKey.get(attemptKeyOf(fact));
                return result ? decide(result, fact, contradictions.get(attemptKeyOf(fact)) ?? null) : null;
              }),
          );
    const moved = new Set(moves.map(attemptKeyOf));
    const statuses = results.map((result): CommitStatusV1 => {
      const { run, attempt } = result;
      const key = attemptKeyOf(result);
      const lack = missing.get(key);
      if (lack) return { run, attempt, status: "incomplete", ...lack };
      const committed = moved.has(key) || standing.get(key) === "committed";
      return { run, attempt, status: committed ? "committed" : "superseded", missing: [], missingArtifacts: [] };
    });
    return { statuses, moves };
  }

  /** Per attempt of this trainer: still running, or committed before. Anything else is superseded and not in the map. */
  private async standing(trainer: TrainerId, keys: readonly AttemptKey[]): Promise<Map<string, "running" | "committed">> {
    const { rows } = await this.database.query(
      attemptStanding(
        keys.map((key) => key.run),
        keys.map((key) => key.attempt),
        trainer,
      ),
    );
    return new Map(rows.map((row) => [attemptKeyOf(row), row.running ? "running" : "committed"]));
  }

  /** What the database lacks of each result; results without an entry are complete. */
  private async missing(results: readonly RunResultV1[]): Promise<Map<string, Missing>> {
    const missing = new Map<string, Missing>();
    const lackOf = (key: string): Missing => {
      const lack = missing.get(key) ?? { missing: [], missingArtifacts: [] };
      missing.set(key, lack);
      return lack;
    };
    const series = results.flatMap(({ run, attempt, chunks }) =>
      Object.entries(chunks).map(([metric, count]) => ({ run, attempt, metric, count })),
    );
    if (series.length > 0) {
      const { rows } = await this.database.query(
        lackingSeries(
          series.map((one) => one.run),
          series.map((one) => one.attempt),
          series.map((one) => one.metric),
          series.map((one) => one.count),
        ),
      );
      for (const row of await this.lackingChunks(rows)) {
        lackOf(attemptKeyOf(row)).missing.push({ metric: row.metric, chunks: row.chunks });
      }
    }
    const artifacts = results.flatMap(({ run, attempt, artifacts: names }) => names.map((name) => ({ run, attempt, name })));
    if (artifacts.length > 0) {
      const { rows } = await this.database.query(
        lackingArtifacts(
          artifacts.map((one) => one.run),
          artifacts.map((one) => one.attempt),
          artifacts.map((one) => one.name),
        ),
      );
      for (const row of rows) lackOf(attemptKeyOf(row)).missingArtifacts.push(row.name);
    }
    return missing;
  }

  /**
   * Where the stored points of an attempt are not what its result says: a series that it does not name, another number of chunks, steps
   * that do not go forward from chunk to chunk, or go beyond its last one. In words, by attempt.
   */
  private async contradictions(results: readonly RunResultV1[]): Promise<Map<string, string>> {
    if (results.length === 0) return new Map();
    const named = results.flatMap(({ run, attempt, chunks }) =>
      Object.entries(chunks).map(([metric, count]) => ({ run, attempt, metric, count })),
    );
    const { rows } = await this.database.query(
      contradictedSeries(
        results.map((one) => one.run),
        results.map((one) => one.attempt),
        results.map((one) => one.steps),
        named.map((one) => one.run),
        named.map((one) => one.attempt),
        named.map((one) => one.metric),
        named.map((one) => one.count),
      ),
    );
    return new Map(rows.map((row) => [attemptKeyOf(row), contradictionOf(row)]));
  }

  /** Series that became complete meanwhile are left out. */
  private async lackingChunks(series: readonly LackingSeries[]): Promise<(LackingSeries & { chunks: number[] })[]> {
    if (series.length === 0) return [];
    const perSeries = Math.max(1, Math.min(maxMissingPerSeries, Math.floor(maxMissing / series.length)));
    const { rows } = await this.database.query(
      lackingChunks(
        series.map((one) => one.run),
        series.map((one) => one.attempt),
        series.map((one) => one.metric),
        series.map((one) => one.count),
        perSeries,
      ),
    );
    return rows;
  }
}

function contradictionOf({ metric, chunks, last, forward, count, runSteps }: ContradictedSeries): string {
  if (count === null) return `there are points of ${metric}, which the result does not name`;
  if (count !== chunks) return `there are ${chunks} chunks of ${metric}; the result names ${count}`;
  if (!forward) return `the steps of ${metric} do not go forward from chunk to chunk`;
  return `there are points of ${metric} up to step ${last}; the result has ${runSteps} steps`;
}
