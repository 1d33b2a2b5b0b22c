import type { Dataset, DatasetId, DatasetPreview, DatasetSummary } from "@basin/contracts";
import type { Database, Queryable } from "../connection";
import type { DatasetFacts } from "../datasets.repository";
import { bytea, int4, jsonb, nullable, text, textOf, timestamptz } from "../sql-types";
import { statement } from "../statement";

const newestFirst = [{ createdAt: "desc" as const }, { id: "asc" as const }];
const described = { id: true, name: true, facts: true, bytes: true, createdAt: true, binnedUntil: true };

/** `facts` of datasets from before thousands separators were asked about do not name one. */
function datasetOf({
  id,
  name,
  facts,
  bytes,
  createdAt,
  binnedUntil,
}: {
  id: string;
  name: string;
  facts: unknown;
  bytes: number;
  createdAt: Date;
  binnedUntil: Date | null;
}): Dataset {
  const stored = facts as Omit<DatasetFacts, "thousands"> & Partial<Pick<DatasetFacts, "thousands">>;
  return {
    id: id as DatasetId,
    name,
    bytes,
    thousands: null,
    ...stored,
    createdAt: createdAt.toISOString(),
    binnedUntil: binnedUntil?.toISOString() ?? null,
  };
}

const summaries = statement({
  text: `SELECT id, name, bytes, created_at, facts->>'format' AS format, (facts->'rows')::int AS rows,
           (facts->'missing'->'count')::int AS missing,
           jsonb_array_length(facts->'columns') + jsonb_array_length(facts->'arrays') AS fields,
           jsonb_path_query_array(facts, '$.columns[0 to 9].name') || jsonb_path_query_array(facts, '$.arrays[0 to 9].name')
             AS first_fields
         FROM dataset WHERE binned_until IS NULL AND starts_with(id, $1) AND ($2::timestamptz IS NULL OR created_at < $2 OR (created_at = $2 AND id > $3))
         ORDER BY created_at DESC, id LIMIT $4::int`,
  parameters: [text, nullable(timestamptz), text, int4],
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

/** Time of upload (ISO) and id. */
type DatasetPlace = readonly [string, string];

interface DatasetsPage {
  items: DatasetSummary[];
  /** Key of the last one when there are more. */
  next: DatasetPlace | null;
  total: number;
}

/** A page of datasets behind `after`, newest first, of those whose id begins with `prefix` and that are not in the bin. */
export async function listDatasets(
  database: Database,
  { prefix, after, limit }: { prefix: string; after: DatasetPlace | null; limit: number },
): Promise<DatasetsPage> {
  const [{ rows }, total] = await Promise.all([
    database.query(summaries(prefix, after?.[0] ?? null, after?.[1] ?? "", limit + 1)),
    database.plain((records) => records.dataset.count({ where: { id: { startsWith: prefix }, binnedUntil: null } })),
  ]);
  const items = rows.slice(0, limit).map(({ created_at, first_fields, ...row }) => ({
    ...row,
    firstFields: first_fields,
    createdAt: created_at.toISOString(),
  }));
  const last = items.at(-1);
  return { items, next: last && rows.length > limit ? [last.createdAt, last.id] : null, total };
}

/** Those of the ids that there are. */
export async function readDatasets(database: Database, ids: readonly string[]): Promise<Dataset[]> {
  const rows = await database.plain((records) =>
    records.dataset.findMany({ select: described, where: { id: { in: [...ids] } } }),
  );
  return rows.map(datasetOf);
}

/** Id, name and time of the datasets that have one of the names, or whose id begins with one of the hexadecimal prefixes; newest first. */
export async function findDatasets(
  database: Database,
  names: readonly string[],
  prefixes: readonly string[],
): Promise<{ id: DatasetId; name: string; createdAt: string }[]> {
  const alike = {
    binnedUntil: null,
    OR: [{ name: { in: [...names] } }, ...prefixes.map((prefix) => ({ id: { startsWith: prefix } }))],
  };
  const rows = await database.plain((records) =>
    records.dataset.findMany({
      select: { id: true, name: true, createdAt: true },
      where: alike,
      orderBy: newestFirst,
      take: 1000,
    }),
  );
  return rows.map(({ id, name, createdAt }) => ({ id: id as DatasetId, name, createdAt: createdAt.toISOString() }));
}

/** Names of all datasets that are not in the bin, newest first, at most 1,000. */
export async function datasetNames(database: Database): Promise<string[]> {
  const rows = await database.plain((records) =>
    records.dataset.findMany({ select: { name: true }, where: { binnedUntil: null }, orderBy: newestFirst, take: 1000 }),
  );
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
