import type { ExperimentDescriptor, SweepSpecInput } from "@basin/contracts";

/**
 * The first experiment's own default sweep, from at most three initializations: small enough for a first look. Null when the catalogue
 * has no experiment.
 */
export function firstSweepOf(experiments: readonly ExperimentDescriptor[]): { spec: SweepSpecInput; text: string } | null {
  const experiment = experiments.find(({ diagnostic }) => !diagnostic);
  if (!experiment) return null;
  const { lesson, space, seeds } = experiment.defaultSweep;
  const count = Math.min(3, seeds);
  return {
    spec: { name: `First look: ${experiment.title}`, experiment: experiment.id, space, seeds: { count, first: 0 } },
    text: `${experiment.title}: ${lesson} ${count} initializations each.`,
  };
}
