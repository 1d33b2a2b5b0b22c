import type { AppliedParameters, Configuration, SweepId, Trial, TrialId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { appliedParameters } from "./applied-parameters";

interface TrialRow {
  index: number;
  parameters: AppliedParameters;
  runs_total: number;
  runs_finished: number;
}

/** Trials of a sweep with an index above `after`, in order, at most `limit`; `next` is the last index when there are more. */
export async function listTrials(
  database: Queryable,
  query: { sweep: SweepId; after: number; limit: number },
): Promise<{ items: Trial[]; next: number | null }> {
  const { rows } = await database.query<TrialRow>({
    text: `SELECT index, ${appliedParameters} AS parameters, runs_total, runs_finished FROM trial t
      WHERE sweep_id = $1 AND index > $2 ORDER BY index LIMIT $3`,
    values: [query.sweep, query.after, query.limit + 1],
  });
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
export async function readFirstConfiguration(database: Queryable, sweep: SweepId): Promise<Configuration | null> {
  const { rows } = await database.query<{ parameters: Configuration }>({
    text: "SELECT parameters FROM trial WHERE sweep_id = $1 ORDER BY index LIMIT 1",
    values: [sweep],
  });
  return rows[0]?.parameters ?? null;
}
