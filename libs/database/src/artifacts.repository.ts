import { artifactPartBytes, type ArtifactKind, type RunId, type TrainerId } from "@basin/contracts";
import { randomUUID } from "node:crypto";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { finishedRuns, trainingRuns } from "./state-sql";
import { statement } from "./statement";
import { artifactKind, bytea, int4, nullable, text, uuid } from "./sql-types";

/** An artifact as its trainer names it. */
export interface NamedArtifact {
  trainer: TrainerId;
  run: RunId;
  attempt: number;
  name: string;
  kind: ArtifactKind;
  mediaType: string;
  step: number | null;
  bytes: number;
  /** Of all of it. */
  sha256: string;
}

/** Its attempt may not write any more. */
export type Superseded = "superseded";

/** What a stored part leads to. `next`: the first part that is not stored yet, null for one in the middle; `arrived`: all of them are. */
export type PartOutcome = Superseded | "complete" | { content: string; next: number | null } | { content: string; arrived: true };

const artifactPart = statement({
  name: "artifact-part",
  text: "INSERT INTO artifact_part (content_id, part, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
  parameters: [uuid, int4, bytea],
});

const artifactNextPart = statement({
  name: "artifact-next-part",
  text: `SELECT CASE WHEN EXISTS (SELECT 1 FROM artifact_part WHERE content_id = $1 AND part = 0) THEN
      (SELECT min(p.part) + 1 FROM artifact_part p WHERE p.content_id = $1
       AND NOT EXISTS (SELECT 1 FROM artifact_part q WHERE q.content_id = p.content_id AND q.part = p.part + 1))
    ELSE 0 END AS next`,
  parameters: [uuid],
  row: { next: int4 },
});

const artifactArrived = statement({
  name: "artifact-arrived",
  text: "SELECT content FROM artifact_part WHERE content_id = $1 AND part >= $2 AND part < $3 ORDER BY part",
  parameters: [uuid, int4, int4],
  row: { content: bytea },
});

const forgetArrived = statement({
  text: "DELETE FROM artifact_content c WHERE c.id = $1 AND NOT EXISTS (SELECT 1 FROM artifact a WHERE a.content_id = c.id)",
  parameters: [uuid],
});

const sweepArtifacts = statement({
  text: `WITH checkpoints AS (
      DELETE FROM artifact a USING run r
      WHERE a.kind = 'checkpoint' AND r.id = a.run_id AND r.state IN ${finishedRuns}
      RETURNING 1
    ), contents AS (
      DELETE FROM artifact_content c USING run r
      WHERE r.id = c.run_id AND (r.state NOT IN ${trainingRuns} OR r.attempt <> c.attempt)
        AND NOT EXISTS (SELECT 1 FROM artifact a WHERE a.content_id = c.id)
      RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM checkpoints) AS checkpoints, (SELECT count(*)::int FROM contents) AS contents`,
  row: { checkpoints: int4, contents: int4 },
});

const artifactFetch = statement({
  name: "artifact-fetch",
  text: `SELECT a.bytes, CASE WHEN a.content_id IS NULL THEN substring(a.content FROM $3::int FOR $4::int) ELSE p.content END AS content
    FROM artifact a LEFT JOIN artifact_part p ON p.content_id = a.content_id AND p.part = $2
    WHERE a.id = $1 AND EXISTS (SELECT 1 FROM run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index
      WHERE r.trainer_id = $5 AND r.state IN ${trainingRuns} AND (r.id = a.run_id OR strpos(t.parameters->>'startFrom', a.id::text) > 0))`,
  parameters: [uuid, int4, int4, int4, text],
  row: { bytes: int4, content: nullable(bytea) },
});

/**
 * Files of runs. One that fits a message is a row with its content. A larger one arrives part by part and rests in its parts, so that no
 * process ever holds a whole one; only this file and `reads/artifact-reads.ts` know where contents lie.
 */
export class ArtifactsRepository {
  constructor(private readonly database: Database) {}

  /** Stores an artifact whose content the caller has checked. One that is there with the same hash stays as it is. */
  store(artifact: NamedArtifact, content: Buffer): Promise<Superseded | "complete"> {
    return this.database.transaction(async (connection) => {
      if (!(await mayWrite(connection, artifact))) return "superseded";
      if (!(await isPresent(connection, artifact))) await insert(connection, artifact, { content });
      return "complete";
    });
  }

  /**
   * Stores one part of a larger artifact. Parts never change: one that is there stays. Not flushed to disk before it answers: what a crash
   * of PostgreSQL undoes is missing when the last part comes, and asked for again; `complete` is flushed, and everything before with it.
   */
  storePart(artifact: NamedArtifact, part: number, content: Buffer): Promise<PartOutcome> {
    const work = async (connection: Queryable): Promise<PartOutcome> => {
      if (!(await mayWrite(connection, artifact))) return "superseded";
      if (await isPresent(connection, artifact)) return "complete";
      const id = await arriving(connection, artifact);
      await connection.query(artifactPart(id, part, content));
      // Parts come in order but for a few: only the first one asks where to go on, and the last one whether all are there.
      const parts = partsOf(artifact.bytes);
      if (part > 0 && part < parts - 1) return { content: id, next: null };
      const { rows } = await connection.query(artifactNextPart(id));
      const next = rows[0]?.next ?? 0;
      return next >= parts ? { content: id, arrived: true } : { content: id, next };
    };
    return this.database.transaction(work, { durable: false });
  }

  /** What arrived, piece by piece. */
  async *arrived(content: string): AsyncGenerator<Buffer> {
    for (let part = 0; ; part += partsAtOnce) {
      const { rows } = await this.database.query(artifactArrived(content, part, part + partsAtOnce));
      for (const row of rows) yield row.content;
      if (rows.length < partsAtOnce) return;
    }
  }

