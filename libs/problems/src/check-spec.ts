import {
  applicable,
  issuesOf,
  issuePath,
  type Configuration,
  type Dimension,
  type Issue,
  type ParameterValue,
  type Space,
  type SweepSpec,
} from "@basin/contracts";
import { closestName } from "./closest-name";
import { configurationOf, ConfigurationError } from "./describe-experiment";
import type { ExperimentDefinition } from "./experiment";
import { describeShape, parameterShapes, type ParameterShape } from "./parameter-shape";

/**
 * Everything about a sweep spec that its experiment does not accept: unknown parameters, values of another type or outside
 * the range (of ranges, both ends), rules across parameters, an objective it does not report. Paths from the spec's root. Says
 * nothing about the search algorithm, whose own `check` does. Empty: every configuration of the space is accepted.
 */
export function checkSpec(definition: ExperimentDefinition, spec: Pick<SweepSpec, "space" | "objective">): Issue[] {
  const issues = Object.entries(spec.space).flatMap(([name, dimension]) => checkDimension(definition, name, dimension));
  if (spec.objective) issues.push(...checkObjective(definition, spec.objective.metric));
  return issues.length > 0 ? issues : checkRules(definition, spec.space);
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

/** Values that stand for all others, with where they are written. A range is accepted when both its ends are. */
function valuesToCheck(dimension: Dimension): [where: PropertyKey[], value: ParameterValue][] {
  switch (dimension.type) {
    case "fixed":
      return [[["value"], dimension.value]];
    case "choice":
      return dimension.values.map((value, i) => [["values", i], value]);
    default:
      return [
        [["min"], dimension.min],
        [["max"], dimension.max],
      ];
  }
}

function checkValue(
  definition: ExperimentDefinition,
  name: string,
  shape: ParameterShape,
  where: PropertyKey[],
  value: ParameterValue,
): Issue[] {
  const parsed = definition.parameters.safeParse({ [name]: value });
  if (parsed.success) return [];
  const deeper = issuesOf(parsed.error)[0]?.path.slice(name.length) ?? "";
  const near = shape.enum && typeof value === "string" ? closestName(value, shape.enum.map(String)) : null;
  return [
    {
      path: `${issuePath(["space", name, ...where])}${deeper}`,
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
  const axes = Object.entries(space).map(([name, dimension]) => ({
    name,
    values: valuesToCheck(dimension).map(([, value]) => value),
  }));
  const found = new Map<string, Issue>();
  for (const parameters of combinations(space, axes)) {
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

/** All combinations while they are few; otherwise every value once, the other parameters at their first. */
function* combinations(
  space: Space,
  axes: readonly { name: string; values: readonly ParameterValue[] }[],
): Generator<Configuration> {
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  const at = (indices: readonly number[]): Configuration =>
    applicable(
      space,
      Object.fromEntries(
        axes.flatMap((axis, a) => axis.values.slice(indices[a] ?? 0, (indices[a] ?? 0) + 1).map((value) => [axis.name, value])),
      ),
    );
  if (count <= maxRuleChecks) {
    for (let cell = 0; cell < count; cell++) {
      let rest = cell;
      yield at(
        axes.map((axis) => {
          const index = rest % axis.values.length;
          rest = Math.floor(rest / axis.values.length);
          return index;
        }),
      );
    }
    return;
  }
  // Round by round, so that one long list does not use up the budget of the other parameters.
  let budget = maxRuleChecks;
  const rounds = Math.max(...axes.map((axis) => axis.values.length));
  for (let i = 0; i < rounds; i++) {
    for (const [a, axis] of axes.entries()) {
      if (i >= axis.values.length) continue;
      if (budget-- === 0) return;
      yield at(axes.map((_, other) => (other === a ? i : 0)));
    }
  }
}
