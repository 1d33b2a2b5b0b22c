import type { Dataset, DatasetId, DatasetPreview, DatasetSummary } from "@basin/contracts";
import type { Database, Queryable } from "../connection";
import type { DatasetFacts } from "../datasets.repository";
import { bytea, int4, jsonb, listOf, nullable, text, textOf, timestamptz } from "../sql-types";
import { statement } from "../statement";

/** Each file once, under the name that it has in a project ($1); without one under the name that it has where it was uploaded first. */
const named = `(SELECT DISTINCT ON (p.dataset_id) p.dataset_id AS id, p.name, p.created_at, d.facts, d.bytes, d.binned_until
    FROM project_dataset p JOIN dataset d ON d.id = p.dataset_id WHERE $1::text IS NULL OR p.project = $1
    ORDER BY p.dataset_id, p.created_at, p.project)`;

/** `facts` of datasets from before thousands separators were asked about do not name one. */
function datasetOf({
  id,
  name,
  facts,
  bytes,
  created_at,
  binned_until,
}: {
  id: string;
  name: string;
  facts: unknown;
  bytes: number;
  created_at: Date;
  binned_until: Date | null;
}): Dataset {
  const stored = facts as Omit<DatasetFacts, "thousands"> & Partial<Pick<DatasetFacts, "thousands">>;
  return {
    id: id as DatasetId,
    name,
    bytes,
    thousands: null,
    ...stored,
    createdAt: created_at.toISOString(),
    binnedUntil: binned_until?.toISOString() ?? null,
  };
}

const summaries = statement({
  text: `SELECT id, name, bytes, created_at, facts->>'format' AS format, (facts->'rows')::int AS rows,
           (facts->'missing'->'count')::int AS missing,
           jsonb_array_length(facts->'columns') + jsonb_array_length(facts->'arrays') AS fields,
           jsonb_path_query_array(facts, '$.columns[0 to 9].name') || jsonb_path_query_array(facts, '$.arrays[0 to 9].name')
             AS first_fields
         FROM ${named} n WHERE binned_until IS NULL AND starts_with(id, $2) AND ($3::timestamptz IS NULL OR created_at < $3 OR (created_at = $3 AND id > $4))
         ORDER BY created_at DESC, id LIMIT $5::int`,
  parameters: [nullable(text), text, nullable(timestamptz), text, int4],
  row: {
    id: textOf<DatasetId>(),
    name: text,
    bytes: int4,
    created_at: timestamptz,
    format: textOf<DatasetSummary["format"]>(),
    rows: int4,
    missing: int4,
    fields: int4,
    first_fields: jsonb<string[]>(),
  },
});

const numberOfDatasets = statement({
  text: `SELECT count(DISTINCT dataset_id)::int AS count FROM project_dataset p JOIN dataset d ON d.id = p.dataset_id
    WHERE d.binned_until IS NULL AND ($1::text IS NULL OR p.project = $1) AND starts_with(d.id, $2)`,
  parameters: [nullable(text), text],
  row: { count: int4 },
});

/** Time of upload (ISO) and id. */
type DatasetPlace = readonly [string, string];

interface DatasetsPage {
  items: DatasetSummary[];
  /** Key of the last one when there are more. */
  next: DatasetPlace | null;
  total: number;
}

/** A page of datasets of a project, or of all, behind `after`, newest first, of those whose id begins with `prefix` and that are not in the bin. */
export async function listDatasets(
  database: Queryable,
  query: { project: string | null; prefix: string; after: DatasetPlace | null; limit: number },
): Promise<DatasetsPage> {
  const { project, prefix, after, limit } = query;
  const [{ rows }, counted] = await Promise.all([
    database.query(summaries(project, prefix, after?.[0] ?? null, after?.[1] ?? "", limit + 1)),
    database.query(numberOfDatasets(project, prefix)),
  ]);
  const items = rows.slice(0, limit).map(({ created_at, first_fields, ...row }) => ({
    ...row,
    firstFields: first_fields,
    createdAt: created_at.toISOString(),
  }));
  const last = items.at(-1);
  return { items, next: last && rows.length > limit ? [last.createdAt, last.id] : null, total: counted.rows[0]?.count ?? 0 };
}

const datasetsById = statement({
  text: `SELECT id, name, facts, bytes, created_at, binned_until FROM ${named} n WHERE id = ANY($2::text[])`,
  parameters: [nullable(text), listOf(text)],
  row: {
    id: text,
    name: text,
    facts: jsonb<unknown>(),
    bytes: int4,
    created_at: timestamptz,
    binned_until: nullable(timestamptz),
  },
});

/** Those of the ids that a project has; without one, that there are. */
export async function readDatasets(database: Queryable, ids: readonly string[], project: string | null): Promise<Dataset[]> {
  const { rows } = await database.query(datasetsById(project, ids));
  return rows.map(datasetOf);
}

const datasetsNamed = statement({
  text: `SELECT id, name, created_at FROM ${named} n WHERE binned_until IS NULL AND
      (name = ANY($2::text[]) OR EXISTS (SELECT 1 FROM unnest($3::text[]) AS u(prefix) WHERE starts_with(id, u.prefix)))
    ORDER BY created_at DESC, id LIMIT 1000`,
  parameters: [nullable(text), listOf(text), listOf(text)],
  row: { id: textOf<DatasetId>(), name: text, created_at: timestamptz },
});

/** Id, name and time of the datasets of a project, or of all, that have one of the names, or whose id begins with one of the hexadecimal prefixes; newest first. */
export async function findDatasets(
  database: Queryable,
  project: string | null,
  { names, prefixes }: { names: readonly string[]; prefixes: readonly string[] },
): Promise<{ id: DatasetId; name: string; createdAt: string }[]> {
  const { rows } = await database.query(datasetsNamed(project, names, prefixes));
  return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at.toISOString() }));
}

const everyName = statement({
  text: `SELECT name FROM ${named} n WHERE binned_until IS NULL ORDER BY created_at DESC, id LIMIT 1000`,
  parameters: [nullable(text)],
  row: { name: text },
});

/** Names of the datasets of a project, or of all, newest first, at most 1,000. */
export async function datasetNames(database: Queryable, project: string | null): Promise<string[]> {
  const { rows } = await database.query(everyName(project));
  return rows.map(({ name }) => name);
}

/** The first rows of a dataset; null when there is no such dataset. */
export async function readDatasetRows(database: Database, id: DatasetId): Promise<DatasetPreview["preview"] | null> {
  const row = await database.plain((records) => records.dataset.findUnique({ select: { preview: true }, where: { id } }));
  return row ? (row.preview as DatasetPreview["preview"]) : null;
}

const filePart = statement({
  text: "SELECT content FROM dataset_part WHERE dataset_id = $1 AND kind = 'file' AND part = $2",
  parameters: [text, int4],
  row: { content: bytea },
});

/** A part of the uploaded file; null behind the last one. */
export async function readDatasetFilePart(database: Queryable, id: DatasetId, part: number): Promise<Buffer | null> {
  const { rows } = await database.query(filePart(id, part));
  return rows[0]?.content ?? null;
}
