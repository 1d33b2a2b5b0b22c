import type { ExperimentDescriptor } from "@basin/contracts";
import { schemaFields } from "./schema-fields";

const read = new WeakMap<object, ReadonlyMap<string, string>>();

/** What people call a parameter of an experiment; the name that code calls it where that is not known. */
export function parameterTitle(experiment: Pick<ExperimentDescriptor, "parameters"> | null | undefined, name: string): string {
  if (name === "seed") return "Seed";
  if (!experiment) return name;
  const known =
    read.get(experiment.parameters) ?? new Map(schemaFields(experiment.parameters).map((field) => [field.name, field.title]));
  read.set(experiment.parameters, known);
  return known.get(name) ?? name;
}
