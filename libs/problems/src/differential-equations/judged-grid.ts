import type { PlotAxis, PlotDataInput } from "@basin/contracts";
import { gridPoints, type Box } from "@basin/numerics";

/** A grid of two coordinates on which a field is judged and drawn: every point of it, x running fastest. */
export interface JudgedGrid {
  x: readonly number[];
  y: readonly number[];
  /** Row-major [points, 2], single precision. */
  points: Float32Array;
}

export function judgedGrid(
  [horizontal, vertical]: readonly [Box[number], Box[number]],
  columns: number,
  rows: number,
): JudgedGrid {
  const x = Array.from(gridPoints([horizontal], [columns]));
  const y = Array.from(gridPoints([vertical], [rows]));
  return { x, y, points: Float32Array.from(y.flatMap((below) => x.flatMap((left) => [left, below]))) };
}

/** The values of a function at its points. */
export function onGrid({ points }: JudgedGrid, value: (x: number, y: number) => number): Float64Array {
  return Float64Array.from({ length: points.length / 2 }, (_, i) => value(points[2 * i] ?? NaN, points[2 * i + 1] ?? NaN));
}

/** √(Σ(got − want)²/Σwant²); NaN where a value is. */
export function relativeL2(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let [error, size] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    const one = want[i] ?? NaN;
    error += ((got[i] ?? NaN) - one) ** 2;
    size += one * one;
  }
  return Math.sqrt(error / size);
}

/** Greatest |got − want|; NaN where a value is. */
export function greatestError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs((got[i] ?? NaN) - (want[i] ?? NaN));
    if (!(error <= most)) most = error;
  }
  return most;
}

interface MapTexts {
  title: string;
  caption: string;
  xAxis: PlotAxis | { label: string; unit?: string };
  yAxis: PlotAxis | { label: string; unit?: string };
  zAxis: PlotAxis | { label: string; unit?: string };
}

/** Truth, network and their difference as coloured maps, thinned to at most 51 lines each way. */
export function fieldMap(grid: JudgedGrid, truth: ArrayLike<number>, got: ArrayLike<number>, texts: MapTexts): PlotDataInput {
  const columns = thinned(grid.x.length);
  const rows = thinned(grid.y.length);
  const table = (value: (i: number) => number): (number | null)[][] =>
    rows.map((row) => columns.map((column) => finite(value(row * grid.x.length + column))));
  return {
    kind: "contour",
    ...texts,
    x: columns.map((column) => grid.x[column] ?? 0),
    y: rows.map((row) => grid.y[row] ?? 0),
    layers: [
      { name: "exact", z: table((i) => truth[i] ?? NaN) },
      { name: "network", z: table((i) => got[i] ?? NaN) },
      { name: "error", z: table((i) => (got[i] ?? NaN) - (truth[i] ?? NaN)) },
    ],
  };
}

function thinned(count: number): number[] {
  const step = Math.max(1, Math.ceil((count - 1) / 50));
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % step === 0);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
