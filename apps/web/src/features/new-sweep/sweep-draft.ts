import {
  type Budget,
  type Catalog,
  type Dimension,
  type ExperimentDescriptor,
  type Issue,
  issuesOf,
  SubmittedSpec,
} from "@basin/contracts";
import { Draft } from "./draft";
import { readValue, writeValue } from "./field-text";
import { isJson, type SchemaField } from "../catalog/schema-fields";
import { fieldAt, filledSpec, inOrder, optionsOf, parametersOf, partsOf } from "./spec-fields";

export type ParameterMode = "default" | Dimension["type"];

export const draftOf = (catalog: Catalog, spec: Readonly<Record<string, unknown>>): Draft =>
  new Draft((of, path) => fieldAt(catalog, of, path), spec);

/** The space that an experiment begins with: that of its default sweep, and what a person must give, still empty. */
function firstSpace(catalog: Catalog, { id, defaultSweep }: ExperimentDescriptor): Readonly<Record<string, unknown>> {
  const parameters = parametersOf(catalog, { experiment: id });
  const given = parameters.filter((field) => field.given).map((field) => [field.name, firstDimension(field, "fixed")] as const);
  return inOrder({ ...Object.fromEntries(given), ...defaultSweep.space }, parameters);
}

/** A draft that begins with the sweep that the experiment names, so that it can be submitted as it is unless something must be given. */
export function newDraft(catalog: Catalog, experiment: ExperimentDescriptor): Draft {
  const seeds = { count: experiment.defaultSweep.seeds, first: 0 };
  return draftOf(catalog, { ...filledSpec(experiment.id), space: firstSpace(catalog, experiment), seeds });
}

/** A draft of a stored spec. Parameters and options of the search that exist no longer are left out and named in `dropped`. */
export function draftOfSpec(catalog: Catalog, spec: SubmittedSpec): { draft: Draft; dropped: string[] } {
  const dropped: string[] = [];
  const known = <T>(values: Readonly<Record<string, T>>, fields: readonly SchemaField[]): Record<string, T> =>
    Object.fromEntries(
      Object.entries(values).filter(([name]) => {
        const there = fields.some((field) => field.name === name);
        if (!there) dropped.push(name);
        return there;
      }),
    );
  const space = known(spec.space, parametersOf(catalog, spec));
  const config = known(spec.search.config, optionsOf(catalog, spec.search.algorithm));
  return { draft: draftOf(catalog, { ...spec, space, search: { ...spec.search, config } }), dropped };
}

/** A draft of a budget alone, at `budget`. */
export const draftOfBudget = (budget: Budget | undefined): Draft =>
  draftOf({ experiments: [], searchAlgorithms: [] }, budget ? { budget } : {});

/** The budget that a draft describes, and what is wrong in it, with paths from the spec's root. */
export function readBudget(draft: Draft): { budget: Budget; issues: Issue[] } {
  const parsed = SubmittedSpec.pick({ budget: true }).safeParse(draft.spec);
  return { budget: parsed.data?.budget ?? {}, issues: issuesIn(draft, parsed.error) };
}

/** The spec that a draft describes, every default filled in; null where something in it is wrong as far as can be known without the API. */
export function readSweep(draft: Draft): { spec: SubmittedSpec | null; issues: Issue[] } {
  const parsed = SubmittedSpec.safeParse(draft.spec);
  const issues = issuesIn(draft, parsed.error);
  return { spec: parsed.success && issues.length === 0 ? parsed.data : null, issues };
}

/** What cannot be read, and what of the rest the contract does not allow. */
function issuesIn(draft: Draft, error: Parameters<typeof issuesOf>[0] | undefined): Issue[] {
  const unreadable = draft.unreadable();
  const said = new Set(unreadable.map(({ path }) => path));
  return [...unreadable, ...(error ? issuesOf(error).filter(({ path }) => !said.has(path)) : [])];
}

/** The modes in which a parameter of this kind can be given, the default first where it may be left at it. */
export function modesOf(field: SchemaField): ParameterMode[] {
  if (field.given) return ["fixed", "choice"];
  if (field.kind === "number") return ["default", "fixed", "choice", "log-float", "float", "step"];
  if (field.kind === "integer") return ["default", "fixed", "choice", "int"];
  return ["default", "fixed", "choice"];
}

export const modeOf = (draft: Draft, parameter: string): ParameterMode =>
  // A dimension of a type that does not exist is in no draft.
  (draft.value(`space.${parameter}.type`) as Dimension["type"] | undefined) ?? "default";

/** What a mode begins with: what the schema suggests, else something around the default. */
function firstDimension(field: SchemaField, type: Dimension["type"]): Readonly<Record<string, unknown>> {
  if (field.suggested?.type === type) return field.suggested;
  const { fallback } = field;
  const start = typeof fallback === "number" ? fallback : 1;
  const nothing = readValue(field, "");
  switch (type) {
    case "fixed":
      return { type, value: fallback ?? ("value" in nothing ? nothing.value : "") };
    case "choice":
      return { type, values: field.kind === "boolean" ? [false, true] : writeValue(fallback) === "" ? [] : [fallback] };
    case "int":
    case "step":
      return { type, min: start, max: start === 0 ? 1 : start * 2, step: type === "int" ? 1 : start === 0 ? 0.25 : start / 4 };
    case "float":
      return { type, min: start, max: start === 0 ? 1 : start * 2, points: 5 };
    case "log-float":
      return start > 0
        ? { type, min: start / 10, max: start * 10, points: 5 }
        : { type, min: start, max: start === 0 ? 1 : start * 2, points: 5 };
  }
}

/** The parameter given in another way. What was typed for it in that way before is found again, and so is its condition. */
export function withMode(draft: Draft, parameters: readonly SchemaField[], field: SchemaField, mode: ParameterMode): Draft {
  const path = `space.${field.name}`;
  if (mode === "default") return draft.without(path);
  const given = draft.value(path);
  const bare = isJson(given) && !("when" in given) ? draft.with(`${path}.when`, undefined) : draft;
  const parts = partsOf(mode).map(({ name }) => name);
  const next = bare.withVariant(path, firstDimension(field, mode), [...parts, "when.parameter", "when.in"]);
  const space = next.value("space");
  // They are read in the order of the experiment, whichever was chosen first.
  return given === undefined && isJson(space) ? next.withSpec({ ...next.spec, space: inOrder(space, parameters) }) : next;
}

/** Seeds as consecutive ones or as a list. */
export function withSeeds(draft: Draft, as: "count" | "list"): Draft {
  return as === "list"
    ? draft.withVariant("seeds", { list: [] }, ["list"])
    : draft.withVariant("seeds", filledSpec("any").seeds, ["count", "first"]);
}

/** Another algorithm with its options; those without a default begin with an example. */
export function withAlgorithm(draft: Draft, catalog: Catalog, id: string): Draft {
  const fields = optionsOf(catalog, id);
  const first = fields.map(({ name, fallback, example }) => [name, fallback ?? example] as const);
  const config = Object.fromEntries(first.filter(([, value]) => value !== undefined));
  return draft
    .without("search.config")
    .with("search.algorithm", id)
    .withVariant(
      "search.config",
      config,
      fields.map(({ name }) => name),
    );
}

/** Another experiment with the sweep that it names; how it is searched and run stays. */
export function withExperiment(draft: Draft, catalog: Catalog, experiment: ExperimentDescriptor): Draft {
  return draft
    .with("space", undefined)
    .with("objective", undefined)
    .with("experiment", experiment.id)
    .with("space", firstSpace(catalog, experiment))
    .with("seeds", { count: experiment.defaultSweep.seeds, first: 0 });
}
