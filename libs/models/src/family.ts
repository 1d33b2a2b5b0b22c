import type { PackProgram, PackResources, PackRun, PackSink } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";

/**
 * Code that trains the runs of one kind of problem as a pack. `create` expects the backend to be open. It throws, before any
 * tensor exists, when the definition's problem is not of its kind, or when runs differ in a parameter that splits packs.
 */
export interface ModelFamily {
  id: ExperimentDefinition["family"];
  create(
    definition: ExperimentDefinition,
    runs: readonly PackRun[],
    sink: PackSink,
    resources: PackResources,
  ): Promise<PackProgram>;
}

/** Throws when two runs differ in a parameter that the experiment does not list as per-run. */
export function requireSameShape(definition: ExperimentDefinition, runs: readonly PackRun[]): void {
  const [first, ...others] = runs;
  if (!first) throw new RangeError("A pack needs at least one run.");
  const free = new Set(definition.perRunParameters);
  for (const run of others) {
    for (const name of new Set([...Object.keys(first.parameters), ...Object.keys(run.parameters)])) {
      if (free.has(name) || JSON.stringify(first.parameters[name]) === JSON.stringify(run.parameters[name])) continue;
      throw new RangeError(
        `Runs ${first.index} and ${run.index} differ in "${name}", which "${definition.id}" does not let differ within a pack.`,
      );
    }
  }
}
