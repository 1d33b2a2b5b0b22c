import { applicable, type Configuration, type Dimension, type Issue, type Space } from "@basin/contracts";
import { excessOf, namesIn, readComparison, type Comparison } from "@basin/equations";
import { randomStream } from "@basin/numerics";
import { dimensionsOf, gridSize, valueAt } from "./dimension";
import { configurationsOf, gridCells, type GridCells } from "./grid-cells";

/** What a search may try, as far as more than its dimensions say so. */
export interface Constrained {
  space: Space;
  /** Comparisons of parameters, e.g. `width * layers <= 512`; all hold. Absent: none. */
  constraints?: readonly string[];
}

/** Of a space with no more configurations every one is looked at. */
const mostSieved = 1_000_000;
/** Of other spaces so many are drawn to see whether any meets the constraints. */
const drawn = 100_000;

/** Whether all values of a dimension are numbers. */
function isNumeric(dimension: Dimension): boolean {
  if (dimension.type === "fixed") return typeof dimension.value === "number";
  return dimension.type !== "choice" || dimension.values.every((value) => typeof value === "number");
}

const numericNames = (space: Space): string[] =>
  dimensionsOf(space).flatMap(([name, dimension]) => (isNumeric(dimension) ? [name] : []));

interface Sieve {
  comparisons: readonly { comparison: Comparison; names: readonly string[] }[];
  cells: GridCells | null;
}

const sieves = new WeakMap<readonly string[], { space: Space; sieve: Sieve }>();

function sieveOf({ space, constraints = [] }: Constrained): Sieve {
  const known = sieves.get(constraints);
  if (known?.space === space) return known.sieve;
  const names = numericNames(space);
  const comparisons = constraints.map((text) => {
    const { comparison, fault } = readComparison(text, names);
    if (!comparison) throw new Error(`the constraint ${text} cannot be read: ${fault.message}`);
    return { comparison, names: namesIn(comparison) };
  });
  const sieve: Sieve = { comparisons, cells: null };
  sieves.set(constraints, { space, sieve });
  return sieve;
}

const holds = (comparison: Comparison, names: readonly string[], parameters: Configuration): boolean =>
  names.some((name) => !(name in parameters)) || excessOf(comparison, ({ name }) => Number(parameters[name])) === 0;

/** Whether a configuration meets all constraints; one that names a parameter which does not apply says nothing of it. */
export function allows(input: Constrained, parameters: Configuration): boolean {
  if (!input.constraints?.length) return true;
  return sieveOf(input).comparisons.every(({ comparison, names }) => holds(comparison, names, parameters));
}

/** The cells of a grid that meet the constraints, numbered from 0 in the order of the whole grid. */
export function allowedCells(input: Constrained): GridCells {
  if (!input.constraints?.length) return gridCells(input.space);
  const sieve = sieveOf(input);
  return (sieve.cells ??= sieved(input));
}

function sieved(input: Constrained): GridCells {
  const { count, cell } = gridCells(input.space);
  if (count > mostSieved) throw new Error(`a grid of ${count} cells cannot be looked through`);
  const kept: number[] = [];
  for (let i = 0; i < count; i++) if (allows(input, cell(i))) kept.push(i);
  return { count: kept.length, cell: (i) => cell(kept[i] ?? 0) };
}

/** How many configurations there are to draw from; null: endless, or too many to be looked through. */
export function allowedCount(input: Constrained): number | null {
  const count = configurationsOf(input.space);
  if (count === null || !input.constraints?.length) return count;
  return count > mostSieved ? null : allowedCells(input).count;
}

const metricComparisons = new WeakMap<readonly string[], Comparison[]>();

