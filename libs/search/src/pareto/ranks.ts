/** Whether a point is at least as low as another in every objective, and lower in one. */
function dominates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let lower = false;
  for (let m = 0; m < a.length; m++) {
    if ((a[m] as number) > (b[m] as number)) return false;
    if ((a[m] as number) < (b[m] as number)) lower = true;
  }
  return lower;
}

/**
 * The rank of each point by non-domination (K. Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002): 0 for those that none
 * dominates, 1 for those that only these dominate, and so on. Lower is better in every objective. O(n²).
 */
export function nonDominationRanks(points: readonly ArrayLike<number>[]): Int32Array {
  const n = points.length;
  const dominated: number[][] = points.map(() => []);
  const above = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [points[i] as ArrayLike<number>, points[j] as ArrayLike<number>];
      if (dominates(a, b)) {
        dominated[i]?.push(j);
        above[j] = (above[j] ?? 0) + 1;
      } else if (dominates(b, a)) {
        dominated[j]?.push(i);
        above[i] = (above[i] ?? 0) + 1;
      }
    }
  }
  const ranks = new Int32Array(n).fill(-1);
  let front = Array.from(above.keys()).filter((i) => above[i] === 0);
  for (let rank = 0; front.length > 0; rank++) {
    const next: number[] = [];
    for (const i of front) {
      ranks[i] = rank;
      for (const j of dominated[i] ?? []) {
        above[j] = (above[j] ?? 0) - 1;
        if (above[j] === 0) next.push(j);
      }
    }
    front = next;
  }
  return ranks;
}

/** How far each point of a front is from its neighbours, summed over the objectives as shares of their ranges; +∞ at the ends. */
export function crowdingDistances(front: readonly ArrayLike<number>[]): Float64Array {
  const distances = new Float64Array(front.length);
  const objectives = front[0]?.length ?? 0;
  const at = (i: number | undefined, m: number): number => front[i ?? 0]?.[m] ?? 0;
  for (let m = 0; m < objectives; m++) {
    const order = [...front.keys()].sort((a, b) => at(a, m) - at(b, m) || a - b);
    const range = at(order.at(-1), m) - at(order[0], m);
    for (const [k, i] of order.entries()) {
      const outermost = k === 0 || k === order.length - 1;
      // Where all are equal none is at an end.
      if (range > 0)
        distances[i] =
          (distances[i] ?? 0) + (outermost ? Number.POSITIVE_INFINITY : (at(order[k + 1], m) - at(order[k - 1], m)) / range);
    }
  }
  return distances;
}
