import {
  type Dimension,
  type ExperimentDescriptor,
  type Objective,
  SweepSpec,
  type SearchAlgorithmDescriptor,
} from "@basin/contracts";
import { type BudgetForm, budgetForm } from "../budget/budget-form";
import { writeValue } from "./field-text";
import { schemaFields, type SchemaField } from "./schema-fields";

export type ParameterMode = "default" | Dimension["type"];

/** One parameter as it is typed; only the texts that belong to `mode` count, the others wait for a change of mind. */
export interface ParameterForm {
  mode: ParameterMode;
  value: string;
  values: string[];
  min: string;
  max: string;
  points: string;
  step: string;
  /** The dimension applies only where another parameter has one of these values; null: everywhere. */
  when: { parameter: string; values: string[] } | null;
}

export interface SweepForm {
  name: string;
  experiment: string;
  parameters: Record<string, ParameterForm>;
  seeds: { mode: "count" | "list"; count: string; first: string; list: string };
  search: { algorithm: string; config: Record<string, string>; seed: string };
  /** Null: the experiment's own objective. */
  objective: Objective | null;
  budget: BudgetForm;
  pool: string;
  priority: string;
  retryLimit: string;
  /** Empty: what the model family finds useful. */
  maxPackWidth: string;
  tags: string[];
  notes: string;
}

const blank = (field: SchemaField): ParameterForm => ({
  mode: "default",
  value: writeValue(field.fallback),
  values: [],
  min: "",
  max: "",
  points: "",
  step: "",
  when: null,
});

/** A parameter's form with the texts of one dimension filled in. */
function withDimension(given: ParameterForm, dimension: Dimension): ParameterForm {
  const { when } = dimension;
  const before = { ...given, when: when ? { parameter: when.parameter, values: when.in.map(writeValue) } : null };
  switch (dimension.type) {
    case "fixed":
      return { ...before, mode: "fixed", value: writeValue(dimension.value) };
    case "choice":
      return { ...before, mode: "choice", values: dimension.values.map(writeValue) };
    case "int":
    case "step":
      return {
        ...before,
        mode: dimension.type,
        min: String(dimension.min),
        max: String(dimension.max),
        step: String(dimension.step),
      };
    case "float":
    case "log-float":
      return {
        ...before,
        mode: dimension.type,
        min: String(dimension.min),
        max: String(dimension.max),
        points: dimension.points === undefined ? "" : String(dimension.points),
      };
  }
}

/** A parameter after choosing another mode: what the schema suggests, else something that starts from the default. */
export function withMode(field: SchemaField, before: ParameterForm, mode: ParameterMode): ParameterForm {
  if (mode === "default") return { ...before, mode };
  if (field.suggested?.type === mode && before.values.length === 0 && before.min === "" && before.max === "")
    return withDimension(before, field.suggested);
  const fallback = writeValue(field.fallback);
  const next = { ...before, mode, value: before.value === "" && field.kind !== "integers" ? fallback : before.value };
  if (mode === "choice" && next.values.length === 0)
    next.values = field.kind === "boolean" ? ["false", "true"] : fallback === "" ? [] : [fallback];
  const start = typeof field.fallback === "number" ? field.fallback : 1;
  if (mode === "int" || mode === "step" || mode === "float" || mode === "log-float") {
    const tenfold = mode === "log-float" && start > 0;
    if (next.min === "") next.min = String(tenfold ? start / 10 : start);
    if (next.max === "") next.max = String(tenfold ? start * 10 : start === 0 ? 1 : start * 2);
    if ((mode === "int" || mode === "step") && next.step === "")
      next.step = mode === "int" ? "1" : String(start === 0 ? 0.25 : start / 4);
    if ((mode === "float" || mode === "log-float") && next.points === "") next.points = "5";
  }
  return next;
}

/** The modes in which a parameter of this kind can be given, the default first. */
export function modesOf(field: SchemaField): ParameterMode[] {
  if (field.kind === "number") return ["default", "fixed", "choice", "log-float", "float", "step"];
  if (field.kind === "integer") return ["default", "fixed", "choice", "int"];
  return ["default", "fixed", "choice"];
}

/** A form that opens with the sweep that the experiment names, so that it can be submitted as it is. */
export function newForm(experiment: ExperimentDescriptor): SweepForm {
  const { space, seeds } = experiment.defaultSweep;
  return formOfSpec(SweepSpec.parse({ experiment: experiment.id, space, seeds: { count: seeds } }), experiment, []).form;
}

/** The form that gives this spec again. Parameters that the experiment does not have are left out and named in `dropped`. */
export function formOfSpec(
  spec: SweepSpec,
  experiment: ExperimentDescriptor,
  algorithms: readonly SearchAlgorithmDescriptor[],
): { form: SweepForm; dropped: string[] } {
  const parameters: Record<string, ParameterForm> = {};
  const dropped = new Set(Object.keys(spec.space));
  for (const field of schemaFields(experiment.parameters)) {
    const dimension = spec.space[field.name];
    parameters[field.name] = dimension ? withDimension(blank(field), dimension) : blank(field);
    dropped.delete(field.name);
  }
  const config = configTexts(
    algorithms.find((each) => each.id === spec.search.algorithm),
    spec.search.config,
  );
  const counted = "count" in spec.seeds ? spec.seeds : { count: 5, first: 0 };
  return {
    form: {
      name: spec.name ?? "",
      experiment: experiment.id,
      parameters,
      seeds: {
        mode: "count" in spec.seeds ? "count" : "list",
        count: String(counted.count),
        first: String(counted.first),
        list: "list" in spec.seeds ? spec.seeds.list.join(", ") : "",
      },
      search: { algorithm: spec.search.algorithm, config, seed: String(spec.search.seed) },
      objective: spec.objective ?? null,
      budget: budgetForm(spec.budget),
      pool: spec.pool,
      priority: String(spec.priority),
      retryLimit: String(spec.retryLimit),
      maxPackWidth: spec.maxPackWidth === undefined ? "" : String(spec.maxPackWidth),
      tags: [...spec.tags],
      notes: spec.notes,
    },
    dropped: [...dropped],
  };
}

/** Texts of an algorithm's config; what is not given shows the schema's default. */
export function configTexts(
  algorithm: SearchAlgorithmDescriptor | undefined,
  given: Record<string, unknown> = {},
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const field of schemaFields(algorithm?.config ?? {})) texts[field.name] = writeValue(given[field.name] ?? field.fallback);
  for (const [name, value] of Object.entries(given)) texts[name] ??= writeValue(value);
  return texts;
}
