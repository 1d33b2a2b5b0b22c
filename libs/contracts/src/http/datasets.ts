import { z } from "zod";
import { DatasetId } from "../dataset";
import { storableText } from "../storable-text";
import { define, jsonText, page, pageOf } from "./route";

/** No uploaded file may be larger. */
export const datasetMaxBytes = 64 * 1024 * 1024;
/** Numbers in all columns of a table together, in 8 bytes each. */
export const datasetMaxValues = 16_000_000;
/** What an API process and a trainer hold of a dataset in memory: arrays of uint8 take a byte for each number, float32 four, others eight. */
export const datasetMaxMemoryBytes = 8 * datasetMaxValues;
/** Media type of an upload: the file's bytes as they are, whatever its format. */
export const datasetMediaType = "application/octet-stream";

/** What is known of a number column, an array, or a category column; figures over the values that are there. */
export const ColumnSummary = z.object({
  name: z.string(),
  type: z
    .enum(["number", "category", "date", "text"])
    .describe("date: seconds since 1970 in UTC, and may be a time column; text: no input"),
  note: z.string().optional().describe("why a text column is not one of categories"),
  missing: z.int().describe("empty cells"),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  categories: z
    .array(z.object({ name: z.string(), count: z.int() }))
    .describe(
      "of a category column, most frequent first: at most 50, fewer in a table of many such columns; long names end in …",
    ),
  categoriesLeftOut: z.int().optional().describe("categories that the column has besides those; absent: none"),
});
export type ColumnSummary = z.infer<typeof ColumnSummary>;

export const ArraySummary = z.object({
  name: z.string(),
  dtype: z.string().describe("as in the file, e.g. f4"),
  shape: z.array(z.int()),
  missing: z.int().describe("values that are not finite"),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
});
export type ArraySummary = z.infer<typeof ArraySummary>;

/** Where values are missing: the first of them, and how many there are. Rows count from 1, the header of a CSV file not included. */
const MissingValues = z.object({
  count: z.int(),
  first: z.array(z.object({ row: z.int(), column: z.string() })).max(20),
});
type MissingValues = z.infer<typeof MissingValues>;

/** An uploaded table (CSV) or set of arrays (NPZ). Immutable: its id is the SHA-256 of the file. */
export const Dataset = z.object({
  id: DatasetId,
  name: z.string(),
  format: z.enum(["csv", "npz"]),
  bytes: z.int(),
  rows: z.int().describe("rows of the table, or the samples that the arrays have in common (0: none)"),
  delimiter: z.string().nullable().describe("of a CSV file"),
  decimal: z.enum([".", ","]).nullable().describe("of a CSV file"),
  thousands: z.enum([",", ".", " ", "'"]).nullable().default(null).describe("the separator that the upload named"),
  columns: z.array(ColumnSummary),
  arrays: z.array(ArraySummary),
  missing: MissingValues,
  createdAt: z.iso.datetime(),
  binnedUntil: z.iso
    .datetime()
    .nullable()
    .default(null)
    .describe("in the bin, from which it can be restored until then; null: it is not removed"),
});
export type Dataset = z.infer<typeof Dataset>;

/** A dataset in a list. */
export const DatasetSummary = Dataset.pick({
  id: true,
  name: true,
  format: true,
  bytes: true,
  rows: true,
  createdAt: true,
}).extend({
  fields: z.int().describe("columns of the table, or arrays"),
  firstFields: z.array(z.string()).describe("names of the first of them, at most 10"),
  missing: z.int().describe("values that are missing"),
});
export type DatasetSummary = z.infer<typeof DatasetSummary>;

export const DatasetPreview = Dataset.extend({
  preview: z
    .array(z.array(z.union([z.number(), z.string(), z.null()])))
    .describe(
      "the first 20 rows of a table in its first 100 columns, long texts ending in …; of arrays, the first 20 numbers of each of the first 20 samples of the first array",
    ),
  sweeps: z.array(z.string()).describe("sweeps that name it, at most 100, without those in the bin"),
});
export type DatasetPreview = z.infer<typeof DatasetPreview>;

const datasetParams = z.object({ dataset: DatasetId });

export const datasetRoutes = {
  listDatasets: define({
    role: "viewer",
    method: "GET",
    path: "/datasets",
    summary: "Uploaded datasets, newest first",
    query: z.object({
      ...page,
      id: z
        .string()
        .regex(/^[0-9a-f]{1,64}$/, "an id begins with hexadecimal digits (0-9, a-f)")
        .optional()
        .describe("only those whose id begins with these digits"),
    }),
    response: pageOf(DatasetSummary).extend({ maxBytes: z.int().describe("no file may be larger") }),
  }),
  uploadDataset: define({
    role: "member",
    method: "POST",
    path: "/datasets",
    summary: `Upload a CSV or NPZ file of at most ${datasetMaxBytes / 1024 / 1024} MB as ${datasetMediaType}; the same file gives the same dataset`,
    query: z.object({
      name: storableText(200).min(1).describe("of the file; .csv and .npz tell the format"),
      delimiter: z.enum(["comma", "semicolon", "tab"]).optional().describe("default: found in the header line"),
      decimal: z.enum(["point", "comma"]).optional().describe("default: found; a file where 1,234 could be either is refused"),
      thousands: z
        .enum(["comma", "point", "space", "apostrophe"])
        .optional()
        .describe("what separates groups of three digits; default: nothing does"),
      texts: jsonText(z.array(z.string().max(200)).max(4096))
        .optional()
        .describe('JSON list of columns whose cells are texts, whatever they look like, e.g. ["postcode"]'),
    }),
    upload: datasetMediaType,
    response: Dataset,
    statuses: [201, 200],
    errors: [409],
  }),
  getDataset: define({
    role: "viewer",
    method: "GET",
    path: "/datasets/:dataset",
    summary: "One dataset with its first rows",
    params: datasetParams,
    response: DatasetPreview,
  }),
  getDatasetFile: define({
    role: "viewer",
    method: "GET",
    path: "/datasets/:dataset/file",
    summary: "The file as it was uploaded",
    params: datasetParams,
    response: z.string(),
    mediaTypes: ["application/octet-stream"],
  }),
  deleteDataset: define({
    role: "member",
    steers: true,
    method: "DELETE",
    path: "/datasets/:dataset",
    summary: "Put a dataset into the bin that no sweep outside of it names",
    params: datasetParams,
    response: z.object({ deleted: DatasetId }),
  }),
  restoreDataset: define({
    role: "member",
    steers: true,
    method: "POST",
    path: "/datasets/:dataset/restore",
    summary: "Take a dataset out of the bin",
    params: datasetParams,
    response: DatasetPreview,
  }),
} as const;
