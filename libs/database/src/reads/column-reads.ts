import { RunState, SweepId, type ParameterValue } from "@basin/contracts";
import type { Queryable } from "../connection";
import { appliedParameter } from "./applied-parameters";
import { float64ArrayOf, int32ArrayOf } from "../binary-arrays";
import { searchSeedsSql } from "../state-sql";
import { composed, statement } from "../statement";
import { bytea, nullable, sweepId, text, type SqlType } from "../sql-types";

/** Every run of a sweep as parallel arrays, by trial and initialization; those from held-out seeds are no part of what a search found. */
export interface RunColumns {
  trialIndex: Int32Array;
  seedIndex: Int32Array;
  seed: Int32Array;
  /** Position in `RunState.options`. */
  state: Int32Array;
  attempt: Int32Array;
  /** NaN: none. */
  objective: Float64Array;
}

export interface WantedColumns {
  runs: boolean;
  /** Seconds since 1970; NaN while a run is not finished. */
  finishedAt: boolean;
  /** Final metrics; NaN where a run has none. */
  metrics: readonly string[];
  trials: boolean;
  parameters: readonly string[];
}

export interface SweepColumns {
  /** Two reads with the same stamp saw the same runs and trials. */
  stamp: string;
  runs: RunColumns | null;
  finishedAt: Float64Array | null;
  metrics: Map<string, Float64Array>;
  /** Indices of the trials, ascending. */
  trials: Int32Array | null;
  /** Per trial, in the order of `trials`; null where a trial has no such parameter, or it does not apply. */
  parameters: Map<string, (ParameterValue | null)[]>;
}

const stateNumber = `CASE state ${RunState.options.map((state, i) => `WHEN '${state}' THEN ${i}`).join(" ")} END`;
const runColumns: Record<keyof RunColumns, { sql: string; read: "int" | "float" }> = {
  trialIndex: { sql: "trial_index", read: "int" },
  seedIndex: { sql: "seed_index", read: "int" },
  seed: { sql: "seed", read: "int" },
  state: { sql: stateNumber, read: "int" },
  attempt: { sql: "attempt", read: "int" },
  objective: { sql: "coalesce(objective, 'NaN')", read: "float" },
};

const sweepStamp = statement({
  name: "sweep-stamp",
  text: "SELECT xmin::text AS stamp FROM sweep WHERE id = $1",
  parameters: [text],
  row: { stamp: text },
});

/**
 * What changes with every change of the sweep's runs or trials: each is written in a transaction that also updates the
 * sweep's row, whose version this is. Null: there is no such sweep.
 */
export async function readSweepStamp(database: Queryable, sweep: SweepId): Promise<string | null> {
  const { rows } = await database.query(sweepStamp(sweep));
  return rows[0]?.stamp ?? null;
}

const each = [false, true];
const everyWish: WantedColumns[] = each.flatMap((runs) =>
  each.flatMap((finishedAt) =>
    each.flatMap((trials) => [[], ["a", "b"]].map((names) => ({ runs, finishedAt, trials, metrics: names, parameters: names }))),
  ),
);

