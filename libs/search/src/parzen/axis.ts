import type { Configuration, Dimension, ParameterValue } from "@basin/contracts";
import { logarithm } from "@basin/numerics";
import { gridSize, gridValue, valueAt } from "../dimension";

/** Numbers with more values than this are taken as if they had no gaps: a cell is then far narrower than any kernel. */
const mostCells = 10_000;

/** A parameter that varies, on [0, 1]: each value of a number with steps in the middle of its cell, a choice by its place in the list. */
export interface Axis {
  name: string;
  /** Number of values of a choice; 0: a number. */
  categories: number;
  /** Half the width of a cell; 0: no gaps, or so many values that they are none. */
  halfCell: number;
  /** Where a value lies; the place of a choice. */
  coordinate: (value: ParameterValue | undefined) => number;
  /** A point moved to the middle of its cell. */
  snapped: (x: number) => number;
  value: (x: number) => ParameterValue;
}

/** The axis of a dimension with more than one value. */
export function axisOf(name: string, dimension: Dimension): Axis {
  const size = gridSize(dimension) ?? 0;
  switch (dimension.type) {
    case "fixed":
    case "choice": {
      const values = dimension.type === "choice" ? dimension.values : [dimension.value];
      const places = new Map(values.map((value, place) => [JSON.stringify(value), place]));
      const coordinate: Axis["coordinate"] = (value) => places.get(JSON.stringify(value)) ?? 0;
      const value: Axis["value"] = (place) => gridValue(dimension, place);
      return { name, categories: values.length, halfCell: 0, coordinate, snapped: (x) => x, value };
    }
    case "int":
    case "step": {
      const { min, step } = dimension;
      const cell = (x: number): number => Math.min(size - 1, Math.floor(x * size));
      const coordinate: Axis["coordinate"] = (value) => (Math.round((Number(value) - min) / step) + 0.5) / size;
      const snapped: Axis["snapped"] = (x) => (cell(x) + 0.5) / size;
      const value: Axis["value"] = (x) => gridValue(dimension, cell(x));
      return { name, categories: 0, halfCell: size > mostCells ? 0 : 0.5 / size, coordinate, snapped, value };
    }
    case "float":
    case "log-float": {
      const along = dimension.type === "float" ? (value: number) => value : logarithm;
      const [low, high] = [along(dimension.min), along(dimension.max)];
      const coordinate: Axis["coordinate"] = (value) => clamped((along(Number(value)) - low) / (high - low));
      const value: Axis["value"] = (x) => valueAt(dimension, x);
      return { name, categories: 0, halfCell: 0, coordinate, snapped: (x) => x, value };
    }
  }
}

/** A text that two configurations share when they are the same. */
export function keyOf(parameters: Configuration): string {
  return JSON.stringify(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

const clamped = (x: number): number => Math.min(1, Math.max(0, x));
