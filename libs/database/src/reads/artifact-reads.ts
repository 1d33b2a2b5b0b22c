import { artifactPartBytes, type Artifact, type ArtifactId, type RunId } from "@basin/contracts";
import type { Database, Queryable } from "../connection";
import { statement } from "../statement";
import { bytea, int4, listOf, nullable, runId, text, uuid } from "../sql-types";

const described = {
  id: true,
  runId: true,
  attempt: true,
  name: true,
  kind: true,
  mediaType: true,
  bytes: true,
  sha256: true,
  step: true,
  createdAt: true,
};

function artifactOf({
  runId,
  createdAt,
  ...rest
}: Omit<Artifact, "id" | "run" | "createdAt"> & { id: string; runId: string; createdAt: Date }): Artifact {
  return { ...rest, id: rest.id as ArtifactId, run: runId as RunId, createdAt: createdAt.toISOString() };
}

/** Artifacts of a run without their content, newest attempt first, then by name. */
export async function listArtifacts(database: Database, run: RunId): Promise<Artifact[]> {
  const rows = await database.plain((records) =>
    records.artifact.findMany({ select: described, where: { runId: run }, orderBy: [{ attempt: "desc" }, { name: "asc" }] }),
  );
  return rows.map(artifactOf);
}

export async function readArtifact(database: Database, id: ArtifactId): Promise<Artifact | null> {
  const row = await database.plain((records) => records.artifact.findUnique({ select: described, where: { id } }));
  return row ? artifactOf(row) : null;
}

const artifactBytes = statement({
  name: "artifact-bytes",
  text: `SELECT CASE WHEN a.content_id IS NULL THEN substring(a.content FROM $2::int FOR $3::int)
      ELSE substring((SELECT string_agg(p.content, ''::bytea ORDER BY p.part) FROM artifact_part p
                      WHERE p.content_id = a.content_id AND p.part BETWEEN $4 AND $5) FROM $6::int FOR $3::int) END AS content
    FROM artifact a WHERE a.id = $1`,
  parameters: [uuid, int4, int4, int4, int4, int4],
  row: { content: nullable(bytea) },
});

/** Bytes [offset, offset + length) of an artifact, cut by the database; empty behind its end, null when it is gone. */
export async function readArtifactBytes(
  database: Queryable,
  id: ArtifactId,
  offset: number,
  length: number,
): Promise<Buffer | null> {
  const [first, last] = [Math.floor(offset / artifactPartBytes), Math.floor((offset + length - 1) / artifactPartBytes)];
  const { rows } = await database.query(
    artifactBytes(id, offset + 1, length, first, last, offset - first * artifactPartBytes + 1),
  );
  const row = rows[0];
  return row ? (row.content ?? Buffer.alloc(0)) : null;
}

const namedArtifacts = statement({
  text: `SELECT k.run, coalesce(a.content, (SELECT string_agg(p.content, ''::bytea ORDER BY p.part) FROM artifact_part p
                                            WHERE p.content_id = a.content_id)) AS content
    FROM unnest($1::text[]) WITH ORDINALITY AS k(run, place)
    CROSS JOIN LATERAL (
      SELECT content, content_id FROM artifact WHERE run_id = k.run AND name = $2 AND bytes <= $3 ORDER BY attempt DESC LIMIT 1
    ) a ORDER BY k.place`,
  parameters: [listOf(text), text, int4],
  row: { run: runId, content: bytea },
});

/** One named artifact of the newest attempt of each run that has it, in the order of `runs`; those above `mostBytes` are left out. */
export async function readNamedArtifacts(
  database: Queryable,
  runs: readonly RunId[],
  name: string,
  mostBytes: number,
): Promise<{ run: RunId; content: Buffer }[]> {
  const { rows } = await database.query(namedArtifacts(runs, name, mostBytes));
  return rows;
}

const runsNaming = statement({
  text: `SELECT k.run FROM unnest($1::text[]) WITH ORDINALITY AS k(run, place)
    WHERE EXISTS (SELECT 1 FROM artifact a WHERE a.run_id = k.run AND a.name = $2) ORDER BY k.place`,
  parameters: [listOf(text), text],
  row: { run: runId },
});

/** Of these runs, the ones with an artifact of this name; in the order given. */
export async function runsWithArtifact(database: Queryable, runs: readonly RunId[], name: string): Promise<RunId[]> {
  const { rows } = await database.query(runsNaming(runs, name));
  return rows.map((row) => row.run);
}
