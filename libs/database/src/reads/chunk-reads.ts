import type { RunId } from "@basin/contracts";
import { float64ArrayOf, int32ArrayOf } from "../binary-arrays";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { bytea, int4, int8, listOf, nullable, text } from "../sql-types";

/** Whose chunks: a run with the attempt to read. */
export interface SeriesKey {
  run: RunId;
  attempt: number;
}

/** Consecutive points of one metric. Values may be NaN or infinite. */
export interface SeriesPart {
  /** Position in the keys that were asked for. */
  key: number;
  metric: string;
  steps: Int32Array;
  values: Float64Array;
}

/** A whole series of one run and metric. */
export interface StoredSeries extends SeriesPart {
  run: RunId;
  attempt: number;
}

const keysPerQuery = 100;
const firstRowsPerPage = 32;
const mostRowsPerPage = 2000;
/** Pages are sized to hold about this many points: about 10 MB on the wire. */
const pointsPerPage = 250_000;

const pageOfChunks = statement({
  text: `SELECT p.place, p.metric, p.chunk, array_send(p.steps) AS steps, array_send(p.values) AS values FROM (
      SELECT k.place::int AS place, c.metric, c.chunk, c.steps, c.values
      FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS k(run, attempt, place)
      JOIN metric_chunk c ON c.run_id = k.run AND c.attempt = k.attempt AND ($3::text[] IS NULL OR c.metric = ANY($3))
      WHERE $4::int IS NULL OR (k.place, c.metric, c.chunk) > ($4, $5::text, $6::int)
      ORDER BY k.place, c.metric, c.chunk LIMIT $7
    ) p ORDER BY p.place, p.metric, p.chunk`,
  parameters: [listOf(text), listOf(int4), nullable(listOf(text)), nullable(int4), nullable(text), nullable(int4), int8],
  row: { place: int4, metric: text, chunk: int4, steps: bytea, values: bytea },
});

/**
 * The chunks of the given runs in the order (key, metric, chunk), in pages of bounded size. Nothing is held in the database
 * between pages, so a slow consumer costs no connection. `metrics` null: all.
 */
export async function* readBlocks(
  database: Queryable,
  keys: readonly SeriesKey[],
  metrics: readonly string[] | null,
): AsyncGenerator<SeriesPart> {
  let rowsPerPage = firstRowsPerPage;
  let first = 0;
  const position: { after: { place: number; metric: string; chunk: number } | null } = { after: null };
  while (first < keys.length) {
    const asked = keys.slice(first, first + keysPerQuery);
    const { rows } = await database.query(
      pageOfChunks(
        asked.map((key) => key.run),
        asked.map((key) => key.attempt),
        metrics,
        position.after?.place ?? null,
        position.after?.metric ?? null,
        position.after?.chunk ?? null,
        rowsPerPage,
      ),
    );
    let points = 0;
    for (const row of rows) {
      const values = float64ArrayOf(row.values);
      points += values.length;
      yield { key: first + row.place - 1, metric: row.metric, steps: int32ArrayOf(row.steps), values };
    }
    const last = rows.at(-1);
    if (!last || rows.length < rowsPerPage) {
      first += asked.length;
      position.after = null;
    } else {
      // Keys that are done are not asked for again; the last one may go on.
      first += last.place - 1;
      position.after = { place: 1, metric: last.metric, chunk: last.chunk };
    }
    if (rows.length > 0)
      rowsPerPage = Math.round(
        Math.min(mostRowsPerPage, Math.max(firstRowsPerPage, pointsPerPage / Math.max(1, points / rows.length))),
      );
  }
}

/** Whole series, chunks joined in order; runs and metrics without points are left out. One series is in memory at a time. */
export async function* readSeries(
  database: Queryable,
  keys: readonly SeriesKey[],
  metrics: readonly string[] | null,
): AsyncGenerator<StoredSeries> {
  let parts: SeriesPart[] = [];
  const joined = (): StoredSeries | null => {
    const head = parts[0];
    const key = head && keys[head.key];
    if (!head || !key) return null;
    const length = parts.reduce((sum, part) => sum + part.steps.length, 0);
    const steps = new Int32Array(length);
    const values = new Float64Array(length);
    let at = 0;
    for (const part of parts) {
      steps.set(part.steps, at);
      values.set(part.values, at);
      at += part.steps.length;
    }
    return { key: head.key, metric: head.metric, run: key.run, attempt: key.attempt, steps, values };
  };
  for await (const block of readBlocks(database, keys, metrics)) {
    const head = parts[0];
    if (head && (head.key !== block.key || head.metric !== block.metric)) {
      const series = joined();
      parts = [];
      if (series) yield series;
    }
    parts.push(block);
  }
  const series = joined();
  if (series) yield series;
}

const lastSteps = statement({
  text: `SELECT (SELECT c.steps[cardinality(c.steps)] FROM metric_chunk c
      WHERE c.run_id = k.run AND c.attempt = k.attempt AND c.metric = $3 ORDER BY c.chunk DESC LIMIT 1) AS last
    FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS k(run, attempt, place) ORDER BY k.place`,
  parameters: [listOf(text), listOf(int4), text],
  row: { last: nullable(int4) },
});

/** The last stored step of one metric for each key; null where there is none. */
export async function readLastSteps(database: Queryable, keys: readonly SeriesKey[], metric: string): Promise<(number | null)[]> {
  const { rows } = await database.query(
    lastSteps(
      keys.map((key) => key.run),
      keys.map((key) => key.attempt),
      metric,
    ),
  );
  return rows.map((row) => row.last);
}
