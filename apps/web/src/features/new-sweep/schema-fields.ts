import { Dimension } from "@basin/contracts";
import { formatNumber } from "@basin/ui";

export type FieldKind = "number" | "integer" | "boolean" | "choice" | "numbers" | "integers" | "texts" | "text";

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
  advanced: boolean;
  suggested: Dimension | null;
}

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A safe integer's own bounds say nothing to a person. */
const bound = (value: unknown): number | null =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;

function rangeOf(property: Json): string {
  const [min, max] = [bound(property.minimum), bound(property.maximum)];
  const [above, below] = [bound(property.exclusiveMinimum), bound(property.exclusiveMaximum)];
  const low =
    above === null ? (min === null ? "" : `at least ${formatNumber(min, 12)}`) : `greater than ${formatNumber(above, 12)}`;
  const high = below === null ? (max === null ? "" : `at most ${formatNumber(max, 12)}`) : `less than ${formatNumber(below, 12)}`;
  return [low, high].filter((part) => part !== "").join(", ");
}

function kindOf(property: Json): FieldKind {
  if (Array.isArray(property.enum) || property.const !== undefined) return "choice";
  if (property.type === "array") {
    const items = isJson(property.items) ? property.items.type : undefined;
    return items === "integer" ? "integers" : items === "number" ? "numbers" : "texts";
  }
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

/** The properties of an object's JSON Schema (draft 2020-12) in their order. */
export function schemaFields(schema: Json): SchemaField[] {
  if (!isJson(schema.properties)) return [];
  return Object.entries(schema.properties).map(([name, given]) => {
    const property = isJson(given) ? given : {};
    const suggested = Dimension.safeParse(property["x-suggest"]);
    const kind = kindOf(property);
    const options: unknown[] = Array.isArray(property.enum)
      ? property.enum
      : property.const === undefined
        ? []
        : [property.const];
    const items = isJson(property.items) ? rangeOf(property.items) : "";
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
      advanced: property["x-advanced"] === true,
      suggested: suggested.success ? suggested.data : null,
    };
  });
}
