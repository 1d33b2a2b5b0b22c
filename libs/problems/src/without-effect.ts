import {
  layerActivationsOf,
  OptimizerName,
  UpdateRuleName,
  type Configuration,
  type Dimension,
  type ParameterValue,
  type Space,
} from "@basin/contracts";
import { configurationOf } from "./describe-experiment";
import type { ExperimentDefinition } from "./experiment";
import { inSinglePrecision } from "./single-precision";
import { tellingRepresentatives } from "./space-samples";
import { trainedSamples, type TrainedSamples } from "./training-samples";

/** Which parameters an optimizer of networks reads besides the learning rate; what it does not name, it does not read. */
const readByOptimizer: Readonly<Record<OptimizerName, readonly string[]>> = {
  sgd: [],
  momentum: ["momentum"],
  nesterov: ["momentum"],
  adagrad: ["epsilon"],
  rmsprop: ["rmspropAlpha", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
  "adagrad-momentum": ["momentum", "epsilon"],
};
/** The same of the rules of the family `descent`. */
const readByRule: Readonly<Record<UpdateRuleName, readonly string[]>> = {
  constant: [],
  momentum: ["momentum"],
  nesterov: ["momentum"],
  adagrad: ["epsilon"],
  "adagrad-momentum": ["momentum", "epsilon"],
  rmsprop: ["momentum", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
};
const optimizerParameters = ["momentum", "rmspropAlpha", "beta1", "beta2", "epsilon"];

/** Whether a hidden layer has that activation: one that is named, or that of all where none is. */
function hasActivation({ layerActivations, activation, hiddenLayers }: Configuration, name: string): boolean {
  if (Array.isArray(hiddenLayers) && hiddenLayers.length === 0) return false;
  const named = typeof layerActivations === "string" ? layerActivationsOf(layerActivations) : [];
  return named.length > 0 ? named.includes(name) : activation === name;
}

/** What decides with which values a network begins. */
const ofInitialization = ["initialization", "initializationGain", "initialCoefficient", "initialSineCoefficient"];

/** Rules that hold wherever an experiment has parameters of these names: [when, what is without effect then]. */
const rules: readonly (readonly [(configuration: Configuration) => boolean, readonly string[]])[] = [
  [({ schedule }) => schedule === "constant", ["scheduleDecay", "schedulePeriod"]],
  [({ schedule }) => schedule === "cosine", ["schedulePeriod"]],
  [({ earlyStoppingPatience }) => earlyStoppingPatience === 0, ["earlyStoppingMinDelta"]],
  [({ plateauPatience }) => plateauPatience === 0, ["plateauTolerance"]],
  [(configuration) => !hasActivation(configuration, "leaky-relu"), ["leakySlope"]],
  [(configuration) => !hasActivation(configuration, "elu"), ["eluAlpha"]],
  [({ loss, huberDelta }) => huberDelta !== undefined && loss !== "huber", ["huberDelta"]],
  [({ lbfgsSteps }) => lbfgsSteps === 0, ["lbfgsMemory"]],
  [({ startFrom }) => typeof startFrom === "string" && startFrom !== "", ofInitialization],
  [({ plots }) => typeof plots === "boolean", ["plots"]],
  [({ layerActivations }) => typeof layerActivations === "string" && layerActivations.trim() !== "", ["activation"]],
];
/** What hidden layers are there for, in a dense network. */
const ofHiddenLayers = ["activation", "layerActivations", "dropout", "batchNormalization"];

/** Families that train on batches of samples; 0 takes all at once. */
const batched: readonly string[] = ["mlp", "cnn", "autoencoder", "custom-loss", "sindy-autoencoder"];

/** Whether every step takes all the samples there are to train on: then they stay in the order of the data. */
function takesAll({ family }: ExperimentDefinition, configuration: Configuration, samples: TrainedSamples): boolean {
  const { batchSize } = configuration;
  if (!batched.includes(family) || typeof batchSize !== "number") return false;
  return batchSize === 0 || batchSize >= (samples(configuration) ?? Infinity);
}

/** The parameters of a whole configuration (and `seed`) whose value changes nothing of a run, given the others. */
export function withoutEffect(
  definition: ExperimentDefinition,
  configuration: Configuration,
  samples: TrainedSamples = trainedSamples(definition),
): Set<string> {
  const unshuffled = "shuffle" in configuration && takesAll(definition, configuration, samples);
  const names = new Set(definition.withoutEffect?.(unshuffled ? { ...configuration, shuffle: false } : configuration) ?? []);
  if (unshuffled) names.add("shuffle");
  const [optimizer, rule] = [OptimizerName.safeParse(configuration.optimizer), UpdateRuleName.safeParse(configuration.rule)];
  const read = optimizer.success ? readByOptimizer[optimizer.data] : rule.success ? readByRule[rule.data] : null;
  if (read) for (const name of optimizerParameters) if (!read.includes(name)) names.add(name);
  for (const [holds, without] of rules) if (holds(configuration)) for (const name of without) names.add(name);
  const { hiddenLayers } = configuration;
  if (definition.family === "mlp" && Array.isArray(hiddenLayers) && hiddenLayers.length === 0)
    for (const name of ofHiddenLayers) names.add(name);
  return new Set([...names].filter((name) => name === "seed" || name in configuration));
}

/**
 * The configuration as far as it decides a run: without what has no effect in it, and of values that come to the same one, as batches that hold
 * all samples do, and numbers of a pack's tensors that single precision cannot tell apart. Two that are equal so train the same network.
 */
export function effectiveConfiguration(
  definition: ExperimentDefinition,
  configuration: Configuration,
  samples: TrainedSamples = trainedSamples(definition),
  without: ReadonlySet<string> = withoutEffect(definition, configuration, samples),
): Configuration {
  const effective = (name: string, value: ParameterValue): ParameterValue => {
    if (name === "batchSize") return takesAll(definition, configuration, samples) ? 0 : value;
    return isTensor(definition, name) ? inTensors(value) : value;
  };
  return Object.fromEntries(
    Object.entries(configuration).flatMap(([name, value]) => (without.has(name) ? [] : [[name, effective(name, value)]])),
  );
}

/** Whether a parameter's numbers only stand in tensors, which are float32. */
function isTensor(definition: ExperimentDefinition, name: string): boolean {
  return inSinglePrecision(definition) && definition.perRunParameters.includes(name);
}

function inTensors(value: ParameterValue): ParameterValue {
  return typeof value === "number" && !Number.isInteger(value) ? Math.fround(value) : value;
}

/** How far a parameter that a space sweeps matters in it. */
export interface IdleParameter {
  name: string;
  /** Whether it has no effect in any configuration that was looked at, or in some only. */
  everywhere: boolean;
}

/** At most about this many configurations of a space are looked at; ranges are judged by their ends. */
const mostLookedAt = 2000;

/** Of the names (`seed` may be among them) those that change nothing in some or all configurations of a space. */
function idleAmong(
  definition: ExperimentDefinition,
  space: Space,
  names: readonly string[],
  samples: TrainedSamples,
): IdleParameter[] {
  const idle = new Map<string, number>();
  const looked = new Map<string, number>();
  const defaults = configurationOf(definition, {});
  for (const applied of tellingRepresentatives(space, mostLookedAt)) {
    const without = withoutEffect(definition, { ...defaults, ...applied }, samples);
    for (const name of names) {
      if (name !== "seed" && !(name in applied)) continue;
      looked.set(name, (looked.get(name) ?? 0) + 1);
      if (without.has(name)) idle.set(name, (idle.get(name) ?? 0) + 1);
    }
  }
  return [...idle].map(([name, times]) => ({ name, everywhere: times === looked.get(name) }));
}

/** The parameters that a space varies (and `seed`, where it has several) though they change nothing in some or all of its configurations. */
export function idleParameters(
  definition: ExperimentDefinition,
  space: Space,
  seeds: number,
  samples: TrainedSamples = trainedSamples(definition),
): IdleParameter[] {
  const varied = Object.entries(space).flatMap(([name, dimension]) => (valuesOf(dimension).length > 1 ? [name] : []));
  return idleAmong(definition, space, [...varied, ...(seeds > 1 ? ["seed"] : [])], samples);
}

/**
 * Tells of configurations that a search chose from a space which of its parameters do not apply: those whose condition does not hold, which are
 * not chosen, and those that change nothing there, though they do in other configurations of the space.
 */
export function inapplicableIn(definition: ExperimentDefinition, space: Space): (chosen: Configuration) => string[] {
  const names = Object.keys(space).sort();
  const samples = trainedSamples(definition);
  const sometimes = idleAmong(definition, space, names, samples).flatMap(({ name, everywhere }) => (everywhere ? [] : [name]));
  const defaults = configurationOf(definition, {});
  return (chosen) => {
    const without = sometimes.length === 0 ? null : withoutEffect(definition, { ...defaults, ...chosen }, samples);
    return names.filter((name) => !(name in chosen) || (sometimes.includes(name) && without?.has(name)));
  };
}

/** Values of a swept parameter that train the same network. */
export interface EqualValues {
  name: string;
  /** As many as a space lists, of a range neighbours. */
  values: ParameterValue[];
  /** How many samples each of them takes at once, in some of the configurations; null: single precision cannot tell them apart. */
  samples: number | null;
}

/** Of a space's parameters the values that come to the same, though each stands for a configuration of its own. */
export function equalValues(
  definition: ExperimentDefinition,
  space: Space,
  samples: TrainedSamples = trainedSamples(definition),
): EqualValues[] {
  return Object.entries(space).flatMap(([name, dimension]): EqualValues[] => {
    const values = valuesOf(dimension);
    if (name === "batchSize" && batched.includes(definition.family)) {
      const defaults = configurationOf(definition, {});
      const others = Object.fromEntries(Object.entries(space).filter(([other]) => other !== name));
      const counts = new Set(tellingRepresentatives(others, mostLookedAt).map((one) => samples({ ...defaults, ...one })));
      const least = Math.min(...[...counts].map((count) => count ?? Infinity));
      const all = values.filter((value) => value === 0 || (typeof value === "number" && value >= least));
      return all.length > 1 ? [{ name, values: all, samples: least }] : [];
    }
    if (!isTensor(definition, name)) return [];
    const groups = new Map<ParameterValue, ParameterValue[]>();
    for (const value of values) {
      if (typeof value !== "number") continue;
      const group = groups.get(inTensors(value));
      if (group) group.push(value);
      else groups.set(inTensors(value), [value]);
    }
    return [...groups.values()].flatMap((group) => (group.length > 1 ? [{ name, values: group, samples: null }] : []));
  });
}

/** The values of a dimension: all that it lists, of a range its ends and the last but one of a grid, as the greatest are closest to each other. */
function valuesOf(dimension: Dimension): ParameterValue[] {
  switch (dimension.type) {
    case "fixed":
      return [dimension.value];
    case "choice":
      return dimension.values;
    case "int":
    case "step": {
      const { min, step } = dimension;
      const steps = Math.floor((dimension.max - min) / step + 1e-9);
      return [...new Set([0, steps - 1, steps].filter((i) => i >= 0))].map((i) => min + i * step);
    }
    case "float":
    case "log-float": {
      const { type, min, max, points = 2 } = dimension;
      if (min === max) return [min];
      if (points < 3) return [min, max];
      const share = 1 / (points - 1);
      return [min, type === "float" ? max - (max - min) * share : max * (min / max) ** share, max];
    }
  }
}
