"use client";
import {
  boxStripDrawing,
  classBarsDrawing,
  DrawingPlot,
  importanceDrawing,
  parallelDrawing,
  parameterContourDrawing,
  plotSamples,
  PlotView,
  rankDrawing,
  runStateLooks,
  sliceDrawing,
  stepDistributionDrawing,
  type Drawing,
  type Canvas,
  timelineDrawing,
} from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useState } from "react";
import { Panel } from "../layout/panel";
import css from "./plots.module.css";

const scattered = (i: number): number => (i * 0.618033988749895) % 1;
const rates = [0.0001, 0.001, 0.01, 0.1];
const widths = [8, 16, 32, 64];
const objective = { label: "validation loss", unit: "", scale: "log" as const };
const learningRate = { label: "learning rate", unit: "", scale: "log" as const };
const width = { label: "hidden width", unit: "", scale: "linear" as const };
const runs = Array.from({ length: 160 }, (_, i) => {
  const [x, y] = [rates[i % 4] ?? 0, widths[Math.floor(i / 4) % 4] ?? 0];
  return {
    id: `gallery-${i % 16}-${Math.floor(i / 16)}`,
    trial: i % 16,
    x,
    y,
    activation: i % 3 === 0 ? "relu" : "tanh",
    value: (0.02 * (1 + Math.abs(Math.log10(x) + 2)) * (1 + scattered(i) ** 3 * 6)) / Math.sqrt(y),
  };
});
const groups = rates.map((rate, style) => {
  const own = runs.filter(({ x }) => x === rate).sort((a, b) => a.value - b.value);
  const at = (share: number): number => own[Math.round(share * (own.length - 1))]?.value ?? 0;
  const box = { whiskerLow: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), whiskerHigh: at(1) };
  return { name: `learningRate ${rate}`, style, runs: own, box, rate: null };
});
const axes = { x: learningRate, y: width, value: objective };
const samples = plotSamples();
const start = Date.UTC(2025, 2, 3, 10);

const statistics: { title: string; draw: (canvas: Canvas) => Drawing | null }[] = [
  { title: "Distribution over initializations", draw: (canvas) => boxStripDrawing(groups, objective, canvas) },
  {
    title: "Classes",
    draw: (canvas) =>
      classBarsDrawing(
        groups.map(({ name }, i) => ({ name, counts: [12 + i, 20 - 3 * i, 8 + 2 * i] })),
        ["true equation", "equivalent", "wrong"],
        canvas,
      ),
  },
  {
    title: "Parallel coordinates",
    draw: (canvas) =>
      parallelDrawing(
        [
          { axis: learningRate, values: runs.map(({ x }) => x) },
          { axis: width, values: runs.map(({ y }) => y) },
          { axis: { ...width, label: "activation" }, values: runs.map(({ activation }) => activation) },
          { axis: objective, values: runs.map(({ value }) => value) },
        ],
        canvas,
      ),
  },
  {
    title: "Empirical distribution",
    draw: (canvas) =>
      stepDistributionDrawing(
        groups.map(({ name, style, runs: own }) => ({
          name,
          style,
          of: own.length,
          start: 0,
          x: own.map(({ value }) => value),
          y: own.map((_, i) => (i + 1) / own.length),
        })),
        objective,
        canvas,
      ),
  },
  {
    title: "Distribution of a constant",
    draw: (canvas) =>
      stepDistributionDrawing([{ name: "all runs", style: 0, of: 30, start: 0, x: [0.925], y: [1] }], objective, canvas),
  },
  { title: "Contour over two parameters", draw: (canvas) => parameterContourDrawing(runs, axes, canvas) },
  { title: "Rank", draw: (canvas) => rankDrawing(runs, axes, canvas) },
  {
    title: "Slice",
    draw: (canvas) =>
      sliceDrawing(
        [
          { axis: learningRate, values: runs.map(({ x }) => x) },
          { axis: width, values: runs.map(({ y }) => y) },
          { axis: { ...width, label: "activation" }, values: runs.map(({ activation }) => activation) },
        ],
        runs,
        objective,
        canvas,
      ),
  },
  {
    title: "Timeline",
    draw: (canvas) =>
      timelineDrawing(
        runs.slice(0, 24).map(({ id }, i) => {
          const state = i % 7 === 6 ? "failed" : "succeeded";
          const from = start + Math.floor(i / 2) * 70_000;
          return { id, lane: `trainer-${i % 2}`, from, to: from + 60_000, state, look: runStateLooks[state].color };
        }),
        canvas,
      ),
  },
  {
    title: "Importance",
    draw: (canvas) =>
      importanceDrawing(
        [
          { name: "learningRate", share: 0.62 },
          { name: "hiddenWidth", share: 0.3 },
          { name: "activation", share: 0.08 },
        ],
        "functional ANOVA",
        canvas,
      ),
  },
  { title: "Nothing to draw", draw: () => null },
];

/** Every kind of plot, with generated values: a place to look at how they are drawn. */
export default function GalleryPage() {
  const scheme = useComputedColorScheme("light");
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <>
      <h1>Gallery of plots</h1>
      <p role="status">{picked === null ? "No point pressed." : `Pressed: ${picked}`}</p>
      <div className={css.plots}>
        {samples.map((plot) => (
          <Panel key={plot.title} title={plot.kind}>
            <PlotView plot={plot} scheme={scheme} />
          </Panel>
        ))}
        {statistics.map(({ title, draw }) => (
          <Panel key={title} title="statistics">
            <DrawingPlot title={title} scheme={scheme} draw={draw} onPick={setPicked} />
          </Panel>
        ))}
      </div>
    </>
  );
}
