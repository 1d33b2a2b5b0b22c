import { applicable, type Configuration, type Dimension, type Issue, type ParameterValue, type Space } from "@basin/contracts";
import { configurationOf, ConfigurationError } from "../describe-experiment";
import type { ExperimentDefinition } from "../experiment";
import { parameterShapes } from "../parameter-shape";
import type { DatasetShapes } from "./data-sizes";
import { estimatePackMemory, packBytes } from "./pack-memory";

/** Where runs may train. */
export interface SlotRoom {
  bytes: number;
  /** Whose slot that is, e.g. `the largest slot, of trainer "w1",`. */
  whose: string;
}

/** At most so many configurations are looked at; beyond, one parameter after the other is driven up. */
const mostCombinations = 500;
/** Values of one parameter that are looked at. */
const mostValues = 100;
const mostAdvice = 3;

/**
 * What is wrong with a space whose largest configuration fits no slot, even alone: the parameters that matter, and what would fit. Empty: it
 * fits, or nothing can be estimated. The spec passed `checkSpec` before.
 */
export function checkMemory(definition: ExperimentDefinition, space: Space, datasets: DatasetShapes, room: SlotRoom): Issue[] {
  const largest = largestConfiguration(definition, space, datasets);
  if (!largest || largest.bytes <= room.bytes) return [];
  const { configuration, bytes } = largest;
  const advice = whatFits(definition, configuration, datasets, room.bytes);
  const matters = parametersThatMatter(definition, configuration, datasets, bytes);
  const named = matters.find((name) => name in space);
  const list = matters.map((name) => `${name} ${JSON.stringify(configuration[name])}`).join(", ");
  return [
    {
      path: named === undefined ? "space" : `space.${named}`,
      message: `a run needs about ${gigabytes(bytes)}, and ${room.whose} has ${gigabytes(room.bytes)} (${list})`,
      hint:
        advice.length > 0
          ? `it would fit with ${advice.join(", or with ")}`
          : `make several of them smaller: ${matters.join(", ")}`,
    },
  ];
}

/** What a run's failure says when it does not fit; null where nothing can be estimated. */
export function memorySentence(
  definition: ExperimentDefinition,
  configuration: Configuration,
  datasets: DatasetShapes,
  slotBytes: number,
): string | null {
  const bytes = bytesOf(definition, configuration, datasets);
  if (bytes === null || bytes <= slotBytes) return null;
  const advice = whatFits(definition, configuration, datasets, slotBytes);
  const fits = advice.length > 0 ? `; it would fit with ${advice.join(", or with ")}` : "";
  return `it needs about ${gigabytes(bytes)}, a slot has ${gigabytes(slotBytes)}${fits}`;
}

