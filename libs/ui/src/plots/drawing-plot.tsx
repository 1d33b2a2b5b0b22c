import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Scheme } from "../palette";
import type { Drawing, Canvas } from "./drawing";
import { PlotFrame } from "./plot-frame";
import { canvas } from "./preload-plots";
import type { PictureControls } from "./plotly-canvas";
import css from "./plots.module.css";

export interface DrawingPlotProps {
  title: string;
  caption?: string;
  scheme: Scheme;
  /** Draws for the width that there is; keep it stable (useCallback) while its data stays. Null: there is nothing to draw. */
  draw: (canvas: Canvas) => Drawing | null;
  /** Said instead of the plot while there is nothing to draw. */
  empty?: string;
  titled?: boolean;
  tools?: ReactNode;
  /** A point that stands for something with a name, e.g. a run, was pressed. */
  onPick?: (id: string) => void;
  /** Lines kept by brushing parallel coordinates, by number; null: no brush is set. */
  onBrush?: (kept: number[] | null) => void;
}

/** A drawing in its frame, drawn by the part of Plotly that it needs, which is loaded when the first such drawing is shown. */
export function DrawingPlot({ title, caption, scheme, draw, empty, titled, tools, onPick, onBrush }: DrawingPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const controls = useRef<PictureControls>(null);
  const printed = useCallback(
    (width: number) => {
      const drawing = draw({ scheme: "light", width });
      return drawing && { ...drawing, layout: { ...drawing.layout, ...controls.current?.zoom(drawing.layout) } };
    },
    [draw],
  );
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // Steps of 40 pixels: a drawing is laid out anew only where it matters, Plotly stretches it in between.
    const measure = () => setWidth(Math.max(280, Math.round(element.clientWidth / 40) * 40));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const drawing = useMemo(() => draw({ scheme, width: width === 0 ? 640 : width }), [draw, scheme, width]);
  if (!drawing) {
    return (
      <figure className={css.frame} aria-label={title}>
        {titled !== false && <span className={css.title}>{title}</span>}
        <div ref={box} className={css.wait} style={{ height: 220 }}>
          {empty ?? "There is nothing to draw yet."}
        </div>
      </figure>
    );
  }
  return (
    <PlotFrame
      title={title}
      summary={drawing.summary}
      table={drawing.table}
      figure={{ title, draw: printed, caption: [`${title}.`, caption ?? ""].join(" ").trim() }}
      {...(caption === undefined ? {} : { caption })}
      {...(titled === undefined ? {} : { titled })}
      tools={tools}
    >
      {(full, room) => {
        const height = full ? Math.max(drawing.height, room) : drawing.height;
        const waiting = (
          <div className={css.wait} style={{ height }}>
            Drawing …
          </div>
        );
        return (
          <div ref={box}>
            {width === 0 ? (
              waiting
            ) : (
              <canvas.Content given={{ drawing, label: drawing.summary, height, controls, onPick, onBrush }} waiting={waiting} />
            )}
          </div>
        );
      }}
    </PlotFrame>
  );
}
