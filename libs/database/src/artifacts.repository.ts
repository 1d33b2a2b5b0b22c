import { artifactPartBytes, type ArtifactKind, type RunId, type TrainerId } from "@basin/contracts";
import { randomUUID } from "node:crypto";
import type { Database, Queryable } from "./connection";

export interface ArtifactPart {
  trainer: TrainerId;
  run: RunId;
  attempt: number;
  name: string;
  kind: ArtifactKind;
  mediaType: string;
  step: number | null;
  /** Of the whole artifact. */
  bytes: number;
  sha256: string;
  part: number;
  parts: number;
  content: Buffer;
}

/** `corrupt`: all parts are there and their hash is another; they were forgotten, send them again. */
export type StoreOutcome = "part-stored" | "complete" | "superseded" | "corrupt";

export class ArtifactsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores one part, and the artifact once its last part arrived. Parts wait in a table, so any api process may take the
   * next one and none holds an artifact in memory. A new checkpoint takes the place of the run's older ones.
   */
  store(part: ArtifactPart): Promise<StoreOutcome> {
    return this.database.transaction(async (connection) => {
      // A share lock: the attempt cannot be superseded between this look and the commit.
      const { rowCount: current } = await connection.query({
        name: "artifact-fence",
        text: `SELECT 1 FROM run WHERE id = $1 AND attempt = $2 AND state = 'running' AND trainer_id = $3 FOR SHARE`,
        values: [part.run, part.attempt, part.trainer],
      });
      if (current === 0) return "superseded";
      const { rowCount: present } = await connection.query({
        name: "artifact-present",
        text: "SELECT 1 FROM artifact WHERE run_id = $1 AND attempt = $2 AND name = $3 AND sha256 = $4",
        values: [part.run, part.attempt, part.name, part.sha256],
      });
      if (present !== 0) return "complete";
      if (part.parts > 1) {
        const arrived = await keepPart(connection, part);
        if (arrived < part.parts) return "part-stored";
      }
      return await assemble(connection, part);
    });
  }

  /** One part of a stored artifact. Null: no such artifact. */
  async fetch(id: string, part: number): Promise<{ parts: number; content: Buffer } | null> {
    const { rows } = await this.database.query<{ bytes: number; content: Buffer }>({
      name: "artifact-fetch",
      text: "SELECT bytes, substring(content FROM $2::int + 1 FOR $3::int) AS content FROM artifact WHERE id = $1",
      values: [id, part * artifactPartBytes, artifactPartBytes],
    });
    const row = rows[0];
    return row ? { parts: Math.max(1, Math.ceil(row.bytes / artifactPartBytes)), content: row.content } : null;
  }
}

/** Returns how many parts of this version (same hash) are there. Parts of another version go. */
async function keepPart(connection: Queryable, part: ArtifactPart): Promise<number> {
  await connection.query({
    name: "artifact-other-version",
    text: "DELETE FROM artifact_part WHERE run_id = $1 AND attempt = $2 AND name = $3 AND sha256 <> $4",
    values: [part.run, part.attempt, part.name, part.sha256],
  });
  await connection.query({
    name: "artifact-part",
    text: `INSERT INTO artifact_part (run_id, attempt, name, sha256, part, content) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (run_id, attempt, name, part) DO UPDATE SET content = excluded.content`,
    values: [part.run, part.attempt, part.name, part.sha256, part.part, part.content],
  });
  const { rows } = await connection.query<{ parts: number }>({
    name: "artifact-parts",
    text: "SELECT count(*)::int AS parts FROM artifact_part WHERE run_id = $1 AND attempt = $2 AND name = $3",
    values: [part.run, part.attempt, part.name],
  });
  return rows[0]?.parts ?? 0;
}

async function assemble(connection: Queryable, part: ArtifactPart): Promise<StoreOutcome> {
  const single = part.parts === 1;
  const source = single
    ? "SELECT $9::bytea AS content"
    : `SELECT string_agg(content, ''::bytea ORDER BY part) AS content FROM artifact_part
       WHERE run_id = $2 AND attempt = $3 AND name = $4`;
  const id = randomUUID();
  const { rowCount } = await connection.query({
    text: `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, step, content)
           SELECT $1::uuid, $2::text, $3::int, $4::text, $5::artifact_kind, $6::text, octet_length(w.content), $7::text, $8::int,
                  w.content
           FROM (${source}) w WHERE encode(sha256(w.content), 'hex') = $7
           ON CONFLICT (run_id, attempt, name) DO UPDATE SET id = excluded.id, kind = excluded.kind,
             media_type = excluded.media_type, bytes = excluded.bytes, sha256 = excluded.sha256, step = excluded.step,
             content = excluded.content, created_at = now()`,
    values: [
      id,
      part.run,
      part.attempt,
      part.name,
      part.kind,
      part.mediaType,
      part.sha256,
      part.step,
      ...(single ? [part.content] : []),
    ],
  });
  await connection.query({
    name: "artifact-parts-done",
    text: "DELETE FROM artifact_part WHERE run_id = $1 AND attempt = $2 AND name = $3",
    values: [part.run, part.attempt, part.name],
  });
  if (rowCount === 0) return "corrupt";
  if (part.kind === "checkpoint") {
    await connection.query({
      name: "artifact-older-checkpoints",
      text: "DELETE FROM artifact WHERE run_id = $1 AND kind = 'checkpoint' AND id <> $2",
      values: [part.run, id],
    });
  }
  return "complete";
}
