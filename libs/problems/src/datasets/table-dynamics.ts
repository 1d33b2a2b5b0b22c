import type { DatasetContent, PlotDataInput } from "@basin/contracts";
import { isConstant, solveOde, standardization } from "@basin/numerics";
import { coefficientCurves, equationPlot, equations, structure } from "../dynamics/equation";
import { lawRates, type Variable } from "../dynamics/library";
import type { MeasuredDynamicsProblem, MeasuredLaw } from "../kinds/measured-dynamics";
import { UntrainableError } from "../untrainable-error";
import { timeSeriesOf, type TimeSeries, type TimeSeriesSetting } from "./time-series";

/** What the search for a law depends on beside the regression. */
export interface TableDynamicsSetting extends TimeSeriesSetting {
  testFraction: number;
  horizon: number;
  rescale: boolean;
}

/** Forecasts that are made from places spread evenly over the test part. */
const forecasts = 20;
/** Points of a forecast plot. */
const plotted = 1000;
const accuracy = { relativeTolerance: 1e-7, absoluteTolerance: 1e-9, maxSteps: 20_000 };

/**
 * A dataset's time series, whose law is sought in its first part and judged by forecasts in its last. With `rescale` every state that varies
 * in the first part is divided by its standard deviation there, and so are the law's variables.
 */
export function tableDynamics(content: DatasetContent, setting: TableDynamicsSetting): MeasuredDynamicsProblem {
  const series = timeSeriesOf(content, setting);
  const width = series.variables.length;
  const tested = testedRows(series.samples, setting.testFraction);
  const trained = series.samples - tested;
  if (trained < 2)
    throw new UntrainableError(`${series.samples} rows are too few to search for a law and to test it.`, "dataset");
  const scaled = setting.rescale ? rescaled(series, trained) : series;
  const left = scaled.variables.map(({ text, latex }): Variable => ({ text: `d${text}/dt`, latex: `\\frac{d ${latex}}{dt}` }));
  return {
    kind: "measured-dynamics",
    variables: scaled.variables,
    rows: {
      count: series.samples,
      training: Int32Array.from({ length: trained }, (_, row) => row),
      test: Int32Array.from({ length: tested }, (_, i) => trained + i),
    },
    measure: () => ({ interval: scaled.interval, samples: trained, states: scaled.states.subarray(0, trained * width) }),
    judge(_, law) {
      const { library, coefficients, history, residuals } = law;
      const equation = equations(library, coefficients, left);
      return {
        metrics: {
          residual: residuals.at(-1) ?? Number.NaN,
          activeTerms: coefficients.filter((value) => value !== 0).length,
          ...forecastErrors(scaled, trained, Math.min(setting.horizon, tested - 1), law),
          testRows: tested,
          intervalSpread: series.intervalSpread,
        },
        labels: {
          equation: equation.text,
          latex: equation.latex,
          support: structure(library, coefficients, left),
        },
        plots: {
          equation: equationPlot("Discovered law", library, coefficients, left, history, null),
          forecast: forecastPlot(scaled, trained, law),
          coefficients: coefficientCurves(library, left, history, []),
        },
      };
    },
  };
}

/** Values of one state over the given rows. */
function stateOver({ states, variables }: TimeSeries, variable: number, start: number, end: number): Float64Array {
  return Float64Array.from({ length: end - start }, (_, i) => states[(start + i) * variables.length + variable] ?? Number.NaN);
}

/** How many rows, the last ones, the regression never sees. */
export function testedRows(rows: number, testFraction: number): number {
  return Math.max(2, Math.round(rows * testFraction));
}

function rescaled(series: TimeSeries, trained: number): TimeSeries {
  const scales = series.variables.map((_, v) => standardization(stateOver(series, v, 0, trained)).scale);
  return { ...series, states: series.states.map((value, at) => value / (scales[at % scales.length] ?? 1)) };
}

/** The states that the law leads to, `steps` samples on from the measured state of a row; NaN from where it cannot be integrated. */
function forecast({ states, variables, interval }: TimeSeries, row: number, steps: number, law: MeasuredLaw): Float64Array[] {
  const width = variables.length;
  return solveOde(
    lawRates(law.library, law.coefficients),
    states.subarray(row * width, (row + 1) * width),
    Float64Array.from({ length: steps + 1 }, (_, i) => i * interval),
    accuracy,
  );
}

/**
 * Errors at the horizon in standard deviations of the test part, root mean square over forecasts and the states that vary there: of the law, and
 * of the guess that nothing changes. NaN when no state varies, and when a forecast cannot be integrated so far.
 */
function forecastErrors(series: TimeSeries, trained: number, horizon: number, law: MeasuredLaw): Record<string, number> {
  const { states, variables, samples } = series;
  const width = variables.length;
  const spreads = variables.map((_, v) => {
    const values = stateOver(series, v, trained, samples);
    return isConstant(values) ? null : standardization(values).scale;
  });
  const varying = spreads.filter((spread) => spread !== null).length;
  const starts = samples - trained - horizon;
  const count = Math.min(forecasts, starts);
  let [found, still] = [0, 0];
  for (let f = 0; f < count; f++) {
    const row = trained + Math.floor((f * starts) / count);
    // One that failed settles the figure; each further one would cost all the steps again.
    const end = Number.isNaN(found) ? undefined : forecast(series, row, horizon, law).at(-1);
    spreads.forEach((spread, v) => {
      if (spread === null) return;
      const truth = states[(row + horizon) * width + v] ?? Number.NaN;
      found += ((end?.[v] ?? Number.NaN) - truth) ** 2 / spread ** 2 / (count * varying);
      still += ((states[row * width + v] ?? Number.NaN) - truth) ** 2 / spread ** 2 / (count * varying);
    });
  }
  if (varying === 0) return { forecastError: Number.NaN, persistenceError: Number.NaN };
  return { forecastError: Math.sqrt(found), persistenceError: Math.sqrt(still) };
}

/** What a reader must know of times that are only nearly even; digits of a time that were rounded away are nothing to speak of. */
function noticeOf({ intervalSpread }: TimeSeries): string {
  if (intervalSpread < 1e-6) return "";
  return ` The times between rows differ from their mean by up to ${(100 * intervalSpread).toPrecision(2)} % of it; they were taken as equal.`;
}

function forecastPlot(series: TimeSeries, trained: number, law: MeasuredLaw): PlotDataInput {
  const { states, variables, samples, interval } = series;
  const width = variables.length;
  const steps = Math.min(plotted, samples - trained - 1);
  const found = forecast(series, trained, steps, law);
  const times = found.map((_, i) => (trained + i) * interval);
  return {
    kind: "curve",
    title: "Forecast of the test part",
    caption: `One forecast from the first state that the regression did not see; of a chaotic system no law can follow it for long.${noticeOf(series)}`,
    x: { label: "Time since the first row" },
    y: { label: "State" },
    series: variables.flatMap(({ text }, v) => [
      { name: text, x: times, y: found.map((_, i) => states[(trained + i) * width + v] ?? Number.NaN) },
      { name: `${text}, forecast`, x: times, y: found.map((state) => state[v] ?? Number.NaN), style: "dashed" as const },
    ]),
  };
}
