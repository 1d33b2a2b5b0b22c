import { type PointerEvent, useRef } from "react";
import type { ParallelLines } from "./drawing";
import type { Brush } from "./parallel-drawing";
import css from "./plots.module.css";

export interface ParallelBrushProps {
  lines: ParallelLines;
  height: number;
  brushes: readonly (Brush | null)[];
  /** While a person drags; `done` when the button is up. */
  onBrush: (axis: number, brush: Brush | null, done: boolean) => void;
}

/** Shorter drags are presses. */
const leastPixels = 4;

/** Strips over the axes of parallel coordinates: dragging along one marks a part of it, a press takes the mark away. */
export function ParallelBrush({ lines, height, brushes, onBrush }: ParallelBrushProps) {
  const started = useRef<{ axis: number; y: number } | null>(null);
  const { l, r, t, b } = lines.margin;
  const last = Math.max(1, lines.heights.length - 1);
  const inner = height - t - b;
  const drag = (event: PointerEvent<HTMLDivElement>, done: boolean) => {
    if (!started.current) return;
    const { axis, y } = started.current;
    const { top } = event.currentTarget.getBoundingClientRect();
    const [from, to] = [y - top, event.clientY - top].map((at) => Math.min(1, Math.max(0, 1 - at / inner)));
    const pressed = Math.abs(event.clientY - y) < leastPixels;
    if (!pressed) onBrush(axis, [Math.min(from ?? 0, to ?? 0), Math.max(from ?? 0, to ?? 0)], done);
    else if (done) onBrush(axis, null, true);
    if (done) started.current = null;
  };
  return lines.heights.map((_, axis) => {
    const brush = brushes[axis];
    return (
      <div
        key={axis}
        data-axis={axis}
        className={css.strip}
        style={{ left: `calc(${l}px + (100% - ${l + r}px) * ${axis / last})`, top: t, height: inner }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          started.current = { axis, y: event.clientY };
        }}
        onPointerMove={(event) => drag(event, false)}
        onPointerUp={(event) => drag(event, true)}
        onPointerCancel={() => (started.current = null)}
      >
        {brush && <div className={css.mark} style={{ bottom: `${100 * brush[0]}%`, top: `${100 * (1 - brush[1])}%` }} />}
      </div>
    );
  });
}
