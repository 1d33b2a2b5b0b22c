import type { DatasetContent } from "@basin/contracts";
import type { Variable } from "../dynamics/library";
import { UntrainableError } from "../untrainable-error";
import { fieldNames, fieldOf, type DatasetShape } from "./dataset-fields";

/** States measured at equal intervals, in the order of time. */
export interface TimeSeries {
  /** One name per state, as it is written in a law. */
  variables: Variable[];
  /** Mean time between two rows, which is taken for each of them. */
  interval: number;
  /** The greatest share of the interval by which a time between two rows differs from it; 0 where no column has the time. */
  intervalSpread: number;
  samples: number;
  /** Row-major [samples, variables]. */
  states: Float64Array;
}

/** Two intervals may differ by this share of their mean: what remains of a time that was written with three digits or more. */
const intervalTolerance = 1e-2;

/** Units in which the time of a column of dates can be counted, in seconds. */
export const secondsOf = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
export const timeUnits = ["none", ...(Object.keys(secondsOf) as (keyof typeof secondsOf)[])] as const;
type TimeUnit = (typeof timeUnits)[number];

/** Which parts of a dataset are a time series. */
export interface TimeSeriesSetting {
  /** Name of the column with the time; empty: rows are `interval` apart. */
  timeColumn: string;
  /** Of a time column that holds dates; `none` for one of numbers. */
  timeUnit: TimeUnit;
  interval: number;
  /** Names of columns, or arrays whose first axis is the time; empty: all number columns but the time. */
  states: readonly string[];
}

/** The names of the states that a setting means. */
export function stateNames(
  { timeColumn, states }: Pick<TimeSeriesSetting, "timeColumn" | "states">,
  dataset: DatasetShape,
): string[] {
  if (states.length > 0) return [...states];
  const categories = new Set(dataset.columns.filter(({ type }) => type === "category").map(({ name }) => name));
  return fieldNames(dataset).filter((name) => name !== timeColumn && !categories.has(name));
}

/**
 * The time series of a dataset. Throws UntrainableError, naming the row (from 1), for a missing value, for a category column, and for times that do
 * not rise in equal steps: derivatives are taken on an even grid, and rows that were left out or interpolated would bend them.
 */
export function timeSeriesOf(content: DatasetContent, setting: TimeSeriesSetting): TimeSeries {
  const fields = stateNames(setting, content).map((name) => fieldOf(content, name));
  const category = fields.find(({ kind }) => kind === "category");
  if (category) throw new UntrainableError(`Column "${category.name}" holds categories, not numbers.`, "states");
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
          throw new UntrainableError(`Row ${row + 1} of "${field.name}" has no value; a time series needs every one.`, "states");
        states[row * names.length + column] = value;
      }
    }
  }
  const steps = setting.timeColumn === "" ? { interval: setting.interval, intervalSpread: 0 } : intervalOf(content, setting);
  return { variables: names.map(variableOf), ...steps, samples: content.rows, states };
}

/** The times of the rows; of dates, since the first row in the unit. */
function timesOf(content: DatasetContent, { timeColumn, timeUnit }: TimeSeriesSetting): (row: number) => number {
  const dates = content.columns.find(({ name, type }) => name === timeColumn && type === "date");
  if (!dates) {
    const time = fieldOf(content, timeColumn);
    return (row) => time.at(row, 0);
  }
  if (timeUnit === "none")
    throw new UntrainableError(`Column "${timeColumn}" holds dates; say in which unit their time is counted.`, "timeUnit");
  const { values } = dates;
  return (row) => ((values[row] ?? Number.NaN) - (values[0] ?? Number.NaN)) / secondsOf[timeUnit];
}

function intervalOf(content: DatasetContent, setting: TimeSeriesSetting): Pick<TimeSeries, "interval" | "intervalSpread"> {
  const { timeColumn } = setting;
  const at = timesOf(content, setting);
  const last = content.rows - 1;
  const where = (row: number): string => `between rows ${row} and ${row + 1}`;
  for (let row = 1; row <= last; row++) {
    const step = at(row) - at(row - 1);
    if (Number.isNaN(step)) throw new UntrainableError(`A time in "${timeColumn}" is missing ${where(row)}.`, "timeColumn");
    if (!(step > 0))
      throw new UntrainableError(
        `The times in "${timeColumn}" do not rise ${where(row)}, they ${step === 0 ? "stand still" : `fall by ${short(-step)}`}; the rows of a series are in the order of time.`,
        "timeColumn",
      );
  }
  const mean = (at(last) - at(0)) / last;
  const steps = Float64Array.from({ length: last }, (_, i) => at(i + 1) - at(i));
  const spread = steps.reduce((most, step) => Math.max(most, Math.abs(step - mean) / mean), 0);
  if (spread <= intervalTolerance) return { interval: mean, intervalSpread: spread };
  // Against the mean every row would be off, were there one long gap.
  const usual = steps.toSorted()[Math.floor(last / 2)] ?? mean;
  const off = (step: number | undefined): number => Math.abs((step ?? usual) - usual);
  const worst = steps.reduce((found, step, i) => (off(step) > off(steps[found]) ? i : found), 0);
  throw new UntrainableError(
    `The times in "${timeColumn}" are ${short(steps[worst] ?? usual)} apart ${where(worst + 1)}, but ${short(usual)} in most places; bring them to equal intervals first.`,
    "timeColumn",
  );
}

/** Whether a name is one for time: t, time, timestamp, seconds, …, with or without a unit behind it. */
const timeName = /^(t|time|times|timestamp|zeit|date|datetime|seconds?|secs?|minutes?|hours?|days?|years?)\b/i;

/** The states of a series without a time column that look like its time: of such a name, and rising from row to row. */
export function timelikeStates(content: DatasetContent, setting: TimeSeriesSetting): string[] {
  if (setting.timeColumn !== "") return [];
  return stateNames(setting, content).filter((name) => {
    if (!timeName.test(name.replaceAll("_", " "))) return false;
    const field = fieldOf(content, name);
    if (field.width !== 1) return false;
    for (let row = 1; row < content.rows; row++) if (!(field.at(row, 0) > field.at(row - 1, 0))) return false;
    return true;
  });
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A column's name as a symbol; several letters stand upright in LaTeX. */
export function variableOf(name: string): Variable {
  const safe = name.replaceAll(/[\\{}$^~]/g, "").replaceAll(/[_%&#]/g, (sign) => `\\${sign}`);
  return { text: name, latex: /^[a-zA-Z]$/.test(name) ? name : `\\mathrm{${safe}}` };
}
