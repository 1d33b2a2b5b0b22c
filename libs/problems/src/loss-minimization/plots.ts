import type { PlotDataInput, PlotDescriptor } from "@basin/contracts";
import type { SupervisedData } from "../kinds/supervised";
import type { PlotsById } from "../kinds/plots-by-id";
import type { TrainedNetwork } from "../kinds/trained-network";
import { lossLandscapePlot } from "../loss-landscape";
import { slopePlot } from "./loss-curve";
import { derivativePlots } from "./network-derivatives";
import { halfWidth, targetValues } from "./target-function";

export const lossMinimizationPlots: readonly PlotDescriptor[] = [
  { id: "surface", title: "True function, prediction and error", kind: "surface" },
  { id: "contour", title: "Contours of function, prediction and error", kind: "contour" },
  { id: "errors", title: "Distribution of errors", kind: "bars" },
  { id: "landscape", title: "Slice of the loss landscape", kind: "surface" },
  { id: "gradient", title: "Gradient", kind: "contour" },
  { id: "hessian", title: "Second derivatives", kind: "contour" },
  { id: "slope", title: "Change of the loss per epoch", kind: "curve" },
];

const pointsPerSide = 61;
const bins = 31;
/** Training samples on which the loss landscape is taken. */
const landscapeSamples = 256;

/** Plots of one network on a grid of 61 × 61 points; the landscape's loss is that of the first 256 training samples. */
export async function plotsOf(trained: TrainedNetwork, { inputs, targets }: SupervisedData): Promise<PlotsById> {
  const places = Array.from({ length: pointsPerSide }, (_, i) => halfWidth * ((2 * i) / (pointsPerSide - 1) - 1));
  const grid = Float32Array.from(places.flatMap((y) => places.flatMap((x) => [x, y])));
  const truth = targetValues(grid);
  const predicted = await trained.predict(grid);
  const errors = Array.from(predicted, (value, i) => value - (truth[i] ?? Number.NaN));
  const rows = (all: ArrayLike<number>): number[][] =>
    places.map((_, row) => places.map((__, column) => all[row * pointsPerSide + column] ?? Number.NaN));
  const shared = {
    x: places,
    y: places,
    xAxis: { label: "x" },
    yAxis: { label: "y" },
    zAxis: { label: "f" },
    layers: [
      { name: "true", z: rows(truth) },
      { name: "predicted", z: rows(predicted) },
      { name: "error", z: rows(errors) },
    ],
  };
  const slope = slopePlot(trained.lossHistory);
  const samples = { inputs: inputs.slice(0, 2 * landscapeSamples), targets: targets.slice(0, landscapeSamples) };
  return {
    surface: { kind: "surface", title: "True function, prediction and error", ...shared },
    contour: { kind: "contour", title: "Contours of function, prediction and error", ...shared },
    errors: histogram(errors),
    landscape: await lossLandscapePlot(trained, samples),
    ...(await derivativePlots(trained)),
    ...(slope ? { slope } : {}),
  };
}

function histogram(errors: readonly number[]): PlotDataInput {
  const widest = errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0) || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const error of errors) {
    const bin = Math.min(bins - 1, Math.floor(((error / widest + 1) / 2) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    kind: "bars",
    title: "Distribution of errors",
    caption: `Prediction minus truth at ${errors.length} grid points.`,
    categories: counts.map((_, bin) => (widest * ((2 * (bin + 0.5)) / bins - 1)).toPrecision(2)),
    categoryTitle: "Error",
    y: { label: "Grid points" },
    series: [{ name: "points", values: counts }],
  };
}
