import type { AppliedParameters, Configuration, SweepId, Trial, TrialId } from "@basin/contracts";
import type { Database, Queryable } from "../connection";
import { appliedParameters } from "./applied-parameters";
import { statement } from "../statement";
import { int4, int8, jsonb, text } from "../sql-types";

const trialsAfter = statement({
  text: `SELECT index, ${appliedParameters} AS parameters, runs_total, runs_finished FROM trial t
    WHERE sweep_id = $1 AND index > $2 ORDER BY index LIMIT $3`,
  parameters: [text, int4, int8],
  row: { index: int4, parameters: jsonb<AppliedParameters>(), runs_total: int4, runs_finished: int4 },
});

/** Trials of a sweep with an index above `after`, in order, at most `limit`; `next` is the last index when there are more. */
export async function listTrials(
  database: Queryable,
  query: { sweep: SweepId; after: number; limit: number },
): Promise<{ items: Trial[]; next: number | null }> {
  const { rows } = await database.query(trialsAfter(query.sweep, query.after, query.limit + 1));
  const items = rows.slice(0, query.limit).map((row): Trial => ({
    id: `${query.sweep}-${row.index}` as TrialId,
    sweep: query.sweep,
    index: row.index,
    state: row.runs_finished >= row.runs_total ? "finished" : "active",
    parameters: row.parameters,
    runsTotal: row.runs_total,
    runsFinished: row.runs_finished,
  }));
  return { items, next: rows.length > query.limit ? (items.at(-1)?.index ?? null) : null };
}

/** The configuration that a sweep's first trial trains; null before there is one. Every trial has the same parameters. */
export async function readFirstConfiguration(database: Database, sweep: SweepId): Promise<Configuration | null> {
  const first = await database.plain((records) =>
    records.trial.findFirst({ select: { parameters: true }, where: { sweepId: sweep }, orderBy: { index: "asc" } }),
  );
  return first ? (first.parameters as Configuration) : null;
}