/** `r0`, `r1` … of the runs in the order runs, finishedAt, metrics; `t0`, `t1` … of the trials in the order trials, parameters. */
const columnsOfSweep = composed({
  row: ({ wanted }: { sweep: SweepId; wanted: WantedColumns }) => {
    const ofRuns = (wanted.runs ? Object.keys(runColumns).length : 0) + (wanted.finishedAt ? 1 : 0) + wanted.metrics.length;
    const row: Record<string, SqlType<string | Buffer | null>> = { stamp: text };
    for (let i = 0; i < ofRuns; i++) row[`r${i}`] = nullable(bytea);
    if (wanted.trials) row["t0"] = nullable(bytea);
    for (const i of wanted.parameters.keys()) row[`t${(wanted.trials ? 1 : 0) + i}`] = nullable(text);
    return row;
  },
  compose: ({ sweep, wanted }, parameter) => {
    const id = parameter(sweepId, sweep);
    const ofRuns: string[] = [];
    if (wanted.runs) for (const { sql } of Object.values(runColumns)) ofRuns.push(sql);
    if (wanted.finishedAt) ofRuns.push("coalesce(extract(epoch FROM finished_at)::float8, 'NaN')");
    for (const name of wanted.metrics) {
      const key = `${parameter(text, name)}::text`;
      ofRuns.push(`CASE jsonb_typeof(metrics->${key}) WHEN 'number' THEN (metrics->>${key})::float8 ELSE 'NaN' END`);
    }
    const ofTrials: string[] = [];
    if (wanted.trials) ofTrials.push("array_send(array_agg(index))");
    for (const name of wanted.parameters) ofTrials.push(`json_agg(${appliedParameter(`${parameter(text, name)}::text`)})::text`);
    return `SELECT s.xmin::text AS stamp
        ${ofRuns.length > 0 ? ", r.*" : ""} ${ofTrials.length > 0 ? ", t.*" : ""}
      FROM sweep s
      ${
        ofRuns.length > 0
          ? `CROSS JOIN LATERAL (SELECT ${ofRuns.map((_, i) => `array_send(array_agg(c${i})) AS r${i}`).join(", ")} FROM (
               SELECT ${ofRuns.map((sql, i) => `${sql} AS c${i}`).join(", ")} FROM run WHERE sweep_id = s.id AND seed_index < ${searchSeedsSql("s")}
               ORDER BY trial_index, seed_index) o) r`
          : ""
      }
      ${
        ofTrials.length > 0
          ? `CROSS JOIN LATERAL (SELECT ${ofTrials.map((sql, i) => `${sql} AS t${i}`).join(", ")} FROM (
               SELECT index, parameters, inapplicable FROM trial WHERE sweep_id = s.id ORDER BY index) t) t`
          : ""
      }
      WHERE s.id = ${id}`;
  },
  variants: () => everyWish.map((wanted) => ({ sweep: SweepId.parse("00000000"), wanted })),
});

/**
 * Columns over every run and trial of a sweep, in one statement and so of one moment. A column of 100,000 runs travels as one
 * binary array of under 2 MB, several times faster than rows. Null: there is no such sweep.
 */
export async function readSweepColumns(database: Queryable, sweep: SweepId, wanted: WantedColumns): Promise<SweepColumns | null> {
  const { rows } = await database.query(columnsOfSweep({ sweep, wanted }));
  const row = rows[0];
  if (!row) return null;
  let r = 0;
  const bytes = (): Buffer | null => row[`r${r++}`] as Buffer | null;
  const ints = (): Int32Array => intsOf(bytes());
  const floats = (): Float64Array => floatsOf(bytes());
  const runs = wanted.runs
    ? { trialIndex: ints(), seedIndex: ints(), seed: ints(), state: ints(), attempt: ints(), objective: floats() }
    : null;
  const finishedAt = wanted.finishedAt ? floats() : null;
  const metrics = new Map(wanted.metrics.map((name) => [name, floats()]));
  const trials = wanted.trials ? intsOf(row["t0"] as Buffer | null) : null;
  const first = wanted.trials ? 1 : 0;
  const parameters = new Map(
    wanted.parameters.map((name, i) => {
      const text = row[`t${first + i}`] as string | null;
      return [name, text === null ? [] : (JSON.parse(text) as (ParameterValue | null)[])];
    }),
  );
  return { stamp: row["stamp"] as string, runs, finishedAt, metrics, trials, parameters };
}

/** An aggregate over no rows is null. */
function intsOf(bytes: Buffer | null): Int32Array {
  return bytes === null ? new Int32Array(0) : int32ArrayOf(bytes);
}

function floatsOf(bytes: Buffer | null): Float64Array {
  return bytes === null ? new Float64Array(0) : float64ArrayOf(bytes);
}

const someMetricNames = statement({
  text: `SELECT DISTINCT k AS name FROM (
      SELECT metrics FROM run WHERE sweep_id = $1 AND jsonb_typeof(metrics) = 'object'
      ORDER BY trial_index, seed_index LIMIT 1000
    ) m, jsonb_object_keys(m.metrics) k ORDER BY name`,
  parameters: [text],
  row: { name: text },
});

/** Final metrics of some finished runs of a sweep: the first 1,000 by index that have any. Sorted. */
export async function readMetricNames(database: Queryable, sweep: SweepId): Promise<string[]> {
  const { rows } = await database.query(someMetricNames(sweep));
  return rows.map((row) => row.name);
}
