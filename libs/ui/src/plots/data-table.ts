import { csvRecord } from "@basin/contracts";

/** The numbers behind a plot: what is saved as CSV and read out instead of the picture. */
export interface DataTable {
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

/** RFC 4180, numbers in full precision, missing values empty, no text a formula. */
export function tableToCsv({ columns, rows }: DataTable): string {
  return [columns, ...rows].map(csvRecord).join("");
}
