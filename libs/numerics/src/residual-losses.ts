import { requirePositive } from "./require-positive";

/** What one residual costs, and the derivative of that. */
export interface ResidualLoss {
  value: (residual: number) => number;
  slope: (residual: number) => number;
}

/** r², slope 2r: its sum is least at the mean. */
export const squaredLoss: ResidualLoss = { value: (r) => r * r, slope: (r) => 2 * r };

/** |r|, slope sign r (0 at 0): its sum is least at the median. */
export const absoluteLoss: ResidualLoss = { value: (r) => Math.abs(r), slope: (r) => Math.sign(r) };

/** ½r² up to |r| = delta, then delta·(|r| − ½delta) (P. J. Huber, Ann. Math. Statist. 35 (1964)). Slope r, cut off at ±delta. */
export function huberLoss(delta: number): ResidualLoss {
  requirePositive("delta", delta);
  return {
    value: (r) => (Math.abs(r) <= delta ? 0.5 * r * r : delta * (Math.abs(r) - 0.5 * delta)),
    slope: (r) => Math.min(delta, Math.max(-delta, r)),
  };
}

/**
 * The w that minimizes ½(w − weight)² + threshold·|w|: the weight moved towards 0 by the threshold, exactly 0 within it. The proximal step of an L1
 * penalty λ after a gradient step of rate η has threshold ηλ (I. Daubechies, M. Defrise, C. De Mol, 2004).
 */
export function softThreshold(weight: number, threshold: number): number {
  const size = Math.abs(weight) - threshold;
  return size > 0 ? (weight < 0 ? -size : size) : Number.isNaN(weight) ? weight : 0;
}
