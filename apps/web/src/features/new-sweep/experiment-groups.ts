import type { ExperimentDescriptor } from "@basin/contracts";

const familyTitles: Record<string, string> = {
  mlp: "Networks of dense layers",
  cnn: "Convolutional networks",
  autoencoder: "Autoencoders",
  "sindy-autoencoder": "Discovering equations from images",
  sindy: "Discovering equations",
  pinn: "Physics-informed networks",
  descent: "Optimizers on functions",
};

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
    const { id, title, summary, source, family, diagnostic } = experiment;
    const text = `${id} ${title} ${summary} ${source} ${family} ${familyTitles[family] ?? ""}`.toLowerCase();
    if (id !== chosen && (diagnostic || !words.every((word) => text.includes(word)))) continue;
    const group = groups.get(family) ?? { title: familyTitles[family] ?? family, experiments: [] };
    groups.set(family, group);
    group.experiments.push(experiment);
  }
  return [...groups.values()];
}
