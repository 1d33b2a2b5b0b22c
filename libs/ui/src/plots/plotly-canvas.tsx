import { messageOf } from "@basin/contracts";
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { takeTurn } from "./draw-turns";
import type { Drawing } from "./drawing";
import { ParallelBrush } from "./parallel-brush";
import { type Brush, keptLines } from "./parallel-drawing";
import css from "./plots.module.css";
import { hasWebGl, loadPlotly, plotlyConfig } from "./plotly-loader";

/** What of a drawing a person has turned or enlarged. */
export interface PictureControls {
  /** Axes and views of a layout, with the part that is shown. */
  zoom(layout: Drawing["layout"]): Record<string, unknown>;
}

export interface PlotlyCanvasProps {
  drawing: Drawing;
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

export default function PlotlyCanvas({ drawing, label, height, controls, onPick, onBrush }: PlotlyCanvasProps) {
  const holder = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const flat = drawing.bundle !== "cartesian" && !hasWebGl();
  const drawn = flat ? drawing.fallback : drawing;
  const act = useRef({ onPick, onBrush });
  act.current = { onPick, onBrush };
  const parallel = drawn?.parallel;
  const [brushes, setBrushes] = useState<readonly (Brush | null)[]>([]);
  // What is brushed is drawn anew when the button is up; the mark follows the pointer.
  const [held, setHeld] = useState<readonly (Brush | null)[]>([]);
  const kept = useMemo(() => (parallel ? keptLines(parallel.heights, held) : null), [parallel, held]);
  const traces = useMemo(() => (parallel && kept ? parallel.traces(kept) : (drawn?.traces ?? [])), [parallel, kept, drawn]);
  useEffect(() => {
    if (parallel) act.current.onBrush?.(kept);
  }, [parallel, kept]);

  useEffect(() => {
    const element = holder.current;
    if (!element || !drawn) return;
    let left = false;
    const draw = async (): Promise<void> => {
      try {
        const plotly = await loadPlotly(drawn.bundle);
        if (left) return;
        const chart = await plotly.react(element, traces, { ...drawn.layout, height }, plotlyConfig);
        setFailure(null);
        chart.removeAllListeners("plotly_click");
        chart.on("plotly_click", (event) => {
          const point = (event as PressedPoint).points?.[0];
          const id = point?.id ?? point?.customdata;
          if (typeof id === "string") act.current.onPick?.(id);
        });
      } catch (error) {
        if (!left) setFailure(messageOf(error));
      }
    };
    const giveUp = takeTurn(element, draw);
    return () => {
      left = true;
      giveUp();
    };
  }, [drawn, traces, height]);

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
      zoom: (layout) => {
        const element: (HTMLDivElement & Partial<PlotlyElement>) | null = holder.current;
        return Object.fromEntries(
          Object.entries(layout).flatMap(([name, given]) => {
            const shown = element?.layout?.[name] as { range?: unknown; camera?: unknown; autorange?: unknown } | undefined;
            if (!/axis\d*$|^scene/.test(name) || !shown || typeof given !== "object") return [];
            const range = shown.range !== undefined && shown.autorange === false ? { range: shown.range, autorange: false } : {};
            return [[name, { ...given, ...range, ...(shown.camera === undefined ? {} : { camera: shown.camera }) }]];
          }),
        );
      },
    }),
    [],
  );

  return (
    <>
      {flat && (
        <p className={css.message} role="note">
          This browser offers no WebGL, which drawings in space need;{" "}
          {drawing.fallback ? "shown flat instead." : "see the data below."}
        </p>
      )}
      {failure !== null && (
        <p className={css.message} role="alert">
          The plot could not be drawn: {failure}
        </p>
      )}
      <div className={css.brushed}>
        {/* Keyed by bundle: what one part of Plotly drew another must not take over. */}
        <div key={drawn?.bundle} ref={holder} className={css.canvas} style={{ height }} role="img" aria-label={label} />
        {parallel && (
          <ParallelBrush
            lines={parallel}
            height={height}
            brushes={brushes}
            onBrush={(axis, brush, done) => {
              const next = parallel.heights.map((_, at) => (at === axis ? brush : (brushes[at] ?? null)));
              setBrushes(next);
              if (done) setHeld(next);
            }}
          />
        )}
      </div>
    </>
  );
}
