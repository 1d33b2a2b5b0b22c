import { attemptKeyOf, type RunId, type TrainerId } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import { float8Array, int4Array } from "./binary-arrays";
import { trainingRuns } from "./state-sql";
import { statement } from "./statement";
import { float8, int4, listOf, packed, present, runId, text, trainerId, type SqlType } from "./sql-types";

/** Consecutive points of one metric of one attempt; `steps` and `values` have the same length, at least 1. */
export interface Chunk {
  /** Who sends it: only what comes from the holder of the attempt counts. */
  trainer: TrainerId;
  run: RunId;
  attempt: number;
  metric: string;
  chunk: number;
  steps: Int32Array;
  values: Float64Array;
}

/** Rows per statement, largest first: each is one prepared statement per connection. */
const statementRows = [256, 64, 16, 4, 1] as const;

const currentAttempts = statement({
  name: "current-attempts",
  text: `SELECT r.id AS run, r.attempt, r.trainer_id AS trainer FROM unnest($1::text[], $2::int[], $3::text[]) AS k(run_id, attempt, trainer_id)
    JOIN run r ON r.id = k.run_id AND r.attempt = k.attempt AND r.trainer_id = k.trainer_id WHERE r.state IN ${trainingRuns}`,
  parameters: [listOf(text), listOf(int4), listOf(text)],
  row: { run: runId, attempt: int4, trainer: present(trainerId) },
});

export class MetricChunksRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores chunks of attempts that are current and running, in one transaction; chunks of any other attempt, or from a trainer that does not hold it, are refused and
   * repeated ones ignored. Returns how many rows are new. Not flushed to disk before it answers: a crash of PostgreSQL may
   * undo the last moments, and then `commit` asks for these chunks again.
   */
  insert(chunks: readonly Chunk[]): Promise<number> {
    return this.database.transaction(
      async (connection) => {
        let stored = 0;
        let at = 0;
        for (const rows of statementRows) {
          while (chunks.length - at >= rows) {
            stored += await insertRows(connection, chunks, at, rows);
            at += rows;
          }
        }
        return stored;
      },
      { durable: false },
    );
  }

  /** Of these attempts those that are current and running: the trainer that holds them, by their keys. */
  async current(keys: readonly Pick<Chunk, "run" | "attempt" | "trainer">[]): Promise<Map<string, string>> {
    const { rows } = await this.database.query(
      currentAttempts(
        keys.map((key) => key.run),
        keys.map((key) => key.attempt),
        keys.map((key) => key.trainer),
      ),
    );
    return new Map(rows.map((row) => [attemptKeyOf(row), row.trainer]));
  }
}

const chunkColumns: readonly SqlType<unknown, string | number | Buffer>[] = [
  text,
  int4,
  text,
  int4,
  int4,
  packed(int4),
  packed(float8),
  text,
];

function insertText(rows: number): string {
  const tuples: string[] = [];
  for (let row = 0; row < rows; row++) {
    const p = row * 8;
    tuples.push(
      row === 0
        ? `($1::text, $2::int, $3::text, $4::int, $5::int, $6::int4[], $7::float8[], $8::text)`
        : `($${p + 1}, $${p + 2}, $${p + 3}, $${p + 4}, $${p + 5}, $${p + 6}, $${p + 7}, $${p + 8})`,
    );
  }
  return `INSERT INTO metric_chunk (run_id, attempt, metric, chunk, first_step, steps, "values")
          SELECT v.run_id, v.attempt, v.metric, v.chunk, v.first_step, v.steps, v.points
          FROM (VALUES ${tuples.join(", ")}) AS v(run_id, attempt, metric, chunk, first_step, steps, points, trainer_id)
          JOIN run r ON r.id = v.run_id AND r.attempt = v.attempt AND r.trainer_id = v.trainer_id AND r.state IN ${trainingRuns}
          ON CONFLICT DO NOTHING`;
}

const insertSql = new Map(
  statementRows.map((rows) => [
    rows,
    statement({
      name: `insert-chunks-${rows}`,
      text: insertText(rows),
      parameters: Array.from({ length: rows }, () => chunkColumns).flat(),
    }),
  ]),
);

async function insertRows(
  connection: Queryable,
  chunks: readonly Chunk[],
  from: number,
  rows: (typeof statementRows)[number],
): Promise<number> {
  const values: (string | number | Buffer)[] = [];
  for (const chunk of chunks.slice(from, from + rows)) {
    values.push(
      chunk.run,
      chunk.attempt,
      chunk.metric,
      chunk.chunk,
      chunk.steps[0] ?? 0,
      int4Array(chunk.steps),
      float8Array(chunk.values),
      chunk.trainer,
    );
  }
  const insert = insertSql.get(rows);
  if (!insert) throw new RangeError(`no statement inserts ${rows} chunks`);
  const { rowCount } = await connection.query(insert(...values));
  return rowCount ?? 0;
}
