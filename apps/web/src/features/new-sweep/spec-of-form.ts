import type {
  Condition,
  Dimension,
  Issue,
  ParameterValue,
  SearchAlgorithmDescriptor,
  Space,
  SweepSpecInput,
} from "@basin/contracts";
import { budgetOf } from "../budget/budget-form";
import { readNumber, readValue } from "./field-text";
import { schemaFields, type SchemaField } from "./schema-fields";
import type { ParameterForm, SweepForm } from "./sweep-form";

/** Texts that are no numbers become issues at the path where the API would complain about the value. */
class Reader {
  readonly issues: Issue[] = [];

  number(path: string, text: string, whole: boolean): number {
    const value = readNumber(text);
    if (value === null) this.issues.push({ path, message: text.trim() === "" ? "needs a number" : `"${text}" is not a number` });
    else if (whole && !Number.isInteger(value)) this.issues.push({ path, message: `${text} is not a whole number` });
    return value ?? 0;
  }

  optional(path: string, text: string): number | undefined {
    return text.trim() === "" ? undefined : this.number(path, text, true);
  }

  value(path: string, field: Pick<SchemaField, "kind" | "options">, text: string): ParameterValue {
    const read = readValue(field, text);
    if ("value" in read) return read.value;
    this.issues.push({ path, message: read.message });
    return text;
  }
}

function dimensionOf(reader: Reader, path: string, field: SchemaField, form: ParameterForm): Dimension | null {
  switch (form.mode) {
    case "default":
      return null;
    case "fixed":
      return { type: "fixed", value: reader.value(`${path}.value`, field, form.value) };
    case "choice":
      if (form.values.length === 0) reader.issues.push({ path: `${path}.values`, message: "needs at least one value" });
      return { type: "choice", values: form.values.map((text, i) => reader.value(`${path}.values[${i}]`, field, text)) };
    case "int":
    case "step": {
      const whole = form.mode === "int";
      return {
        type: form.mode,
        min: reader.number(`${path}.min`, form.min, whole),
        max: reader.number(`${path}.max`, form.max, whole),
        step: reader.number(`${path}.step`, form.step, whole),
      };
    }
    case "float":
    case "log-float": {
      const points = reader.optional(`${path}.points`, form.points);
      return {
        type: form.mode,
        min: reader.number(`${path}.min`, form.min, false),
        max: reader.number(`${path}.max`, form.max, false),
        ...(points === undefined ? {} : { points }),
      };
    }
  }
}

function conditionOf(
  reader: Reader,
  path: string,
  fields: readonly SchemaField[],
  when: NonNullable<ParameterForm["when"]>,
): Condition {
  const parent = fields.find(({ name }) => name === when.parameter);
  if (!parent) reader.issues.push({ path: `${path}.when`, message: "choose the parameter it depends on" });
  else if (when.values.length === 0)
    reader.issues.push({ path: `${path}.when`, message: `choose at least one value of ${parent.title}` });
  const read = parent ?? { kind: "text" as const, options: [] };
  return { parameter: when.parameter, in: when.values.map((text, i) => reader.value(`${path}.when.in[${i}]`, read, text)) };
}

function configOf(reader: Reader, form: SweepForm, algorithm: SearchAlgorithmDescriptor | undefined): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const field of schemaFields(algorithm?.config ?? {})) {
    const text = form.search.config[field.name] ?? "";
    if (text.trim() !== "") config[field.name] = reader.value(`search.config.${field.name}`, field, text);
  }
  return config;
}

/**
 * The spec that a form describes, and what in it could not be read. With issues the spec is for looking at only. Parameters
 * left at their default are left out, so that the sweep follows the experiment.
 */
export function specOfForm(
  form: SweepForm,
  fields: readonly SchemaField[],
  algorithm: SearchAlgorithmDescriptor | undefined,
): { spec: SweepSpecInput; issues: Issue[] } {
  const reader = new Reader();
  const space: Space = {};
  for (const field of fields) {
    const parameter = form.parameters[field.name];
    const path = `space.${field.name}`;
    const dimension = parameter ? dimensionOf(reader, path, field, parameter) : null;
    if (!dimension || !parameter) continue;
    space[field.name] = parameter.when ? { ...dimension, when: conditionOf(reader, path, fields, parameter.when) } : dimension;
  }
  const list = form.seeds.list.split(/[\s,;]+/).filter((part) => part !== "");
  const seeds =
    form.seeds.mode === "count"
      ? {
          count: reader.number("seeds.count", form.seeds.count, true),
          first: reader.number("seeds.first", form.seeds.first, true),
        }
      : { list: list.map((part, i) => reader.number(`seeds.list[${i}]`, part, true)) };
  const { budget, issues: budgetIssues } = budgetOf(form.budget);
  reader.issues.push(...budgetIssues);
  const name = form.name.trim();
  const maxPackWidth = reader.optional("maxPackWidth", form.maxPackWidth);
  const spec: SweepSpecInput = {
    ...(name === "" ? {} : { name }),
    experiment: form.experiment,
    space,
    search: {
      algorithm: form.search.algorithm,
      config: configOf(reader, form, algorithm),
      seed: reader.number("search.seed", form.search.seed, true),
    },
    seeds,
    ...(form.objective ? { objective: form.objective } : {}),
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
    pool: form.pool.trim(),
    priority: reader.number("priority", form.priority, true),
    retryLimit: reader.number("retryLimit", form.retryLimit, true),
    ...(maxPackWidth === undefined ? {} : { maxPackWidth }),
    tags: form.tags,
    notes: form.notes,
  };
  return { spec, issues: reader.issues };
}
