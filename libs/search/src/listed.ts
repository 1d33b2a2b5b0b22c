import { applies, Configuration, type Issue, type Space, mostObjectives } from "@basin/contracts";
import { z } from "zod";
import { allows, type Constrained } from "./constraints";
import { contains } from "./dimension";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm } from "./search-algorithm";

const ListedConfig = z.strictObject({
  configurations: z
    .array(Configuration)
    .min(1)
    .max(100_000)
    .meta({
      title: "Configurations",
      description: "Each with a value for every parameter of the space; those that are fixed may be left out.",
      examples: [[{ learningRate: 0.1 }]],
    }),
});

/** So many faults are told. */
const mostTold = 20;

/**
 * The configurations that a person lists, in their order: what was tried elsewhere, or what somebody wants to see. Each value lies in the dimension of its
 * parameter, so that forms and plots know what the sweep is about.
 */
export const listed: SearchAlgorithm<z.infer<typeof ListedConfig>, NumberedState> = {
  id: "listed",
  version: 1,
  title: "Listed",
  summary: "The configurations that you list, in their order.",
  configSchema: ListedConfig,
  stateSchema: NumberedState,
  listensToResults: false,
  objectives: mostObjectives,
  check: (input) => checkListed(input, input.config.configurations),
  plan: ({ config }) => ({ trials: config.configurations.length }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next: ({ space, config }, state, event) =>
    takeCandidates(state, event, config.configurations.length, (i) => filled(space, config.configurations[i] ?? {})),
};

/** With the values of the fixed dimensions that apply. */
function filled(space: Space, configuration: Configuration): Configuration {
  const whole = { ...configuration };
  for (const [name, dimension] of Object.entries(space))
    if (dimension.type === "fixed" && !(name in whole) && applies(dimension, whole)) whole[name] = dimension.value;
  return whole;
}

function checkListed(input: Constrained, configurations: readonly Configuration[]): Issue[] {
  const { space } = input;
  const issues: Issue[] = [];
  for (const [i, configuration] of configurations.entries()) {
    const told = (name: string, message: string): number =>
      issues.push({ path: `search.config.configurations[${i}].${name}`, message });
    const whole = filled(space, configuration);
    const before = issues.length;
    for (const name of Object.keys(configuration))
      if (!(name in space)) told(name, `the space has no ${name}; it has ${Object.keys(space).join(", ") || "nothing"}`);
    for (const [name, dimension] of Object.entries(space)) {
      if (!applies(dimension, whole)) {
        if (name in whole) told(name, `${name} does not apply here: its condition does not hold`);
      } else if (!(name in whole)) told(name, "is missing, and the space has no fixed value for it");
      else if (!contains(dimension, whole[name])) told(name, `${JSON.stringify(whole[name])} does not lie in its dimension`);
    }
    if (issues.length === before && !allows(input, whole))
      issues.push({ path: `search.config.configurations[${i}]`, message: "breaks a constraint" });
    if (issues.length >= mostTold) break;
  }
  return issues.slice(0, mostTold);
}
