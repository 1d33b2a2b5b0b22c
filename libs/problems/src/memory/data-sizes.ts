import type { ImageShape } from "@basin/contracts";
import type { DatasetShape } from "../datasets/dataset-fields";

/** How much data a configuration trains on: enough to estimate its memory without making the data. */
export interface DataSizes {
  /** Samples that training and validation share, at most; points of all grids for a differential equation. */
  samples: number;
  /** One input; a vector has one row and one column. */
  input: ImageShape;
  /** Values of one target; 0 where the input is its own target. */
  outputs: number;
  /** Samples beside them that are kept for validation alone. Default: none. */
  heldOut?: number;
  /** Derivatives that go through the network beside its values in a differential equation, at a point on average. Default: 2. */
  derivatives?: number;
}

/** Datasets by their ids; undefined for one that is not known. */
export type DatasetShapes = (id: string) => DatasetShape | undefined;

/** Labelled vectors. */
export function vectorSizes(samples: number, inputs: number, outputs: number): DataSizes {
  return { samples, input: { rows: 1, columns: 1, channels: inputs }, outputs };
}

/** Points of a differential equation: grid by grid how many there are and which derivatives go through the network there beside its values. */
export function equationSizes(
  coordinates: number,
  components: number,
  grids: readonly { points: number; derivatives: number }[],
): DataSizes {
  const samples = grids.reduce((sum, { points }) => sum + points, 0);
  const all = grids.reduce((sum, { points, derivatives }) => sum + points * derivatives, 0);
  return { ...vectorSizes(samples, coordinates, components), derivatives: all / samples };
}

/** Values of an image. */
export function valuesOf({ rows, columns, channels }: ImageShape): number {
  return rows * columns * channels;
}
