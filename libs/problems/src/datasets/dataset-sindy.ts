import { choiceOf, SindyParameters, type Configuration, type Dataset, type DatasetContent, type Issue } from "@basin/contracts";
import { z } from "zod";
import { termCount } from "../dynamics/library";
import { smoothingIssues } from "../dynamics/noisy-states";
import type { ExperimentDefinition } from "../experiment";
import { UntrainableError } from "../untrainable-error";
import { checkFields, datasetParameters, namedDatasets } from "./dataset-parameters";
import { standInTable } from "./stand-in-table";
import { tableDynamics, testedRows } from "./table-dynamics";
import { stateNames, timelikeStates, timeSeriesOf, timeUnits } from "./time-series";
import { finalMetric } from "../final-metric";

/** Numbers in the matrix of all candidate terms at all samples. */
const mostValues = 20_000_000;
/** Steps of a time that was written with a few digits differ by less than this share. */
const noticedUnevenness = 1e-4;

const DatasetSindyParameters = SindyParameters.extend({
  dataset: datasetParameters.dataset,
  timeColumn: z.string().max(200).default("").meta({
    "x-choose-from": "columns",
    title: "Time column",
    description:
      "Name of the column with the time, numbers or dates, which must rise in equal steps; those within 1 % of their mean are taken as equal to it. Empty: rows are `interval` apart.",
  }),
  timeUnit: choiceOf(timeUnits, {
    none: "the time is a number",
    second: "dates are counted in seconds",
    minute: "in minutes",
    hour: "in hours",
    day: "in days",
  })
    .default("none")
    .meta({
      title: "Unit of dates",
      description: "In which the time of a column of dates is counted, and with it the law's rates.",
      "x-advanced": true,
    }),
  interval: z.number().positive().max(1e12).default(1).meta({
    title: "Time between rows",
    description: "Where there is no time column.",
  }),
  states: z.array(z.string().max(200)).max(12).default([]).meta({
    title: "States",
    description: "Names of the columns (or arrays) whose law is sought. Empty: every number column but the time.",
    "x-choose-from": "columns",
  }),
  testFraction: z.number().min(0.01).max(0.9).default(0.2).meta({
    title: "Test fraction",
    description: "Share of the rows, the last ones, that the regression never sees and forecasts are judged on.",
  }),
  horizon: z.int().min(1).max(100_000).default(20).meta({
    title: "Forecast horizon",
    unit: "sample",
    description: "Forecasts are judged so many rows on.",
  }),
  rescale: z.boolean().default(false).meta({
    title: "Rescale",
    description:
      "Divide every state by its standard deviation, so that one threshold suits states of different size; the law is then in these units.",
  }),
});
type DatasetSindyParameters = z.infer<typeof DatasetSindyParameters>;

function parse(parameters: Configuration): DatasetSindyParameters {
  return DatasetSindyParameters.parse(parameters);
}

function checkSmoothing(parameters: Configuration): Issue[] {
  const parsed = parse(parameters);
  const { timeColumn, states } = parsed;
  const issues = smoothingIssues(parsed);
  const at = states.indexOf(timeColumn);
  if (timeColumn !== "" && at >= 0)
    issues.push({ path: `states[${at}]`, message: `"${timeColumn}" is the time; leave it out of the states` });
  return issues;
}

const needsEveryRow = "a time series needs every row; fill the gaps before the upload";

/** A column of dates needs a unit, and nothing else has one. */
function checkTimeUnit({ timeColumn, timeUnit }: DatasetSindyParameters, dataset: Dataset): Issue[] {
  const dates = dataset.columns.find(({ name, type }) => name === timeColumn && type === "date");
  if (dates && dates.missing > 0)
    return [{ path: "timeColumn", message: `column "${timeColumn}" lacks ${dates.missing} values`, hint: needsEveryRow }];
  if ((dates !== undefined) === (timeUnit !== "none")) return [];
  const [message, hint] = dates
    ? [`column "${timeColumn}" holds dates: say in which unit time is counted`, "set timeUnit to second, minute, hour or day"]
    : [`only a column of dates is counted in a unit, here ${timeUnit}`, 'name one as timeColumn, or set timeUnit to "none"'];
  return [{ path: "timeUnit", message, hint }];
}