  /** Makes an artifact of a content that arrived and that the caller has checked. */
  complete(artifact: NamedArtifact, content: string): Promise<Superseded | "complete"> {
    return this.database.transaction(async (connection) => {
      if (!(await mayWrite(connection, artifact))) return "superseded";
      if (!(await isPresent(connection, artifact))) await insert(connection, artifact, { id: content });
      return "complete";
    });
  }

  /** Forgets what arrived. An artifact that names it meanwhile keeps it. */
  async discard(content: string): Promise<void> {
    await this.database.query(forgetArrived(content));
  }

  /**
   * Deletes what no run will ask for: checkpoints of finished runs, and contents on the way from attempts that do not run. Runs delete their own when they
   * move; this is for what came before they did so reliably, and for what nobody thought of. Done by the leader alone.
   */
  async sweep(epoch: Epoch): Promise<{ checkpoints: number; contents: number }> {
    const { rows } = await this.database.transaction((connection) => connection.query(sweepArtifacts()), { epoch });
    return rows[0] ?? { checkpoints: 0, contents: 0 };
  }

  /** One part of a stored artifact. Null: no such artifact, or no run that the trainer holds needs it: its own, or one that starts from it. */
  async fetch(id: string, part: number, trainer: TrainerId): Promise<{ parts: number; content: Buffer } | null> {
    const { rows } = await this.database.query(
      artifactFetch(
        id,
        Math.min(part, largestInteger),
        Math.min(part * artifactPartBytes, largestInteger) + 1,
        artifactPartBytes,
        trainer,
      ),
    );
    const row = rows[0];
    return row ? { parts: partsOf(row.bytes), content: row.content ?? Buffer.alloc(0) } : null;
  }
}

/** Of PostgreSQL's `int`, with room for the length of a part. */
const largestInteger = 2 ** 31 - 1 - artifactPartBytes;
/** Read together. */
const partsAtOnce = 8;

function partsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / artifactPartBytes));
}

const artifactFence = statement({
  name: "artifact-fence",
  text: `SELECT 1 FROM run WHERE id = $1 AND attempt = $2 AND state IN ${trainingRuns} AND trainer_id = $3 FOR SHARE`,
  parameters: [text, int4, text],
});

/** A share lock: the attempt cannot be superseded between this look and the commit. */
async function mayWrite(connection: Queryable, { run, attempt, trainer }: NamedArtifact): Promise<boolean> {
  const { rowCount } = await connection.query(artifactFence(run, attempt, trainer));
  return rowCount !== 0;
}

const artifactPresent = statement({
  name: "artifact-present",
  text: "SELECT 1 FROM artifact WHERE run_id = $1 AND attempt = $2 AND name = $3 AND sha256 = $4",
  parameters: [text, int4, text, text],
});

async function isPresent(connection: Queryable, { run, attempt, name, sha256 }: NamedArtifact): Promise<boolean> {
  const { rowCount } = await connection.query(artifactPresent(run, attempt, name, sha256));
  return rowCount !== 0;
}

const artifactArriving = statement({
  name: "artifact-arriving",
  text: "SELECT id FROM artifact_content WHERE run_id = $1 AND attempt = $2 AND name = $3 AND sha256 = $4 AND bytes = $5",
  parameters: [text, int4, text, text, int4],
  row: { id: uuid },
});

const forgetOtherVersions = statement({
  text: `DELETE FROM artifact_content c WHERE c.run_id = $1 AND c.attempt = $2 AND c.name = $3
    AND NOT EXISTS (SELECT 1 FROM artifact a WHERE a.content_id = c.id)`,
  parameters: [text, int4, text],
});

const beginArriving = statement({
  text: `INSERT INTO artifact_content (id, run_id, attempt, name, bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING`,
  parameters: [uuid, text, int4, text, int4, text],
});

/** Id of the content that arrives. What arrived of another version of the artifact goes. */
async function arriving(connection: Queryable, { run, attempt, name, bytes, sha256 }: NamedArtifact): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const { rows } = await connection.query(artifactArriving(run, attempt, name, sha256, bytes));
    return rows[0]?.id;
  };
  const known = await find();
  if (known !== undefined) return known;
  await connection.query(forgetOtherVersions(run, attempt, name));
  const id = randomUUID();
  await connection.query(beginArriving(id, run, attempt, name, bytes, sha256));
  return (await find()) ?? id;
}

const artifactOlder = statement({
  name: "artifact-older",
  text: `DELETE FROM artifact WHERE run_id = $1 AND (attempt = $2 AND name = $3 OR $4::text = 'checkpoint' AND kind = 'checkpoint')`,
  parameters: [text, int4, text, text],
});

const artifactInsert = statement({
  name: "artifact-insert",
  text: `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, step, content, content_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
  parameters: [uuid, text, int4, text, artifactKind, text, int4, text, nullable(int4), nullable(bytea), nullable(uuid)],
});

/** In the place of an older version of the same name; a checkpoint in the place of all of the run's. */
async function insert(
  connection: Queryable,
  artifact: NamedArtifact,
  where: { content: Buffer } | { id: string },
): Promise<void> {
  const { run, attempt, name, kind, mediaType, bytes, sha256, step } = artifact;
  await connection.query(artifactOlder(run, attempt, name, kind));
  const [content, contentId] = "id" in where ? [null, where.id] : [where.content, null];
  await connection.query(
    artifactInsert(randomUUID(), run, attempt, name, kind, mediaType, bytes, sha256, step, content, contentId),
  );
}
