import { padEnd, padStart, widthOf, wrap } from "./text-width";

export interface Column {
  title: string;
  align?: "left" | "right";
}

const gap = "  ";
/** No column is made narrower to fit a width. */
const leastWidth = 8;

/**
 * Rows as aligned text under a line of titles. One line per row, unless `width` is less than they need: then the widest columns become
 * narrower and texts in them go on in further lines.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { titleStyle?: (text: string) => string; width?: number } = {},
): string[] {
  return tableRowLines(columns, rows, options).flat();
}

/** The same as the lines of the titles and of each row. */
export function tableRowLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { titleStyle?: (text: string) => string; width?: number } = {},
): string[][] {
  const natural = columns.map((column, i) => Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[i] ?? ""))));
  const widths = options.width === undefined ? natural : narrowed(natural, options.width - gap.length * (columns.length - 1));
  const line = (cells: readonly string[], style = (text: string): string => text): string =>
    columns
      .map((column, i) => {
        const pad = column.align === "right" ? padStart : padEnd;
        return style(pad(cells[i] ?? "", widths[i] ?? 0));
      })
      .join(gap)
      .trimEnd();
  const linesOf = (cells: readonly string[], style?: (text: string) => string): string[] => {
    const wrapped = cells.map((cell, i) => (widthOf(cell) <= (widths[i] ?? 0) ? [cell] : wrap(cell, widths[i] ?? 0)));
    const height = Math.max(1, ...wrapped.map((parts) => parts.length));
    return Array.from({ length: height }, (_, k) =>
      line(
        wrapped.map((parts) => parts[k] ?? ""),
        style,
      ),
    );
  };
  return [
    linesOf(
      columns.map((column) => column.title),
      options.titleStyle,
    ),
    ...rows.map((row) => linesOf(row)),
  ];
}

/** Widths that add up to `total`, taken from the widest columns. */
function narrowed(natural: readonly number[], total: number): number[] {
  const widths = [...natural];
  for (let over = widths.reduce((sum, width) => sum + width, 0) - total; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= leastWidth) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
