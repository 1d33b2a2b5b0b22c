import { padEnd, padStart, widthOf } from "./text-width";

export interface Column {
  title: string;
  align?: "left" | "right";
}

/** Rows as aligned text, one line per row under a line of titles. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { titleStyle?: (text: string) => string } = {},
): string[] {
  const widths = columns.map((column, i) => Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[i] ?? ""))));
  const line = (cells: readonly string[], style = (text: string): string => text): string =>
    columns
      .map((column, i) => {
        const pad = column.align === "right" ? padStart : padEnd;
        return style(pad(cells[i] ?? "", widths[i] ?? 0));
      })
      .join("  ")
      .trimEnd();
  return [
    line(
      columns.map((column) => column.title),
      options.titleStyle,
    ),
    ...rows.map((row) => line(row)),
  ];
}
