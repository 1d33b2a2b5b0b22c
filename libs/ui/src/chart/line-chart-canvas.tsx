import { useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatCount, formatNumber } from "../format";
import { schemeCss, seriesStyle } from "../palette";
import { drawingOfCurves } from "../plots/curve-drawing";
import { chartOptions, seriesIndices } from "./chart-options";
import { alignCurves, describeCurves, nearestStep, type Curve } from "./curve";
import type { LineChartProps } from "./line-chart-props";
import css from "./line-chart.module.css";

interface Hover {
  curve: Curve;
  step: number;
  value: number;
  note: string;
  left: number;
  top: number;
}

/** Up to this number, pointing at a line fades the others. */
const fewLines = 150;

/** What makes uPlot start anew; everything else is only new data. */
const structureOf = (curves: readonly Curve[]): string =>
  curves
    .map(
      (curve) =>
        `${curve.id}\u0000${curve.group}\u0000${curve.style}\u0000${curve.band ? 1 : 0}\u0000${curve.steps.length === 1 ? 1 : 0}`,
    )
    .join("\u0001");

export default function LineChartCanvas(props: LineChartProps) {
  const { curves, x, y, scale, xScale = "linear", scheme, height = 360, title, highlighted, hidden, controls } = props;
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const zoom = useRef<{ min: number; max: number } | null>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const shown = useMemo(
    () => (hidden && hidden.size > 0 ? curves.filter((curve) => !hidden.has(curve.group)) : curves),
    [curves, hidden],
  );
  const aligned = useMemo(() => alignCurves(shown, scale, 4000, xScale), [shown, scale, xScale]);
  const structure = structureOf(shown);
  const newest = useRef({ shown, aligned });
  newest.current = { shown, aligned };

  useEffect(() => {
    const target = holder.current;
    if (!target) return;
    const indices = seriesIndices(newest.current.shown);
    const onFocus = (plot: uPlot, index: number | null) => {
      const at = index === null ? -1 : indices.indexOf(index);
      const curve = newest.current.shown[at];
      const point = index === null ? null : plot.cursor.idxs?.[index];
      const step = typeof point === "number" ? plot.data[0][point] : undefined;
      const value = typeof point === "number" && index !== null ? plot.data[index]?.[point] : undefined;
      if (!curve || step === undefined || typeof value !== "number") {
        setHover(null);
        return;
      }
      setHover({
        curve,
        step,
        value,
        note: curve.note?.(nearestStep(curve, step)) ?? "",
        left: plot.valToPos(step, "x"),
        top: plot.valToPos(value, "y"),
      });
    };
    let focused: number | null = null;
    const plot = new uPlot(
      {
        ...chartOptions(
          newest.current.shown,
          { x, y, scale, xScale, scheme },
          { width: Math.max(200, target.clientWidth), height },
        ),
        hooks: {
          setSeries: [(self: uPlot, index: number | null) => onFocus(self, (focused = index))],
          setCursor: [(self: uPlot) => onFocus(self, (self.cursor.left ?? -1) < 0 ? null : focused)],
          setScale: [
            (self: uPlot, key: string) => {
              if (key !== "x") return;
              const { min, max } = self.scales.x ?? {};
              const [first, last] = [self.data[0][0], self.data[0].at(-1)];
              const partly =
                min !== undefined &&
                max !== undefined &&
                first !== undefined &&
                last !== undefined &&
                (min > first || max < last);
              zoom.current = partly ? { min, max } : null;
              setZoomed(partly);
            },
          ],
        },
      },
      [newest.current.aligned.steps, ...newest.current.aligned.columns],
      target,
    );
    if (zoom.current) plot.setScale("x", zoom.current);
    chart.current = plot;
    const observer = new ResizeObserver(() => {
      if (target.clientWidth > 0 && target.clientWidth !== plot.width) plot.setSize({ width: target.clientWidth, height });
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
      setHover(null);
    };
    // The data comes through the effect below.
  }, [structure, x.label, x.unit, y.label, y.unit, scale, xScale, scheme, height]);

  useEffect(() => {
    const plot = chart.current;
    if (!plot || plot.data[0] === aligned.steps) return;
    plot.setData([aligned.steps, ...aligned.columns], zoom.current === null);
    if (zoom.current) plot.redraw();
  }, [aligned, structure]);

  // Many lines are not drawn anew whenever the pointer moves on: only the legend makes one stand out then.
  const emphasis = (shown.length > fewLines ? null : hover?.curve.group) ?? highlighted ?? null;
  useEffect(() => {
    const plot = chart.current;
    if (!plot) return;
    const indices = seriesIndices(shown);
    let changed = false;
    for (const [i, curve] of shown.entries()) {
      const alpha = emphasis === null || curve.group === emphasis ? 1 : 0.15;
      const series = plot.series[indices[i] ?? -1];
      if (!series || (series.alpha ?? 1) === alpha) continue;
      series.alpha = alpha;
      changed = true;
    }
    // Drawing a thousand lines a second time would double the wait for the first picture.
    if (changed) plot.redraw(false);
  }, [emphasis, shown, structure]);

  useImperativeHandle(
    controls,
    () => ({
      drawing: () => {
        const drawing = drawingOfCurves(shown, { x, y, scale, xScale }, "light");
        const range = zoom.current && {
          range: [zoom.current.min, zoom.current.max].map((at) => (xScale === "log" ? Math.log10(at) : at)),
        };
        return { ...drawing, layout: { ...drawing.layout, xaxis: { ...(drawing.layout.xaxis as object), ...range } } };
      },
    }),
    [shown, x, y, scale, xScale],
  );

  return (
    <figure className={css.figure} style={{ minHeight: height }}>
      <div ref={holder} className={css.plot} role="img" aria-label={`${title}. ${describeCurves(shown, x, y)}`} />
      {hover && (
        <div
          className={css.tip}
          style={{
            left: `calc(${(chart.current?.over.offsetLeft ?? 0) + hover.left}px)`,
            top: (chart.current?.over.offsetTop ?? 0) + hover.top,
            transform: `translate(${hover.left > (chart.current?.over.clientWidth ?? 0) / 2 ? "calc(-100% - 12px)" : "12px"}, -50%)`,
          }}
        >
          <strong style={{ color: schemeCss(seriesStyle(hover.curve.style).color) }}>{hover.curve.label}</strong>
          {hover.curve.label !== hover.curve.group && hover.curve.group !== "" && <div>{hover.curve.group}</div>}
          <div>
            {x.label} {formatCount(hover.step)}: {y.label} {formatNumber(hover.value)} {y.unit}
          </div>
          {hover.note !== "" && <div>{hover.note}</div>}
        </div>
      )}
      {zoomed && (
        <button
          type="button"
          className={css.reset}
          onClick={() => {
            const data = newest.current.aligned;
            const [first, last] = [data.steps[0], data.steps.at(-1)];
            if (first !== undefined && last !== undefined) chart.current?.setScale("x", { min: first, max: last });
          }}
        >
          Show all
        </button>
      )}
    </figure>
  );
}
