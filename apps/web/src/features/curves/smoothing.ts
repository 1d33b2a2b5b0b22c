import type { Curve } from "@basin/ui";

type Values = readonly (number | null)[];

/**
 * Exponential moving average with factor `a` in [0, 1): s_i = a·s_{i−1} + (1 − a)·x_i, divided by 1 − aⁱ, so that the start is
 * not drawn to zero (the bias correction of Kingma and Ba 2015, section 3). On a logarithmic axis the logarithms are
 * averaged; values without a logarithm are left out. Gaps stay gaps and do not count.
 */
export function smoothed(values: Values, factor: number, scale: "linear" | "log"): (number | null)[] {
  if (factor <= 0) return [...values];
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === null || (scale === "log" && value <= 0)) return null;
    const x = scale === "log" ? Math.log(value) : value;
    sum = factor * sum + (1 - factor) * x;
    weight = factor * weight + (1 - factor);
    return scale === "log" ? Math.exp(sum / weight) : sum / weight;
  });
}

/** A curve with its line and the edges of its band smoothed alike; the notes speak of what was measured. */
export function smoothedCurve(curve: Curve, factor: number, scale: "linear" | "log"): Curve {
  if (factor <= 0) return curve;
  return {
    ...curve,
    values: smoothed(curve.values, factor, scale),
    ...(curve.band
      ? { band: { low: smoothed(curve.band.low, factor, scale), high: smoothed(curve.band.high, factor, scale) } }
      : {}),
  };
}
