import {
  Configuration,
  Dimension,
  ExperimentDescriptor,
  issuesOf,
  lossTexts,
  type Issue,
  type LossName,
  type MetricDescriptor,
} from "@basin/contracts";
import { z } from "zod";
import type { ExperimentDefinition, Problem } from "./experiment";
import { familyTitle } from "./families";

/** What the catalogue shows of an experiment: `parameters` as JSON Schema, `defaults` filled in. Throws on a definition without defaults. */
export function describeExperiment(definition: ExperimentDefinition): ExperimentDescriptor {
  return ExperimentDescriptor.parse({
    id: definition.id,
    version: definition.version,
    ref: definition.problem.kind === "external" ? definition.problem.ref : undefined,
    title: definition.title,
    summary: definition.summary,
    description: definition.description,
    source: definition.source,
    family: definition.family,
    familyTitle: familyTitle(definition.family, definition.familyTitle),
    diagnostic: definition.diagnostic,
    defaultSweep: definition.defaultSweep ?? suggestedSweep(definition),
    startingPoints: definition.startingPoints,
    parameters: z.toJSONSchema(definition.parameters, { io: "input" }),
    defaults: configurationOf(definition, {}),
    perRunParameters: [...definition.perRunParameters],
    objective: definition.objective,
    metrics: definition.metrics.map((metric) => withLossFunction(metric, definition.problem)),
    success: definition.success,
    plots: [...definition.plots],
    picture: definition.picture,
    maxPackWidth: definition.maxPackWidth,
    stepUnit: definition.stepUnit,
  });
}

/** For an experiment that names none: the first choice that a parameter suggests, over five initializations. */
function suggestedSweep(definition: ExperimentDefinition): ExperimentDescriptor["defaultSweep"] {
  for (const [name, schema] of Object.entries(definition.parameters.shape)) {
    const suggested = Dimension.safeParse((schema as z.ZodType).meta()?.["x-suggest"]);
    if (suggested.success && suggested.data.type === "choice")
      return { lesson: "What the first of its parameters does.", space: { [name]: suggested.data }, seeds: 5 };
  }
  return { lesson: "How much the initialization matters.", space: {}, seeds: 5 };
}

/** `loss` with the formula of the problem's loss function, where the problem and no parameter names it. */
function withLossFunction(metric: MetricDescriptor, problem: Problem): MetricDescriptor {
  const name = lossNamed(problem);
  if (metric.name !== "loss" || name === null || metric.description === undefined) return metric;
  const [first = "", ...rest] = lossTexts[name];
  return { ...metric, description: `${first.toUpperCase()}${rest.join("")}. ${metric.description}` };
}

function lossNamed(problem: Problem): LossName | null {
  switch (problem.kind) {
    case "supervised":
      return problem.lossOf ? null : problem.loss;
    case "labelled-images":
      return "cce";
    default:
      return null;
  }
}

/** A configuration that an experiment does not accept; `issues` name the parameters (`learningRate`, `hiddenLayers[0]`). */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly issues: readonly Issue[];

  constructor(experiment: string, issues: readonly Issue[]) {
    super(`no configuration of ${experiment}: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ")}`);
    this.issues = issues;
  }
}

/** Every parameter with its value: the given ones, checked, and the defaults of the others. Throws ConfigurationError. */
export function configurationOf(definition: ExperimentDefinition, parameters: Configuration): Configuration {
  const filled = definition.parameters.safeParse(parameters);
  if (!filled.success) throw new ConfigurationError(definition.id, issuesOf(filled.error));
  return Configuration.parse(filled.data);
}
