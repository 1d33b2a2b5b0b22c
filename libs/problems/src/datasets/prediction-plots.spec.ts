import { PlotData } from "@basin/contracts";
import { expect, it } from "vitest";
import { predictionPlots, unscaled } from "./prediction-plots";

it("gives outputs back in the units of the targets", () => {
  const scales = [
    { mean: 10, scale: 2 },
    { mean: -1, scale: 1 },
  ];
  expect(unscaled([0, 1, 1, 2, -1, 3], scales, 3)).toEqual([Float64Array.of(10, 12, 8), Float64Array.of(0, 1, 2)]);
});

it("draws what was predicted over what was measured, and the difference over what was predicted", () => {
  const { predictions, residuals } = predictionPlots(["yield"], [Float64Array.of(1, 2, 4)], [Float64Array.of(1.5, 2, 3)]);
  expect(PlotData.parse(predictions)).toMatchObject({
    x: { label: "yield, measured" },
    series: [
      { name: "yield", x: [1, 2, 4], y: [1.5, 2, 3] },
      { x: [1, 4], y: [1, 4], style: "dashed" },
    ],
  });
  expect(PlotData.parse(residuals)).toMatchObject({ series: [{ x: [1.5, 2, 3], y: [0.5, 0, -1] }] });
});

it("thins long tables, and says so", () => {
  const long = new Float64Array(5000).map((_, i) => i);
  const { predictions } = predictionPlots(["a", "b"], [long, long], [long, long]);
  const plot = PlotData.parse(predictions);
  expect(plot.kind === "scatter" && plot.series[0]?.x.length).toBe(1000);
  expect(plot.caption).toContain("Every 5th test row");
});