/** Names that do not exist, categories, missing values, too few rows, and more candidate terms than can be fitted. */
function checkSeries(parameters: Configuration, dataset: Dataset): Issue[] {
  const parsed = parse(parameters);
  const names = stateNames(parsed, dataset);
  if (names.length === 0) return [{ path: "states", message: "the dataset has no number column beside the time" }];
  const categories = new Set(dataset.columns.filter(({ type }) => type === "category").map(({ name }) => name));
  const unit = checkTimeUnit(parsed, dataset);
  const dates = dataset.columns.some(({ name, type }) => name === parsed.timeColumn && type === "date");
  const time = parsed.timeColumn === "" || dates ? [] : [parsed.timeColumn];
  const typed = [...time, ...names]
    .filter((name) => categories.has(name))
    .map((name): Issue => {
      const path = time.includes(name) ? "timeColumn" : `states[${names.indexOf(name)}]`;
      return { path, message: `column "${name}" holds categories, not numbers` };
    });
  // A row cannot be left out of a time series.
  const known = { ...parameters, missing: "refuse" };
  const fields = [...checkFields(known, dataset, "timeColumn", time), ...checkFields(known, dataset, "states", names)].map(
    ({ hint, ...issue }): Issue =>
      issue.message.includes(" lacks ")
        ? { ...issue, hint: needsEveryRow }
        : { ...issue, ...(hint === undefined ? {} : { hint }) },
  );
  if (unit.length + typed.length + fields.length > 0) return [...unit, ...typed, ...fields];
  const width = names.reduce((total, name) => {
    const array = dataset.arrays.find((one) => one.name === name);
    return total + (array ? array.shape.slice(1).reduce((a, b) => a * b, 1) : 1);
  }, 0);
  if (width > 12) return [{ path: "states", message: `there are ${width} states; the laws of at most 12 are sought at a time` }];
  return checkSize(parsed, dataset.rows, width);
}

/** Too few rows for the candidate terms, or more terms and rows than can be fitted. */
function checkSize(parameters: DatasetSindyParameters, rows: number, width: number): Issue[] {
  const terms = termCount(parameters, width);
  const window = parameters.derivativeMethod === "savitzky-golay" ? parameters.smoothingWindow : 3;
  const trained = rows - testedRows(rows, parameters.testFraction);
  if (terms === 0) return [{ path: "polynomialDegree", message: "no function is left that a law could be made of" }];
  if (trained - window + 1 < terms)
    return [
      {
        path: "dataset",
        message: `${trained} rows before the test part are too few for ${terms} candidate terms and a window of ${window}`,
        hint: "lower polynomialDegree, smoothingWindow or testFraction",
      },
    ];
  if (trained * terms > mostValues)
    return [
      {
        path: "polynomialDegree",
        message: `${terms} candidate terms at ${trained} rows are ${trained * terms} numbers; at most ${mostValues} are fitted`,
        hint: "use a lower degree, fewer states or fewer rows",
      },
    ];
  return [];
}

/** A time that is searched for as if it were a state, and steps of the time that are equal only nearly. */
function timeWarnings(parameters: DatasetSindyParameters, content: DatasetContent): Issue[] {
  const issues = timelikeStates(content, parameters).map((name): Issue => ({
    path: "timeColumn",
    message: `"${name}" rises from row to row and seems to be the time, but is taken for a state whose law is sought`,
    hint: `set timeColumn to "${name}", or name the states`,
  }));
  const dates = content.columns.find(({ type }) => type === "date");
  if (parameters.timeColumn === "")
    return dates === undefined
      ? issues
      : [
          ...issues,
          {
            path: "timeColumn",
            message: `"${dates.name}" holds dates and seems to be the time, but rows are taken to be ${parameters.interval} apart`,
            hint: `set timeColumn to "${dates.name}" and timeUnit to second, minute, hour or day`,
          },
        ];
  const { intervalSpread: uneven } = timeSeriesOf(content, parameters);
  if (uneven < noticedUnevenness) return issues;
  return [
    ...issues,
    {
      path: "timeColumn",
      message: `steps of "${parameters.timeColumn}" differ from their mean by up to ${Number((100 * uneven).toPrecision(2))} %; they are taken to be equal`,
      hint: "interpolate to equal steps before the upload where that matters",
    },
  ];
}

