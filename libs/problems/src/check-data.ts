import type { Configuration, Issue, Space } from "@basin/contracts";
import { configurationOf } from "./describe-experiment";
import type { ExperimentDefinition } from "./experiment";
import type { ProblemResources } from "./kinds/resources";
import { tellingRepresentatives } from "./space-samples";
import { asksForSamples, checkSamples, trainingSamples } from "./training-samples";
import { UntrainableError } from "./untrainable-error";

/** At most this many configurations are looked at, and the data of at most so many are made. */
const mostLookedAt = 500;
const mostMade = 100;

/** What the data of a sweep say: what cannot be trained, and what a person should know though nothing forbids it. Paths from the spec's root. */
export interface DataFindings {
  issues: Issue[];
  warnings: Issue[];
}

/** Whether anything that is asked of a sweep can depend on its data; without them `checkData` then finds nothing. */
export function dependsOnData(definition: ExperimentDefinition, space: Space): boolean {
  if (definition.datasets) return true;
  const defaults = configurationOf(definition, {});
  return tellingRepresentatives(space, mostLookedAt).some((parameters) => asksForSamples({ ...defaults, ...parameters }));
}

/** The configurations of a space whose data differ, and of which something depends on the data. */
function configurationsWithData(definition: ExperimentDefinition, space: Space): Configuration[] {
  const perRun = new Set(definition.perRunParameters);
  const found = new Map<string, Configuration>();
  for (const parameters of tellingRepresentatives(space, mostLookedAt)) {
    const configuration = configurationOf(definition, parameters);
    if (!asksForSamples(configuration) && (definition.datasets?.(configuration) ?? []).length === 0) continue;
    const shared = Object.entries(configuration).filter(([name]) => !perRun.has(name));
    found.set(JSON.stringify(shared), configuration);
    if (found.size === mostMade) break;
  }
  return [...found.values()];
}

/**
 * Makes the data of a sweep's configurations as a trainer would, and tells what would fail there in every attempt. The space passed
 * `checkSpec` and `checkDatasets` before. Configurations that need a dataset which `resources` does not hold are passed over: `held` are those it
 * does. Takes as long as making the data.
 */
export function checkData(
  definition: ExperimentDefinition,
  space: Space,
  resources: ProblemResources & { held: ReadonlySet<string> },
): DataFindings {
  const issues = new Map<string, Issue>();
  const warnings = new Map<string, Issue>();
  const add = (to: Map<string, Issue>, issue: Issue): void => {
    const root = /^[a-zA-Z0-9]+/.exec(issue.path)?.[0] ?? "";
    const path = issue.path === "" ? "space" : root in space ? `space.${issue.path}` : `space.${root}`;
    to.set(`${path}: ${issue.message}`, { ...issue, path });
  };
  for (const configuration of configurationsWithData(definition, space)) {
    if (definition.datasets?.(configuration).some((id) => !resources.held.has(id))) continue;
    try {
      const problem = definition.problemOf?.(configuration, resources) ?? definition.problem;
      const samples = asksForSamples(configuration) ? trainingSamples(problem, configuration, resources) : null;
      if (samples !== null) for (const issue of checkSamples(configuration, samples)) add(issues, issue);
      for (const warning of definition.dataWarnings?.(configuration, resources) ?? []) add(warnings, warning);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const path = error instanceof UntrainableError ? error.parameter : definition.datasets ? "dataset" : "";
      add(issues, { path, message: error.message });
    }
  }
  return { issues: [...issues.values()], warnings: [...warnings.values()] };
}
