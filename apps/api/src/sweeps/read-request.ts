import { completeSpace, issuesOf, SweepSpec, type Issue, type SweepRequest } from "@basin/contracts";
import {
  checkSpec,
  describeExperiment,
  describeShape,
  findExperiment,
  parameterShapes,
  unknownParameter,
  type ExperimentDefinition,
} from "@basin/problems";
import { checkMetricConstraints } from "@basin/search";
import { z } from "zod";
import { raceSeeds } from "./race-seeds";

const Descriptor = z.object({ properties: z.record(z.string(), z.unknown()).catch({}) });

const Named = z.object({ experiment: z.string().optional() }).catch({});

/** A spec that its experiment accepts, or everything in it that it does not; paths from the spec's root. */
export type ReadRequest = { spec: SweepSpec; issues: readonly [] } | { spec: null; issues: Issue[] };

/** Writes the short forms of a request out and checks the result, as a spec and against its experiment. */
export function readRequest(definition: ExperimentDefinition, request: SweepRequest): ReadRequest {
  const shapes = parameterShapes(definition);
  const names = Object.keys(request.space);
  const unknown = names.filter((name) => !shapes.has(name)).map((name) => unknownParameter(definition, name));
  const known = Object.fromEntries(Object.entries(request.space).filter(([name]) => shapes.has(name)));
  const { properties } = Descriptor.parse(describeExperiment(definition).parameters);
  const [first] = request.objectives ?? [];
  const objective = request.objective ?? first;
  const whole = { ...request, ...(objective ? { objective } : {}), space: completeSpace(known, properties) };
  const parsed = SweepSpec.safeParse(whole);
  if (!parsed.success)
    return { spec: null, issues: [...unknown, ...issuesOf(parsed.error).map((issue) => withAdvice(definition, issue))] };
  const { spec, issues: ofRace } = raceSeeds(parsed.data);
  const issues = [...unknown, ...checkSpec(definition, spec), ...checkObjectives(definition, spec), ...ofRace];
  return issues.length > 0 ? { spec: null, issues } : { spec, issues: [] };
}

/** What of several objectives and of constraints on metrics is not possible. */
function checkObjectives(definition: ExperimentDefinition, spec: SweepSpec): Issue[] {
  const { objective, objectives = [], metricConstraints = [], initializations } = spec;
  const names = definition.metrics.flatMap(({ name, final }) => (final ? [name] : []));
  const issues = checkMetricConstraints(metricConstraints, names);
  const [first] = objectives;
  if (first && objective && (first.metric !== objective.metric || first.direction !== objective.direction))
    issues.push({
      path: "objectives[0]",
      message: `is to ${first.direction} ${first.metric}, and the objective to ${objective.direction} ${objective.metric}`,
      hint: "the first of several is the objective: leave objective out, or give both alike",
    });
  for (const [i, { metric }] of objectives.entries()) {
    if (objectives.findIndex((one) => one.metric === metric) < i)
      issues.push({ path: `objectives[${i}].metric`, message: `${metric} is listed twice`, hint: "list each objective once" });
    else if (i > 0)
      issues.push(
        ...checkSpec(definition, { space: {}, objective: { metric, direction: "minimize" } }).map((issue) => ({
          ...issue,
          path: issue.path.replace(/^objective/, `objectives[${i}]`),
        })),
      );
  }
  if (objectives.length > 1 && initializations)
    issues.push({
      path: "initializations",
      message: `a race compares one objective, and there are ${objectives.length}`,
      hint: "leave the race out, or search for one objective",
    });
  return issues;
}

/** Issues of a request that could not be read, with what would be right for the parameters that they are about. */
export function adviseRequest(issues: readonly Issue[], body: unknown): Issue[] {
  const { experiment } = Named.parse(body);
  const definition = experiment === undefined ? null : findExperiment(experiment);
  return issues.map((issue) => (definition ? withAdvice(definition, issue) : issue));
}

/** What would be right for the parameter that an issue is about. */
function withAdvice(definition: ExperimentDefinition, issue: Issue): Issue {
  const [, name = "", rest = ""] = /^space\.([a-zA-Z0-9]+)(.*)$/.exec(issue.path) ?? [];
  const shape = parameterShapes(definition).get(name);
  if (!shape || issue.hint !== undefined) return issue;
  const takes = `${name} takes ${describeShape(shape)}`;
  const value = /^(\.value|\.values\[\d+\]|\.min|\.max|\.when\.in)/.test(rest);
  const forms =
    shape.type === "number" || shape.type === "integer"
      ? "a value, a list of values, { min: …, max: … }, or { type: … } with what it needs"
      : "a value, a list of values, or { type: choice, values: […] }";
  return { ...issue, hint: value ? takes : `write ${forms}; ${takes}` };
}
