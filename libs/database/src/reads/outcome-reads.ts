import type { FinalMetrics, RunId, RunState, SweepId } from "@basin/contracts";
import type { Queryable } from "../connection";

/** What the results of a sweep are made of: how one run ended. */
export interface RunOutcome {
  run: RunId;
  trialIndex: number;
  attempt: number;
  state: RunState;
  objective: number | null;
  /** Null unless asked for. */
  metrics: FinalMetrics | null;
}

interface OutcomeRow {
  trial_index: number;
  seed_index: number;
  attempt: number;
  state: RunState;
  objective: number | null;
  metrics: FinalMetrics | null;
}

const runsPerPage = 5000;
const trialsPerPage = 5000;

/** Every run of a sweep by index, page by page: a sweep of any size passes through in constant memory. */
export async function* readOutcomes(
  database: Queryable,
  sweep: SweepId,
  options: { metrics: boolean; trials?: readonly number[] },
): AsyncGenerator<RunOutcome[]> {
  let after: [number, number] = [-1, -1];
  for (;;) {
    const { rows }: { rows: OutcomeRow[] } = await database.query<OutcomeRow & Record<string, unknown>>({
      text: `SELECT trial_index, seed_index, attempt, state::text AS state, objective, ${options.metrics ? "metrics" : "NULL AS metrics"}
        FROM run WHERE sweep_id = $1 AND (trial_index, seed_index) > ($2, $3)
          AND ($5::int[] IS NULL OR trial_index = ANY($5::int[]))
        ORDER BY trial_index, seed_index LIMIT $4`,
      values: [sweep, after[0], after[1], runsPerPage, options.trials ?? null],
    });
    yield rows.map((row) => ({
      run: `${sweep}-${row.trial_index}-${row.seed_index}` as RunId,
      trialIndex: row.trial_index,
      attempt: row.attempt,
      state: row.state,
      objective: row.objective,
      metrics: row.metrics,
    }));
    const last = rows.at(-1);
    if (!last || rows.length < runsPerPage) return;
    after = [last.trial_index, last.seed_index];
  }
}

/** The values of some parameters of each trial, as JSON text of an array in the order of `names`; by index, page by page. */
export async function* readTrialGroups(
  database: Queryable,
  sweep: SweepId,
  names: readonly string[],
): AsyncGenerator<{ index: number; key: string }[]> {
  let after = -1;
  for (;;) {
    const { rows }: { rows: { index: number; key: string }[] } = await database.query<{ index: number; key: string }>({
      text: `SELECT index, (SELECT coalesce(jsonb_agg(parameters -> n ORDER BY o), '[]')
          FROM unnest($3::text[]) WITH ORDINALITY AS u(n, o))::text AS key
        FROM trial WHERE sweep_id = $1 AND index > $2 ORDER BY index LIMIT $4`,
      values: [sweep, after, names, trialsPerPage],
    });
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < trialsPerPage) return;
    after = last.index;
  }
}
