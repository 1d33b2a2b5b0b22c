import type { Configuration } from "@basin/contracts";
import type { EquationField } from "@basin/equations";
import { z } from "zod";
import { choiceOf } from "@basin/contracts";
import { datasetParameters } from "../datasets/dataset-parameters";
import { FieldParameters, placement, pointsSeed, termWeight } from "../differential-equations/equation-experiment";

/** Names of constants that are parameters of the experiment, and so are swept like any other. */
export const sweptConstants = ["alpha", "beta", "gamma", "delta", "kappa", "mu", "nu", "omega"] as const;

type SweptConstant = (typeof sweptConstants)[number];

/** How many of each can be typed; each equation and condition has a metric of its own. */
export const most = { unknowns: 4, coordinates: 4, equations: 4, conditions: 16, constants: 16, trainable: 4 } as const;

/** Lines of typed text. `x-equation` says to a form what they are. */
export function typedLines(
  field: EquationField | "columns" | "referenceColumns",
  value: readonly string[],
  range: { min: number; max: number },
  meta: z.core.GlobalMeta,
) {
  return z
    .array(z.string().max(200))
    .min(range.min)
    .max(range.max)
    .default([...value])
    .meta({ "x-lines": true, ...(field === "columns" || field === "referenceColumns" ? {} : { "x-equation": field }), ...meta });
}

function sweptConstant(name: SweptConstant, value: number) {
  return z
    .number()
    .min(-1e6)
    .max(1e6)
    .default(value)
    .meta({
      title: `Constant ${name}`,
      description: "Where an equation, condition, constant or reference names it.",
      "x-equation": "given",
      ...(name === "alpha" ? { "x-suggest": { type: "log-float", min: 0.05, max: 0.5, points: 4 } } : {}),
    });
}

/** Parameters of all swept constants; those without a default are 1. */
export function sweptConstantParameters(defaults: Partial<Record<SweptConstant, number>>) {
  return Object.fromEntries(sweptConstants.map((name) => [name, sweptConstant(name, defaults[name] ?? 1)])) as Record<
    SweptConstant,
    ReturnType<typeof sweptConstant>
  >;
}

/** Where the known solution comes from. */
const referenceKinds = ["none", "formula", "integration", "dataset"] as const;

export const EquationParameters = FieldParameters.extend({
  unknowns: typedLines(
    "unknowns",
    ["u"],
    { min: 1, max: most.unknowns },
    { title: "Unknowns", description: "Names of what is sought." },
  ),
  coordinates: typedLines(
    "coordinates",
    ["x in [0, 1]", "t in [0, 0.5]"],
    { min: 1, max: most.coordinates },
    { title: "Coordinates", description: "Each with its range. A start in time is the lower end of t." },
  ),
  equations: typedLines(
    "equations",
    ["u_t = alpha*u_xx"],
    { min: 1, max: most.equations },
    { title: "Equations", description: "Derivatives are written u_t, u_xx, u_xy, up to the third." },
  ),
  conditions: typedLines(
    "conditions",
    ["u(0, t) = 0", "u(1, t) = 0", "u(x, 0) = sin(pi*x)"],
    { min: 0, max: most.conditions },
    {
      title: "Conditions",
      description: "At places, all coordinates in their order: u(0, t) = 0, u_x(1, t) = 0; periodic: u(0, t) = u(1, t).",
    },
  ),
  constants: typedLines(
    "constants",
    [],
    { min: 0, max: most.constants },
    {
      title: "Further constants",
      description: "Names with values, which may use those before them: D = 0.01/pi.",
    },
  ),
  ...sweptConstantParameters({ alpha: 0.2 }),
  trainable: typedLines(
    "trainable",
    [],
    { min: 0, max: most.trainable },
    {
      title: "Trained constants",
      description: "With where they start: alpha = 0.5. They are found from data.",
    },
  ),
  referenceFrom: choiceOf(referenceKinds, {
    none: "nothing is known; runs are judged by their residual",
    formula: "formulas",
    integration: "numerical integration from the conditions at the start; one coordinate only",
    dataset: "values of an uploaded dataset, at its points",
  })
    .default("formula")
    .meta({ title: "Known solution", description: "Only for judging." }),
  reference: typedLines(
    "reference",
    ["u = exp(-alpha*pi^2*t)*sin(pi*x)"],
    { min: 0, max: most.unknowns },
    {
      title: "Reference",
      description: "Formulas of coordinates and constants, e.g. u = sin(pi*x).",
    },
  ),
  referenceDataset: datasetParameters.dataset.unwrap().default("").meta({
    title: "Dataset of the known solution",
    description: "Where the known solution is a dataset's. It is not trained on.",
    "x-choose-from": "datasets",
  }),
  referenceColumns: typedLines(
    "referenceColumns",
    [],
    { min: 0, max: most.unknowns + most.coordinates },
    { title: "Columns of the known solution", description: "As those of the dataset that is trained on." },
  ),
  bound: z
    .number()
    .positive()
    .max(10)
    .default(0.01)
    .meta({ title: "Bound of success", description: "The greatest error of a run that counts as a success." }),
  dataset: datasetParameters.dataset.unwrap().default("").meta({
    title: "Dataset",
    description: "Measured values of unknowns at points; optional.",
    "x-choose-from": "datasets",
  }),
  columns: typedLines(
    "columns",
    [],
    { min: 0, max: most.unknowns + most.coordinates },
    {
      title: "Columns of the dataset",
      description: "Which column is which: u = temperature. Empty: columns are named as coordinates and unknowns are.",
    },
  ),
  points: z
    .int()
    .min(1)
    .max(100_000)
    .default(400)
    .meta({
      title: "Points",
      description: "Where the equations are asked.",
      "x-suggest": { type: "choice", values: [100, 400, 1000] },
    }),
  edgePoints: z
    .int()
    .min(1)
    .max(25_000)
    .default(40)
    .meta({ title: "Points of a condition", description: "One where all coordinates have values." }),
  placement: placement("sobol"),
  dataSeed: pointsSeed,
  equationWeight: termWeight("Weight of the equations", 1, "0: a network without physics.", {
    "x-suggest": { type: "choice", values: [1, 0] },
  }),
  initialWeight: termWeight("Weight of the start", 10, "Of conditions at the lower end of t, or of the only coordinate."),
  conditionWeight: termWeight("Weight of the other conditions", 10, "Of each."),
  dataWeight: termWeight("Weight of the data", 10, "Of each unknown that is measured."),
  constantRate: z
    .number()
    .positive()
    .max(1)
    .default(0.01)
    .meta({ title: "Learning rate of constants", description: "It follows the schedule of the network's.", "x-advanced": true }),
});
export type EquationParameters = z.infer<typeof EquationParameters>;

export function equationParameters(configuration: Configuration): EquationParameters {
  return EquationParameters.parse(configuration);
}

/** Values of the constants that are parameters. */
export function givenConstants(parameters: Readonly<Record<SweptConstant, number>>): Record<string, number> {
  return Object.fromEntries(sweptConstants.map((name) => [name, parameters[name]]));
}

/** The dataset that a configuration is judged by; "" where it is none. */
export function judgingDataset({ referenceFrom, referenceDataset }: EquationParameters): string {
  return referenceFrom === "dataset" ? referenceDataset : "";
}
