import {
  artifactPartBytes,
  type Dataset,
  type DatasetId,
  type DatasetPreview,
  type SweepId,
  type TrainerId,
} from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import { trainingRuns } from "./state-sql";
import { statement } from "./statement";
import { bytea, float8, int4, int8, jsonb, nullable, text } from "./sql-types";

export type DatasetFacts = Omit<Dataset, "id" | "name" | "bytes" | "createdAt" | "binnedUntil">;

export interface NewDataset {
  /** SHA-256 of the file. */
  id: DatasetId;
  name: string;
  /** Where it is uploaded, and by whom. */
  owner: string;
  project: string;
  facts: DatasetFacts;
  preview: DatasetPreview["preview"];
  /** Pieces of the upload as it came; read from the start each time it is asked for. */
  file: () => AsyncIterable<Uint8Array>;
  bytes: number;
  /** What trainers fetch, and its SHA-256. */
  content: Uint8Array;
  contentSha256: string;
}

/** Sweeps that name a dataset anywhere in their space, those in the bin too. Hexadecimal of this length is nothing else. */
export const namedBySql = (id: string): string => `SELECT id FROM sweep WHERE strpos((spec->'space')::text, ${id}) > 0`;
/** Those that are not in the bin. */
const namedBy = `${namedBySql("$1")} AND binned_until IS NULL`;

const insertDataset = statement({
  text: `INSERT INTO dataset (id, name, facts, preview, bytes, content_bytes, content_sha256)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
  parameters: [text, text, jsonb(), jsonb(), int4, int4, text],
});

const datasetFetch = statement({
  name: "dataset-fetch",
  text: `SELECT d.content_bytes AS bytes, d.content_sha256 AS sha256, p.content FROM dataset d
    LEFT JOIN dataset_part p ON p.dataset_id = d.id AND p.kind = 'content' AND p.part = $2
    WHERE d.id = $1 AND ($3::text IS NULL OR EXISTS (SELECT 1 FROM run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index
      WHERE r.trainer_id = $3 AND r.state IN ${trainingRuns} AND strpos(t.parameters::text, d.id) > 0))`,
  parameters: [text, int4, nullable(text)],
  row: { bytes: int4, sha256: text, content: nullable(bytea) },
});

const binUnused = statement({
  text: `UPDATE dataset SET binned_until = now() + make_interval(secs => 86400 * $2::float8) WHERE id = $1 AND NOT EXISTS (${namedBy})`,
  parameters: [text, float8],
});

const restoreDataset = statement({ text: "UPDATE dataset SET binned_until = NULL WHERE id = $1", parameters: [text] });

const deleteBinned = statement({
  text: `DELETE FROM dataset WHERE id = $1 AND binned_until IS NOT NULL AND NOT EXISTS (${namedBySql("$1")})`,
  parameters: [text],
});

const keepDatasets = statement({
  text: `UPDATE dataset SET binned_until = NULL WHERE binned_until IS NOT NULL
    AND strpos((SELECT (spec->'space')::text FROM sweep WHERE sweep.id = $1), dataset.id) > 0`,
  parameters: [text],
});

/** Takes the datasets that a sweep names out of the bin: only sweeps in the bin name what is in the bin. */
export async function keepDatasetsOf(connection: Queryable, sweep: SweepId): Promise<void> {
  await connection.query(keepDatasets(sweep));
}

const lockDataset = statement({
  text: "SELECT 1 FROM dataset WHERE id = $1 FOR UPDATE",
  parameters: [text],
});

const leaveProject = statement({
  text: `DELETE FROM project_dataset p WHERE dataset_id = $1 AND project = $2 AND NOT EXISTS (${namedBy} AND project = p.project)`,
  parameters: [text, text],
});

/** Of the projects that have it, those besides one. */
const otherProjects = statement({
  text: "SELECT 1 FROM project_dataset WHERE dataset_id = $1 AND project <> $2 LIMIT 1",
  parameters: [text, text],
});

const datasetIsThere = statement({
  text: "SELECT 1 FROM project_dataset WHERE dataset_id = $1 AND ($2::text IS NULL OR project = $2)",
  parameters: [text, nullable(text)],
});

const joinProject = statement({
  text: `INSERT INTO project_dataset (project, dataset_id, name, owner) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
  parameters: [text, text, text, text],
});

