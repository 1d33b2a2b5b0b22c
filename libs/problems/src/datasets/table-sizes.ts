import type { DatasetShape } from "./dataset-fields";

/** No class column may have more. */
export const mostClasses = 100;

/** How many categories a column has, whether they are listed or not. */
export function categoriesOf({ categories, categoriesLeftOut = 0 }: DatasetShape["columns"][number]): number {
  return categories.length + categoriesLeftOut;
}

/** Values of a row in a column or array of that name, categories spread over one each; null when there is none. */
export function fieldWidth({ columns, arrays }: DatasetShape, name: string): number | null {
  const column = columns.find((one) => one.name === name);
  if (column) return column.type === "category" ? categoriesOf(column) : 1;
  const array = arrays.find((one) => one.name === name);
  return array ? array.shape.slice(1).reduce((product, axis) => product * axis, 1) : null;
}

/** Values of a row in all the fields together; those that are not there count nothing. */
export function fieldsWidth(table: DatasetShape, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (fieldWidth(table, name) ?? 0), 0);
}

/** The classes of a column, or more: of numbers only their range is known. */
export function classesAtMost({ columns }: DatasetShape, name: string): number {
  const column = columns.find((one) => one.name === name);
  if (column?.type === "category") return categoriesOf(column);
  const { min, max } = column ?? {};
  if (typeof min !== "number" || typeof max !== "number") return mostClasses;
  return Math.min(mostClasses, Math.max(2, Math.floor(max - min) + 1));
}

/** Rows that `splitRows` leaves for training. */
export function trainingRows(rows: number, testFraction: number): number {
  return rows - Math.min(rows - 1, Math.max(1, Math.round(rows * testFraction)));
}
