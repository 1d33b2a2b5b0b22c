import type { Run, SuccessCriterion, SweepId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { readBlocks, type SeriesPart } from "./chunk-reads";
import { listRuns, type RunKey } from "./run-reads";
import { statement } from "../statement";
import { text } from "../sql-types";

const runsPerPage = 500;

/** Every run of a sweep by index, in pages; nothing is held in the database between pages. */
export async function* readAllRuns(
  database: Queryable,
  sweep: SweepId,
  criterion: SuccessCriterion | null,
): AsyncGenerator<Run[]> {
  let after: RunKey | null = null;
  do {
    const page: { items: Run[]; next: RunKey | null } = await listRuns(database, {
      sweep,
      criterion,
      sort: "index",
      after,
      limit: runsPerPage,
    });
    if (page.items.length > 0) yield page.items;
    after = page.next;
  } while (after);
}

/** Every metric point of a sweep (newest attempt of each run), in blocks, in the order of runs, metrics and steps. */
export async function* readAllBlocks(database: Queryable, sweep: SweepId): AsyncGenerator<{ run: Run; block: SeriesPart }> {
  for await (const runs of readAllRuns(database, sweep, null)) {
    const started = runs.filter((run) => run.attempt > 0);
    const keys = started.map((run) => ({ run: run.id, attempt: run.attempt }));
    for await (const block of readBlocks(database, keys, null)) {
      const run = started[block.key];
      if (run) yield { run, block };
    }
  }
}

const finalMetricNames = statement({
  text: `SELECT DISTINCT k AS name FROM run, jsonb_object_keys(metrics) k
    WHERE sweep_id = $1 AND jsonb_typeof(metrics) = 'object' ORDER BY name`,
  parameters: [text],
  row: { name: text },
});

/** Names of the final metrics of a sweep's runs, sorted: the columns of its export. */
export async function readFinalMetricNames(database: Queryable, sweep: SweepId): Promise<string[]> {
  const { rows } = await database.query(finalMetricNames(sweep));
  return rows.map((row) => row.name);
}
