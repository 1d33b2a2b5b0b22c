import type { AppliedParameters, ExperimentDescriptor, SweepSpec, Trial } from "@basin/contracts";
import { formatParameter } from "@basin/ui";

/** The names in the order in which the experiment lists its parameters; names that it does not list come last, as they stand. */
export function inExperimentOrder(names: readonly string[], experiment: ExperimentDescriptor | null): string[] {
  const properties = experiment?.parameters.properties;
  const listed = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  const place = (name: string) => (listed.includes(name) ? listed.indexOf(name) : listed.length);
  return [...names].sort((a, b) => place(a) - place(b));
}

/** The parameters that differ between the trials of a sweep, in the experiment's order. */
export const variedParameters = (spec: SweepSpec, experiment: ExperimentDescriptor | null): string[] =>
  inExperimentOrder(
    // A condition makes two values of one: it applies, or it does not.
    Object.keys(spec.space).filter((name) => spec.space[name]?.type !== "fixed" || spec.space[name].when !== undefined),
    experiment,
  );

/** Configurations with equal values of `names` have equal keys. */
export const groupKey = (configuration: AppliedParameters, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => configuration[name] ?? null));

/** "Learning rate 0.001 · tanh · Momentum –": words speak for themselves, everything else carries its parameter's name, or title; –: does not apply. */
export function groupLabel(
  configuration: AppliedParameters,
  names: readonly string[],
  titleOf: (name: string) => string = (name) => name,
): string {
  if (names.length === 0) return "all runs";
  return names
    .map((name) => {
      const value = configuration[name];
      return typeof value === "string" ? formatParameter(value) : `${titleOf(name)} ${formatParameter(value)}`;
    })
    .join(" · ");
}

/** "tanh · 0.001": values alone, where the parameters are named beside them. */
export const valuesLabel = (configuration: AppliedParameters, names: readonly string[]): string =>
  names.length === 0 ? "all runs" : names.map((name) => formatParameter(configuration[name])).join(" · ");

/**
 * Numbers of the groups' looks. A group is numbered when its first trial appears, and trials only ever follow, so a group keeps
 * its colour while the sweep grows and in every chart and table.
 */
export class GroupLooks {
  private readonly numbers = new Map<string, number>();

  constructor(
    trials: readonly Trial[],
    readonly names: readonly string[],
    /** What people call a parameter. */
    readonly titleOf: (name: string) => string = (name) => name,
  ) {
    // Trials know nothing of seeds: groups of seeds are numbered as they come.
    if (names.includes("seed")) return;
    for (const trial of [...trials].sort((a, b) => a.index - b.index)) this.lookOf(trial.parameters);
  }

  /** What a group is called. */
  nameOf(configuration: AppliedParameters): string {
    return groupLabel(configuration, this.names, this.titleOf);
  }

  /** A group that is not among the trials gets the next number. */
  lookOf(configuration: AppliedParameters): number {
    const key = groupKey(configuration, this.names);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.numbers.size);
    return this.numbers.size - 1;
  }
}
