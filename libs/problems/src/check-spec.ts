import {
  closestName,
  issuePath,
  mostIssues,
  withCount,
  type Dimension,
  type Issue,
  type MetricDescriptor,
  type ParameterValue,
  type SweepSpec,
} from "@basin/contracts";
import { configurationOf } from "./describe-experiment";
import type { z } from "zod";
import type { ExperimentDefinition } from "./experiment";
import { describeShape, parameterShapes, type ParameterShape } from "./parameter-shape";
import { inSinglePrecision, singlePrecisionFault } from "./single-precision";
import { holdsFor } from "./parameter-rule";
import { representatives, valuesToCheck } from "./space-samples";

/**
 * Everything about a sweep spec that its experiment does not accept: unknown parameters, values of another type or outside
 * the range (of ranges, both ends), rules across parameters, an objective that no run reports. Paths from the spec's root. Says
 * nothing about the search algorithm, whose own `check` does. Empty: every configuration of the space is accepted.
 */
export function checkSpec(definition: ExperimentDefinition, spec: Pick<SweepSpec, "space" | "objective">): Issue[] {
  const told: Issue[] = [];
  let count = 0;
  for (const [name, dimension] of Object.entries(spec.space))
    for (const fault of faultsOf(definition, name, dimension)) if ((count += 1) <= mostIssues) told.push(fault());
  if (spec.objective) told.push(...checkObjective(definition, spec.objective.metric));
  if (told.length > 0) return withCount(told, Math.max(count, told.length));
  const rules = checkRules(definition, spec.space);
  return rules.length > 0 ? rules : checkReported(definition, spec);
}

/** What a spec that `checkSpec` accepts is warned of: an objective that is the same for all runs, that names a class, or that some of them do not report. */
export function objectiveWarnings(
  definition: ExperimentDefinition,
  { space, objective }: Pick<SweepSpec, "space" | "objective">,
): Issue[] {
  const metric = objectiveOf(definition, objective);
  if (metric?.ofData)
    return [
      {
        path: "objective.metric",
        message: `${metric.name} is a figure of the data alone: training has no part in it, so all runs on the same data have the same and none is better`,
        hint: `choose a figure of what is trained, e.g. ${definition.objective.metric}`,
      },
    ];
  if (metric?.categories)
    return [
      {
        path: "objective.metric",
        message: `${metric.name} names a class by its number (0: ${metric.categories[0]}, …, ${metric.categories.length - 1}: ${metric.categories.at(-1)}), of which no mean or median says anything`,
        hint: `choose a figure that measures, e.g. ${definition.objective.metric}`,
      },
    ];
  if (!metric?.where || reportedBy(definition, space, metric) !== "some") return [];
  const message = `some runs report no ${metric.name}, the objective, and have no place among the others: it is reported where ${wanted(metric)}`;
  return [{ path: "objective.metric", message, hint: "choose an objective that every run reports" }];
}

/** An objective that only some configurations report, and none of these: nothing would be optimized. */
function checkReported(definition: ExperimentDefinition, { space, objective }: Pick<SweepSpec, "space" | "objective">): Issue[] {
  const metric = objectiveOf(definition, objective);
  if (!metric?.where || reportedBy(definition, space, metric) !== "none") return [];
  const [rule] = metric.where;
  return [
    {
      path: objective || !rule ? "objective.metric" : `space.${rule.parameter}`,
      message: `no run of this sweep reports ${metric.name}, ${objective ? "its" : "the experiment's"} objective: it is reported where ${wanted(metric)}`,
      hint: `${metric.where.map(({ parameter }) => `set ${parameter}`).join(" and ")}, or choose another objective`,
    },
  ];
}

function objectiveOf(definition: ExperimentDefinition, objective: SweepSpec["objective"]): MetricDescriptor | undefined {
  const { metric } = objective ?? definition.objective;
  return definition.metrics.find(({ name, final }) => final && name === metric);
}

/** Which of the sweep's configurations report a figure. */
function reportedBy(
  definition: ExperimentDefinition,
  space: SweepSpec["space"],
  { where = [] }: MetricDescriptor,
): "all" | "some" | "none" {
  const found = new Set<boolean>();
  const defaults = configurationOf(definition, {});
  for (const parameters of representatives(space, maxRuleChecks))
    found.add(where.every((rule) => holdsFor(rule, { ...defaults, ...parameters })));
  return found.size === 2 ? "some" : found.has(true) ? "all" : "none";
}

function wanted({ where = [] }: MetricDescriptor): string {
  return where
    .map((rule) => {
      if ("is" in rule) return `${rule.parameter} is ${JSON.stringify(rule.is)}`;
      if ("isNot" in rule) return `${rule.parameter} is not ${JSON.stringify(rule.isNot)}`;
      return `${rule.parameter} is at ${"atLeast" in rule ? `least ${rule.atLeast}` : `most ${rule.atMost}`}`;
    })
    .join(" and ");
}

