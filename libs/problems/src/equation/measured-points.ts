import { closestName, type Dataset, type DatasetContent, type Issue } from "@basin/contracts";
import type { EquationSystem } from "@basin/equations";
import { checkFields } from "../datasets/dataset-parameters";
import { fieldNames, fieldOf, type DatasetShape } from "../datasets/dataset-fields";
import type { EquationParameters } from "./equation-parameters";
import { unitScales } from "./lower-formula";

/** Measured values of some unknowns at points in scaled coordinates. */
export interface MeasuredPoints {
  /** Row-major [points, coordinates]. */
  points: Float32Array;
  values: readonly { unknown: number; values: Float32Array }[];
}

/** The parameter that says which column of a dataset is which. */
type ColumnsField = "columns" | "referenceColumns";

/** A coordinate or an unknown and the column with its values; `index` is its place in that parameter, null where none is given. */
interface NamedColumn {
  name: string;
  column: string;
  index: number | null;
}

/** Columns as they are given, or of the names of coordinates and unknowns. */
function columnsOf(columns: readonly string[], { coordinates, unknowns }: EquationSystem, table: DatasetShape): NamedColumn[] {
  if (columns.length > 0)
    return columns.map((text, index) => {
      const sign = text.indexOf("=");
      return sign < 0
        ? { name: text.trim(), column: text.trim(), index }
        : { name: text.slice(0, sign).trim(), column: text.slice(sign + 1).trim(), index };
    });
  const known = fieldNames(table);
  return [...coordinates.map(({ name }) => name), ...unknowns.filter((name) => known.includes(name))].map((name) => ({
    name,
    column: name,
    index: null,
  }));
}

/** What a dataset lacks: a column of a coordinate, of any unknown, numbers, points within the ranges. Paths from the configuration's root. */
export function checkMeasured(
  parameters: EquationParameters,
  system: EquationSystem,
  dataset: Dataset,
  field: ColumnsField = "columns",
): Issue[] {
  const { coordinates, unknowns } = system;
  const columns = columnsOf(parameters[field], system, dataset);
  const names = [...coordinates.map(({ name }) => name), ...unknowns];
  const path = ({ index }: NamedColumn): string => (index === null ? field : `${field}[${index}]`);
  const has = fieldNames(dataset).slice(0, 30).join(", ");
  const issues: Issue[] = [];
  for (const one of columns) {
    if (!names.includes(one.name)) {
      const near = closestName(one.name, names);
      const hint = `${near === null ? "" : `did you mean "${near}"? `}They are ${names.join(", ")}; write e.g. ${names[0] ?? "x"} = ${one.column || "column"}`;
      issues.push({ path: path(one), message: `"${one.name}" is no coordinate or unknown`, hint });
      continue;
    }
    if (columns.findIndex(({ name }) => name === one.name) !== columns.indexOf(one)) {
      issues.push({ path: path(one), message: `${one.name} has a column already`, hint: "leave one out" });
      continue;
    }
    const faults = checkFields({ columns: [one.column], missing: "refuse" }, dataset, "columns", [one.column]);
    issues.push(...faults.map((fault) => ({ ...fault, path: path(one), ...hintWithout(fault, has) })));
    if (faults.length > 0) continue;
    const column = [...dataset.columns, ...dataset.arrays].find(({ name }) => name === one.column);
    if (column && "type" in column && column.type === "category")
      issues.push({ path: path(one), message: `column "${one.column}" holds categories, not numbers`, hint: `It has ${has}` });
    const range = coordinates.find(({ name }) => name === one.name);
    const { min, max } = column ?? {};
    if (range && typeof min === "number" && typeof max === "number" && (min < range.from || max > range.to))
      issues.push({
        path: path(one),
        message: `column "${one.column}" goes from ${min} to ${max}, outside of the range of ${one.name} from ${range.from} to ${range.to}`,
        hint: `widen the range: ${one.name} in [${Math.min(min, range.from)}, ${Math.max(max, range.to)}]`,
      });
  }
  const named = new Set(columns.map(({ name }) => name));
  for (const { name } of coordinates)
    if (!named.has(name))
      issues.push({
        path: field,
        message: `no column is named for the coordinate ${name}`,
        hint: `write e.g. ${name} = ${has.split(", ")[0] ?? name}`,
      });
  if (!unknowns.some((name) => named.has(name)))
    issues.push({
      path: field,
      message: `no column is named for any unknown (${unknowns.join(", ")})`,
      hint: `It has ${has}`,
    });
  return issues;
}

/** The same for a known solution, of which there must be a relative error. */
export function checkKnown(parameters: EquationParameters, system: EquationSystem, dataset: Dataset): Issue[] {
  const issues = checkMeasured(parameters, system, dataset, "referenceColumns");
  const columns = columnsOf(parameters.referenceColumns, system, dataset).filter(({ name }) => system.unknowns.includes(name));
  const of = (name: string) => [...dataset.columns, ...dataset.arrays].find((one) => one.name === name);
  if (issues.length > 0 || !columns.every(({ column }) => of(column)?.min === 0 && of(column)?.max === 0)) return issues;
  return [
    {
      path: "referenceColumns",
      message: "the known solution is 0 everywhere, of which there is no relative error",
      hint: 'set referenceFrom to "none"',
    },
  ];
}

/** Without the advice on missing values that this experiment cannot follow. */
function hintWithout({ hint, message }: Issue, has: string): { hint?: string } {
  if (message.includes("lacks")) return { hint: "upload it without these rows" };
  return { hint: hint ?? `It has ${has}` };
}

/** The measured values of a dataset that `checkMeasured` accepts. */
export function measuredPoints(
  parameters: EquationParameters,
  system: EquationSystem,
  content: DatasetContent,
  field: ColumnsField = "columns",
): MeasuredPoints {
  const columns = columnsOf(parameters[field], system, content);
  const read = (name: string): ((row: number) => number) | null => {
    const found = columns.find((one) => one.name === name);
    if (!found) return null;
    const values = fieldOf(content, found.column);
    return (row) => values.at(row, 0);
  };
  const scales = unitScales(system);
  const width = scales.length;
  const points = new Float32Array(content.rows * width);
  system.coordinates.forEach(({ name }, c) => {
    const at = read(name);
    const { centre, half } = scales[c] ?? { centre: 0, half: 1 };
    for (let row = 0; row < content.rows; row++) points[row * width + c] = ((at?.(row) ?? Number.NaN) - centre) / half;
  });
  const values = system.unknowns.flatMap((name, unknown) => {
    const at = read(name);
    return at ? [{ unknown, values: Float32Array.from({ length: content.rows }, (_, row) => at(row)) }] : [];
  });
  return { points, values };
}

/** As many points and unknowns as a dataset of that shape has, without its values: for estimates. */
export function measuredSizes(parameters: EquationParameters, system: EquationSystem, table: DatasetShape): MeasuredPoints {
  const columns = columnsOf(parameters.columns, system, table);
  return {
    points: new Float32Array(table.rows * system.coordinates.length),
    values: system.unknowns.flatMap((name, unknown) =>
      columns.some((one) => one.name === name) ? [{ unknown, values: new Float32Array(table.rows) }] : [],
    ),
  };
}
