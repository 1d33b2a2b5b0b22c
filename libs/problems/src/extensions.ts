import { issuesOf, mlpPerRunParameters, MlpParameters, messageOf } from "@basin/contracts";
import * as numerics from "@basin/numerics";
import { z } from "zod";
import { describeExperiment } from "./describe-experiment";
import type { ExperimentDefinition } from "./experiment";
import { checkMlpParameters, mlpMetrics } from "./mlp-metrics";
import { perRunFault } from "./per-run-parameters";
import { addExperiments, findExperiment } from "./registry";

/**
 * What a package from outside builds its experiments with. It is handed over, not imported: the package then shares Basin's
 * schemas and random numbers whatever versions it has installed, and never loads a second copy.
 */
export interface ExperimentKit {
  z: typeof z;
  numerics: typeof numerics;
  /** Parameters, per-run parameters, metrics and rules of the family `mlp`, for problems of the kind `supervised`. */
  mlp: {
    parameters: typeof MlpParameters;
    perRunParameters: typeof mlpPerRunParameters;
    metrics: typeof mlpMetrics;
    check: typeof checkMlpParameters;
  };
}

/** What the default export of a package, called with the kit, returns. `Families` is only called where TensorFlow.js is loaded. */
export interface Extension<Family = unknown, FamilyKit = unknown> {
  experiments: readonly ExperimentDefinition[];
  families?(kit: FamilyKit): readonly Family[] | Promise<readonly Family[]>;
}

/** An extension that cannot be used; the message names it and says why. */
export class ExtensionError extends Error {
  override readonly name = "ExtensionError";
}

const kit: ExperimentKit = {
  z,
  numerics,
  mlp: { parameters: MlpParameters, perRunParameters: mlpPerRunParameters, metrics: mlpMetrics, check: checkMlpParameters },
};

const Shape = z.object({
  experiments: z.array(z.unknown()).min(1, "lists no experiment"),
  families: z.custom<(kit: unknown) => unknown>((value) => typeof value === "function", "must be a function").optional(),
});
const Factory = z.object({ default: z.custom<(kit: ExperimentKit) => unknown>((value) => typeof value === "function") });

const Named = z.object({ id: z.string().optional() });
const Problem = z.object({ kind: z.string() });

/** Names in BASIN_EXTENSIONS: separated by commas, spaces around them do not count. */
export function extensionNames(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/**
 * Adds the experiments of every extension to the catalogue, in order, and returns what they bring. `load` imports a package or path.
 * All or nothing for each of them. Throws ExtensionError.
 */
export async function loadExtensions(
  names: readonly string[],
  load: (name: string) => Promise<unknown>,
): Promise<{ name: string; extension: Extension }[]> {
  const loaded: { name: string; extension: Extension }[] = [];
  for (const name of names) {
    const module = await load(name).catch((error: unknown) => {
      throw new ExtensionError(`the extension "${name}" in BASIN_EXTENSIONS cannot be loaded: ${textOf(error)}`);
    });
    const factory = Factory.safeParse(module);
    if (!factory.success) throw new ExtensionError(`the extension "${name}" must export a function as its default`);
    loaded.push({ name, extension: addExtension(name, factory.data.default) });
  }
  return loaded;
}

function addExtension(name: string, factory: (kit: ExperimentKit) => unknown): Extension {
  let made: unknown;
  try {
    made = factory(kit);
  } catch (error) {
    throw new ExtensionError(`the extension "${name}" failed to make its experiments: ${textOf(error)}`);
  }
  const parsed = Shape.safeParse(made);
  if (!parsed.success) {
    throw new ExtensionError(`the extension "${name}" must return { experiments: […] }: ${textOf(parsed.error)}`);
  }
  const definitions = parsed.data.experiments as ExperimentDefinition[];
  const ids = new Set<string>();
  for (const definition of definitions) {
    checkDefinition(name, definition);
    if (ids.has(definition.id) || findExperiment(definition.id))
      throw new ExtensionError(
        `the extension "${name}" brings an experiment "${definition.id}", and there is one of that id already`,
      );
    ids.add(definition.id);
  }
  addExperiments(definitions);
  return {
    experiments: definitions,
    ...(parsed.data.families ? { families: parsed.data.families as NonNullable<Extension["families"]> } : {}),
  };
}

/** Whatever describing an experiment needs is there; the rest fails when a run is trained, with its own message. */
function checkDefinition(name: string, given: unknown): void {
  const { id } = Named.catch({}).parse(given);
  const definition = given as ExperimentDefinition;
  try {
    describeExperiment(definition);
    Problem.parse(definition.problem);
    const fault = perRunFault(definition);
    if (fault !== null) throw new RangeError(fault);
  } catch (error) {
    const called = id === undefined ? "without an id" : `"${id}"`;
    throw new ExtensionError(`the extension "${name}" brings an experiment ${called} that is not valid: ${textOf(error)}`);
  }
}

function textOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return issuesOf(error)
      .map(({ path, message }) => `${path}: ${message}`)
      .join("; ");
  return messageOf(error);
}
