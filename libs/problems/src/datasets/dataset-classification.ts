import { type Configuration, type DatasetContent, type Issue } from "@basin/contracts";
import { logarithm } from "@basin/numerics";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import { UntrainableError } from "../untrainable-error";
import { classesOf, fieldNames, fieldOf, type Classes } from "./dataset-fields";
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
import { standInTable } from "./stand-in-table";
import { categoriesOf, classesAtMost, fieldsWidth, mostClasses, trainingRows } from "./table-sizes";
import { completeRows, matrixOf, scalesOf, splitByClass } from "./table-split";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const DatasetClassificationParameters = tableNetworkParameters.extend({
  ...datasetParameters,
  classColumn: z.string().max(200).default("").meta({
    title: "Class column",
    description: "Name of the column with the class: categories, or whole numbers. It must be given.",
    "x-choose-from": "columns",
    "x-given": true,
  }),
});
type DatasetClassificationParameters = z.infer<typeof DatasetClassificationParameters>;

/** The right class is taken to be given at least this probability, so that the cross-entropy stays finite. */
const leastProbability = 1e-12;

/** What a configuration makes of a table: inputs, classes, and the rows to train and to test on. Throws UntrainableError. */
function partsOf(
  content: DatasetContent,
  { inputs: given, classColumn, testFraction, splitSeed }: DatasetClassificationParameters,
) {
  const inputs = inputNames(given, fieldNames(content), [classColumn]).map((name) => fieldOf(content, name));
  const classes = classesOf(content, classColumn);
  const complete = completeRows(content.rows, inputs).filter((row) => classes.at(row) >= 0);
  const refuse = (fault: string): never => {
    throw new UntrainableError(fault, "classColumn");
  };
  const fault = classFault(classes);
  if (fault !== null) refuse(`Column "${classColumn}" ${fault}.`);
  const split = splitByClass(complete, classes.at, testFraction, splitSeed);
  if (split.test.length === 0)
    refuse(`Every class of "${classColumn}" has a single row; a class needs two to be trained on and tested.`);
  if (classes.names.length > 2 && 2 * classes.names.length > complete.length)
    refuse(
      `Column "${classColumn}" has ${classes.names.length} classes in ${complete.length} rows; a class has to occur several times to be learned.`,
    );
  return { inputs, classes, ...split };
}

/** Why a column is none of classes: fractions, or too many or too few. */
function classFault({ names, fractions }: Classes): string | null {
  if (fractions) return `holds numbers like ${fractions}, which measure something; classes are words or whole numbers`;
  if (names.length < 2 || names.length > mostClasses)
    return `has ${names.length === 1 ? "1 class" : `${names.length} classes`}; 2 to ${mostClasses} can be told apart`;
  return null;
}

/** Classes of which no row is left to test on. */
function splitWarnings(content: DatasetContent, parameters: DatasetClassificationParameters): Issue[] {
  const { classes, training, test } = partsOf(content, parameters);
  const tested = new Set(Array.from(test, (row) => classes.at(row)));
  return classes.names.flatMap((name, i) => {
    if (tested.has(i)) return [];
    const count = training.filter((row) => classes.at(row) === i).length;
    const message = `class "${name}" has ${count} of ${training.length + test.length} rows and none in the test part`;
    return [{ path: "classColumn", message, hint: "figures say nothing of it; it needs more rows, or a larger testFraction" }];
  });
}

/** The class column of a table, learned from other columns. Figures are taken on rows that training did not see. Throws UntrainableError. */
function tableClassification(content: DatasetContent, parameters: DatasetClassificationParameters): SupervisedProblem {
  const { inputs, classes, training, test } = partsOf(content, parameters);
  const width = classes.names.length;
  const scales = scalesOf(inputs, training, parameters.standardize);
  return {
    kind: "supervised",
    inputWidth: scales.length,
    outputWidth: width,
    outputActivation: "softmax",
    loss: "cce",
    rows: { count: content.rows, training, test },
    data() {
      const targets = new Float32Array(training.length * width);
      training.forEach((row, i) => (targets[i * width + classes.at(row)] = 1));
      return { samples: training.length, inputs: matrixOf(inputs, training, scales), targets };
    },
    evaluationInputs: () => matrixOf(inputs, test, scales),
    evaluate(_, predictions) {
      let correct = 0;
      let entropy = 0;
      const counts = new Array<number>(width).fill(0);
      test.forEach((row, i) => {
        const wanted = classes.at(row);
        counts[wanted] = (counts[wanted] ?? 0) + 1;
        const row0 = i * width;
        const given = predictions[row0 + wanted] ?? Number.NaN;
        entropy -= logarithm(Math.max(leastProbability, given)) / test.length;
        let wins = Number.isFinite(given);
        // A tie decides nothing and counts as wrong.
        for (let part = 0; part < width; part++)
          if (part !== wanted && !((predictions[row0 + part] ?? Number.NaN) < given)) wins = false;
        if (wins) correct += 1;
      });
      return {
        testAccuracy: correct / test.length,
        testCrossEntropy: entropy,
        largestClassShare: Math.max(...counts) / test.length,
        untestedClasses: counts.filter((count) => count === 0).length,
        testRows: test.length,
      };
    },
  };
}

