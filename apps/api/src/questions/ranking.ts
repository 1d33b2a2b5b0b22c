/** Numerical comparison with NaN last. */
export function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}

/** Positions by value, the best first; positions with NaN last; ties in the order given. */
export function bestFirstOrder(values: ArrayLike<number>, better: "lower" | "higher" | null): number[] {
  const sign = better === "higher" ? -1 : 1;
  return Array.from({ length: values.length }, (_, i) => i).sort((a, b) => {
    const x = values[a] ?? Number.NaN;
    const y = values[b] ?? Number.NaN;
    return (Number.isNaN(x) || Number.isNaN(y) ? ascending(x, y) : sign * (x - y)) || a - b;
  });
}

/** Evenly spread positions of at most `budget` of `count`, the first and (from a budget of two on) the last included. */
export function evenlySpread(count: number, budget: number): number[] {
  if (count <= budget) return Array.from({ length: count }, (_, i) => i);
  if (budget <= 0) return [];
  if (budget === 1) return [0];
  return Array.from({ length: budget }, (_, i) => Math.round((i * (count - 1)) / (budget - 1)));
}

/** At most `budget` of the ranks 0…count−1: the first tenth of the budget (at most 100) entirely, the others evenly spread. */
export function stratifiedRanks(count: number, budget: number): number[] {
  if (count <= budget) return evenlySpread(count, budget);
  const head = Math.min(100, Math.ceil(budget / 10));
  const tail = evenlySpread(count - head, budget - head).map((rank) => head + rank);
  return [...evenlySpread(head, head), ...tail];
}

/** At most `most` of the runs: nothing lost of small sets, evenly spread over large ones. */
export function thinned<T>(items: readonly T[], most: number): T[] {
  return evenlySpread(items.length, most).flatMap((i) => {
    const item = items[i];
    return item === undefined ? [] : [item];
  });
}
