import { issuePath, type ExternalExperiment, type ExternalParameter, type Issue } from "@basin/contracts";
import { z } from "zod";
import type { ExperimentDefinition } from "./experiment";
import { describeShape } from "./parameter-shape";

function bounded<S extends z.ZodNumber>(
  schema: S,
  of: { [K in "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"]?: number | undefined },
): S {
  let made = schema;
  if (of.minimum !== undefined) made = made.min(of.minimum);
  if (of.maximum !== undefined) made = made.max(of.maximum);
  if (of.exclusiveMinimum !== undefined) made = made.gt(of.exclusiveMinimum);
  if (of.exclusiveMaximum !== undefined) made = made.lt(of.exclusiveMaximum);
  return made;
}

function itemOf(items: Extract<ExternalParameter, { type: "array" }>["items"]): z.ZodType {
  if (items.type === "string") return z.string();
  return bounded(items.type === "integer" ? z.int() : z.number(), items);
}

function valueOf(parameter: ExternalParameter): z.ZodType {
  switch (parameter.type) {
    case "number":
      return bounded(z.number(), parameter);
    case "integer":
      return bounded(z.int(), parameter);
    case "boolean":
      return z.boolean();
    case "string":
      return parameter.enum ? z.enum(parameter.enum) : z.string();
    case "array":
      return z
        .array(itemOf(parameter.items))
        .min(parameter.minItems ?? 0)
        .max(parameter.maxItems ?? 256);
  }
}

function schemaOf(name: string, parameter: ExternalParameter): z.ZodType {
  const { title = name, description, unit, default: standard } = parameter;
  const { "x-advanced": advanced, "x-suggest": suggested } = parameter;
  return valueOf(parameter)
    .default(standard)
    .meta({
      title,
      ...(description === undefined ? {} : { description }),
      ...(unit === undefined ? {} : { unit }),
      ...(advanced === undefined ? {} : { "x-advanced": advanced }),
      ...(suggested === undefined ? {} : { "x-suggest": suggested }),
    });
}

/** Defaults that their own parameters would refuse. Paths from the descriptor's root. */
export function checkExternalDefaults({ parameters }: ExternalExperiment): Issue[] {
  return Object.entries(parameters.properties).flatMap(([name, parameter]) => {
    const schema = valueOf(parameter);
    if (schema.safeParse(parameter.default).success) return [];
    const takes = describeShape(z.toJSONSchema(schema, { io: "input" }) as Parameters<typeof describeShape>[0]);
    return [
      {
        path: issuePath(["parameters", "properties", name, "default"]),
        message: `${name} cannot be ${JSON.stringify(parameter.default)}: it takes ${takes}`,
      },
    ];
  });
}

/** The catalogue entry of a version. Its runs train alone, and any of its parameters may differ between them. */
export function externalDefinition(
  id: string,
  { version, ref }: { version: number; ref: string },
  descriptor: ExternalExperiment,
): ExperimentDefinition {
  const { properties } = descriptor.parameters;
  return {
    id,
    version,
    title: descriptor.title ?? id,
    summary: descriptor.summary === "" ? "Training code from outside." : descriptor.summary,
    description: descriptor.description,
    source: descriptor.source,
    family: "external",
    diagnostic: false,
    parameters: z.strictObject(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, schemaOf(name, one)]))),
    perRunParameters: Object.keys(properties),
    objective: descriptor.objective,
    metrics: descriptor.metrics.map(({ title, ...metric }) => ({ ...metric, title: title ?? metric.name })),
    success: descriptor.success,
    plots: descriptor.plots,
    maxPackWidth: 1,
    stepUnit: descriptor.stepUnit,
    problem: { kind: "external", ref, labels: descriptor.labels },
  };
}
