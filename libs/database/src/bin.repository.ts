import type { Bin, DatasetId, SweepId } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import { keepDatasetsOf, namedBySql } from "./datasets.repository";
import type { Epoch } from "./epoch";
import { createdRunsSql } from "./state-sql";
import { withLockedSweeps, type LockedSweep } from "./sweep-locks";
import { statement } from "./statement";
import { float8, int4, int8, nullable, present, sweepId, text, textOf, timestamptz } from "./sql-types";

/** Runs of one piece of a removal, with their points and artifacts. */
const runsAtOnce = 200;
/** Rows of a table that are small. */
const rowsAtOnce = 5000;
/** A bin that holds more names the first of them. */
const mostListed = 1000;

const archiveSweep = statement({
  text: "UPDATE sweep SET archived_at = coalesce(archived_at, now()) WHERE id = $1",
  parameters: [text],
});

const unarchiveSweep = statement({ text: "UPDATE sweep SET archived_at = NULL WHERE id = $1", parameters: [text] });

const binSweep = statement({
  text: "UPDATE sweep SET binned_until = now() + make_interval(secs => 86400 * $2::float8) WHERE id = $1",
  parameters: [text, float8],
});

/** Unfinished sweeps one of whose parameters names a run of this one: they still fetch its weights. */
const startingFrom = statement({
  text: `SELECT id FROM sweep WHERE state IN ('running', 'paused') AND id <> $1 AND strpos((spec->'space')::text, '"' || $1 || '-') > 0
    ORDER BY id LIMIT 3`,
  parameters: [text],
  row: { id: sweepId },
});

const restoreSweep = statement({
  text: "UPDATE sweep SET binned_until = NULL WHERE id = $1 AND binned_until > now()",
  parameters: [text],
});

const binnedSweeps = statement({
  text: `SELECT id, name, experiment, ${createdRunsSql} AS runs, binned_until AS until FROM sweep
    WHERE binned_until IS NOT NULL AND ($2::text IS NULL OR project = $2) ORDER BY binned_until, id LIMIT $1`,
  parameters: [int8, nullable(text)],
  row: { id: sweepId, name: text, experiment: text, runs: int4, until: present(timestamptz) },
});

const hasDataset = (project: string): string =>
  `(${project}::text IS NULL OR EXISTS (SELECT 1 FROM project_dataset p WHERE p.dataset_id = d.id AND p.project = ${project}))`;

const binnedDatasets = statement({
  text: `SELECT id, name, (facts->'rows')::int AS rows, binned_until AS until FROM dataset d
    WHERE binned_until IS NOT NULL AND ${hasDataset("$2")} ORDER BY binned_until, id LIMIT $1`,
  parameters: [int8, nullable(text)],
  row: { id: textOf<DatasetId>(), name: text, rows: int4, until: present(timestamptz) },
});

const countBinned = statement({
  text: `SELECT (SELECT count(*) FROM sweep WHERE binned_until > now() AND ($1::text IS NULL OR project = $1))::int
      + (SELECT count(*) FROM dataset d WHERE binned_until > now() AND ${hasDataset("$1")})::int AS n`,
  parameters: [nullable(text)],
  row: { n: int4 },
});

const emptySweeps = statement({ text: "UPDATE sweep SET binned_until = now() WHERE binned_until > now()" });
const emptyDatasets = statement({ text: "UPDATE dataset SET binned_until = now() WHERE binned_until > now()" });

/** A run that still trains keeps its sweep until its trainer has heard of the end. */
const nextToRemove = statement({
  text: "SELECT id FROM sweep WHERE binned_until <= now() AND queued = 0 AND running = 0 ORDER BY binned_until, id LIMIT 1",
  row: { id: sweepId },
});

const removeRuns = statement({
  text: `WITH gone AS (SELECT id FROM run WHERE sweep_id = $1 ORDER BY trial_index, seed_index LIMIT $2),
      points AS (DELETE FROM metric_chunk WHERE run_id IN (SELECT id FROM gone))
    DELETE FROM run WHERE id IN (SELECT id FROM gone)`,
  parameters: [text, int8],
});

