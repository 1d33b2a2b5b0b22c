import { z } from "zod";
import { Configuration, ParameterName, ParameterValue, Space } from "./parameters";
import { ExperimentId, ExperimentRef, Objective } from "./sweep";
import { MetricName } from "./ids";
import { PlotKind } from "./plots";

/** What is asked of one parameter of a configuration. */
export const ParameterRule = z.union([
  z.strictObject({ parameter: ParameterName, is: ParameterValue }),
  z.strictObject({ parameter: ParameterName, isNot: ParameterValue }),
  z.strictObject({ parameter: ParameterName, atLeast: z.number() }),
  z.strictObject({ parameter: ParameterName, atMost: z.number() }),
]);
export type ParameterRule = z.infer<typeof ParameterRule>;

/** A metric that an experiment reports, as a time series, as a final figure, or both. */
export const MetricDescriptor = z
  .object({
    name: MetricName,
    title: z.string(),
    description: z.string().optional().describe("its formula, and what it is taken over"),
    unit: z.string().default("").describe("empty: dimensionless"),
    series: z.boolean().describe("reported per step while training"),
    final: z.boolean().describe("reported once when the run ends"),
    scale: z.enum(["linear", "log"]).default("linear"),
    /** Of a final figure that names a class: the value is an index into this list. Results then count the classes. */
    categories: z.array(z.string()).min(2).optional(),
    /** Of a figure that some configurations do not report: what must hold of their parameters, all of it. Absent: every run that ends reports it. */
    where: z.array(ParameterRule).min(1).optional(),
    /** Of a final figure that is 1 (yes) or 0: results give the share of finished runs with 1. */
    share: z.literal(true).optional(),
    /** Of a final figure of the data alone, in which training has no part: the same for all runs on the same data. */
    ofData: z.literal(true).optional(),
  })
  .meta({ id: "MetricDescriptor" });
export type MetricDescriptor = z.infer<typeof MetricDescriptor>;

/** How a plain reading of the finals decides whether a run reached what its source claims. */
export const SuccessCriterion = z
  .object({
    text: z.string(),
    all: z.array(z.object({ metric: MetricName, op: z.enum([">=", "<="]), value: z.number() })).min(1),
  })
  .meta({ id: "SuccessCriterion" });
export type SuccessCriterion = z.infer<typeof SuccessCriterion>;

/** A plot that an experiment offers beyond its metric curves; the web draws it from the `PlotData` in the artifact `plots/<id>.json`. */
export const PlotDescriptor = z
  .object({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "a plot id is kebab-case"),
    title: z.string(),
    kind: PlotKind,
  })
  .meta({ id: "Plot" });
export type PlotDescriptor = z.infer<typeof PlotDescriptor>;

/** The small picture on an experiment's card: of a kind of plot, of an orbit in space, or of the losses of a few initializations. */
export const ExperimentPicture = z.enum([...PlotKind.options, "orbit", "losses"]);
export type ExperimentPicture = z.infer<typeof ExperimentPicture>;

/** Values of some parameters under a name, from which a person may start. */
export const StartingPoint = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "the id of a starting point is kebab-case"),
  title: z.string(),
  summary: z.string().describe("one sentence"),
  parameters: Configuration,
});
export type StartingPoint = z.infer<typeof StartingPoint>;

/** What an experiment is, without any tensor code. `parameters` is JSON Schema (draft 2020-12) on the wire. */
export const ExperimentDescriptor = z
  .object({
    id: ExperimentId,
    version: z.int().min(1),
    ref: ExperimentRef.optional().describe("of an experiment from outside: this very version, as sweeps name it"),
    title: z.string(),
    summary: z.string().describe("one sentence"),
    description: z.string().describe("Markdown: problem, equations, what to look for"),
    source: z.string().describe("where it comes from"),
    family: z.string(),
    familyTitle: z.string().describe("heads the experiments of one family"),
    diagnostic: z.boolean().describe("exercises the platform rather than a model; hidden unless asked for"),
    defaultSweep: z
      .object({ lesson: z.string().describe("what it shows, in one sentence"), space: Space, seeds: z.int().min(1) })
      .describe("a sweep worth running first"),
    startingPoints: z.array(StartingPoint).optional().describe("named values to start from beside the defaults"),
    /**
     * Properties carry `title`, `description`, `default`, `unit` and, for the form, `x-advanced`, `x-suggest` (a Dimension) and what SweepSpec
     * says of its own fields.
     */
    parameters: z.record(z.string(), z.unknown()),
    defaults: Configuration,
    /** Parameters that may differ between runs of one pack; every other one splits packs. */
    perRunParameters: z.array(z.string()),
    objective: Objective,
    metrics: z.array(MetricDescriptor).min(1),
    success: SuccessCriterion.nullable(),
    plots: z.array(PlotDescriptor),
    picture: ExperimentPicture.optional().describe("left out: that of the most telling of its plots"),
    maxPackWidth: z.int().min(1),
    stepUnit: z.string().describe("what one step of a metric series is, e.g. epoch"),
  })
  .meta({ id: "Experiment" });
export type ExperimentDescriptor = z.infer<typeof ExperimentDescriptor>;

export const SearchAlgorithmDescriptor = z
  .object({
    id: z.string(),
    version: z.int(),
    title: z.string(),
    summary: z.string(),
    config: z
      .record(z.string(), z.unknown())
      .describe("JSON Schema of search.config; `examples`: what a form begins with where there is no default"),
  })
  .meta({ id: "SearchAlgorithm" });
export type SearchAlgorithmDescriptor = z.infer<typeof SearchAlgorithmDescriptor>;

export const Catalog = z
  .object({
    experiments: z.array(ExperimentDescriptor),
    searchAlgorithms: z.array(SearchAlgorithmDescriptor),
  })
  .meta({ id: "Catalog" });
export type Catalog = z.infer<typeof Catalog>;
