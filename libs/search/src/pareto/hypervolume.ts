type Point = ArrayLike<number>;

const at = (point: Point, m: number): number => point[m] as number;

/**
 * The volume that points dominate up to a reference, lower being better in each of one to three objectives; what does not lie below the reference adds nothing.
 * Exact: in two dimensions by a staircase, in three by slices of it.
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter((point) => Array.from(point).every((value, m) => value < at(reference, m)));
  if (inside.length === 0) return 0;
  if (reference.length === 1) return at(reference, 0) - Math.min(...inside.map((point) => at(point, 0)));
  if (reference.length === 2) return staircase(inside, reference);
  if (reference.length !== 3) throw new RangeError(`the hypervolume of ${reference.length} objectives is not computed here`);
  const order = [...inside].sort((a, b) => at(a, 2) - at(b, 2));
  let volume = 0;
  for (let k = 0; k < order.length; k++) {
    const depth = (k + 1 < order.length ? at(order[k + 1] as Point, 2) : at(reference, 2)) - at(order[k] as Point, 2);
    if (depth > 0) volume += depth * staircase(order.slice(0, k + 1), reference);
  }
  return volume;
}

/** In the first two objectives. */
function staircase(points: readonly Point[], reference: Point): number {
  const order = [...points].sort((a, b) => at(a, 0) - at(b, 0) || at(a, 1) - at(b, 1));
  let area = 0;
  let lowest = at(reference, 1);
  for (const point of order) {
    if (at(point, 1) >= lowest) continue;
    area += (at(reference, 0) - at(point, 0)) * (lowest - at(point, 1));
    lowest = at(point, 1);
  }
  return area;
}

/** Places of `count` of the points that together dominate much volume: one after the other the one that adds most, the first of equals. */
export function greedySubset(points: readonly Point[], reference: Point, count: number): number[] {
  const chosen: number[] = [];
  // What a point adds only shrinks as others are chosen, so that most need not be looked at again.
  const bounds = points.map((point) => hypervolume([point], reference));
  const left = new Set(points.keys());
  let volume = 0;
  while (chosen.length < Math.min(count, points.length)) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (const i of left) {
      if ((bounds[i] as number) <= most) continue;
      const gain = hypervolume([...chosen.map((j) => points[j] as Point), points[i] as Point], reference) - volume;
      bounds[i] = gain;
      if (gain > most) [best, most] = [i, gain];
    }
    chosen.push(best);
    left.delete(best);
    volume += most;
  }
  return chosen;
}

/** The point that a set's volume is measured to: in each objective a tenth of its size beyond the worst. */
export function referenceOf(points: readonly Point[]): Float64Array {
  const reference = new Float64Array(points[0]?.length ?? 0);
  for (let m = 0; m < reference.length; m++) {
    const worst = Math.max(...points.map((point) => at(point, m)));
    reference[m] = Math.max(1.1 * worst, 0.9 * worst) || Number.EPSILON;
  }
  return reference;
}
