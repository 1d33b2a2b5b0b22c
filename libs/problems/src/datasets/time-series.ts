import type { DatasetArray, DatasetColumn, DatasetContent } from "@basin/contracts";
import type { Variable } from "../dynamics/library";
import { fieldNames, fieldOf } from "./dataset-fields";

/** States measured at equal intervals, in the order of time. */
export interface TimeSeries {
  /** One name per state, as it is written in a law. */
  variables: Variable[];
  interval: number;
  samples: number;
  /** Row-major [samples, variables]. */
  states: Float64Array;
}

/** Two intervals may differ by this share of their mean: what remains of a time that was written with three digits or more. */
const intervalTolerance = 1e-2;

/** Which parts of a dataset are a time series. */
export interface TimeSeriesSetting {
  /** Name of the column with the time; empty: rows are `interval` apart. */
  timeColumn: string;
  interval: number;
  /** Names of columns, or arrays whose first axis is the time; empty: all number columns but the time. */
  states: readonly string[];
}

/** The names of the states that a setting means. */
export function stateNames(
  { timeColumn, states }: Pick<TimeSeriesSetting, "timeColumn" | "states">,
  dataset: {
    rows: number;
    columns: readonly Pick<DatasetColumn, "name" | "type">[];
    arrays: readonly Pick<DatasetArray, "name" | "shape">[];
  },
): string[] {
  if (states.length > 0) return [...states];
  const categories = new Set(dataset.columns.filter(({ type }) => type === "category").map(({ name }) => name));
  return fieldNames(dataset).filter((name) => name !== timeColumn && !categories.has(name));
}

/**
 * The time series of a dataset. Throws RangeError, naming the row (from 1), for a missing value, for a category column, and for times that do
 * not rise in equal steps: derivatives are taken on an even grid, and rows that were left out or interpolated would bend them.
 */
export function timeSeriesOf(content: DatasetContent, setting: TimeSeriesSetting): TimeSeries {
  const fields = stateNames(setting, content).map((name) => fieldOf(content, name));
  const category = fields.find(({ kind }) => kind === "category");
  if (category) throw new RangeError(`Column "${category.name}" holds categories, not numbers.`);
  const names = fields.flatMap(({ name, width }) =>
    width === 1 ? [name] : Array.from({ length: width }, (_, part) => `${name}${part + 1}`),
  );
  const states = new Float64Array(content.rows * names.length);
  let column = 0;
  for (const field of fields) {
    for (let part = 0; part < field.width; part++, column++) {
      for (let row = 0; row < content.rows; row++) {
        const value = field.at(row, part);
        if (!Number.isFinite(value))
          throw new RangeError(`Row ${row + 1} of "${field.name}" has no value; a time series needs every one.`);
        states[row * names.length + column] = value;
      }
    }
  }
  const interval = setting.timeColumn === "" ? setting.interval : intervalOf(content, setting.timeColumn);
  return { variables: names.map(variableOf), interval, samples: content.rows, states };
}

function intervalOf(content: DatasetContent, timeColumn: string): number {
  const time = fieldOf(content, timeColumn);
  const last = content.rows - 1;
  const mean = (time.at(last, 0) - time.at(0, 0)) / last;
  if (!(mean > 0)) throw new RangeError(`The times in "${timeColumn}" do not rise from the first row to the last.`);
  for (let row = 1; row <= last; row++) {
    const step = time.at(row, 0) - time.at(row - 1, 0);
    if (!(Math.abs(step - mean) <= intervalTolerance * mean))
      throw new RangeError(
        `The times in "${timeColumn}" are ${short(step)} apart between rows ${row} and ${row + 1}, but ${short(mean)} on average; bring them to equal intervals first.`,
      );
  }
  return mean;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A column's name as a symbol; several letters stand upright in LaTeX. */
export function variableOf(name: string): Variable {
  const safe = name.replaceAll(/[\\{}$^~]/g, "").replaceAll(/[_%&#]/g, (sign) => `\\${sign}`);
  return { text: name, latex: /^[a-zA-Z]$/.test(name) ? name : `\\mathrm{${safe}}` };
}
