import { z } from "zod";
import type { ExperimentDefinition } from "./experiment";

const Shape = z.object({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  get items(): z.ZodOptional<typeof Shape> {
    return Shape.optional();
  },
});

/** The part of a parameter's JSON Schema that says which values it takes. */
export type ParameterShape = z.infer<typeof Shape>;

const known = new WeakMap<ExperimentDefinition, ReadonlyMap<string, ParameterShape>>();

/** Every parameter of an experiment by name. */
export function parameterShapes(definition: ExperimentDefinition): ReadonlyMap<string, ParameterShape> {
  const found = known.get(definition);
  if (found) return found;
  const { properties } = z.toJSONSchema(definition.parameters, { io: "input" });
  const shapes = new Map(Object.entries(properties ?? {}).map(([name, schema]) => [name, Shape.parse(schema)]));
  known.set(definition, shapes);
  return shapes;
}

const nouns: Record<string, string> = { integer: "whole numbers", number: "numbers", string: "texts" };

/** "a number greater than 0 and at most 1000000", "one of AND, OR, XOR", "a list of at most 32 whole numbers (at least 1)". */
export function describeShape(shape: ParameterShape): string {
  if (shape.enum) return `one of ${shape.enum.map(String).join(", ")}`;
  switch (shape.type) {
    case "integer":
    case "number":
      return [shape.type === "integer" ? "a whole number" : "a number", limits(shape)].filter((text) => text !== "").join(" ");
    case "boolean":
      return "true or false";
    case "array": {
      const { minItems = 0, maxItems } = shape;
      const least = minItems > 0 ? ` at least ${minItems}` : "";
      const most = maxItems === undefined ? "" : `${least === "" ? "" : " and"} at most ${maxItems}`;
      const length = `a list of${least}${most}`;
      const item = shape.items ?? {};
      const range = limits(item);
      const noun = nouns[item.type ?? ""] ?? "values";
      return `${length} ${noun}${range === "" ? "" : `, each ${range}`}`;
    }
    default:
      return shape.type === "string" ? "a text" : "a value of another type";
  }
}

function limits(shape: ParameterShape): string {
  const bounds: string[] = [];
  const { exclusiveMinimum, minimum, exclusiveMaximum, maximum } = shape;
  // Whole numbers carry the bounds of exact doubles, which tell nobody anything.
  if (exclusiveMinimum !== undefined) bounds.push(`greater than ${exclusiveMinimum}`);
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) bounds.push(`at least ${minimum}`);
  if (exclusiveMaximum !== undefined) bounds.push(`less than ${exclusiveMaximum}`);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) bounds.push(`at most ${maximum}`);
  return bounds.join(" and ");
}
