import type { PlotDescriptor } from "@basin/contracts";
import type { Standardization } from "@basin/numerics";
import type { PlotsById } from "../kinds/plots-by-id";

export const predictionPlotDescriptors: readonly PlotDescriptor[] = [
  { id: "predictions", title: "Predicted against measured", kind: "scatter" },
  { id: "residuals", title: "Residuals", kind: "scatter" },
];

const mostPoints = 2000;

/** Outputs [rows, targets] of a network in the units of its targets: the values of each target. */
export function unscaled(outputs: ArrayLike<number>, scales: readonly Standardization[], rows: number): Float64Array[] {
  return scales.map(({ mean, scale }, part) =>
    Float64Array.from({ length: rows }, (_, i) => (outputs[i * scales.length + part] ?? Number.NaN) * scale + mean),
  );
}

/** Of each target its measured values and what was predicted for them, on the test rows; evenly thinned to 2,000 points in all. */
export function predictionPlots(
  names: readonly string[],
  measured: readonly Float64Array[],
  predicted: readonly Float64Array[],
): PlotsById {
  const rows = measured[0]?.length ?? 0;
  const stride = Math.max(1, Math.ceil((rows * names.length) / mostPoints));
  const thin = (values: Float64Array): number[] => Array.from(values.filter((_, i) => i % stride === 0));
  const shown = stride === 1 ? "" : ` Every ${stride}th test row is shown.`;
  const series = names.map((name, part) => ({
    name,
    x: thin(measured[part] ?? new Float64Array(0)),
    y: thin(predicted[part] ?? new Float64Array(0)),
  }));
  const all = series.flatMap(({ x, y }) => [...x, ...y]).filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const subject = names.length === 1 ? (names[0] ?? "") : "";
  const axis = (label: string) => ({
    label: subject === "" ? label : `${subject}, ${label}`,
    unit: "",
    scale: "linear" as const,
  });
  return {
    predictions: {
      kind: "scatter",
      title: "Predicted against measured",
      caption: `On test rows, in the units of the targets; on the line a prediction is right.${shown}`,
      x: axis("measured"),
      y: axis("predicted"),
      series: [
        ...series.map((one) => ({ ...one, style: "points" as const })),
        ...(all.length === 0 ? [] : [{ name: "right", x: [low, high], y: [low, high], style: "dashed" as const }]),
      ],
    },
    residuals: {
      kind: "scatter",
      title: "Residuals",
      caption: `Predicted − measured over what was predicted. A pattern is something that the network did not learn.${shown}`,
      x: axis("predicted"),
      y: axis("predicted − measured"),
      series: series.map(({ name, x, y }) => ({
        name,
        x: y,
        y: y.map((value, i) => value - (x[i] ?? Number.NaN)),
        style: "points" as const,
      })),
    },
  };
}
