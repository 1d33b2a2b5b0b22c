import type { MetricDescriptor } from "@basin/contracts";

/**
 * A figure that a run reports once, when it ends: linear and dimensionless unless `more` says otherwise; with `series` while it trains, too.
 * `description` is its formula and what it is taken over.
 */
export function finalMetric(
  name: string,
  title: string,
  description: string,
  more: Partial<Omit<MetricDescriptor, "name" | "title" | "description" | "final">> = {},
): MetricDescriptor {
  return { name, title, description, unit: "", series: false, final: true, scale: "linear", ...more };
}