function parse(parameters: Configuration): DatasetClassificationParameters {
  return DatasetClassificationParameters.parse(parameters);
}

/** Classification on an uploaded table. */
export const datasetClassification = mlpExperiment({
  id: "dataset-classification",
  version: 2,
  title: "Classification on your data",
  summary: "A network predicts the class column of an uploaded dataset from the others.",
  description: `Upload a CSV or NPZ file on the datasets page, or with \`basin dataset add\`, and name it here by its id.

The class column holds categories or whole numbers. The network ends in a softmax over the classes and is trained on the cross-entropy
$-\\ln p_{\\text{class}}$. Inputs are standardized with mean and standard deviation of the **training rows alone**;
a column that does not vary there is only centred. The split is stratified: every class gives the test fraction of its rows, at least
one and not all; of a class with a single row that row is trained on.

**What to look for.** Hold the accuracy on the test rows against the share of the largest class, which guessing reaches. The cross-entropy
is the objective, because an accuracy over a few rows takes few values.`,
  source: "your own data",
  defaultSweep: {
    lesson: "Which activation predicts best, and how much does the initialization matter?",
    space: { activation: { type: "choice", values: ["tanh", "relu", "gelu"] } },
    seeds: 5,
  },
  parameters: DatasetClassificationParameters,
  datasets: namedDatasets,
  checkDataset(parameters, dataset) {
    const { inputs, classColumn } = parse(parameters);
    if (classColumn === "")
      return [
        {
          path: "classColumn",
          message: "name the class column",
          hint: `the dataset has ${fieldNames(dataset).slice(0, 30).join(", ")}`,
        },
      ];
    const column = dataset.columns.find(({ name }) => name === classColumn);
    const array = dataset.arrays.find(({ name }) => name === classColumn);
    const issues: Issue[] = [];
    if (array && array.shape.length > 1 && array.shape.slice(1).some((axis) => axis !== 1))
      issues.push({
        path: "classColumn",
        message: `array "${classColumn}" has ${array.shape.length} axes; a class is one number per sample`,
      });
    const classes = column?.type === "category" ? categoriesOf(column) : null;
    if (classes !== null && (classes < 2 || classes > mostClasses))
      issues.push({
        path: "classColumn",
        message: `column "${classColumn}" has ${classes} classes`,
        hint: `2 to ${mostClasses} can be told apart`,
      });
    const used = inputNames(inputs, fieldNames(dataset), [classColumn]);
    return [
      ...issues,
      ...checkInputs(used),
      ...checkFields(parameters, dataset, "classColumn", [classColumn]),
      ...checkFields(parameters, dataset, "inputs", used),
      ...checkOverlap(inputs, [classColumn]),
      ...checkRepeated("inputs", inputs),
    ];
  },
  sizes(parameters, datasets) {
    const { dataset, inputs, classColumn, testFraction } = parse(parameters);
    const table = datasets(dataset);
    if (!table) return null;
    const used = inputNames(inputs, fieldNames(table), [classColumn]);
    // Split class by class there may be half a row more or less of each.
    return vectorSizes(trainingRows(table.rows, testFraction), fieldsWidth(table, used), classesAtMost(table, classColumn));
  },
  objective: { metric: "testCrossEntropy", direction: "minimize" },
  metrics: [
    finalMetric(
      "testCrossEntropy",
      "Cross-entropy on the test rows",
      "Mean of −ln p over the test rows, p the probability of the true class, at least 1e-12.",
      { scale: "log" },
    ),
    finalMetric(
      "testAccuracy",
      "Share of correct test rows",
      "Share of test rows whose true class is more probable than every other; a tie is wrong.",
    ),
    finalMetric(
      "largestClassShare",
      "Share of the largest class",
      "Share of the largest class among the test rows, which guessing it always would reach.",
      { ofData: true },
    ),
    finalMetric(
      "untestedClasses",
      "Classes without a test row",
      "Classes of the table without a row in the test part: those with a single row.",
      { ofData: true },
    ),
    finalMetric("testRows", "Test rows", "Rows that were not trained on and that the figures are taken on.", { ofData: true }),
  ],
  success: null,
  plots: [],
  maxPackWidth: 64,
  problem: tableClassification(standInTable, parse({ inputs: ["x"], classColumn: "sign" })),
  dataWarnings: (parameters, resources) => {
    const parsed = parse(parameters);
    return splitWarnings(resources.dataset(parsed.dataset), parsed);
  },
  problemOf: (parameters, resources) => {
    const parsed = parse(parameters);
    return tableClassification(resources.dataset(parsed.dataset), parsed);
  },
});
