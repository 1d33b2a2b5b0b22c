import type { DatasetContent } from "@basin/contracts";

/** Part of a table as numbers, row-major [rows, width]. */
export interface Field {
  name: string;
  /** A category column is spread over one 0/1 value per category (one-hot). */
  kind: "number" | "category";
  width: number;
  categories: readonly string[];
  /** The value of row i, part j; NaN where it is missing. */
  at(row: number, part: number): number;
}

/** A column, or an array whose first axis is the sample, by its name. Throws RangeError when there is none, or when it holds dates. */
export function fieldOf(content: DatasetContent, name: string): Field {
  const column = content.columns.find((one) => one.name === name);
  if (column?.type === "number")
    return { name, kind: "number", width: 1, categories: [], at: (row) => column.values[row] ?? Number.NaN };
  if (column?.type === "date") throw new RangeError(`Column "${name}" of ${content.name} holds dates, which are no input.`);
  if (column) {
    const { categories, values } = column;
    const at = (row: number, part: number): number => {
      const code = values[row] ?? -1;
      return code < 0 ? Number.NaN : code === part ? 1 : 0;
    };
    return { name, kind: "category", width: categories.length, categories, at };
  }
  const array = content.arrays.find((one) => one.name === name);
  if (!array || array.shape[0] !== content.rows) throw new RangeError(`The dataset ${content.name} has no column "${name}".`);
  const width = array.shape.slice(1).reduce((product, axis) => product * axis, 1);
  return { name, kind: "number", width, categories: [], at: (row, part) => array.values[row * width + part] ?? Number.NaN };
}

/** What is asked of a dataset before its content is there; its description has it, and its content. */
export interface DatasetShape {
  rows: number;
  columns: readonly {
    name: string;
    type: "number" | "category" | "date" | "text";
    categories: readonly unknown[];
    /** Of a description, which lists only some of them. */
    categoriesLeftOut?: number | undefined;
    min?: number | null;
    max?: number | null;
  }[];
  arrays: readonly { name: string; shape: readonly number[] }[];
}

/** Names of all number and category columns, and of the arrays that have a value for every sample: what can be an input. */
export function fieldNames(content: DatasetShape): string[] {
  return [
    ...content.columns.filter(({ type }) => type === "number" || type === "category").map(({ name }) => name),
    ...content.arrays.filter(({ shape }) => content.rows > 0 && shape[0] === content.rows).map(({ name }) => name),
  ];
}

/** The classes of a column, and the class of each row; −1 where it is missing. */
export interface Classes {
  names: string[];
  /** A number of the column that is not whole, as it would be written; null: there is none. */
  fractions: string | null;
  at: (row: number) => number;
}

/** The classes of a class column: its categories, or its different numbers in ascending order. */
export function classesOf(content: DatasetContent, name: string): Classes {
  const field = fieldOf(content, name);
  if (field.kind === "category") {
    const column = content.columns.find((one) => one.name === name);
    return { names: [...field.categories], fractions: null, at: (row) => column?.values[row] ?? -1 };
  }
  const different = new Set<number>();
  for (let row = 0; row < content.rows; row++) {
    const value = field.at(row, 0);
    if (Number.isFinite(value)) different.add(value);
  }
  const values = [...different].sort((a, b) => a - b);
  const fraction = values.find((value) => !Number.isInteger(value));
  const index = new Map(values.map((value, i) => [value, i]));
  return {
    names: values.map(String),
    fractions: fraction === undefined ? null : String(fraction),
    at: (row) => index.get(field.at(row, 0)) ?? -1,
  };
}

/** The names of a vector's components. */
export function partNames(fields: readonly Field[]): string[] {
  return fields.flatMap(({ name, width, categories }) =>
    width === 1 ? [name] : Array.from({ length: width }, (_, part) => `${name} ${categories[part] ?? String(part + 1)}`),
  );
}
