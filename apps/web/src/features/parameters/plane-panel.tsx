"use client";
import type { ParameterGrid, ParameterSample, Sweep } from "@basin/contracts";
import { DrawingPlot, heatMapDrawing, parameterContourDrawing, rankDrawing, type Canvas } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { Panel } from "../layout/panel";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText, figureAxis } from "../sweep-parts/figure-choice";
import type { SweepUrl } from "../sweep-parts/sweep-url";
import { gridHeatMap, statistics } from "./grid-plot";
import css from "./parameters.module.css";
import { drawnText, mergedText, parameterPlotAxis, placedItems, thinned, valuedItems } from "./sample-points";

export interface PlanePanelProps {
  sweep: Sweep;
  figure: string;
  sample: UseQueryResult<ParameterSample>;
  varied: readonly string[];
  url: SweepUrl;
}

/** The figure over two parameters: heat map, contour and rank. */
export function PlanePanel({ sweep, figure, sample, varied, url }: PlanePanelProps) {
  const named = (asked: string | null, fallback: string | undefined) => varied.find((name) => name === asked) ?? fallback ?? "";
  const x = named(url.get("x"), varied[0]);
  const y = named(
    url.get("y"),
    varied.find((name) => name !== x),
  );
  const statistic = statistics.find(({ value }) => value === url.get("statistic"))?.value ?? "mean";
  const grid = useQuery({
    ...routeQuery("getParameterGrid", { params: { sweep: sweep.id }, query: { x, y, metric: figure, statistic } }),
    enabled: x !== "" && y !== "" && x !== y,
  });
  const axes = sample.data?.axes ?? [];
  const options = varied.map((value) => ({ value, label: axes.find(({ name }) => name === value)?.title ?? value }));
  return (
    <Panel
      title="Two parameters"
      actions={
        <>
          <Choice
            label="Horizontal parameter"
            options={options}
            value={x}
            onChange={(value) => url.set({ x: value, y: value === y ? x : y })}
          />
          <Choice
            label="Vertical parameter"
            options={options}
            value={y}
            onChange={(value) => url.set({ y: value, x: value === x ? y : x })}
          />
          <Choice label="Statistic" options={statistics} value={statistic} onChange={(value) => url.set({ statistic: value })} />
        </>
      }
    >
      <div className={css.plots}>
        <Answer query={grid} what="The heat map" height={380}>
          {(answer) => <HeatMap grid={answer} />}
        </Answer>
        <Answer query={sample} what="The parameters" height={420}>
          {(answer) => <Placed sample={answer} x={x} y={y} kind="contour" />}
        </Answer>
        <Answer query={sample} what="The parameters" height={420}>
          {(answer) => <Placed sample={answer} x={x} y={y} kind="rank" />}
        </Answer>
      </div>
    </Panel>
  );
}

function HeatMap({ grid }: { grid: ParameterGrid }) {
  const scheme = useComputedColorScheme("light");
  const { plot, runs, binned } = useMemo(() => gridHeatMap(grid), [grid]);
  const draw = useCallback((canvas: Canvas) => (runs === 0 ? null : heatMapDrawing(plot, canvas)), [plot, runs]);
  return (
    <DrawingPlot
      title={plot.title}
      caption={`Over all ${runs} finished runs.${binned ? " Values of a parameter are gathered in bins; the axis names their middles." : ""} Empty: no run there.${grid.inapplicable > 0 ? ` ${grid.inapplicable} runs have no place here: one of the parameters does not apply to them.` : ""}`}
      scheme={scheme}
      draw={draw}
      empty="No run has finished yet."
    />
  );
}

function Placed({ sample, x, y, kind }: { sample: ParameterSample; x: string; y: string; kind: "contour" | "rank" }) {
  const scheme = useComputedColorScheme("light");
  const found = useMemo(() => {
    const [left, up] = [x, y].map((name) => sample.axes.find((axis) => axis.name === name));
    if (!left || !up) return null;
    const axes = { x: parameterPlotAxis(left), y: parameterPlotAxis(up), value: figureAxis(sample.figure) };
    return { axes, placed: placedItems(sample, left, up) };
  }, [sample, x, y]);
  const draw = useCallback(
    (canvas: Canvas) => {
      if (!found) return null;
      const { placed, axes } = found;
      return kind === "contour" ? parameterContourDrawing(placed, axes, canvas) : rankDrawing(thinned(placed), axes, canvas);
    },
    [found, kind],
  );
  const what = coverageText(sample.coverage, sample.per === "trial" ? "configurations" : "runs");
  return (
    <DrawingPlot
      title={kind === "contour" ? "Contour" : "Rank"}
      caption={
        kind === "contour"
          ? `Linear between the points; ${what}. Other parameters are averaged over. ${mergedText(found?.placed ?? [], sample.per)}`
          : `0: the lowest value, 1: the highest; ${what}. ${drawnText(valuedItems(sample).length, sample.per)}`
      }
      scheme={scheme}
      draw={draw}
      empty={
        kind === "contour" && found?.placed.some(({ x: left, y: up }) => typeof left === "string" || typeof up === "string")
          ? "There are no values between categories: see the heat map."
          : "It takes finished runs at two values of each parameter."
      }
    />
  );
}
