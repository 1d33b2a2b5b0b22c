import { z } from "zod";

/** SHA-256 of an uploaded file's bytes: the name by which runs refer to it, for ever. */
export const DatasetId = z.hex().length(64).brand<"DatasetId">();
export type DatasetId = z.infer<typeof DatasetId>;

/** A column of a table as trainers see it: numbers (missing: NaN), the indices of categories (missing: −1), or seconds since 1970 (missing: NaN). */
export interface DatasetColumn {
  name: string;
  type: "number" | "category" | "date";
  /** [rows]. */
  values: Float64Array;
  /** Of a category column, in the order of first appearance. */
  categories: readonly string[];
}

/** Numbers as narrow as their file had them: images of bytes stay bytes. */
export type DatasetVector = Uint8Array | Float32Array | Float64Array;

/** An array of an NPZ file, C order; the first axis is the sample. */
export interface DatasetArray {
  name: string;
  shape: readonly number[];
  values: DatasetVector;
}

/** The content of a dataset: columns of a CSV file, or arrays of an NPZ file. */
export interface DatasetContent {
  id: DatasetId;
  name: string;
  rows: number;
  columns: readonly DatasetColumn[];
  arrays: readonly DatasetArray[];
}
