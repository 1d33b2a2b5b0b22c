import { Dimension } from "@basin/contracts";
import { formatNumber } from "@basin/ui";

export type FieldKind =
  "number" | "integer" | "boolean" | "choice" | "numbers" | "integers" | "texts" | "lines" | "objects" | "text" | "time";

/** What a form needs to know about one property of a JSON Schema. */
export interface SchemaField {
  name: string;
  title: string;
  description: string;
  /** Empty: dimensionless. */
  unit: string;
  kind: FieldKind;
  /** Of a choice; empty otherwise. */
  options: readonly string[];
  /** What an option is, where the schema says so. */
  optionTexts: readonly { option: string; text: string }[];
  /** What may be given, in words; empty when the schema sets no bounds. */
  range: string;
  /** Undefined when the schema has none. */
  fallback: unknown;
  /** It cannot be left out. */
  required: boolean;
  /** It has a default, which a person cannot leave it at. */
  given: boolean;
  /** What it means to leave it out, where that is not its default; empty otherwise. */
  absent: string;
  /** What a form begins with where there is no default. */
  example: unknown;
  /** Things of this Basin that the value is one of, as the schema calls them. */
  chooseFrom: string;
  /** What of a typed equation it is, as `@basin/equations` calls it, or `given` for a constant's value; empty for every other parameter. */
  equation: string;
  /** A text of several lines. */
  lines: boolean;
  /** Of a text; null: no limit. */
  longest: number | null;
  advanced: boolean;
  suggested: Dimension | null;
  /** Of an object, and of a choice between objects: what it can hold. */
  fields: readonly SchemaField[];
}

type Json = Readonly<Record<string, unknown>>;
export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Bounds that nobody comes near (of a safe integer, of a seed) say nothing to a person. */
const bound = (value: unknown): number | null => (typeof value === "number" && Math.abs(value) < 1_000_000_000 ? value : null);

function rangeOf(property: Json): string {
  const [min, max] = [bound(property.minimum), bound(property.maximum)];
  const [above, below] = [bound(property.exclusiveMinimum), bound(property.exclusiveMaximum)];
  const low =
    above === null ? (min === null ? "" : `at least ${formatNumber(min, 12)}`) : `greater than ${formatNumber(above, 12)}`;
  const high = below === null ? (max === null ? "" : `at most ${formatNumber(max, 12)}`) : `less than ${formatNumber(below, 12)}`;
  return [low, high].filter((part) => part !== "").join(", ");
}

/** `items`: what a list consists of. */
function kindOf(property: Json, items: Json): FieldKind {
  if (Array.isArray(property.enum) || property.const !== undefined) return "choice";
  if (property.type === "array") {
    if (items.type === "integer") return "integers";
    if (items.type === "number") return "numbers";
    if (items.type === "object") return "objects";
    // What stands in a line of its own may hold commas.
    return property["x-lines"] === true ? "lines" : "texts";
  }
  if (property.format === "date-time") return "time";
  if (property.type === "integer" || property.type === "number" || property.type === "boolean") return property.type;
  return "text";
}

/** Turns `learningRate` into "Learning rate" for properties without a title. */
export const titleOf = (name: string): string => {
  const words = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A unit behind a number: "1000 epochs", "1 epoch", "0.1 s". Only words have a plural; without a number it is the plural. */
export function unitText(unit: string, value?: unknown): string {
  return /^[a-z]{4,}$/.test(unit) && value !== 1 ? `${unit}s` : unit;
}

/** What the form says below a field's title: what it is, and what it takes. */
export const helpOf = ({ description, range }: Pick<SchemaField, "description" | "range">): string =>
  [description, range === "" ? "" : `Takes ${range}.`].filter((part) => part !== "").join(description.endsWith(".") ? " " : ". ");

/** The properties of an object's JSON Schema (draft 2020-12) in their order; of a choice between objects those of each, by name. */
export function schemaFields(schema: Json, definitions: unknown = schema.$defs): SchemaField[] {
  const resolved = (part: unknown): Json => {
    if (!isJson(part)) return {};
    const name = text(part.$ref).replace("#/$defs/", "");
    const meant = isJson(definitions) && name !== "" ? definitions[name] : undefined;
    return isJson(meant) ? { ...meant, ...part } : part;
  };
  const branches = [schema.anyOf, schema.oneOf].flatMap((all): unknown[] => (Array.isArray(all) ? all : []));
  if (branches.length > 0) {
    const fields = branches.flatMap((branch) => schemaFields(resolved(branch), definitions));
    return fields.filter(({ name }, i) => fields.findIndex((each) => each.name === name) === i);
  }
  if (!isJson(schema.properties)) return [];
  const needed: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).map(([name, given]) => {
    const property = resolved(given);
    const suggested = Dimension.safeParse(property["x-suggest"]);
    const kind = kindOf(property, resolved(property.items));
    const options: unknown[] = Array.isArray(property.enum)
      ? property.enum
      : property.const === undefined
        ? []
        : [property.const];
    const items = rangeOf(resolved(property.items));
    const examples: readonly unknown[] = Array.isArray(property.examples) ? property.examples : [];
    return {
      name,
      title: text(property.title) || titleOf(name),
      description: text(property.description),
      unit: text(property.unit),
      kind,
      options: kind === "choice" ? options.map(String) : [],
      optionTexts: isJson(property["x-choices"])
        ? Object.entries(property["x-choices"]).map(([option, about]) => ({ option, text: text(about) }))
        : [],
      range: items === "" ? rangeOf(property) : `each ${items}`,
      fallback: property.default,
      required: needed.includes(name),
      given: property["x-given"] === true,
      absent: text(property["x-absent"]),
      example: examples[0],
      chooseFrom: text(property["x-choose-from"]),
      equation: text(property["x-equation"]),
      lines: property["x-lines"] === true,
      longest: typeof property.maxLength === "number" ? property.maxLength : null,
      advanced: property["x-advanced"] === true,
      suggested: suggested.success ? suggested.data : null,
      fields: schemaFields(property, definitions),
    };
  });
}
