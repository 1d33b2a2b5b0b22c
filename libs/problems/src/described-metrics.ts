import type { MetricDescriptor } from "@basin/contracts";

/** The metrics with their descriptions, by name: what each is the formula of, and what it is taken over. Throws RangeError for a name that is not there. */
export function described(metrics: readonly MetricDescriptor[], texts: Readonly<Record<string, string>>): MetricDescriptor[] {
  const unknown = Object.keys(texts).filter((name) => !metrics.some((metric) => metric.name === name));
  if (unknown.length > 0) throw new RangeError(`There is no metric ${unknown.join(", ")} to describe.`);
  return metrics.map((metric) => {
    const description = texts[metric.name];
    return description === undefined ? metric : { ...metric, description };
  });
}
