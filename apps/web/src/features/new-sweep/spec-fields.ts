import { type Catalog, Dimension, Initializations, Stopping, SubmittedSpec, writtenOut } from "@basin/contracts";
import { pathSegments, valueAt } from "./spec-path";
import { isJson, schemaFields, type SchemaField } from "../catalog/schema-fields";

type Json = Readonly<Record<string, unknown>>;

/** The fields of a sweep spec, from its contract. */
const specFields: readonly SchemaField[] = schemaFields(writtenOut(SubmittedSpec));

/** A spec that says nothing but its experiment, with every default filled in. */
export const filledSpec = (experiment: string): SubmittedSpec => SubmittedSpec.parse({ experiment });

/** The same with its fields in the order of their schema, and after them what that does not have. */
export function inOrder(value: Json, fields: readonly SchemaField[] = specFields): Json {
  const known = fields
    .filter(({ name }) => Object.hasOwn(value, name))
    .map(({ name, fields: inner }) => {
      const part = value[name];
      return [name, isJson(part) && inner.length > 0 ? inOrder(part, inner) : part] as const;
    });
  return {
    ...Object.fromEntries(known),
    ...Object.fromEntries(Object.entries(value).filter(([name]) => !known.some(([at]) => at === name))),
  };
}

/** Those that the form has a part of its own for; every other one is drawn as its schema describes it. */
const withOwnPart = ["experiment", "space", "search", "seeds", "budget", "initializations", "stopping"];
export const budgetFields = specFields.find(({ name }) => name === "budget")?.fields ?? [];
export const raceFields = specFields.find(({ name }) => name === "initializations")?.fields ?? [];
export const stoppingFields = specFields.find(({ name }) => name === "stopping")?.fields ?? [];
/** What a stopping rule begins with in the form. */
export const stoppingDefaults: Json = { ...Stopping.parse({ rule: "asha" }) };
/** What a race begins with in the form. */
export const raceDefaults = { ...Initializations.parse({}), max: 32 };
export const plainFields = specFields.filter(({ name }) => !withOwnPart.includes(name));

/** Names of the fields that have no default: a spec can be without them. */
export const removableFields = specFields.map(({ name }) => name).filter((name) => !(name in filledSpec("any")));

/** What a dimension of each type consists of, `type` and `when` left out. */
const dimensionParts = new Map(
  Dimension.options.map((option) => {
    const fields = schemaFields(writtenOut(option));
    const type = fields.find(({ name }) => name === "type")?.options[0] ?? "";
    return [type, fields.filter(({ name }) => name !== "type" && name !== "when")] as const;
  }),
);
export const partsOf = (type: unknown): readonly SchemaField[] =>
  typeof type === "string" ? (dimensionParts.get(type) ?? []) : [];

const read = new WeakMap<Json, readonly SchemaField[]>();

/** The fields of a schema of the catalogue, read once. */
function fieldsOf(schema: Json | undefined): readonly SchemaField[] {
  if (!schema) return [];
  const known = read.get(schema) ?? schemaFields(schema);
  read.set(schema, known);
  return known;
}

export const parametersOf = ({ experiments }: Catalog, spec: Json): readonly SchemaField[] =>
  fieldsOf(experiments.find(({ id }) => id === spec.experiment)?.parameters);

export const optionsOf = ({ searchAlgorithms }: Catalog, algorithm: unknown): readonly SchemaField[] =>
  fieldsOf(searchAlgorithms.find(({ id }) => id === algorithm)?.config);

const named = (fields: readonly SchemaField[], name: string | undefined): SchemaField | null =>
  fields.find((field) => field.name === name) ?? null;

/** A value of a parameter, or of one that a condition names: it must be there, whatever the parameter's default. */
const valueOf = (fields: readonly SchemaField[], name: unknown): SchemaField | null => {
  const field = typeof name === "string" ? named(fields, name) : null;
  return field && { ...field, required: true };
};

/** What can stand at a path of a spec, where that is one thing to be typed or chosen; null for everything else. */
export function fieldAt(catalog: Catalog, spec: Json, path: string): SchemaField | null {
  const segments = pathSegments(path);
  const [first, second = "", part, index, item] = segments;
  if (first === "search" && second === "config")
    return segments.length > 3 ? null : named(optionsOf(catalog, valueAt(spec, "search.algorithm")), part);
  if (first === "space") {
    const parameters = parametersOf(catalog, spec);
    if (part === "when" && index === "in" && item !== undefined)
      return valueOf(parameters, valueAt(spec, `space.${second}.when.parameter`));
    if (part === "value" || part === "values") {
      // An element of a list that is a value is part of what is typed for it.
      const whole = part === "value" ? index === undefined || /^\d+$/.test(index) : index !== undefined;
      return whole ? valueOf(parameters, second) : null;
    }
    return named(partsOf(valueAt(spec, `space.${second}.type`)), part);
  }
  let field = named(specFields, first);
  for (const segment of segments.slice(1)) {
    if (field === null) return null;
    // An element of a list is part of what is typed for the list, unless the elements are texts.
    if (/^\d+$/.test(segment)) field = field.kind === "texts" ? { ...field, kind: "text", required: true } : field;
    else field = named(field.fields, segment);
  }
  return field !== null && field.fields.length > 0 ? null : field;
}

const pathsBelow = (prefix: string, fields: readonly SchemaField[]): string[] =>
  fields.flatMap(({ name, fields: inner }) => [`${prefix}${name}`, ...pathsBelow(`${prefix}${name}.`, inner)]);

/** Every path at which the form can say what is wrong. */
export function pathsOf(catalog: Catalog, spec: Json): string[] {
  const ofSearch = specFields.find(({ name }) => name === "search")?.fields ?? [];
  return [
    ...pathsBelow(
      "",
      specFields.filter(({ name }) => name !== "space" && name !== "search"),
    ),
    ...pathsBelow(
      "search.",
      ofSearch.filter(({ name }) => name !== "config"),
    ),
    ...pathsBelow("search.config.", optionsOf(catalog, valueAt(spec, "search.algorithm"))),
    ...parametersOf(catalog, spec).flatMap(({ name }) => {
      const parts = [...partsOf(valueAt(spec, `space.${name}.type`)).map((each) => each.name), "when"];
      return [`space.${name}`, ...parts.map((part) => `space.${name}.${part}`)];
    }),
  ];
}
