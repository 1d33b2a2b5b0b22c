import type { ExperimentId, ExternalExperiment } from "@basin/contracts";
import type { Database } from "./connection";
import { float8, int4, int8, jsonb, text, timestamptz } from "./sql-types";
import { statement } from "./statement";

/** A version of an experiment whose code is not Basin's. */
export interface StoredExperiment {
  id: ExperimentId;
  hash: string;
  version: number;
  descriptor: unknown;
  owner: string;
  project: string;
  createdAt: Date;
}

const columns = `id, hash, version, descriptor, owner, project, created_at AS "createdAt"`;
const row = {
  id: text,
  hash: text,
  version: int4,
  descriptor: jsonb<unknown>(),
  owner: text,
  project: text,
  createdAt: timestamptz,
};

const lockExperiment = statement({ text: "SELECT pg_advisory_xact_lock($1, hashtext($2))", parameters: [int4, text] });

/** Of the advisory locks of this table. */
const lockSpace = 72_707_371;

const putVersion = statement({
  text: `INSERT INTO external_experiment (id, hash, version, descriptor, owner, project)
    SELECT $1, $2, coalesce((SELECT max(version) FROM external_experiment WHERE id = $1), 0) + 1, $3, $4, $5
    WHERE NOT EXISTS (SELECT 1 FROM external_experiment WHERE id = $1 AND project <> $5)
    ON CONFLICT (id, hash) DO UPDATE SET put_at = clock_timestamp() RETURNING ${columns}`,
  parameters: [text, text, jsonb(), text, text],
  row,
});

const everyVersion = statement({ text: `SELECT ${columns} FROM external_experiment ORDER BY put_at`, row });

const versionsStamp = statement({
  name: "experiment-versions-stamp",
  text: "SELECT count(*) AS versions, coalesce(extract(epoch FROM max(put_at)), 0)::float8 AS at FROM external_experiment",
  row: { versions: int8, at: float8 },
});

const versionsOf = statement({
  text: `SELECT ${columns} FROM external_experiment WHERE id = $1 ORDER BY put_at DESC`,
  parameters: [text],
  row,
});

export class ExperimentsRepository {
  constructor(private readonly database: Database) {}

  /** Keeps a version, or makes one that is there the newest again. One transaction. Null: the id is another project's. */
  put(
    { id, hash }: { id: ExperimentId; hash: string },
    descriptor: ExternalExperiment,
    { owner, project }: { owner: string; project: string },
  ): Promise<StoredExperiment | null> {
    return this.database.transaction(async (connection) => {
      await connection.query(lockExperiment(lockSpace, id));
      const { rows } = await connection.query(putVersion(id, hash, JSON.stringify(descriptor), owner, project));
      return rows[0] ?? null;
    });
  }

  /** Equal as long as nothing was put. */
  async stamp(): Promise<string> {
    const { rows } = await this.database.query(versionsStamp());
    return `${rows[0]?.versions ?? 0} ${rows[0]?.at ?? 0}`;
  }

  /** Every version; of one id the newest last. */
  async all(): Promise<StoredExperiment[]> {
    const { rows } = await this.database.query(everyVersion());
    return rows;
  }

  /** Newest first. */
  async versions(id: ExperimentId): Promise<StoredExperiment[]> {
    const { rows } = await this.database.query(versionsOf(id));
    return rows;
  }
}
