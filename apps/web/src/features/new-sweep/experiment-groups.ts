import type { ExperimentDescriptor } from "@basin/contracts";

export interface ExperimentGroup {
  title: string;
  experiments: ExperimentDescriptor[];
}

/** Whether an experiment's words contain every word that is looked for. */
export function isMatch(experiment: ExperimentDescriptor, search: string): boolean {
  const { id, title, summary, source, family, familyTitle } = experiment;
  // What people call their own data.
  const own = id.startsWith("dataset-") ? "csv npz excel table file upload own data" : "";
  const text = `${own} ${id} ${title} ${summary} ${source} ${family} ${familyTitle}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/**
 * Experiments that match, by family, in the order of the catalogue. Diagnostic ones are left out, except the chosen one, which is always
 * there.
 */
export function experimentGroups(
  experiments: readonly ExperimentDescriptor[],
  search: string,
  chosen: string,
): ExperimentGroup[] {
  const groups = new Map<string, ExperimentGroup>();
  for (const experiment of experiments) {
    const { id, family, familyTitle, diagnostic } = experiment;
    if (id !== chosen && (diagnostic || !isMatch(experiment, search))) continue;
    const group = groups.get(family) ?? { title: familyTitle, experiments: [] };
    groups.set(family, group);
    group.experiments.push(experiment);
  }
  return [...groups.values()];
}
