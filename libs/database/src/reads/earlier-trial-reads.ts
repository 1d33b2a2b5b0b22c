import type { Configuration, RunState } from "@basin/contracts";
import type { Queryable } from "../connection";
import { float8, int4, jsonb, nullable, runState, text } from "../sql-types";
import { finishedRuns, searchSeedsSql } from "../state-sql";
import { statement } from "../statement";

/** A finished run of a trial that has ended, with all parameters of the experiment. */
export interface EarlierRun {
  trial: number;
  parameters: Configuration;
  initialization: number;
  outcome: RunState;
  value: number | null;
}

const earlierRuns = statement({
  text: `SELECT t.index AS trial, t.parameters, r.seed_index AS initialization, r.state AS outcome,
           CASE WHEN r.state = 'succeeded' AND r.objective NOT IN ('NaN', 'Infinity', '-Infinity') THEN r.objective END AS value
    FROM (SELECT sweep_id, index, parameters FROM trial WHERE sweep_id = $1 AND runs_finished = runs_total AND runs_created = runs_total
          ORDER BY index DESC LIMIT $2::int) t
    JOIN sweep s ON s.id = t.sweep_id
    JOIN run r ON r.sweep_id = t.sweep_id AND r.trial_index = t.index AND r.seed_index < ${searchSeedsSql("s")} AND r.state IN ${finishedRuns}
    ORDER BY t.index, r.seed_index`,
  parameters: [text, int4],
  row: { trial: int4, parameters: jsonb<Configuration>(), initialization: int4, outcome: runState, value: nullable(float8) },
});

/** Runs from the seeds of the search of the newest trials that have ended, at most `most` trials, in order. */
export async function readEarlierRuns(database: Queryable, sweep: string, most: number): Promise<EarlierRun[]> {
  const { rows } = await database.query(earlierRuns(sweep, most));
  return rows;
}
