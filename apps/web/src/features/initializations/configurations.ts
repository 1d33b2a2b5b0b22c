import type { AppliedParameters, Distribution, DistributionGroup } from "@basin/contracts";
import type { SummarizedGroup } from "@basin/ui";
import { type GroupLooks, groupLabel } from "../sweep-parts/groups";

/** A group as an option of a select; its value is its configuration as JSON. */
export interface ConfigurationOption {
  value: string;
  label: string;
  group: AppliedParameters;
}

export const configurationOptions = (
  groups: readonly Pick<DistributionGroup, "group">[],
  names: readonly string[],
): ConfigurationOption[] => groups.map(({ group }) => ({ value: JSON.stringify(group), label: groupLabel(group, names), group }));

/** Groups as rows of a box-and-strip figure, with n in the name where it differs from the number of finished runs. */
export function summarizedGroups(distribution: Distribution, looks: GroupLooks): SummarizedGroup[] {
  return distribution.groups.map(({ group, box, points, success }) => ({
    name: looks.nameOf(group),
    style: looks.lookOf(group),
    box,
    rate: success && success.of > 0 ? success : null,
    runs: points.runs.map((id, i) => ({ id, value: points.values[i] ?? NaN })),
  }));
}

/** Metrics that name a class, with their classes and each group's counts; groups without finished runs are left out. */
export function classTables(
  { groups }: Pick<Distribution, "groups">,
  names: readonly string[],
): { metric: string; classes: string[]; groups: { name: string; counts: number[] }[] }[] {
  const metrics = [...new Set(groups.flatMap(({ classes }) => Object.keys(classes)))].sort();
  return metrics.map((metric) => ({
    metric,
    classes: groups.find(({ classes }) => classes[metric])?.classes[metric]?.categories ?? [],
    groups: groups.flatMap(({ group, classes }) => {
      const counts = classes[metric]?.counts;
      return counts && counts.some((count) => count > 0) ? [{ name: groupLabel(group, names), counts }] : [];
    }),
  }));
}
