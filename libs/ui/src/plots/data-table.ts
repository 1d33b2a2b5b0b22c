/** The numbers behind a plot: what is saved as CSV and read out instead of the picture. */
export interface DataTable {
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** RFC 4180, numbers in full precision, missing values empty. */
export function tableToCsv({ columns, rows }: DataTable): string {
  const line = (cells: readonly (string | number | null)[]) =>
    cells.map((cell) => (cell === null ? "" : quoted(String(cell)))).join(",");
  return `${[columns, ...rows].map(line).join("\r\n")}\r\n`;
}