/** By how much final metrics break constraints on them, all together and finite; 0: they hold. A metric that is not there breaks those that name it. */
export function metricViolation(constraints: readonly string[], metrics: Readonly<Record<string, number | null>>): number {
  let read = metricComparisons.get(constraints);
  if (!read) {
    const names = namedIn(constraints);
    read = constraints.flatMap((text) => readComparison(text, names).comparison ?? []);
    metricComparisons.set(constraints, read);
  }
  const excess = read.reduce((sum, one) => sum + excessOf(one, ({ name }) => metrics[name] ?? Number.NaN), 0);
  return Math.min(Number.MAX_VALUE, excess);
}

/** Every word of some texts that could be a name. */
const namedIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => text.match(/[A-Za-z][A-Za-z0-9]*/g) ?? [])),
];

/** What of the constraints on metrics cannot be read; `names` are the metrics that runs end with. */
export function checkMetricConstraints(constraints: readonly string[], names: readonly string[]): Issue[] {
  return constraints.flatMap((text, i): Issue[] => {
    const { fault } = readComparison(text, names);
    if (!fault) return [];
    return [
      {
        path: `metricConstraints[${i}]`,
        message: `${fault.message} (character ${fault.at + 1})`,
        hint: fault.hint ?? `the metrics are ${names.join(", ")}`,
      },
    ];
  });
}

/** What of the constraints cannot be read, or that nothing meets them. */
export function checkConstraints(input: Constrained): Issue[] {
  const { space, constraints = [] } = input;
  if (constraints.length === 0) return [];
  const names = numericNames(space);
  const issues = constraints.flatMap((text, i): Issue[] => {
    const { fault } = readComparison(text, names);
    if (!fault) return [];
    const path = `constraints[${i}]`;
    const word = /^[A-Za-z][A-Za-z0-9]*/.exec(text.slice(fault.at))?.[0] ?? "";
    if (word in space && !names.includes(word))
      return [{ path, message: `${word} has values that are no numbers`, hint: `give such a parameter a "when" instead` }];
    return [
      {
        path,
        message: `${fault.message} (character ${fault.at + 1})`,
        hint: fault.hint ?? `the numbers of the space are ${names.join(", ")}`,
      },
    ];
  });
  if (issues.length > 0 || isMet(input)) return issues;
  const alone = constraints.findIndex((text) => !isMet({ space, constraints: [text] }));
  const looked = configurationsOf(space);
  const message =
    looked !== null && looked <= mostSieved
      ? `none of the ${looked} configurations of the space meets ${alone < 0 ? "all of them" : "it"}`
      : `none of ${drawn} configurations that were drawn meets ${alone < 0 ? "all of them" : "it"}`;
  const hint = "loosen it, or widen the space";
  return [{ path: alone < 0 ? "constraints" : `constraints[${alone}]`, message, hint }];
}

/** Whether any configuration meets the constraints: exactly where all can be looked at, else among those drawn. */
function isMet(input: Constrained): boolean {
  const { space } = input;
  const count = configurationsOf(space);
  if (count !== null && count <= mostSieved) return allowedCells(input).count > 0;
  const dimensions = dimensionsOf(space);
  const shares = new Float64Array(dimensions.length);
  for (let i = 0; i < drawn; i++) {
    randomStream(0, "search/constraints", i).fillUniform(shares);
    const values = dimensions.map(([name, dimension], j) => [name, valueAt(dimension, shares[j] ?? 0)] as const);
    if (allows(input, applicable(space, Object.fromEntries(values)))) return true;
  }
  return false;
}

/** What keeps a grid from being sieved, or that nothing is left of it. */
export function checkSieve(input: Constrained): Issue[] {
  const { space, constraints = [] } = input;
  if (constraints.length === 0 || Object.values(space).some((dimension) => gridSize(dimension) === null)) return [];
  const { count } = gridCells(space);
  if (count <= mostSieved) {
    if (allowedCells(input).count > 0) return [];
    const message = `none of the ${count} cells of the grid meets them`;
    return [{ path: "constraints", message, hint: "loosen them, or add points" }];
  }
  const message = `the grid has ${count} cells; with constraints at most ${mostSieved} are looked through`;
  return [{ path: "constraints", message, hint: 'use fewer points, or the algorithm "random"' }];
}
