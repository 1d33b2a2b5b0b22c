import type { Dataset, DatasetId, DatasetPreview } from "@basin/contracts";
import type { Database, Queryable } from "../connection";
import type { DatasetFacts } from "../datasets.repository";
import { bytea, int4, text } from "../sql-types";
import { statement } from "../statement";

const newestFirst = [{ createdAt: "desc" as const }, { id: "asc" as const }];
const described = { id: true, name: true, facts: true, bytes: true, createdAt: true };

/** `facts` of datasets from before thousands separators were asked about do not name one. */
function datasetOf({
  id,
  name,
  facts,
  bytes,
  createdAt,
}: {
  id: string;
  name: string;
  facts: unknown;
  bytes: number;
  createdAt: Date;
}): Dataset {
  const stored = facts as Omit<DatasetFacts, "thousands"> & Partial<Pick<DatasetFacts, "thousands">>;
  return { id: id as DatasetId, name, bytes, thousands: null, ...stored, createdAt: createdAt.toISOString() };
}

/** Newest first. */
export async function listDatasets(database: Database, limit: number): Promise<Dataset[]> {
  const rows = await database.plain((records) =>
    records.dataset.findMany({ select: described, orderBy: newestFirst, take: limit }),
  );
  return rows.map(datasetOf);
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
  const alike = { OR: [{ name: { in: [...names] } }, ...prefixes.map((prefix) => ({ id: { startsWith: prefix } }))] };
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

/** Names of all datasets, newest first, at most 1,000. */
export async function datasetNames(database: Database): Promise<string[]> {
  const rows = await database.plain((records) =>
    records.dataset.findMany({ select: { name: true }, orderBy: newestFirst, take: 1000 }),
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
