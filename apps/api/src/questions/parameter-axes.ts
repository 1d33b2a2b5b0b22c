import type { ParameterAxis, ParameterValue, Sweep } from "@basin/contracts";
import { describeExperiment, findExperiment } from "@basin/problems";
import type { ParameterColumn } from "./sweep-table";

/** Numbers by size, everything else by its text, numbers first. */
export function compareValues(a: ParameterValue, b: ParameterValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number" || typeof b === "number") return typeof a === "number" ? -1 : 1;
  const x = typeof a === "string" ? a : JSON.stringify(a);
  const y = typeof b === "string" ? b : JSON.stringify(b);
  return x < y ? -1 : Number(x > y);
}

interface Described {
  title: string;
  unit: string;
}

/** By experiment: the catalogue never changes while the process lives. */
const described = new Map<string, ReadonlyMap<string, Described>>();

function parametersOf(experiment: string): ReadonlyMap<string, Described> {
  let found = described.get(experiment);
  if (!found) {
    const definition = findExperiment(experiment);
    const properties = (definition && describeExperiment(definition).parameters["properties"]) ?? {};
    const text = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);
    found = new Map(
      Object.entries(properties).map(([name, schema]) => {
        const { title, unit } = schema as { title?: unknown; unit?: unknown };
        return [name, { title: text(title, name), unit: text(unit, "") }];
      }),
    );
    if (definition) described.set(experiment, found);
  }
  return found;
}

/** Title and unit from the experiment's schema; the name itself where it says nothing. */
export function describeParameter(sweep: Pick<Sweep, "spec">, name: string): Described {
  return parametersOf(sweep.spec.experiment).get(name) ?? { title: name, unit: "" };
}

/** Positive numbers over more than two decades, or a dimension that says so. */
function isLogarithmic(sweep: Pick<Sweep, "spec">, name: string, numbers: readonly number[]): boolean {
  if (sweep.spec.space[name]?.type === "log-float") return true;
  const min = numbers[0] ?? 0;
  return min > 0 && (numbers.at(-1) ?? 0) / min > 100;
}

const mostListed = 100;

export function axisOf(sweep: Pick<Sweep, "spec">, name: string, column: ParameterColumn): ParameterAxis {
  const values = [...column.values].sort(compareValues);
  const numbers = values.filter((value) => typeof value === "number");
  const numeric = numbers.length === values.length && values.length > 0;
  return {
    name,
    ...describeParameter(sweep, name),
    kind: numeric ? "number" : "category",
    scale: numeric && isLogarithmic(sweep, name, numbers) ? "log" : "linear",
    distinct: values.length,
    ...(values.length <= mostListed ? { values } : {}),
    min: numeric ? (numbers[0] ?? null) : null,
    max: numeric ? (numbers.at(-1) ?? null) : null,
  };
}

/** Cells of a parameter: one per value, or bins of equal width (in the logarithm on a logarithmic axis) when there are more. */
export interface ParameterCells {
  /** Per trial, the position of its cell; −1: none. */
  ofTrial: Int32Array;
  values: ParameterValue[];
  edges: number[] | null;
}

export function cellsOf(axis: ParameterAxis, column: ParameterColumn, bins: number): ParameterCells {
  const { min, max } = axis;
  if (axis.kind === "category" || column.values.length <= bins || min === null || max === null) {
    const order = column.values.map((_, i) => i).sort((a, b) => compareValues(column.values[a] ?? 0, column.values[b] ?? 0));
    const listed = order.slice(0, mostCells);
    const place = new Int32Array(column.values.length).fill(-1);
    listed.forEach((code, i) => (place[code] = i));
    const values = listed.map((code) => column.values[code] ?? 0);
    return { ofTrial: Int32Array.from(column.codes, (code) => place[code] ?? -1), values, edges: null };
  }
  const up = (x: number): number => (axis.scale === "log" ? Math.log(x) : x);
  const down = (x: number): number => (axis.scale === "log" ? Math.exp(x) : x);
  const width = (up(max) - up(min)) / bins;
  const place = Int32Array.from(column.values, (value) => {
    const bin = Math.floor((up(typeof value === "number" ? value : Number.NaN) - up(min)) / width);
    return Math.max(0, Math.min(bins - 1, bin));
  });
  return {
    ofTrial: Int32Array.from(column.codes, (code) => place[code] ?? -1),
    values: Array.from({ length: bins }, (_, i) => down(up(min) + (i + 0.5) * width)),
    edges: Array.from({ length: bins + 1 }, (_, i) => (i === 0 ? min : i === bins ? max : down(up(min) + i * width))),
  };
}

/** A category with more values than this is cut off in a grid. */
const mostCells = 200;
