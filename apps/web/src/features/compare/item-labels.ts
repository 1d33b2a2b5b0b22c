import type { Comparison } from "@basin/contracts";
import { formatParameter } from "@basin/ui";

/**
 * A name for each compared item, as short as tells them apart: the sweep's name only where there are several sweeps, its
 * id where several have one name.
 */
export function itemLabels({ items }: Pick<Comparison, "items">): string[] {
  const several = new Set(items.map(({ sweep }) => sweep.id)).size > 1;
  const labels = items.map(({ run, group, sweep }) => {
    const values = Object.entries(group).map(([name, value]) => `${name} ${formatParameter(value)}`);
    const own = run ?? (values.length > 0 ? values.join(" · ") : "all runs");
    return several ? `${sweep.name}: ${own}` : own;
  });
  return labels.map((label, i) =>
    labels.indexOf(label) === labels.lastIndexOf(label) ? label : `${label} (${items[i]?.run ?? items[i]?.sweep.id ?? i + 1})`,
  );
}
