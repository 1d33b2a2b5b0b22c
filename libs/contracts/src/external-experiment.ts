import { z } from "zod";
import { MetricDescriptor, PlotDescriptor, SuccessCriterion } from "./catalog";
import { MetricName } from "./ids";
import { Dimension, ParameterName } from "./parameters";
import { timeMetric } from "./run";
import { Objective } from "./sweep";

const told = {
  title: z.string().min(1).max(120).optional(),
  description: z.string().max(2000).optional(),
  unit: z.string().max(40).optional().describe("left out: dimensionless"),
  "x-advanced": z.boolean().optional().describe("folded away in the form"),
  "x-suggest": Dimension.optional().describe("what a form offers to search"),
};
const needsDefault = (what: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined ? `is missing: a parameter needs a default, here ${what}` : undefined,
});
const bounds = {
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
};
const item = z.strictObject({ type: z.enum(["number", "integer", "string"]), ...bounds });

/** One parameter of an experiment from outside: the part of JSON Schema (draft 2020-12) that forms and spaces can show, with a unit. */
export const ExternalParameter = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("number"), default: z.number(needsDefault("a number")), ...bounds, ...told }),
    z.strictObject({ type: z.literal("integer"), default: z.int(needsDefault("a whole number")), ...bounds, ...told }),
    z.strictObject({ type: z.literal("boolean"), default: z.boolean(needsDefault("true or false")), ...told }),
    z.strictObject({
      type: z.literal("string"),
      default: z.string(needsDefault("a text")),
      enum: z.array(z.string()).min(1).max(1000).optional(),
      ...told,
    }),
    z.strictObject({
      type: z.literal("array"),
      default: z.array(z.union([z.number(), z.string()]), needsDefault("a list")),
      items: item,
      minItems: z.int().min(0).max(256).optional(),
      maxItems: z.int().min(1).max(256).optional(),
      ...told,
    }),
  ])
  .meta({ id: "ExternalParameter" });
export type ExternalParameter = z.infer<typeof ExternalParameter>;

const { description, unit, scale, categories, share } = MetricDescriptor.shape;
const ExternalMetric = z.strictObject({
  name: MetricName,
  title: z.string().min(1).max(120).optional().describe("left out: its name"),
  description,
  unit,
  scale,
  categories,
  share,
  series: z.boolean().default(true).describe("reported per step while training"),
  final: z.boolean().default(true).describe("reported once when the run ends"),
});

/**
 * An experiment whose training code is not Basin's: what there is to set, what it reports, and what counts as good. Its runs go to outside
 * workers only, one at a time. The same descriptor is the same version, whoever sends it and however often.
 */
export const ExternalExperiment = z
  .strictObject({
    title: z.string().trim().min(1).max(120).optional().describe("left out: its id"),
    summary: z.string().max(300).default("").describe("one sentence"),
    description: z.string().max(20_000).default("").describe("Markdown"),
    source: z.string().max(300).default("").describe("where it comes from"),
    parameters: z.strictObject({
      type: z.literal("object").default("object"),
      properties: z.record(ParameterName, ExternalParameter),
    }),
    metrics: z.array(ExternalMetric).min(1).max(200),
    objective: Objective,
    success: SuccessCriterion.nullable().default(null),
    stepUnit: z.string().min(1).max(40).default("step"),
    labels: z.array(MetricName).max(100).default([]).describe("words that a finished run tells of itself, e.g. an equation"),
    plots: z.array(PlotDescriptor).max(100).default([]).describe("each the artifact plots/<id>.json of a run, by kind"),
  })
  .superRefine(({ metrics, objective, success, labels, plots, parameters }, context) => {
    const wrong = (path: PropertyKey[], message: string): void => context.addIssue({ code: "custom", path, message });
    const finals = metrics.filter(({ final }) => final).map(({ name }) => name);
    const unreported = (name: string): string =>
      `is "${name}", which is no final metric here; those are ${finals.length === 0 ? "none" : finals.join(", ")}`;
    for (const [i, { name, series, final, categories: classes }] of metrics.entries()) {
      if (metrics.findIndex((one) => one.name === name) < i) wrong(["metrics", i, "name"], `"${name}" is listed twice`);
      if (name === timeMetric) wrong(["metrics", i, "name"], `${timeMetric} is Basin's own series; choose another name`);
      if (!series && !final) wrong(["metrics", i, "final"], "series and final are both false, so nothing would report it");
      if (classes && !final) wrong(["metrics", i, "categories"], "only a final metric can name a class");
    }
    if (!finals.includes(objective.metric)) wrong(["objective", "metric"], unreported(objective.metric));
    for (const [i, { metric }] of success?.all.entries() ?? [])
      if (!finals.includes(metric)) wrong(["success", "all", i, "metric"], unreported(metric));
    for (const [i, name] of labels.entries()) if (labels.indexOf(name) < i) wrong(["labels", i], `"${name}" is listed twice`);
    for (const [i, { id }] of plots.entries())
      if (plots.findIndex((one) => one.id === id) < i) wrong(["plots", i, "id"], `"${id}" is listed twice`);
    for (const [name, parameter] of Object.entries(parameters.properties)) {
      const path = ["parameters", "properties", name];
      if (name === "seed") wrong(path, "every run has a seed already; choose another name");
      const { minimum = -Infinity, maximum = Infinity } = "minimum" in parameter || "maximum" in parameter ? parameter : {};
      if (minimum > maximum) wrong([...path, "maximum"], `must be at least the minimum, ${minimum}`);
    }
  })
  .meta({ id: "ExternalExperiment" });
export type ExternalExperiment = z.infer<typeof ExternalExperiment>;
