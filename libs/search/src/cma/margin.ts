import { normalCdf, normalQuantile } from "@basin/numerics";
import type { Distribution } from "./strategy";

/**
 * Keeps every axis of few values from freezing: its neighbours of the mean's cell keep a probability of at least α/2 each (α where there is one
 * neighbour only), by moving the mean and widening the axis (R. Hamano et al., "CMA-ES with margin", GECCO 2022). `cells[j]` is the number of values of axis j, equally wide
 * cells of [0, 1]; 0: no cells.
 */
export function withMargin(of: Distribution, cells: readonly number[], alpha: number): Distribution {
  const d = cells.length;
  const [mean, scale] = [of.mean.slice(), of.scale.slice()];
  for (const [j, count] of cells.entries()) {
    if (count < 2) continue;
    const m = Math.min(1, Math.max(0, mean[j] ?? 0));
    const unscaled = of.sigma * Math.sqrt(Math.max(1e-300, of.covariance[j * d + j] ?? 0));
    const width = unscaled * (scale[j] ?? 1);
    const cell = Math.min(count - 1, Math.floor(m * count));
    const [low, high] = [cell / count, (cell + 1) / count];
    if (cell === 0) mean[j] = high - Math.min(high - m, -normalQuantile(alpha) * width);
    else if (cell === count - 1) mean[j] = low + Math.min(m - low, -normalQuantile(alpha) * width);
    else {
      const [below, above] = [normalCdf((low - m) / width), normalCdf((m - high) / width)];
      if (below >= alpha / 2 && above >= alpha / 2) {
        mean[j] = m;
        continue;
      }
      const [raisedBelow, raisedAbove, inside] = [Math.max(alpha / 2, below), Math.max(alpha / 2, above), 1 - below - above];
      const total = raisedBelow + raisedAbove + inside;
      const share = (1 - total) / (total - (3 * alpha) / 2);
      const toLow = -normalQuantile(raisedBelow + share * (raisedBelow - alpha / 2));
      const toHigh = -normalQuantile(raisedAbove + share * (raisedAbove - alpha / 2));
      mean[j] = (low * toHigh + high * toLow) / (toLow + toHigh);
      scale[j] = (high - low) / (toLow + toHigh) / unscaled;
    }
  }
  return { ...of, mean, scale };
}
