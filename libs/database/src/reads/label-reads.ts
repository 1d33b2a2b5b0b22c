import type { SweepId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { json, text } from "../sql-types";

const labelNames = statement({
  text: `SELECT DISTINCT k AS name FROM run, jsonb_object_keys(labels) k WHERE sweep_id = $1 AND labels <> '{}' ORDER BY name`,
  parameters: [text],
  row: { name: text },
});

/** Names of the labels of a sweep's runs, sorted. */
export async function readLabelNames(database: Queryable, sweep: SweepId): Promise<string[]> {
  const { rows } = await database.query(labelNames(sweep));
  return rows.map((row) => row.name);
}

const labelTexts = statement({
  text: `SELECT labels->>$2 AS text, json_agg(json_build_array(trial_index, seed_index) ORDER BY trial_index, seed_index) AS places
    FROM run WHERE sweep_id = $1 AND labels ? $2 GROUP BY 1`,
  parameters: [text, text],
  row: { text: text, places: json<[number, number][]>() },
});

/** One label of every run that has it, by index: distinct texts, and per run the position of its text. */
export async function readLabel(
  database: Queryable,
  sweep: SweepId,
  label: string,
): Promise<{ texts: string[]; runs: { trialIndex: number; seedIndex: number; text: number }[] }> {
  const { rows } = await database.query(labelTexts(sweep, label));
  return {
    texts: rows.map((row) => row.text),
    runs: rows.flatMap((row, text) => row.places.map(([trialIndex, seedIndex]) => ({ trialIndex, seedIndex, text }))),
  };
}
