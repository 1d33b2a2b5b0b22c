import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { Scheme } from "../palette";
import type { Figure } from "./figure";
import css from "./plots.module.css";
import { figureImage, hasWebGl, type ImageFormat, loadPlotly, plotlyConfig } from "./plotly-loader";

/** Pictures of what is shown. */
export interface PictureControls {
  picture(format: ImageFormat, title: string): Promise<Blob>;
}

export interface PlotlyCanvasProps {
  figure: Figure;
  scheme: Scheme;
  label: string;
  height: number;
  controls?: Ref<PictureControls>;
  /** A point with a name (its `customdata`, or the trace's `ids`) was pressed. */
  onPick?: ((id: string) => void) | undefined;
  /** Lines kept by brushing parallel coordinates, by number; null: no brush is set. */
  onBrush?: ((kept: number[] | null) => void) | undefined;
}

interface PressedPoint {
  points?: { id?: unknown; customdata?: unknown }[];
}

interface ParallelTrace {
  dimensions?: { values?: number[]; constraintrange?: number[] | number[][] }[];
}

/** The lines that pass every brush; null without a brush. */
export function keptLines(trace: ParallelTrace): number[] | null {
  const brushed = (trace.dimensions ?? []).flatMap(({ values, constraintrange }) => {
    if (!values || !constraintrange || constraintrange.length === 0) return [];
    const ranges = Array.isArray(constraintrange[0]) ? (constraintrange as number[][]) : [constraintrange as number[]];
    return [{ values, ranges }];
  });
  const first = brushed[0];
  if (!first) return null;
  return first.values
    .map((_, i) => i)
    .filter((i) =>
      brushed.every(({ values, ranges }) =>
        ranges.some(([low = -Infinity, high = Infinity]) => (values[i] ?? NaN) >= low && (values[i] ?? NaN) <= high),
      ),
    );
}

export default function PlotlyCanvas({ figure, scheme, label, height, controls, onPick, onBrush }: PlotlyCanvasProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const flat = figure.bundle !== "cartesian" && !hasWebGl();
  const drawn = flat ? figure.fallback : figure;
  const act = useRef({ onPick, onBrush });
  act.current = { onPick, onBrush };

  useEffect(() => {
    const element = holder.current;
    if (!element || !drawn) return;
    let left = false;
    loadPlotly(drawn.bundle)
      .then(async (plotly) => {
        if (left) return;
        const chart = await plotly.react(element, drawn.traces, { ...drawn.layout, height }, plotlyConfig);
        setFailure(null);
        chart.removeAllListeners("plotly_click");
        chart.removeAllListeners("plotly_restyle");
        chart.on("plotly_click", (event) => {
          const point = (event as PressedPoint).points?.[0];
          const id = point?.id ?? point?.customdata;
          if (typeof id === "string") act.current.onPick?.(id);
        });
        chart.on("plotly_restyle", () => act.current.onBrush?.(keptLines(chart.data[0] ?? {})));
      })
      .catch((error: unknown) => {
        if (!left) setFailure(error instanceof Error ? error.message : String(error));
      });
    return () => {
      left = true;
    };
  }, [drawn, height]);

  useEffect(() => {
    const element = holder.current;
    if (!element || !drawn) return;
    const { bundle } = drawn;
    const observer = new ResizeObserver(() => {
      if (!element.classList.contains("js-plotly-plot") || element.clientWidth === 0) return;
      void loadPlotly(bundle).then((plotly) => {
        // It may be gone by now.
        if (element.isConnected && element.classList.contains("js-plotly-plot")) plotly.Plots.resize(element);
      });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      void loadPlotly(bundle).then((plotly) => plotly.purge(element));
    };
  }, [drawn?.bundle]);

  useImperativeHandle(
    controls,
    () => ({
      picture: (format, title) => {
        const element: (HTMLDivElement & Partial<PlotlyElement>) | null = holder.current;
        if (!element || !drawn) return Promise.reject(new Error("the plot has not been drawn yet"));
        // The layout as it is now holds the zoom and the view's angle.
        const layout = { ...drawn.layout, ...element.layout };
        return figureImage({ ...drawn, layout }, { title, format, scheme, width: Math.max(640, element.clientWidth), height });
      },
    }),
    [drawn, scheme, height],
  );

  return (
    <>
      {flat && (
        <p className={css.message} role="note">
          This browser offers no WebGL, which drawings in space need;{" "}
          {figure.fallback ? "shown flat instead." : "see the data below."}
        </p>
      )}
      {failure !== null && (
        <p className={css.message} role="alert">
          The plot could not be drawn: {failure}
        </p>
      )}
      {/* Keyed by bundle: what one part of Plotly drew another must not take over. */}
      <div key={drawn?.bundle} ref={holder} className={css.canvas} style={{ height }} role="img" aria-label={label} />
    </>
  );
}
