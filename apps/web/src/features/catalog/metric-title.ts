import type { MetricDescriptor } from "@basin/contracts";

/** A metric's title without what its brackets explain: "Training loss (mean over the batches)" → "Training loss". */
export const shortTitle = (metrics: readonly MetricDescriptor[], name: string): string =>
  metrics.find((metric) => metric.name === name)?.title.replace(/\s*\([^()]*\)$/, "") ?? name;

/** A metric's whole title and its formula, for a tooltip. */
export function metricHelp(metrics: readonly MetricDescriptor[], name: string): string {
  const metric = metrics.find((one) => one.name === name);
  return metric ? [metric.title, metric.description].filter(Boolean).join(": ") : name;
}

/** A title within a sentence: "Mean error" → "mean error", but "R² on the grid" and "MAE" stay. */
export const withinSentence = (title: string): string =>
  /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
