import { artifactPartBytes, type Artifact, type ArtifactId, type ArtifactKind, type RunId } from "@basin/contracts";
import type { Queryable } from "../connection";

interface ArtifactRow {
  id: string;
  run_id: string;
  attempt: number;
  name: string;
  kind: ArtifactKind;
  media_type: string;
  bytes: number;
  sha256: string;
  step: number | null;
  created_at: Date;
}

const columns = "id, run_id, attempt, name, kind::text AS kind, media_type, bytes, sha256, step, created_at";

function artifactOf(row: ArtifactRow): Artifact {
  return {
    id: row.id as ArtifactId,
    run: row.run_id as RunId,
    attempt: row.attempt,
    name: row.name,
    kind: row.kind,
    mediaType: row.media_type,
    bytes: row.bytes,
    sha256: row.sha256,
    step: row.step,
    createdAt: row.created_at.toISOString(),
  };
}

/** Artifacts of a run without their content, newest attempt first, then by name. */
export async function listArtifacts(database: Queryable, run: RunId): Promise<Artifact[]> {
  const { rows } = await database.query<ArtifactRow>({
    text: `SELECT ${columns} FROM artifact WHERE run_id = $1 ORDER BY attempt DESC, name`,
    values: [run],
  });
  return rows.map(artifactOf);
}

export async function readArtifact(database: Queryable, id: ArtifactId): Promise<Artifact | null> {
  const { rows } = await database.query<ArtifactRow>({ text: `SELECT ${columns} FROM artifact WHERE id = $1`, values: [id] });
  return rows[0] ? artifactOf(rows[0]) : null;
}

/** Bytes [offset, offset + length) of an artifact, cut by the database; empty behind its end, null when it is gone. */
export async function readArtifactBytes(
  database: Queryable,
  id: ArtifactId,
  offset: number,
  length: number,
): Promise<Buffer | null> {
  const [first, last] = [Math.floor(offset / artifactPartBytes), Math.floor((offset + length - 1) / artifactPartBytes)];
  const { rows } = await database.query<{ content: Buffer | null }>({
    name: "artifact-bytes",
    text: `SELECT CASE WHEN a.content_id IS NULL THEN substring(a.content FROM $2::int FOR $3::int)
             ELSE substring((SELECT string_agg(p.content, ''::bytea ORDER BY p.part) FROM artifact_part p
                             WHERE p.content_id = a.content_id AND p.part BETWEEN $4 AND $5) FROM $6::int FOR $3::int) END AS content
           FROM artifact a WHERE a.id = $1`,
    values: [id, offset + 1, length, first, last, offset - first * artifactPartBytes + 1],
  });
  const row = rows[0];
  return row ? (row.content ?? Buffer.alloc(0)) : null;
}

/** One named artifact of the newest attempt of each run that has it, in the order of `runs`; those above `mostBytes` are left out. */
export async function readNamedArtifacts(
  database: Queryable,
  runs: readonly RunId[],
  name: string,
  mostBytes: number,
): Promise<{ run: RunId; content: Buffer }[]> {
  const { rows } = await database.query<{ run: RunId; content: Buffer }>({
    text: `SELECT k.run, coalesce(a.content, (SELECT string_agg(p.content, ''::bytea ORDER BY p.part) FROM artifact_part p
                                              WHERE p.content_id = a.content_id)) AS content
      FROM unnest($1::text[]) WITH ORDINALITY AS k(run, place)
      CROSS JOIN LATERAL (
        SELECT content, content_id FROM artifact WHERE run_id = k.run AND name = $2 AND bytes <= $3 ORDER BY attempt DESC LIMIT 1
      ) a ORDER BY k.place`,
    values: [runs, name, mostBytes],
  });
  return rows;
}

/** Of these runs, the ones with an artifact of this name; in the order given. */
export async function runsWithArtifact(database: Queryable, runs: readonly RunId[], name: string): Promise<RunId[]> {
  const { rows } = await database.query<{ run: RunId }>({
    text: `SELECT k.run FROM unnest($1::text[]) WITH ORDINALITY AS k(run, place)
      WHERE EXISTS (SELECT 1 FROM artifact a WHERE a.run_id = k.run AND a.name = $2) ORDER BY k.place`,
    values: [runs, name],
  });
  return rows.map((row) => row.run);
}
