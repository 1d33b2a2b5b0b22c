import type { PlotDataInput, PlotDescriptor } from "@basin/contracts";
import { evenPlaces } from "../interpolation-errors";
import type { PlotsById } from "../kinds/plots-by-id";
import { rivals, runge, rungeSamples, rungeSecond, rungeThird } from "./runge-function";

export const rungePlots: readonly PlotDescriptor[] = [
  { id: "function", title: "Function, samples and interpolants", kind: "curve" },
  { id: "derivative", title: "Derivative", kind: "curve" },
  { id: "second-derivative", title: "Second derivative", kind: "curve" },
  { id: "third-derivative", title: "Third derivative", kind: "curve" },
  { id: "errors", title: "Errors of the value", kind: "curve" },
  { id: "derivative-errors", title: "Errors of the derivative", kind: "curve" },
];

/** Places on which the plots are drawn. */
export const plotPlaces: readonly number[] = evenPlaces(-1, 1, 401);

/** The network at some places, in the units of f: its value and three derivatives. */
export interface NetworkCurves {
  value: readonly number[];
  derivative: readonly number[];
  second: readonly number[];
  third: readonly number[];
}

/** Plots from the network's values and derivatives at `plotPlaces`, in the units of f. */
export function plotsOf(samples: number, network: NetworkCurves): PlotsById {
  const { x, y } = rungeSamples(samples);
  const { spline, cubicSpline, polynomial } = rivals(samples);
  const fits = [
    { name: "network", ...network },
    ...Object.entries({ "spline of degree 5": spline, "cubic spline": cubicSpline }).map(([name, fit]) => ({
      name,
      value: plotPlaces.map(fit.value),
      derivative: plotPlaces.map(fit.derivative),
    })),
  ];
  const places = [...plotPlaces];
  const truth = { value: places.map(runge.value), derivative: places.map(runge.derivative) };
  const curves = (what: "value" | "derivative") => [
    { name: "truth", x: places, y: truth[what], style: "dashed" as const },
    ...fits.map((fit) => ({ name: fit.name, x: places, y: [...fit[what]] })),
  ];
  const errors = (what: "value" | "derivative", title: string): PlotDataInput => ({
    kind: "curve",
    title,
    caption: "Splines pass through the samples exactly; the network only as closely as it was trained.",
    x: { label: "x" },
    y: { label: "absolute error", scale: "log" },
    series: fits.map((fit) => ({
      name: fit.name,
      x: places,
      y: fit[what].map((value, i) => Math.abs(value - (truth[what][i] ?? Number.NaN))),
    })),
  });
  return {
    function: {
      kind: "curve",
      title: "Function, samples and interpolants",
      caption: `The polynomial of degree ${samples - 1} swings to ${extreme(places.map(polynomial.value))} near the ends and is cut off.`,
      x: { label: "x" },
      y: { label: "f" },
      series: [
        ...curves("value"),
        {
          name: `polynomial of degree ${samples - 1}`,
          x: places,
          y: places.map((u) => withinView(polynomial.value(u))),
          style: "dashed",
        },
        { name: "samples", x, y, style: "points" },
      ],
    },
    derivative: {
      kind: "curve",
      title: "Derivative",
      caption: "The network's is exact, by forward propagation through its layers.",
      x: { label: "x" },
      y: { label: "df/dx" },
      series: curves("derivative"),
    },
    "second-derivative": higher("Second derivative", "f″", network.second, rungeSecond),
    "third-derivative": higher("Third derivative", "f‴", network.third, rungeThird),
    errors: errors("value", "Errors of the value"),
    "derivative-errors": errors("derivative", "Errors of the derivative"),
  };
}

function higher(title: string, label: string, network: readonly number[], truth: (x: number) => number): PlotDataInput {
  const places = [...plotPlaces];
  return {
    kind: "curve",
    title,
    caption: "Exact for the network, which was given values only: what it leaves between the samples grows with every order.",
    x: { label: "x" },
    y: { label },
    series: [
      { name: "truth", x: places, y: places.map(truth), style: "dashed" },
      { name: "network", x: places, y: [...network] },
    ],
  };
}

/** NaN, which is not drawn, where the polynomial would flatten everything else. */
function withinView(value: number): number {
  return value >= -0.5 && value <= 1.5 ? value : Number.NaN;
}

function extreme(values: readonly number[]): string {
  return values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0).toPrecision(2);
}
