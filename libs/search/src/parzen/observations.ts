import type { Configuration } from "@basin/contracts";
import type { Axis } from "./axis";

/** What trials chose along some axes, those trials that chose on all of them: the observations, in the order of the trials. */
export class Observations {
  /** Trial of each observation. */
  readonly trials: number[] = [];
  readonly numeric: readonly Axis[];
  readonly categorical: readonly Axis[];
  /** Of each numeric axis where the observations lie; at least `count` long. */
  readonly points: Float64Array[];
  /** Of each categorical axis which value the observations have. */
  readonly places: Int32Array[];
  /** Of each numeric axis the observations from left to right, equal ones in the order of their trials. */
  readonly orders: Int32Array[];

  constructor(readonly axes: readonly Axis[]) {
    this.numeric = axes.filter(({ categories }) => categories === 0);
    this.categorical = axes.filter(({ categories }) => categories > 0);
    this.points = this.numeric.map(() => new Float64Array(0));
    this.orders = this.numeric.map(() => new Int32Array(0));
    this.places = this.categorical.map(() => new Int32Array(0));
  }

  get count(): number {
    return this.trials.length;
  }

  /** Nothing happens where the trial did not choose on all axes. Trials come in the order of their numbers. */
  add(trial: number, parameters: Configuration): void {
    if (!this.axes.every(({ name }) => name in parameters)) return;
    const i = this.count;
    for (const [j, axis] of this.numeric.entries()) {
      const points = roomFor(i, this.points, j, Float64Array);
      const order = roomFor(i, this.orders, j, Int32Array);
      const x = axis.coordinate(parameters[axis.name]);
      points[i] = x;
      const at = firstRightOf(x, points, order, i);
      order.copyWithin(at + 1, at, i);
      order[at] = i;
    }
    for (const [j, axis] of this.categorical.entries()) {
      roomFor(i, this.places, j, Int32Array)[i] = axis.coordinate(parameters[axis.name]);
    }
    this.trials.push(trial);
  }
}

/** Where in the order of `count` observations the first one stands that lies to the right of x. */
export function firstRightOf(x: number, points: Float64Array, order: Int32Array, count: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[order[middle] ?? 0] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The j-th of some arrays, made longer where it has no element i. */
export function roomFor<A extends Float64Array | Int32Array | Uint8Array>(
  i: number,
  arrays: A[],
  j: number,
  Kind: new (length: number) => A,
): A {
  const known = arrays[j];
  if (known && i < known.length) return known;
  const longer = new Kind(Math.max(64, 2 * i));
  if (known) longer.set(known);
  arrays[j] = longer;
  return longer;
}