/** "3.2 GB" (powers of 1000). */
export function gigabytes(bytes: number): string {
  const value = bytes / 1e9;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} GB`;
}

/** Of one run alone; null where nothing can be estimated, or the configuration is not one of the experiment's. */
function bytesOf(definition: ExperimentDefinition, given: Configuration, datasets: DatasetShapes): number | null {
  try {
    const configuration = configurationOf(definition, given);
    if ((definition.check?.(configuration) ?? []).length > 0) return null;
    const memory = estimatePackMemory(definition, configuration, datasets);
    return memory && packBytes(memory, 1);
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof RangeError) return null;
    throw error;
  }
}

interface Axis {
  name: string;
  values: readonly ParameterValue[];
}

function largestConfiguration(
  definition: ExperimentDefinition,
  space: Space,
  datasets: DatasetShapes,
): { configuration: Configuration; bytes: number } | null {
  const perRun = new Set(definition.perRunParameters);
  const axes = Object.entries(space).map(([name, dimension]): Axis => ({ name, values: extremes(dimension, perRun.has(name)) }));
  let largest: { configuration: Configuration; bytes: number; chosen: readonly number[] } | null = null;
  const look = (chosen: readonly number[]): void => {
    const given = Object.fromEntries(axes.map(({ name, values }, a) => [name, values[chosen[a] ?? 0] ?? 0]));
    const applied = applicable(space, given);
    const bytes = bytesOf(definition, applied, datasets);
    if (bytes === null || bytes <= (largest?.bytes ?? 0)) return;
    largest = { configuration: configurationOf(definition, applied), bytes, chosen };
  };
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count <= mostCombinations) {
    for (let cell = 0; cell < count; cell++) {
      let rest = cell;
      look(
        axes.map(({ values }) => {
          const index = rest % values.length;
          rest = Math.floor(rest / values.length);
          return index;
        }),
      );
    }
    return largest;
  }
  // More of anything never takes less, so the greatest value of each parameter is found whatever the others are.
  let from: readonly number[] = axes.map(() => 0);
  look(from);
  for (let round = 0; round < 2; round++) {
    for (const [a, { values }] of axes.entries()) {
      values.forEach((_, index) => look(from.map((one, other) => (other === a ? index : one))));
      from = chosenOf(largest) ?? from;
    }
  }
  return largest;
}

function chosenOf(largest: { chosen: readonly number[] } | null): readonly number[] | null {
  return largest && largest.chosen;
}

/** Values that stand for all others. Of numbers the ends, and 0, which often means all; of lists the longest and widest. */
function extremes(dimension: Dimension, isPerRun: boolean): readonly ParameterValue[] {
  if (dimension.type !== "fixed" && dimension.type !== "choice")
    return isPerRun ? [dimension.max] : [dimension.min, dimension.max];
  const values = dimension.type === "fixed" ? [dimension.value] : dimension.values;
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) {
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    return isPerRun ? [most] : [...new Set([most, least, ...(numbers.includes(0) ? [0] : [])])];
  }
  if (values.length <= mostValues) return values;
  const size = (value: ParameterValue): number =>
    Array.isArray(value) ? value.reduce<number>((sum, one) => sum + (typeof one === "number" ? one : 1), 0) : 0;
  return values.toSorted((x, y) => size(y) - size(x)).slice(0, mostValues);
}

/** Whole numbers and lists of them that make packs of their own: what can be made smaller. */
function shrinkable(definition: ExperimentDefinition, configuration: Configuration): { name: string; least: number }[] {
  const shapes = parameterShapes(definition);
  return Object.keys(configuration).flatMap((name) => {
    const shape = shapes.get(name);
    if (definition.perRunParameters.includes(name) || /seed$/i.test(name)) return [];
    if (shape?.type === "integer") return [{ name, least: Math.max(1, shape.minimum ?? 1) }];
    return shape?.type === "array" && shape.items?.type === "integer" ? [{ name, least: 1 }] : [];
  });
}

/** Those whose least value would save a tenth. */
function parametersThatMatter(
  definition: ExperimentDefinition,
  configuration: Configuration,
  datasets: DatasetShapes,
  bytes: number,
): string[] {
  return shrinkable(definition, configuration).flatMap(({ name, least }) => {
    const value = configuration[name];
    const smaller = Array.isArray(value) ? value.map(() => 1) : least;
    const left = bytesOf(definition, { ...configuration, [name]: smaller }, datasets);
    return left !== null && left < 0.9 * bytes ? [name] : [];
  });
}

/** For each parameter that can do it alone, the greatest value that fits: "batchSize 65536", "hiddenLayers [256,256]". */
function whatFits(
  definition: ExperimentDefinition,
  configuration: Configuration,
  datasets: DatasetShapes,
  room: number,
): string[] {
  const fits = (name: string, value: ParameterValue): boolean => {
    const bytes = bytesOf(definition, { ...configuration, [name]: value }, datasets);
    return bytes !== null && bytes <= room;
  };
  const advice = shrinkable(definition, configuration).flatMap(({ name, least }): string[] => {
    const value = configuration[name];
    if (Array.isArray(value)) {
      const widths = value.map(Number);
      for (let part = 2; part <= Math.max(...widths); part *= 2) {
        const narrower = widths.map((width) => Math.max(1, Math.floor(width / part)));
        if (fits(name, narrower)) return [`${name} ${JSON.stringify(narrower)}`];
      }
      return [];
    }
    if (typeof value !== "number") return [];
    // 0 stands for all samples at once.
    const greatest = value === 0 ? 2 ** 20 : value;
    let [low, high] = [least, greatest];
    if (low >= high || !fits(name, low)) return [];
    while (high - low > Math.max(1, low / 64)) {
      const middle = Math.floor((low + high) / 2);
      if (fits(name, middle)) low = middle;
      else high = middle;
    }
    return [`${name} ${roundedDown(low)}`];
  });
  return advice.toSorted((a, b) => Number(b.startsWith("batchSize")) - Number(a.startsWith("batchSize"))).slice(0, mostAdvice);
}

/** Two digits are enough: it is an estimate. */
function roundedDown(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / unit) * unit;
}