const removeRows = (table: "trial" | "search_event" | "pack") =>
  statement({
    text: `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE sweep_id = $1 LIMIT $2))`,
    parameters: [text, int8],
  });
const removals = [
  { remove: removeRuns, limit: runsAtOnce },
  ...(["trial", "search_event", "pack"] as const).map((table) => ({ remove: removeRows(table), limit: rowsAtOnce })),
];

const removeSweep = statement({ text: "DELETE FROM sweep WHERE id = $1 AND binned_until <= now()", parameters: [text] });

/** A dataset stays as long as a sweep that names it could come back. */
const removeDatasets = statement({
  text: `DELETE FROM dataset d WHERE binned_until <= now() AND NOT EXISTS (${namedBySql("d.id")})`,
});

/** What was deleted and can be taken back, and its removal for good: in pieces, so that no transaction is long. */
export class BinRepository {
  constructor(private readonly database: Database) {}

  /** `allow` throws where the sweep's state forbids it. False: there is no such sweep. */
  archive(sweep: SweepId, on: boolean, allow: (sweep: LockedSweep) => void): Promise<boolean> {
    return this.#locked(sweep, allow, (connection) => connection.query(on ? archiveSweep(sweep) : unarchiveSweep(sweep)));
  }

  /** `allow` also gets unfinished sweeps that start from weights of this one. */
  bin(sweep: SweepId, days: number, allow: (sweep: LockedSweep, needed: readonly SweepId[]) => void): Promise<boolean> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      const owner = locked.get(sweep);
      if (!owner) return false;
      const { rows } = await connection.query(startingFrom(sweep));
      allow(
        owner,
        rows.map(({ id }) => id),
      );
      await connection.query(binSweep(sweep, days));
      return true;
    });
  }

  /** With the datasets that it names. `allow` throws where it is not in the bin, or on its way out of it. */
  restore(sweep: SweepId, allow: (sweep: LockedSweep) => void): Promise<boolean> {
    return this.#locked(sweep, allow, async (connection) => {
      await connection.query(restoreSweep(sweep));
      await keepDatasetsOf(connection, sweep);
    });
  }

  /** Of a project, or of all. */
  async read(project: string | null): Promise<Pick<Bin, "sweeps" | "datasets" | "count">> {
    const [sweeps, datasets, counted] = await Promise.all([
      this.database.query(binnedSweeps(mostListed, project)),
      this.database.query(binnedDatasets(mostListed, project)),
      this.database.query(countBinned(project)),
    ]);
    const told = <T extends { until: Date }>({ until, ...row }: T) => ({ ...row, until: until.toISOString() });
    return { sweeps: sweeps.rows.map(told), datasets: datasets.rows.map(told), count: counted.rows[0]?.n ?? 0 };
  }

  /** Gives everything up for removal, if it is as many things as were seen. Returns how many are there. */
  empty(seen: number): Promise<number> {
    return this.database.transaction(async (connection) => {
      const { rows } = await connection.query(countBinned(null));
      const there = rows[0]?.n ?? 0;
      if (there !== seen) return there;
      await connection.query(emptySweeps());
      await connection.query(emptyDatasets());
      return there;
    });
  }

  /** Removes one piece of what is to go, in a transaction of its own. Which sweep has gone whole; null: only a piece; `done`: nothing is left. Done by the leader alone. */
  async removePiece(epoch: Epoch): Promise<SweepId | "done" | null> {
    return this.database.transaction(
      async (connection) => {
        const { rows } = await connection.query(nextToRemove());
        const sweep = rows[0]?.id;
        if (sweep === undefined) {
          await connection.query(removeDatasets());
          return "done";
        }
        for (const { remove, limit } of removals) {
          const { rowCount } = await connection.query(remove(sweep, limit));
          if (rowCount === limit) return null;
        }
        await connection.query(removeSweep(sweep));
        return sweep;
      },
      { epoch },
    );
  }

  #locked(
    sweep: SweepId,
    allow: (sweep: LockedSweep) => void,
    work: (connection: Queryable) => Promise<unknown>,
  ): Promise<boolean> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      const owner = locked.get(sweep);
      if (!owner) return false;
      allow(owner);
      await work(connection);
      return true;
    });
  }
}