const sweepsNaming = statement({
  text: `${namedBy} AND ($3::text IS NULL OR project = $3) ORDER BY created_at DESC LIMIT $2`,
  parameters: [text, int8, nullable(text)],
  row: { id: text },
});

export class DatasetsRepository {
  constructor(private readonly database: Database) {}

  /** Stores all of it or nothing. A dataset that is there already stays as it is, unless it is in the bin and no sweep names it. */
  store(dataset: NewDataset): Promise<void> {
    return this.database.transaction(async (connection) => {
      await connection.query(deleteBinned(dataset.id));
      const { rowCount } = await connection.query(
        insertDataset(
          dataset.id,
          dataset.name,
          JSON.stringify(dataset.facts),
          JSON.stringify(dataset.preview),
          dataset.bytes,
          dataset.content.byteLength,
          dataset.contentSha256,
        ),
      );
      await connection.query(joinProject(dataset.project, dataset.id, dataset.name, dataset.owner));
      if (rowCount === 0) return;
      await storeParts(connection, dataset.id, "file", dataset.file());
      await storeParts(connection, dataset.id, "content", [dataset.content]);
    });
  }

  /** One part of what trainers fetch, or the control plane itself (null). Null: no such dataset, or no run that the trainer holds names it. `content` is empty behind the last part. */
  async fetch(
    id: string,
    part: number,
    trainer: TrainerId | null = null,
  ): Promise<{ bytes: number; sha256: string; parts: number; content: Buffer } | null> {
    const { rows } = await this.database.query(datasetFetch(id, part, trainer));
    const row = rows[0];
    if (!row) return null;
    const parts = Math.max(1, Math.ceil(row.bytes / artifactPartBytes));
    return { bytes: row.bytes, sha256: row.sha256, parts, content: row.content ?? Buffer.alloc(0) };
  }

  /** A file that is there already is the project's as well; false: it was that before. */
  async join(id: DatasetId, { project, name, owner }: Pick<NewDataset, "project" | "name" | "owner">): Promise<boolean> {
    const { rowCount } = await this.database.query(joinProject(project, id, name, owner));
    return rowCount === 1;
  }

  /**
   * Takes it from a project; from the last one, or from all (null), it goes into the bin. `in-use`: sweeps that are not there name it, and it
   * stays.
   */
  async bin(
    id: DatasetId,
    { days, project }: { days: number; project: string | null },
  ): Promise<"binned" | "in-use" | "unknown"> {
    return this.database.transaction(async (connection) => {
      await connection.query(lockDataset(id));
      const { rowCount: there } = await connection.query(datasetIsThere(id, project));
      if (there === 0) return "unknown";
      const shared = project !== null && (await connection.query(otherProjects(id, project))).rowCount !== 0;
      const { rowCount } = await connection.query(shared ? leaveProject(id, project) : binUnused(id, days));
      return rowCount === 0 ? "in-use" : "binned";
    });
  }

  /** Takes it out of the bin. False: there is no such dataset. */
  async restore(id: DatasetId): Promise<boolean> {
    const { rowCount } = await this.database.query(restoreDataset(id));
    return rowCount === 1;
  }

  /** Ids of the sweeps of a project, or of all, that name it, newest first, without those in the bin. */
  async sweepsOf(id: DatasetId, limit: number, project: string | null): Promise<string[]> {
    const { rows } = await this.database.query(sweepsNaming(id, limit, project));
    return rows.map((row) => row.id);
  }
}

const datasetPart = statement({
  name: "dataset-part",
  text: "INSERT INTO dataset_part (dataset_id, kind, part, content) VALUES ($1, $2, $3, $4)",
  parameters: [text, text, int4, bytea],
});

/** Cuts pieces of any size into parts of `artifactPartBytes`, the last one shorter. */
async function storeParts(
  connection: Queryable,
  id: DatasetId,
  kind: "file" | "content",
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let part = 0;
  const keep = async (content: Buffer): Promise<void> => {
    await connection.query(datasetPart(id, kind, part++, content));
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let offset = 0;
    for (; rest.length - offset >= artifactPartBytes; offset += artifactPartBytes) {
      await keep(rest.subarray(offset, offset + artifactPartBytes));
    }
    rest = Buffer.from(rest.subarray(offset));
  }
  if (rest.length > 0 || part === 0) await keep(rest);
}
