import { regressionLossParameters, type Configuration, type DatasetContent } from "@basin/contracts";
import { mean, rSquared, sum } from "@basin/numerics";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import { fieldNames, fieldOf, partNames } from "./dataset-fields";
import {
  checkFields,
  checkInputs,
  checkOverlap,
  checkRepeated,
  datasetParameters,
  inputNames,
  namedDatasets,
  tableNetworkParameters,
} from "./dataset-parameters";
import { predictionPlotDescriptors, predictionPlots, unscaled } from "./prediction-plots";
import { standInTable } from "./stand-in-table";
import { fieldsWidth, trainingRows } from "./table-sizes";
import { completeRows, matrixOf, scalesOf, splitRows, valuesOf } from "./table-split";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const DatasetRegressionParameters = tableNetworkParameters.extend({
  ...datasetParameters,
  ...regressionLossParameters,
  targets: z.array(z.string().max(200)).max(64).default([]).meta({
    title: "Targets",
    description: "Names of the number columns or arrays to predict. At least one must be given.",
    "x-choose-from": "columns",
    "x-given": true,
  }),
});
type DatasetRegressionParameters = z.infer<typeof DatasetRegressionParameters>;

/** Number columns of a table, learned from others. Figures are in the units of the targets, on rows that training did not see. */
function tableRegression(content: DatasetContent, parameters: DatasetRegressionParameters): SupervisedProblem {
  const { inputs: given, targets: wanted, testFraction, splitSeed, standardize, loss, huberDelta } = parameters;
  const inputs = inputNames(given, fieldNames(content), wanted).map((name) => fieldOf(content, name));
  const targets = wanted.map((name) => fieldOf(content, name));
  const { training, test } = splitRows(completeRows(content.rows, [...inputs, ...targets]), testFraction, splitSeed);
  const inputScales = scalesOf(inputs, training, standardize);
  const targetScales = scalesOf(targets, training, standardize);
  // In double precision: in single, a test value of 10⁸ would be off by up to 4.
  const truth = targets.flatMap((field) => Array.from({ length: field.width }, (_, part) => valuesOf(field, part, test)));
  return {
    kind: "supervised",
    inputWidth: inputScales.length,
    outputWidth: targetScales.length,
    outputActivation: "linear",
    loss: "mse",
    lossOf: () => ({ loss, huberDelta }),
    rows: { count: content.rows, training, test },
    data: () => ({
      samples: training.length,
      inputs: matrixOf(inputs, training, inputScales),
      targets: matrixOf(targets, training, targetScales),
    }),
    evaluationInputs: () => matrixOf(inputs, test, inputScales),
    async plots(_, trained) {
      const predictions = await trained.predict(matrixOf(inputs, test, inputScales));
      return predictionPlots(partNames(targets), truth, unscaled(predictions, targetScales, test.length));
    },
    evaluate(_, predictions) {
      const found = unscaled(predictions, targetScales, test.length);
      const errors = truth.flatMap((wanted, part) => Array.from(wanted, (value, i) => (found[part]?.[i] ?? Number.NaN) - value));
      // Of a target that does not vary on the test rows there is no variance to explain.
      const explained = truth.map((wanted, part) => rSquared(wanted, found[part] ?? [])).filter((r) => !Number.isNaN(r));
      return {
        testMae: sum(errors.map(Math.abs)) / errors.length,
        testRmse: Math.sqrt(sum(errors.map((error) => error * error)) / errors.length),
        testRSquared: errors.some(Number.isNaN) ? Number.NaN : mean(explained),
        testRows: test.length,
      };
    },
  };
}

function parse(parameters: Configuration): DatasetRegressionParameters {
  return DatasetRegressionParameters.parse(parameters);
}

/** Regression on an uploaded table. */
export const datasetRegression = mlpExperiment({
  id: "dataset-regression",
  version: 2,
  title: "Regression on your data",
  summary: "A network predicts number columns of an uploaded dataset from the others.",
  description: `Upload a CSV or NPZ file on the datasets page, or with \`basin dataset add\`, and name it here by its id.

Inputs and targets are columns of the table or arrays whose first axis is the sample. Category columns are spread over one input per
category. With *standardize*, every number becomes $(x - \\bar x) / s$ with mean and standard deviation of the **training rows alone**,
so nothing of the test rows leaks into training; figures are given back in the units of the targets. A column that does not vary on the training
rows is only centred ($s = 1$).

**What to look for.** $R^2 = 1 - \\sum(\\hat y - y)^2 / \\sum(y - \\bar y)^2$ on the test rows: 0 is no better than the mean. Of a target that
does not vary on the test rows it is undefined: there is no variance to explain. Sweep over the split
seed as well as over initializations: on a small table, which rows are left out often matters more than the network.`,
  source: "your own data",
  defaultSweep: {
    lesson: "Which activation predicts best, and how much does the initialization matter?",
    space: { activation: { type: "choice", values: ["tanh", "relu", "gelu"] } },
    seeds: 5,
  },
  parameters: DatasetRegressionParameters,
  datasets: namedDatasets,
  checkDataset(parameters, dataset) {
    const { inputs, targets } = parse(parameters);
    const needed =
      targets.length === 0
        ? [{ path: "targets", message: "name at least one target column", hint: `e.g. ["${fieldNames(dataset).at(-1) ?? "y"}"]` }]
        : [];
    const categories = new Set(dataset.columns.filter(({ type }) => type === "category").map(({ name }) => name));
    const typed = targets.flatMap((name, i) =>
      categories.has(name)
        ? [
            {
              path: `targets[${i}]`,
              message: `column "${name}" holds categories, not numbers`,
              hint: "use dataset-classification for it",
            },
          ]
        : [],
    );
    const used = inputNames(inputs, fieldNames(dataset), targets);
    return [
      ...needed,
      ...typed,
      ...checkInputs(used),
      ...checkFields(parameters, dataset, "targets", targets),
      ...checkFields(parameters, dataset, "inputs", used),
      ...checkOverlap(inputs, targets),
      ...checkRepeated("inputs", inputs),
      ...checkRepeated("targets", targets),
    ];
  },
  sizes(parameters, datasets) {
    const { dataset, inputs, targets, testFraction } = parse(parameters);
    const table = datasets(dataset);
    if (!table) return null;
    const used = inputNames(inputs, fieldNames(table), targets);
    return vectorSizes(trainingRows(table.rows, testFraction), fieldsWidth(table, used), fieldsWidth(table, targets));
  },
  objective: { metric: "testRmse", direction: "minimize" },
  metrics: [
    finalMetric(
      "testRmse",
      "Root mean square error on the test rows",
      "√ of the mean of (ŷ − y)² over the test rows and targets, in the units of the targets.",
      { scale: "log" },
    ),
    finalMetric(
      "testMae",
      "Mean absolute error on the test rows",
      "Mean of |ŷ − y| over the test rows and targets, in the units of the targets.",
      { scale: "log" },
    ),
    finalMetric(
      "testRSquared",
      "R² on the test rows, mean over the targets that vary there",
      "1 − Σ(ŷ − y)²/Σ(y − ȳ)² over the test rows, mean over the targets that vary there.",
    ),
    finalMetric("testRows", "Test rows", "Rows that were not trained on and that the figures are taken on.", { ofData: true }),
  ],
  success: null,
  plots: [...predictionPlotDescriptors],
  maxPackWidth: 64,
  problem: tableRegression(standInTable, parse({ inputs: ["x"], targets: ["y"] })),
  problemOf: (parameters, resources) => {
    const parsed = parse(parameters);
    return tableRegression(resources.dataset(parsed.dataset), parsed);
  },
});
