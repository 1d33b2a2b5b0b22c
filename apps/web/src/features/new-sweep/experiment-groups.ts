import type { ExperimentDescriptor } from "@basin/contracts";

export interface ExperimentGroup {
  title: string;
  experiments: ExperimentDescriptor[];
}

/**
 * Experiments whose words contain every word that is looked for, by family, in the order of the catalogue. Diagnostic ones are
 * left out, except the chosen one, which is always there.
 */
export function experimentGroups(
  experiments: readonly ExperimentDescriptor[],
  search: string,
  chosen: string,
): ExperimentGroup[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const groups = new Map<string, ExperimentGroup>();
  for (const experiment of experiments) {
    const { id, title, summary, source, family, familyTitle, diagnostic } = experiment;
    const text = `${id} ${title} ${summary} ${source} ${family} ${familyTitle}`.toLowerCase();
    if (id !== chosen && (diagnostic || !words.every((word) => text.includes(word)))) continue;
    const group = groups.get(family) ?? { title: familyTitle, experiments: [] };
    groups.set(family, group);
    group.experiments.push(experiment);
  }
  return [...groups.values()];
}
