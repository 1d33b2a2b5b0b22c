import type { Configuration } from "@basin/contracts";
import { configurationOf } from "./describe-experiment";
import type { ExperimentDefinition, Problem } from "./experiment";
import { packParameters } from "./families";
import { noResources } from "./kinds/resources";
import { parameterShapes, type ParameterShape } from "./parameter-shape";

/**
 * Why runs of one pack cannot differ in one of the definition's `perRunParameters`; null where nothing speaks against it. Runs that differ in
 * what they share would all get the first one's, and nobody would be told. What a problem makes of a parameter of the experiment's own is found
 * by making it with other values; of what needs a dataset nothing is known. Only for our families: others say themselves what they share.
 */
export function perRunFault(definition: ExperimentDefinition): string | null {
  const { shared, own } = packParameters(definition);
  for (const name of definition.perRunParameters) {
    if (!(name in definition.parameters.shape)) return `perRunParameters: the experiment has no parameter "${name}"`;
    if (shared.includes(name))
      return `perRunParameters: "${name}" is one value for all runs of a pack of the family ${definition.family}; leave it out`;
  }
  for (const name of definition.perRunParameters.filter((one) => own.includes(one))) {
    const part = dependentPart(definition, name);
    if (part === null) continue;
    const why = `the runs of a pack share what \`${part}\` returns, and it depends on "${name}"`;
    return `perRunParameters: ${why}; leave it out, and runs that differ in it are trained in packs of their own`;
  }
  return null;
}

/** A part of the problem that the runs of a pack share and that is another with another value of the parameter; null: none was found. */
function dependentPart(definition: ExperimentDefinition, name: string): string | null {
  const defaults = configurationOf(definition, {});
  const read = new Set<string | symbol>();
  const watched = new Proxy(defaults, {
    get(target, key, receiver): unknown {
      read.add(key);
      return Reflect.get(target, key, receiver);
    },
  });
  const first = sharedParts(definition, watched);
  if (!read.has(name)) return null;
  for (const value of otherValues(parameterShapes(definition).get(name) ?? {}, defaults[name])) {
    const changed = definition.parameters.safeParse({ ...defaults, [name]: value });
    if (!changed.success) continue;
    const configuration = changed.data as Configuration;
    if ((definition.check?.(configuration) ?? []).length > 0) continue;
    const other = sharedParts(definition, configuration);
    for (const [part, made] of first) {
      if (made !== failed && !same(made, other.get(part))) return part;
    }
  }
  return null;
}

const failed = Symbol("failed");

/** What the runs of a pack share, by the name of the function that makes it from the first one's parameters. */
function sharedParts(definition: ExperimentDefinition, parameters: Configuration): Map<string, unknown> {
  const attempt = (make: () => unknown): unknown => {
    try {
      return make();
    } catch {
      return failed;
    }
  };
  const parts = new Map<string, unknown>();
  const problem = attempt(() => definition.problemOf?.(parameters, noResources) ?? definition.problem);
  parts.set("problemOf", problem);
  if (problem === failed) return parts;
  for (const [part, make] of Object.entries(makersOf(problem as Problem, parameters))) parts.set(part, attempt(make));
  return parts;
}

function makersOf(problem: Problem, parameters: Configuration): Record<string, () => unknown> {
  switch (problem.kind) {
    case "supervised":
      return {
        widths: () => problem.widths?.(parameters, noResources),
        lossOf: () => problem.lossOf?.(parameters),
        snapshotEpochs: () => problem.snapshotEpochs?.(parameters),
        data: () => problem.data(parameters, noResources),
      };
    case "custom-loss":
      return {
        data: () => problem.data(parameters),
        evaluationInputs: () => problem.evaluationInputs(parameters),
      };
    case "labelled-images":
      return {
        shape: () => problem.shape(parameters, noResources),
        training: () => problem.training(parameters, noResources),
      };
    case "reconstruction":
      return {
        shape: () => problem.shape(parameters, noResources),
        training: () => problem.training(parameters, noResources),
        evaluationInputs: () => problem.evaluationInputs(parameters, noResources),
      };
    case "latent-dynamics":
      return { data: () => problem.data(parameters, noResources) };
    case "differential-equation":
      return { system: () => problem.system(parameters, noResources) };
    case "rollout":
      return { loop: () => problem.loop(parameters, noResources) };
    case "measured-dynamics":
    case "descent":
    case "diagnostic":
    case "external":
      return {};
  }
}

/** Values beside the default, near it: what a problem makes of them takes about as long. Those that the parameter does not take are among them. */
function otherValues({ enum: names, type, minimum }: ParameterShape, value: unknown): unknown[] {
  if (names) return names.filter((one) => one !== value);
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") {
    const near = [value + 1, value - 1, value / 2, value * 1.1, minimum ?? value];
    return near.filter((one) => one !== value && (type !== "integer" || Number.isInteger(one)));
  }
  if (typeof value === "string") return [`${value}a`, `${value}1`, ""].filter((one) => one !== value);
  if (Array.isArray(value)) return [[...(value as unknown[]), ...(value as unknown[]).slice(-1)], value.slice(1), []];
  return [];
}

/** Equal to the bit; of functions nothing is known. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === "function" && typeof b === "function") return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  if (isNumbers(a) && isNumbers(b)) return a.every((value, i) => Object.is(value, b[i]));
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function isNumbers(value: object): value is Float32Array | Float64Array | Int32Array | Uint8Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
