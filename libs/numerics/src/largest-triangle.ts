/**
 * Indices of at most `budget` points that keep the look of a curve: largest-triangle-three-buckets (S. Steinarsson, MSc thesis,
 * University of Iceland (2013)). Ascending; first and last point always included; all points when they fit. `xs` ascending.
 * Beyond the thesis: in a bucket that holds a value that is not finite, the first such point is chosen, so that the gap a
 * divergence leaves stays visible; such points serve no triangle. Throws RangeError for a budget below 2 or unequal lengths.
 */
export function largestTriangleThreeBuckets(xs: ArrayLike<number>, ys: ArrayLike<number>, budget: number): Int32Array {
  const n = xs.length;
  if (ys.length !== n) throw new RangeError(`a curve needs as many values as positions, not ${ys.length} for ${n}`);
  if (!Number.isSafeInteger(budget) || budget < 2) {
    throw new RangeError(`the point budget must be an integer of at least 2, not ${budget}`);
  }
  if (n <= budget) return Int32Array.from({ length: n }, (_, i) => i);
  const chosen = new Int32Array(budget);
  chosen[budget - 1] = n - 1;
  const width = (n - 2) / (budget - 2);
  const startOf = (bucket: number): number => (bucket >= budget - 2 ? n - 1 : 1 + Math.floor(bucket * width));
  let anchor = 0;
  for (let bucket = 0; bucket < budget - 2; bucket++) {
    const end = startOf(bucket + 1);
    const centre = centroid(xs, ys, end, bucket + 1 >= budget - 2 ? n : startOf(bucket + 2));
    const index = pick(xs, ys, startOf(bucket), end, anchor, centre);
    chosen[bucket + 1] = index;
    if (Number.isFinite(ys[index])) anchor = index;
  }
  return chosen;
}

/** Mean position and value of the finite points in [from, to); null when there is none. */
function centroid(xs: ArrayLike<number>, ys: ArrayLike<number>, from: number, to: number): [number, number] | null {
  let count = 0;
  let x = 0;
  let y = 0;
  for (let i = from; i < to; i++) {
    const value = ys[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    count += 1;
    x += xs[i] ?? 0;
    y += value;
  }
  return count === 0 ? null : [x / count, y / count];
}

function pick(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  from: number,
  to: number,
  anchor: number,
  centre: [number, number] | null,
): number {
  const anchorX = xs[anchor] ?? 0;
  const firstY = ys[anchor] ?? Number.NaN;
  const [centreX, centreY] = centre ?? [anchorX, Number.isFinite(firstY) ? firstY : 0];
  const anchorY = Number.isFinite(firstY) ? firstY : centreY;
  let best = from;
  let bestArea = -1;
  for (let i = from; i < to; i++) {
    const y = ys[i] ?? Number.NaN;
    if (!Number.isFinite(y)) return i;
    const area = Math.abs((anchorX - centreX) * (y - anchorY) - (anchorX - (xs[i] ?? 0)) * (centreY - anchorY));
    if (area > bestArea) {
      best = i;
      bestArea = area;
    }
  }
  return best;
}