function checkObjective(definition: ExperimentDefinition, metric: string): Issue[] {
  const finals = definition.metrics.filter((m) => m.final).map((m) => m.name);
  if (finals.includes(metric)) return [];
  const near = closestName(metric, finals);
  return [
    {
      path: "objective.metric",
      message: `${definition.id} reports no final figure "${metric}"`,
      hint: `${near === null ? "" : `did you mean "${near}"? `}It reports ${finals.join(", ")}`,
    },
  ];
}

/** Of a parameter that the experiment does not have. */
export function unknownParameter(definition: ExperimentDefinition, name: string): Issue {
  const names = [...parameterShapes(definition).keys()];
  const near = closestName(name, names);
  return {
    path: `space.${name}`,
    message: `${definition.id} has no parameter "${name.slice(0, 80)}"`,
    hint: near === null ? `It has ${names.join(", ")}` : `did you mean "${near}"? It has ${names.join(", ")}`,
  };
}

/** What is wrong with a dimension; each is put into words only when it is told, since a list may hold a hundred thousand wrong values. */
function* faultsOf(definition: ExperimentDefinition, name: string, dimension: Dimension): Generator<() => Issue> {
  const shape = parameterShapes(definition).get(name);
  const schema = definition.parameters.shape[name] as z.ZodType | undefined;
  if (!shape || !schema) {
    yield () => unknownParameter(definition, name);
    return;
  }
  const kind = checkKind(name, shape, dimension);
  if (kind) {
    yield () => kind;
    return;
  }
  const single = inSinglePrecision(definition);
  for (const [where, value] of valuesToCheck(dimension)) {
    const path = ["space", name, ...where];
    const parsed = schema.safeParse(value);
    if (!parsed.success) yield () => wrongValue(name, shape, path, value, parsed.error);
    else if (single && singlePrecisionFault(shape, value) !== null)
      yield () => ({
        path: issuePath(path),
        message: `${name} cannot be ${String(value)}: ${singlePrecisionFault(shape, value)}`,
        hint: `it takes ${describeShape(shape)}`,
      });
  }
}

/** Ranges need a numeric parameter, and whole-number parameters need whole-number ranges. */
function checkKind(name: string, shape: ParameterShape, dimension: Dimension): Issue | null {
  if (dimension.type === "fixed" || dimension.type === "choice") return null;
  const path = `space.${name}.type`;
  if (shape.type !== "number" && shape.type !== "integer") {
    return {
      path,
      message: `${name} is no number, so it cannot be searched as "${dimension.type}"`,
      hint: `list its values: {"type": "choice", "values": […]}; ${name} takes ${describeShape(shape)}`,
    };
  }
  if (shape.type === "number" || dimension.type === "int") return null;
  if (dimension.type === "step" && Number.isInteger(dimension.min) && Number.isInteger(dimension.step)) return null;
  return {
    path,
    message: `${name} takes whole numbers, but "${dimension.type}" gives fractions`,
    hint: `use {"type": "int", "min": …, "max": …, "step": …} or {"type": "choice", "values": […]}`,
  };
}

function wrongValue(name: string, shape: ParameterShape, path: PropertyKey[], value: ParameterValue, error: z.ZodError): Issue {
  const [first] = error.issues;
  const near = shape.enum && typeof value === "string" ? closestName(value, shape.enum.map(String)) : null;
  const written = typeof value === "number" ? String(value) : JSON.stringify(value);
  // A rule of the parameter's own says more than its type does.
  const own = first?.code === "custom" ? first.message : `it takes ${describeShape(shape)}`;
  return {
    path: issuePath([...path, ...(first?.path ?? [])]),
    message: `${name} cannot be ${written.length > 80 ? `${written.slice(0, 80)}…` : written}: ${own}`,
    ...(near === null ? {} : { hint: `did you mean "${near}"?` }),
  };
}

/** At most this many configurations are tried against an experiment's rules across parameters. */
const maxRuleChecks = 2000;

/** What the experiment says of configurations that it accepts. Paths from the spec's root. */
export function parameterWarnings(definition: ExperimentDefinition, space: SweepSpec["space"]): Issue[] {
  if (!definition.warnings) return [];
  const found = new Map<string, Issue>();
  const defaults = configurationOf(definition, {});
  for (const parameters of representatives(space, maxRuleChecks))
    for (const issue of definition.warnings({ ...defaults, ...parameters }))
      found.set(issue.message, { ...issue, path: `space.${issue.path}` });
  return [...found.values()];
}

/** Tries the rules on combinations of representative values; each is a configuration that the sweep may contain. */
function checkRules(definition: ExperimentDefinition, space: SweepSpec["space"]): Issue[] {
  if (!definition.check) return [];
  const found = new Map<string, Issue>();
  const defaults = configurationOf(definition, {});
  for (const parameters of representatives(space, maxRuleChecks)) {
    for (const issue of definition.check({ ...defaults, ...parameters })) {
      const root = /^[a-zA-Z0-9]+/.exec(issue.path)?.[0] ?? "";
      const path = `space.${issue.path}`;
      const standing =
        root in space || !(root in defaults)
          ? ""
          : `; it is not in the space, so its default ${JSON.stringify(defaults[root])} holds`;
      const message = `${issue.message}${standing}`;
      found.set(`${path}: ${message}`, { ...issue, path, message });
    }
  }
  return [...found.values()];
}
