import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import { lorenzSeries } from "./lorenz-series";

export const lorenzInterpolationPlots: readonly PlotDescriptor[] = [
  { id: "series", title: "x(t): orbit, samples and network", kind: "curve" },
  { id: "derivative", title: "dx/dt: orbit and network", kind: "curve" },
  { id: "phase", title: "x and dx/dt", kind: "scatter" },
];

/** Plots from the network's x and ẋ at all times of the orbit. */
export function plotsOf(
  samples: { t: readonly number[]; x: readonly number[] },
  network: { x: readonly number[]; slope: readonly number[] },
): PlotsById {
  const { t, x, slope } = lorenzSeries();
  const times = [...t];
  return {
    series: {
      kind: "curve",
      title: "x(t): orbit, samples and network",
      caption: "Where a turn is narrow, the network rounds it off first.",
      x: { label: "t" },
      y: { label: "x" },
      series: [
        { name: "orbit", x: times, y: [...x], style: "dashed" },
        { name: "network", x: times, y: [...network.x] },
        { name: "samples", x: [...samples.t], y: [...samples.x], style: "points" },
      ],
    },
    derivative: {
      kind: "curve",
      title: "dx/dt: orbit and network",
      caption: "The orbit's is 10 (y − x); the network's is exact for the curve that it draws.",
      x: { label: "t" },
      y: { label: "dx/dt" },
      series: [
        { name: "orbit", x: times, y: [...slope], style: "dashed" },
        { name: "network", x: times, y: [...network.slope] },
      ],
    },
    phase: {
      kind: "scatter",
      title: "x and dx/dt",
      x: { label: "x" },
      y: { label: "dx/dt" },
      series: [
        { name: "orbit", x: [...x], y: [...slope], style: "dashed" },
        { name: "network", x: [...network.x], y: [...network.slope], style: "line" },
      ],
    },
  };
}
