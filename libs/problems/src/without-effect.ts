import { applicable, OptimizerName, UpdateRuleName, type Configuration, type ParameterValue, type Space } from "@basin/contracts";
import { configurationOf } from "./describe-experiment";
import type { ExperimentDefinition } from "./experiment";

/** Which parameters an optimizer of networks reads besides the learning rate; what it does not name, it does not read. */
const readByOptimizer: Readonly<Record<OptimizerName, readonly string[]>> = {
  sgd: [],
  momentum: ["momentum"],
  nesterov: ["momentum"],
  adagrad: ["epsilon"],
  rmsprop: ["rmspropAlpha", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
};
/** The same of the rules of the family `descent`. */
const readByRule: Readonly<Record<UpdateRuleName, readonly string[]>> = {
  constant: [],
  momentum: ["momentum"],
  adagrad: ["epsilon"],
  "adagrad-momentum": ["momentum", "epsilon"],
  rmsprop: ["momentum", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
};
const optimizerParameters = ["momentum", "rmspropAlpha", "beta1", "beta2", "epsilon"];

/** Rules that hold wherever an experiment has parameters of these names: [when, what is without effect then]. */
const rules: readonly (readonly [(configuration: Configuration) => boolean, readonly string[]])[] = [
  [({ schedule }) => schedule === "constant", ["scheduleDecay", "schedulePeriod"]],
  [({ schedule }) => schedule === "cosine", ["schedulePeriod"]],
  [({ earlyStoppingPatience }) => earlyStoppingPatience === 0, ["earlyStoppingMinDelta"]],
  [({ loss, huberDelta }) => huberDelta !== undefined && loss !== "huber", ["huberDelta"]],
  [({ layerActivations }) => typeof layerActivations === "string" && layerActivations.trim() !== "", ["activation"]],
];
/** What hidden layers are there for, in a dense network. */
const ofHiddenLayers = ["activation", "layerActivations", "dropout", "batchNormalization"];

/** The parameters of a whole configuration (and `seed`) whose value changes nothing of a run, given the others. */
export function withoutEffect(definition: ExperimentDefinition, configuration: Configuration): Set<string> {
  const names = new Set(definition.withoutEffect?.(configuration) ?? []);
  const [optimizer, rule] = [OptimizerName.safeParse(configuration.optimizer), UpdateRuleName.safeParse(configuration.rule)];
  const read = optimizer.success ? readByOptimizer[optimizer.data] : rule.success ? readByRule[rule.data] : null;
  if (read) for (const name of optimizerParameters) if (!read.includes(name)) names.add(name);
  for (const [holds, without] of rules) if (holds(configuration)) for (const name of without) names.add(name);
  const { hiddenLayers } = configuration;
  if (definition.family === "mlp" && Array.isArray(hiddenLayers) && hiddenLayers.length === 0)
    for (const name of ofHiddenLayers) names.add(name);
  return new Set([...names].filter((name) => name === "seed" || name in configuration));
}

/** The configuration without what has no effect in it: two that are equal so train the same network to the bit. */
export function effectiveConfiguration(definition: ExperimentDefinition, configuration: Configuration): Configuration {
  const without = withoutEffect(definition, configuration);
  return Object.fromEntries(Object.entries(configuration).filter(([name]) => !without.has(name)));
}

/** How far a parameter that a space sweeps matters in it. */
export interface IdleParameter {
  name: string;
  /** Whether it has no effect in any configuration that was looked at, or in some only. */
  everywhere: boolean;
}

/**
 * The parameters that a space varies (and `seed`, where it has several) though they change nothing in some or all of its configurations. Ranges
 * are judged by their ends; at most `most` configurations are looked at.
 */
export function idleParameters(definition: ExperimentDefinition, space: Space, seeds: number, most = 2000): IdleParameter[] {
  const axes = Object.entries(space).map(([name, dimension]) => ({ name, values: valuesOf(dimension) }));
  const varied = new Set([
    ...axes.filter(({ values }) => values.length > 1).map(({ name }) => name),
    ...(seeds > 1 ? ["seed"] : []),
  ]);
  const idle = new Map<string, number>();
  const looked = new Map<string, number>();
  const defaults = configurationOf(definition, {});
  const count = axes.reduce((product, { values }) => Math.min(product * values.length, most), 1);
  for (let cell = 0; cell < count; cell++) {
    let rest = cell;
    const given = Object.fromEntries(
      axes.map(({ name, values }) => {
        const value = values[rest % values.length] as ParameterValue;
        rest = Math.floor(rest / values.length);
        return [name, value];
      }),
    );
    const applied = applicable(space, given);
    const without = withoutEffect(definition, { ...defaults, ...applied });
    for (const name of varied) {
      if (name !== "seed" && !(name in applied)) continue;
      looked.set(name, (looked.get(name) ?? 0) + 1);
      if (without.has(name)) idle.set(name, (idle.get(name) ?? 0) + 1);
    }
  }
  return [...idle].map(([name, times]) => ({ name, everywhere: times === looked.get(name) }));
}

function valuesOf(dimension: Space[string]): ParameterValue[] {
  switch (dimension.type) {
    case "fixed":
      return [dimension.value];
    case "choice":
      return dimension.values;
    default:
      return dimension.min === dimension.max ? [dimension.min] : [dimension.min, dimension.max];
  }
}
