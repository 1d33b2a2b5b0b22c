import { applicable, type Configuration, type Space } from "@basin/contracts";
import { dimensionsOf, gridSize, valueAt } from "../dimension";
import { axisOf, type Axis } from "../parzen/axis";
import { PointSpace } from "./kernel";

/** A number with at most so many values is tried value by value. */
const mostTried = 16;

/**
 * Configurations as points: a coordinate for each parameter that varies. What a condition leaves out lies in the middle of its axis, or at no
 * place of its list, so that it adds no distance between two that leave it out.
 */
export class Domain {
  readonly axes: readonly Axis[];
  readonly points: PointSpace;
  readonly #fixed: Configuration;

  constructor(private readonly space: Space) {
    const dimensions = dimensionsOf(space);
    this.axes = dimensions.flatMap(([name, dimension]) => (gridSize(dimension) === 1 ? [] : [axisOf(name, dimension)]));
    this.points = new PointSpace(this.axes.map(({ categories }) => categories > 0));
    this.#fixed = Object.fromEntries(
      dimensions.flatMap(([name, dimension]) => (gridSize(dimension) === 1 ? [[name, valueAt(dimension, 0)]] : [])),
    );
  }

  pointOf(parameters: Configuration): Float64Array {
    return Float64Array.from(this.axes, ({ name, categories, coordinate }) =>
      name in parameters ? coordinate(parameters[name]) : categories > 0 ? -1 : 0.5,
    );
  }

  /** The configuration at a point, of which coordinates that do not apply are not read. */
  parametersAt(x: Float64Array): Configuration {
    const values = this.axes.map(
      ({ name, categories, value }, j) => [name, value(categories > 0 ? Math.max(0, x[j] ?? 0) : (x[j] ?? 0))] as const,
    );
    const all: Configuration = { ...this.#fixed, ...Object.fromEntries(values) };
    return applicable(this.space, Object.fromEntries(dimensionsOf(this.space).map(([name]) => [name, all[name] ?? 0])));
  }

  /** A point of shares in [0, 1). */
  pointAt(shares: Float64Array): Float64Array {
    return Float64Array.from(this.axes, ({ categories }, j) => {
      const share = shares[j] ?? 0;
      return categories > 0 ? Math.min(categories - 1, Math.floor(share * categories)) : share;
    });
  }

  /** Coordinates that a value of axis j may have one by one; none where it has too many. */
  listed(j: number): number[] {
    const axis = this.axes[j];
    if (!axis) return [];
    if (axis.categories > 0) return Array.from({ length: axis.categories }, (_, place) => place);
    const cells = axis.halfCell === 0 ? 0 : Math.round(0.5 / axis.halfCell);
    return cells > mostTried ? [] : Array.from({ length: cells }, (_, cell) => (cell + 0.5) / cells);
  }
}
