import type { AppliedParameters, SweepId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { bool, float8, int4, jsonb, nullable, present, text, textOf } from "../sql-types";
import { finishedRuns, searchSeedsSql } from "../state-sql";
import { statement } from "../statement";
import { appliedParameters } from "./applied-parameters";

/** Values of a trial's runs, taken together. */
export interface ValueSums {
  /** With a finite value. */
  n: number;
  ended: number;
  mean: number | null;
  deviation: number | null;
}

export interface RacedTrialRow extends ValueSums {
  trial: number;
  parameters: AppliedParameters;
  race: "racing" | "stopped" | "complete";
  reason: string | null;
  given: number;
}

const value = "r.objective) FILTER (WHERE r.state = 'succeeded' AND r.objective NOT IN ('NaN', 'Infinity', '-Infinity'))";
const sums = `count(${value}::int AS n, count(r.id) FILTER (WHERE r.state IN ${finishedRuns})::int AS ended,
  avg(${value}::float8 AS mean, stddev_samp(${value}::float8 AS deviation`;
const sumColumns = { n: int4, ended: int4, mean: nullable(float8), deviation: nullable(float8) };

const racedTrials = statement({
  text: `SELECT t.*, ${sums} FROM (
      SELECT t.sweep_id, t.index AS trial, ${appliedParameters} AS parameters, t.race, t.race_reason AS reason,
        least(t.runs_total, ${searchSeedsSql("s")}) AS given, t.index = s.incumbent AS best
      FROM trial t JOIN sweep s ON s.id = t.sweep_id WHERE t.sweep_id = $1 AND t.race IS NOT NULL
    ) t LEFT JOIN run r ON r.sweep_id = t.sweep_id AND r.trial_index = t.trial AND r.seed_index < t.given
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY t.best DESC, t.given DESC, t.trial LIMIT $2::int`,
  parameters: [text, int4],
  row: {
    sweep_id: text,
    trial: int4,
    parameters: jsonb<AppliedParameters>(),
    race: present(textOf<RacedTrialRow["race"]>()),
    reason: nullable(text),
    given: int4,
    best: nullable(bool),
    ...sumColumns,
  },
});

const raceTotals = statement({
  text: `SELECT s.incumbent, count(t.index)::int AS trials, coalesce(sum(least(t.runs_total, ${searchSeedsSql("s")})), 0)::int AS search,
      coalesce(sum(t.runs_total - least(t.runs_total, ${searchSeedsSql("s")})), 0)::int AS "heldOut",
      (SELECT count(*)::int FROM search_event e WHERE e.sweep_id = s.id AND e.event->>'type' = 'round') AS rounds
    FROM sweep s LEFT JOIN trial t ON t.sweep_id = s.id AND t.race IS NOT NULL WHERE s.id = $1 GROUP BY s.id`,
  parameters: [text],
  row: { incumbent: nullable(int4), trials: int4, search: int4, heldOut: int4, rounds: int4 },
});

const heldOutRuns = statement({
  text: `SELECT ${sums} FROM sweep s JOIN run r ON r.sweep_id = s.id AND r.trial_index = $2 AND r.seed_index >= ${searchSeedsSql("s")}
    WHERE s.id = $1`,
  parameters: [text, int4],
  row: sumColumns,
});

/** A race as the ledger has it: its trials, the best first, at most `limit`; totals; and the best one's runs from held-out seeds. */
export async function readRace(
  database: Queryable,
  sweep: SweepId,
  limit: number,
): Promise<{
  trials: RacedTrialRow[];
  totals: { incumbent: number | null; trials: number; search: number; heldOut: number; rounds: number };
  heldOut: ValueSums;
}> {
  const [trials, totals] = await Promise.all([database.query(racedTrials(sweep, limit)), database.query(raceTotals(sweep))]);
  const found = totals.rows[0] ?? { incumbent: null, trials: 0, search: 0, heldOut: 0, rounds: 0 };
  const held = await database.query(heldOutRuns(sweep, found.incumbent ?? -1));
  return { trials: trials.rows, totals: found, heldOut: held.rows[0] ?? { n: 0, ended: 0, mean: null, deviation: null } };
}
