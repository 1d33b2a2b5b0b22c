import { z } from "zod";

/** JSON Schema draft 2020-12, which OpenAPI 3.1 uses as it is. */
export type JsonSchema = Record<string, unknown>;

type Direction = "input" | "output";

/**
 * Turns zod schemas into JSON Schema and collects those that have a name (`.meta({ id })`); every other one is written out where it is
 * used. What is sent to the API (defaults may be left out) and what comes back (they are filled in) can differ; where they do, the name
 * of the former ends in `Input`.
 */
export class SchemaCollector {
  readonly schemas: Record<string, JsonSchema> = {};
  readonly #named = new Map<string, z.ZodType>();
  readonly #names = new Map<string, string>();

  schema(schema: z.ZodType, direction: Direction): JsonSchema {
    const { $schema: _dialect, $defs, ...root } = this.#convert(schema, direction);
    for (const [id, definition] of Object.entries($defs ?? {})) this.#keep(id, definition, direction);
    const { id, ...rest } = root;
    if (typeof id !== "string") return this.#relink(root, direction);
    this.#keep(id, rest, direction);
    return { $ref: `#/components/schemas/${this.#nameOf(id, direction)}` };
  }

  #convert(schema: z.ZodType, direction: Direction): JsonSchema & { $defs?: Record<string, JsonSchema> } {
    return z.toJSONSchema(schema, {
      io: direction,
      unrepresentable: "any",
      override: ({ zodSchema }) => {
        const id = z.globalRegistry.get(zodSchema)?.id;
        if (id !== undefined) this.#named.set(id, zodSchema as unknown as z.ZodType);
      },
    });
  }

  #keep(id: string, definition: JsonSchema, direction: Direction): void {
    const { id: _id, ...rest } = definition;
    this.schemas[this.#nameOf(id, direction)] ??= this.#relink(rest, direction);
  }

  /** The same name for both directions, unless the schemas differ. */
  #nameOf(id: string, direction: Direction): string {
    if (direction === "output") return id;
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const schema = this.#named.get(id);
    if (!schema) throw new Error(`no schema is called ${id}`);
    const text = (io: Direction): string => JSON.stringify(open(this.#convert(schema, io)));
    const name = text("input") === text("output") ? id : `${id}Input`;
    this.#names.set(id, name);
    return name;
  }

  #relink(schema: JsonSchema, direction: Direction): JsonSchema {
    const relinked = JSON.parse(
      JSON.stringify(schema, (key, value: unknown) =>
        key === "$ref" && typeof value === "string"
          ? `#/components/schemas/${this.#nameOf(value.replace("#/$defs/", ""), direction)}`
          : value,
      ),
    ) as JsonSchema;
    return direction === "output" ? open(relinked) : relinked;
  }
}

/** Without `additionalProperties: false`: an answer may gain fields without breaking who reads it. */
function open(schema: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === "additionalProperties" && value === false ? undefined : value)),
  ) as JsonSchema;
}