/** Objective: the error of forecasts on rows that the regression did not see. The residual would always prefer more terms. */
export const datasetSindy: ExperimentDefinition = {
  id: "dataset-sindy",
  version: 2,
  title: "SINDy on your time series",
  summary: "Sparse regression seeks the differential equations behind the columns of an uploaded time series.",
  description: `Upload a CSV or NPZ file on the datasets page, or with \`basin dataset add\`, and name it here by its id. Its rows are one time series at equal
intervals: name the time column, or leave it empty and give the interval.

Derivatives $\\dot y$ of the states come from central differences or from local polynomials (Savitzky–Golay). Sequentially thresholded least squares then fits
$\\dot y = \\Theta(y)\\,\\Xi$ on a library of monomials and, if wanted, sines, cosines, reciprocals and square roots, and drops coefficients below the threshold until nothing changes.

**Figures.** The last rows (*test fraction*) are kept from the regression. From 20 of them the found law is integrated over the *horizon*; the error is given in standard
deviations of the states that vary there, beside that of the guess that nothing changes. *Residual* is the share of the estimated rates that the law leaves unexplained.

**What to look for.** Sweep \`threshold\` and \`smoothingWindow\`. A good law has few terms, keeps them when the threshold changes, and forecasts as well as laws with more. The
threshold is compared with coefficients in the units of the data: rescale where states differ much in size. The regression draws nothing at random, so one seed is enough.`,
  source: "your own data; method: S. L. Brunton, J. L. Proctor, J. N. Kutz, PNAS 113 (2016) 3932",
  family: "sindy",
  diagnostic: false,
  defaultSweep: {
    lesson: "Which threshold leaves the law that forecasts best? The regression starts from no random numbers: one seed is all.",
    space: { threshold: { type: "choice", values: [0.05, 0.1, 0.2] } },
    seeds: 1,
  },
  parameters: DatasetSindyParameters,
  perRunParameters: Object.keys(SindyParameters.shape).filter((name) => name !== "maxIterations"),
  check: checkSmoothing,
  datasets: namedDatasets,
  checkDataset: checkSeries,
  withoutEffect: () => ["seed"],
  objective: { metric: "forecastError", direction: "minimize" },
  metrics: [
    finalMetric(
      "residual",
      "Unexplained share of the estimated rates",
      "Σ(ẏ − Θ(y)Ξ)²/Σẏ² over the estimated rates of the first part, at the smoothed states; as a curve, after each fit.",
      { scale: "log", series: true },
    ),
    finalMetric("activeTerms", "Active coefficients", "Coefficients of the law that are not 0; none lies below the threshold.", {
      series: true,
    }),
    finalMetric(
      "forecastError",
      "Forecast error on the test rows, standard deviations",
      "√ of the mean of ((found − measured)/s)² over states and up to 20 forecasts to the horizon, s the standard deviation over the test rows; none when a forecast cannot be integrated.",
      { scale: "log" },
    ),
    finalMetric(
      "persistenceError",
      "The same of the guess that nothing changes",
      "The same of the guess that the state at the start stays.",
      { scale: "log" },
    ),
    finalMetric("testRows", "Test rows", "Rows at the end that the regression never saw.", { ofData: true }),
    finalMetric(
      "intervalSpread",
      "Greatest deviation of a time between two rows from their mean, share of it",
      "Greatest |Δt − mean Δt|/mean Δt between two rows; steps within 1 % are taken as equal.",
    ),
  ],
  success: null,
  plots: [
    { id: "equation", title: "Discovered law", kind: "equation" },
    { id: "forecast", title: "Forecast of the test part", kind: "curve" },
    { id: "coefficients", title: "Coefficients", kind: "curve" },
  ],
  maxPackWidth: 16,
  stepUnit: "iteration",
  problem: tableDynamics(standInTable, parse({ states: ["x", "y"] })),
  dataWarnings: (parameters, resources) => {
    const parsed = parse(parameters);
    return timeWarnings(parsed, resources.dataset(parsed.dataset));
  },
  problemOf: (parameters, resources) => {
    const parsed = parse(parameters);
    const content = resources.dataset(parsed.dataset);
    const problem = tableDynamics(content, parsed);
    return {
      ...problem,
      // The library may differ between the runs of a pack, and of a range of degrees only one end was checked.
      measure(own, seed, brought) {
        const [issue] = checkSize(parse(own), content.rows, problem.variables.length);
        if (issue) throw new UntrainableError(issue.message, issue.path);
        return problem.measure(own, seed, brought);
      },
    };
  },
};
