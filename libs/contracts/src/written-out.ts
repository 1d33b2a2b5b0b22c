import { z } from "zod";

type JsonSchema = Record<string, unknown>;

/**
 * What a schema takes, as JSON Schema in one piece: schemas in it that have a name (`.meta({ id })`, for the OpenAPI document) are written
 * out where they are used. Not for schemas that hold themselves.
 */
export function writtenOut(schema: z.ZodType): JsonSchema {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io: "input" }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    const { $ref, ...own } = part as JsonSchema;
    const name = typeof $ref === "string" ? $ref.replace("#/$defs/", "") : undefined;
    const { id: _name, ...named } = name === undefined ? {} : ($defs[name] ?? {});
    return Object.fromEntries(Object.entries({ ...named, ...own }).map(([key, value]) => [key, walk(value)]));
  };
  const { id: _id, ...rest } = walk(root) as JsonSchema;
  return rest;
}
