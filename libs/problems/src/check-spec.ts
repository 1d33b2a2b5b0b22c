import {
  issuesOf,
  issuePath,
  type Configuration,
  type Dimension,
  type Issue,
  type MetricDescriptor,
  type ParameterValue,
  type SweepSpec,
} from "@basin/contracts";
import { closestName } from "./closest-name";
import { configurationOf, ConfigurationError } from "./describe-experiment";
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
  const issues = Object.entries(spec.space).flatMap(([name, dimension]) => checkDimension(definition, name, dimension));
  if (spec.objective) issues.push(...checkObjective(definition, spec.objective.metric));
  if (issues.length > 0) return issues;
  const rules = checkRules(definition, spec.space);
  return rules.length > 0 ? rules : checkReported(definition, spec);
}

/** What a spec that `checkSpec` accepts is warned of: an objective that some of its runs do not report. */
export function objectiveWarnings(
  definition: ExperimentDefinition,
  { space, objective }: Pick<SweepSpec, "space" | "objective">,
): Issue[] {
  const metric = objectiveOf(definition, objective);
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
  for (const parameters of representatives(space, maxRuleChecks)) {
    const configuration = configurationOf(definition, parameters);
    found.add(where.every((rule) => holdsFor(rule, configuration)));
  }
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

function checkDimension(definition: ExperimentDefinition, name: string, dimension: Dimension): Issue[] {
  const shapes = parameterShapes(definition);
  const shape = shapes.get(name);
  const path = `space.${name}`;
  if (!shape) {
    const near = closestName(name, [...shapes.keys()]);
    return [
      {
        path,
        message: `${definition.id} has no parameter "${name}"`,
        hint: `${near === null ? "" : `did you mean "${near}"? `}It has ${[...shapes.keys()].join(", ")}`,
      },
    ];
  }
  const kind = checkKind(name, shape, dimension);
  if (kind) return [kind];
  return valuesToCheck(dimension).flatMap(([where, value]) => checkValue(definition, name, shape, [...where], value));
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

function checkValue(
  definition: ExperimentDefinition,
  name: string,
  shape: ParameterShape,
  where: PropertyKey[],
  value: ParameterValue,
): Issue[] {
  const parsed = definition.parameters.safeParse({ [name]: value });
  const path = issuePath(["space", name, ...where]);
  if (parsed.success) {
    const fault = inSinglePrecision(definition) ? singlePrecisionFault(shape, value) : null;
    return fault === null
      ? []
      : [{ path, message: `${name} cannot be ${String(value)}: ${fault}`, hint: `it takes ${describeShape(shape)}` }];
  }
  const deeper = issuesOf(parsed.error)[0]?.path.slice(name.length) ?? "";
  const near = shape.enum && typeof value === "string" ? closestName(value, shape.enum.map(String)) : null;
  return [
    {
      path: `${path}${deeper}`,
      message: `${name} cannot be ${typeof value === "number" ? value : JSON.stringify(value)}: it takes ${describeShape(shape)}`,
      ...(near === null ? {} : { hint: `did you mean "${near}"?` }),
    },
  ];
}

/** At most this many configurations are tried against an experiment's rules across parameters. */
const maxRuleChecks = 2000;

/** Tries the rules on combinations of representative values; each is a configuration that the sweep may contain. */
function checkRules(definition: ExperimentDefinition, space: SweepSpec["space"]): Issue[] {
  if (!definition.check) return [];
  const found = new Map<string, Issue>();
  for (const parameters of representatives(space, maxRuleChecks)) {
    const configuration = tryConfiguration(definition, parameters);
    if (Array.isArray(configuration)) return configuration;
    for (const issue of definition.check(configuration)) {
      const root = /^[a-zA-Z0-9]+/.exec(issue.path)?.[0] ?? "";
      const path = root in space ? `space.${issue.path}` : "space";
      found.set(`${path}: ${issue.message}`, { ...issue, path });
    }
  }
  return [...found.values()];
}

function tryConfiguration(definition: ExperimentDefinition, parameters: Configuration): Configuration | Issue[] {
  try {
    return configurationOf(definition, parameters);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.issues.map((issue) => ({ ...issue, path: `space.${issue.path}` }));
    throw error;
  }
}
