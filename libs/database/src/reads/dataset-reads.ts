import type { Dataset, DatasetId, DatasetPreview } from "@basin/contracts";
import type { Queryable } from "../connection";
import type { DatasetFacts } from "../datasets.repository";

interface DatasetRow {
  id: DatasetId;
  name: string;
  /** Those of datasets from before thousands separators were asked about do not name one. */
  facts: Omit<DatasetFacts, "thousands"> & Partial<Pick<DatasetFacts, "thousands">>;
  bytes: number;
  created_at: Date;
}

const columns = "id, name, facts, bytes, created_at";

function datasetOf({ id, name, facts, bytes, created_at }: DatasetRow): Dataset {
  return { id, name, bytes, thousands: null, ...facts, createdAt: created_at.toISOString() };
}

/** Newest first. */
export async function listDatasets(database: Queryable, limit: number): Promise<Dataset[]> {
  const { rows } = await database.query<DatasetRow>({
    text: `SELECT ${columns} FROM dataset ORDER BY created_at DESC, id LIMIT $1`,
    values: [limit],
  });
  return rows.map(datasetOf);
}

/** Those of the ids that there are. */
export async function readDatasets(database: Queryable, ids: readonly string[]): Promise<Dataset[]> {
  const { rows } = await database.query<DatasetRow>({
    text: `SELECT ${columns} FROM dataset WHERE id = ANY($1::text[])`,
    values: [ids],
  });
  return rows.map(datasetOf);
}

/** Id, name and time of the datasets that have one of the names, or whose id begins with one of the hexadecimal prefixes; newest first. */
export async function findDatasets(
  database: Queryable,
  names: readonly string[],
  prefixes: readonly string[],
): Promise<{ id: DatasetId; name: string; createdAt: string }[]> {
  const { rows } = await database.query<{ id: DatasetId; name: string; created_at: Date }>({
    text: `SELECT id, name, created_at FROM dataset WHERE name = ANY($1::text[]) OR id LIKE ANY($2::text[])
           ORDER BY created_at DESC, id LIMIT 1000`,
    values: [names, prefixes.map((prefix) => `${prefix}%`)],
  });
  return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at.toISOString() }));
}

/** Names of all datasets, newest first, at most 1,000. */
export async function datasetNames(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>({
    text: "SELECT name FROM dataset ORDER BY created_at DESC, id LIMIT 1000",
  });
  return rows.map(({ name }) => name);
}

/** The first rows of a dataset; null when there is no such dataset. */
export async function readDatasetRows(database: Queryable, id: DatasetId): Promise<DatasetPreview["preview"] | null> {
  const { rows } = await database.query<{ preview: DatasetPreview["preview"] }>({
    text: "SELECT preview FROM dataset WHERE id = $1",
    values: [id],
  });
  return rows[0]?.preview ?? null;
}

/** A part of the uploaded file; null behind the last one. */
export async function readDatasetFilePart(database: Queryable, id: DatasetId, part: number): Promise<Buffer | null> {
  const { rows } = await database.query<{ content: Buffer }>({
    text: "SELECT content FROM dataset_part WHERE dataset_id = $1 AND kind = 'file' AND part = $2",
    values: [id, part],
  });
  return rows[0]?.content ?? null;
}
