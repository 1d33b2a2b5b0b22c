import { choiceOf, closestName, MlpParameters, type Configuration, type Dataset, type Issue } from "@basin/contracts";
import { z } from "zod";
import { fieldNames } from "./dataset-fields";
import { withDefault } from "../with-default";

/** Parameters that every experiment on a dataset has. */
export const datasetParameters = {
  dataset: z
    .union([z.literal(""), z.hex().length(64)])
    .default("")
    .meta({
      title: "Dataset",
      description: "The name of its file, or its id or the first digits of it, as the datasets page shows it. It must be given.",
      "x-choose-from": "datasets",
      "x-given": true,
    }),
  inputs: z.array(z.string().max(200)).max(256).default([]).meta({
    title: "Inputs",
    description:
      "Names of columns or arrays; categories are spread over one input each. Empty: every one of numbers or categories that is not a target.",
    "x-choose-from": "columns",
  }),
  testFraction: z.number().min(0.01).max(0.9).default(0.2).meta({
    title: "Test fraction",
    description: "Share of the rows that training never sees and the figures are taken on.",
  }),
  splitSeed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .meta({
      title: "Split seed",
      description: "Draws the test rows.",
      "x-suggest": { type: "choice", values: [0, 1, 2] },
    }),
  standardize: z.boolean().default(true).meta({
    title: "Standardize",
    description: "Subtract the mean and divide by the standard deviation, both of the training rows.",
  }),
  missing: choiceOf(["refuse", "leave-out"], {
    refuse: "the dataset is refused",
    "leave-out": "those rows are neither trained on nor tested",
  })
    .default("refuse")
    .meta({ title: "Missing values", description: "What to do with rows in which a value is missing." }),
} as const;

/** The datasets that a configuration names. */
export function namedDatasets({ dataset }: Configuration): string[] {
  return typeof dataset === "string" && dataset !== "" ? [dataset] : [];
}

/** Networks compute with float32; a standard deviation takes squares of float64. */
const greatestSingle = 3.4e38;
const greatestSquared = 1e150;

const dateHint = "leave it out, or write it as a number before the upload, e.g. the days since the first row";

/** What a configuration is told about the fields of its dataset that do not exist, or lack values. */
export function checkFields(parameters: Configuration, dataset: Dataset, path: string, names: readonly string[]): Issue[] {
  const known = fieldNames(dataset);
  return names.flatMap((name, i): Issue[] => {
    const where = Array.isArray(parameters[path]) ? `${path}[${i}]` : path;
    const column = dataset.columns.find((one) => one.name === name);
    if (column?.type === "date")
      return [{ path: where, message: `column "${name}" holds dates, which are no numbers`, hint: dateHint }];
    if (column?.type === "text")
      return [
        {
          path: where,
          message: `column "${name}" holds texts that are neither numbers nor categories: ${column.note ?? "too many of them"}`,
          hint: "leave it out; or upload the file with this column as numbers, or as few repeating words",
        },
      ];
    if (!known.includes(name)) {
      const near = closestName(name, known);
      const hint = `${near === null ? "" : `did you mean "${near}"? `}It has ${known.slice(0, 30).join(", ")}`;
      return [{ path: where, message: `the dataset ${dataset.name} has no column "${name}"`, hint }];
    }
    const { missing = 0, min = 0, max = 0 } = [...dataset.columns, ...dataset.arrays].find((one) => one.name === name) ?? {};
    const greatest = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
    if (greatest > (parameters.standardize === true ? greatestSquared : greatestSingle))
      return [
        {
          path: where,
          message: `column "${name}" holds numbers up to ${greatest}, which are too large to compute with`,
          hint: "upload it in a larger unit, or its logarithm",
        },
      ];
    if (missing === 0 || parameters.missing === "leave-out") return [];
    return [
      {
        path: where,
        message: `column "${name}" lacks ${missing} values`,
        hint: 'set missing to "leave-out" to train without those rows',
      },
    ];
  });
}

/** The inputs that a configuration names, or all that are no targets. */
export function inputNames(given: readonly string[], all: readonly string[], targets: readonly string[]): string[] {
  return given.length > 0 ? [...given] : all.filter((name) => !targets.includes(name));
}

/** A network needs something to predict from. */
export function checkInputs(inputs: readonly string[]): Issue[] {
  if (inputs.length > 0) return [];
  const message = "no column is left as an input: dates and texts are none, and what is predicted is not";
  return [{ path: "inputs", message, hint: "upload a table with a further column of numbers or categories" }];
}

/** A target that is an input as well would be learned by heart. */
export function checkOverlap(inputs: readonly string[], targets: readonly string[]): Issue[] {
  return inputs.flatMap((name, i) =>
    targets.includes(name)
      ? [{ path: `inputs[${i}]`, message: `"${name}" is a target as well; leave it out of the inputs` }]
      : [],
  );
}

/** A column that is named twice would count twice. */
export function checkRepeated(field: "inputs" | "targets", names: readonly string[]): Issue[] {
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [{ path: `${field}[${i}]`, message: `"${name}" is named twice; leave it out here` }] : [],
  );
}

/** Parameters of the network, with defaults for tables of a few hundred rows. */
export const tableNetworkParameters = MlpParameters.extend({
  hiddenLayers: withDefault(MlpParameters.shape.hiddenLayers, [32, 32], {
    description: "Width of each hidden layer; empty for a linear model.",
  }),
  epochs: withDefault(MlpParameters.shape.epochs, 200),
  batchSize: withDefault(MlpParameters.shape.batchSize, 32),
});
