import { Dimension, type ExperimentDescriptor, type SweepSpecInput } from "@basin/contracts";

const seeds = 3;

/**
 * A small sweep over the first experiment that suggests a choice to sweep over: each suggested value from three
 * initializations. Null when no experiment suggests one.
 */
export function firstSweepOf(experiments: readonly ExperimentDescriptor[]): { spec: SweepSpecInput; text: string } | null {
  for (const experiment of experiments) {
    if (experiment.diagnostic) continue;
    const properties = experiment.parameters.properties;
    if (typeof properties !== "object" || properties === null) continue;
    for (const [name, property] of Object.entries(properties)) {
      const { title, "x-suggest": suggested } = property as Record<string, unknown>;
      const dimension = Dimension.safeParse(suggested);
      if (!dimension.success || dimension.data.type !== "choice") continue;
      const values = dimension.data.values;
      return {
        spec: {
          name: `First look: ${experiment.title}`,
          experiment: experiment.id,
          space: { [name]: dimension.data },
          seeds: { count: seeds, first: 0 },
        },
        text: `${experiment.title}: ${values.map(String).join(", ")} as ${typeof title === "string" ? title.toLowerCase() : name}, ${seeds} initializations each, ${values.length * seeds} runs.`,
      };
    }
  }
  return null;
}
