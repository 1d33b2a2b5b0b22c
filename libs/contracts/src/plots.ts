import { z } from "zod";

/**
 * Typed plot data: what a run stores as a JSON artifact and the web draws without knowing the experiment. Values that are not
 * finite travel as null. Grids are row-major: `z[row][column]` lies at (x[column], y[row]).
 */
const value = z.number().nullable();
const values = z.array(value);

export const PlotAxis = z.object({
  label: z.string(),
  unit: z.string().default("").describe("empty: dimensionless"),
  scale: z.enum(["linear", "log"]).default("linear"),
});
export type PlotAxis = z.infer<typeof PlotAxis>;

const plot = { title: z.string(), caption: z.string().default("").describe("one sentence: what to look for") };

/** Lines over one axis. */
const CurvePlot = z.object({
  kind: z.literal("curve"),
  ...plot,
  x: PlotAxis,
  y: PlotAxis,
  series: z.array(
    z.object({
      name: z.string(),
      x: values,
      y: values,
      low: values.optional(),
      high: values.optional(),
      style: z.enum(["line", "dashed", "points", "steps"]).default("line"),
    }),
  ),
  marks: z
    .array(z.object({ x: z.number(), label: z.string() }))
    .default([])
    .describe("vertical lines, e.g. prune steps"),
});

/** Points in the plane or, with `z`, in space; coloured by `color` where given. */
const ScatterPlot = z.object({
  kind: z.literal("scatter"),
  ...plot,
  x: PlotAxis,
  y: PlotAxis,
  z: PlotAxis.optional(),
  color: PlotAxis.optional().describe("what the colour of a point means"),
  series: z.array(
    z.object({
      name: z.string(),
      x: values,
      y: values,
      z: values.optional(),
      color: values.optional(),
      style: z.enum(["points", "line", "dashed"]).default("points"),
    }),
  ),
});

const grid = { x: values, y: values, xAxis: PlotAxis, yAxis: PlotAxis, zAxis: PlotAxis };

/** One or more functions of two variables on one grid, drawn in 3-D (truth, prediction, error). */
const SurfacePlot = z.object({
  kind: z.literal("surface"),
  ...plot,
  ...grid,
  layers: z.array(z.object({ name: z.string(), z: z.array(values) })).min(1),
});

const path = z.object({ name: z.string(), x: values, y: values });

/** The same, drawn as lines of equal value; `path` may show a descent, `paths` those of several starts. */
const ContourPlot = z.object({
  kind: z.literal("contour"),
  ...plot,
  ...grid,
  layers: z.array(z.object({ name: z.string(), z: z.array(values) })).min(1),
  path: path.optional(),
  paths: z.array(path).default([]),
});

/** A matrix with named rows and columns. */
const HeatMapPlot = z.object({
  kind: z.literal("heat-map"),
  ...plot,
  columns: z.array(z.string()),
  rows: z.array(z.string()),
  columnTitle: z.string(),
  rowTitle: z.string(),
  value: PlotAxis,
  z: z.array(values),
});

/** Grey images of one size; every row shows the same frames (original, reconstruction, …). */
const ImageGridPlot = z.object({
  kind: z.literal("image-grid"),
  ...plot,
  width: z.int().min(1),
  height: z.int().min(1),
  range: z.tuple([z.number(), z.number()]).describe("the values of black (pixel byte 0) and white (255)"),
  frames: z.array(z.string()).describe("what each frame is, e.g. t = 0.4 s"),
  rows: z.array(z.object({ name: z.string(), frames: z.array(z.base64()) })).describe("bytes row by row, width·height each"),
});

/** Arrows on points, optionally over other fields on the same points. */
const QuiverPlot = z.object({
  kind: z.literal("quiver"),
  ...plot,
  xAxis: PlotAxis,
  yAxis: PlotAxis,
  fields: z.array(z.object({ name: z.string(), x: values, y: values, u: values, v: values, color: values.optional() })).min(1),
  color: PlotAxis.optional(),
});

/** Which class, or which probability, a network gives on a plane, with the samples on top. One panel per map. */
const DecisionMapPlot = z.object({
  kind: z.literal("decision-map"),
  ...plot,
  classes: z.array(z.string()).min(2),
  maps: z
    .array(
      z.object({
        name: z.string(),
        xAxis: PlotAxis,
        yAxis: PlotAxis,
        x: values,
        y: values,
        z: z.array(values).describe("index of the class; between two classes, the probability of the second"),
        samples: z.object({ x: values, y: values, class: z.array(z.int()) }),
      }),
    )
    .min(1),
});

const BarsPlot = z.object({
  kind: z.literal("bars"),
  ...plot,
  categories: z.array(z.string()),
  categoryTitle: z.string(),
  y: PlotAxis,
  stacked: z.boolean().default(false),
  series: z.array(z.object({ name: z.string(), values, low: values.optional(), high: values.optional() })),
});

/** A discovered law, one row per state: left-hand side, terms, coefficients now and at every pruning. */
const EquationPlot = z.object({
  kind: z.literal("equation"),
  ...plot,
  text: z.string(),
  latex: z.string(),
  /** The law it is held against, if the truth is known. */
  truth: z.object({ text: z.string(), latex: z.string() }).nullable().default(null),
  terms: z.array(z.object({ text: z.string(), latex: z.string() })),
  rows: z.array(
    z.object({
      name: z.string().describe("LaTeX of the left-hand side"),
      coefficients: values,
      active: z.array(z.boolean()),
      history: z.array(z.object({ step: z.int(), coefficients: values, active: z.array(z.boolean()) })),
    }),
  ),
});

/** Numbers to be read rather than drawn: a worked example, the first rows of a data set. */
const TablePlot = z.object({
  kind: z.literal("table"),
  ...plot,
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([value, z.string()]))),
});

export const PlotData = z.discriminatedUnion("kind", [
  CurvePlot,
  ScatterPlot,
  SurfacePlot,
  ContourPlot,
  HeatMapPlot,
  ImageGridPlot,
  QuiverPlot,
  DecisionMapPlot,
  BarsPlot,
  EquationPlot,
  TablePlot,
]);
export type PlotData = z.infer<typeof PlotData>;

/** What is plotted, and so how it is drawn; the list of schemas above is the list of kinds. */
export const PlotKind = z.enum(PlotData.options.map((option) => option.shape.kind.value));
export type PlotKind = z.infer<typeof PlotKind>;

/** Before the defaults are filled in: what an experiment writes. */
export type PlotDataInput = z.input<typeof PlotData>;

/** Media type and name of the artifact that holds a plot of an experiment. */
export const plotMediaType = "application/vnd.basin.plot+json";
export function plotArtifactName(plotId: string): string {
  return `plots/${plotId}.json`;
}
