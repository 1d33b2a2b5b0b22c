import type { Configuration, Dataset, Issue, SweepSpec } from "@basin/contracts";
import { configurationOf } from "../describe-experiment";
import type { ExperimentDefinition } from "../experiment";
import { tellingRepresentatives } from "../space-samples";

/** At most this many configurations are checked. */
const mostChecked = 500;

/** Configurations that stand for a space that `checkSpec` accepted. */
function configurations(definition: ExperimentDefinition, space: SweepSpec["space"]): Configuration[] {
  return tellingRepresentatives(space, mostChecked).map((parameters) => configurationOf(definition, parameters));
}

/** Ids of the datasets that the configurations of a sweep need. For experiments without datasets: none. */
export function datasetsOf(definition: ExperimentDefinition, space: SweepSpec["space"]): string[] {
  if (!definition.datasets) return [];
  return [...new Set(configurations(definition, space).flatMap((parameters) => definition.datasets?.(parameters) ?? []))];
}

/** The parameter that has the id. */
function namedBy(parameters: Configuration, id: string): string {
  return Object.keys(parameters).find((name) => parameters[name] === id) ?? "dataset";
}

/**
 * What is wrong with a sweep over an experiment on datasets: none named (unless the experiment has data of its own), one that does not exist, columns that it lacks or that have
 * the wrong type. Paths from the spec's root. `known` are those of `datasetsOf` that exist. The spec passed `checkSpec` before.
 */
export function checkDatasets(definition: ExperimentDefinition, space: SweepSpec["space"], known: readonly Dataset[]): Issue[] {
  if (!definition.datasets) return [];
  const issues = new Map<string, Issue>();
  const add = (issue: Issue): void => {
    const root = /^[a-zA-Z0-9]+/.exec(issue.path)?.[0] ?? "";
    const path = root in space ? `space.${issue.path}` : `space.${root}`;
    issues.set(`${path}: ${issue.message}`, { ...issue, path });
  };
  for (const parameters of configurations(definition, space)) {
    const ids = definition.datasets(parameters);
    if (ids.length === 0 && !definition.hasOwnData)
      add({
        path: "dataset",
        message: "no dataset is named",
        hint: "upload one and give its id: `basin dataset add FILE`, or the datasets page",
      });
    for (const id of ids) {
      const dataset = known.find((one) => one.id === id);
      if (!dataset)
        add({
          path: namedBy(parameters, id),
          message: `there is no dataset ${id}`,
          hint: "`basin dataset list` shows which there are",
        });
      else for (const issue of definition.checkDataset?.(parameters, dataset) ?? []) add(issue);
    }
  }
  return [...issues.values()];
}
