"use client";
import {
  type ChartAxis,
  type ChartControls,
  ChartLegend,
  type Curve,
  curvesToCsv,
  FigureButton,
  fileName,
  legendOf,
  LineChart,
  saveFile,
} from "@basin/ui";
import { Button, useComputedColorScheme } from "@mantine/core";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import css from "./curves.module.css";

export interface CurveChartProps {
  curves: readonly Curve[];
  x: ChartAxis;
  y: ChartAxis;
  scale: "linear" | "log";
  /** Of the common axis; default linear. */
  xScale?: "linear" | "log";
  title: string;
  height?: number;
  /** Said instead of a chart while there is nothing to draw. */
  empty: string;
  note?: ReactNode;
  /** Of a figure of it: how many runs, which centre and which band. */
  caption?: string;
}

/** A chart with its legend and the buttons that save it. */
export function CurveChart({
  curves,
  x,
  y,
  scale,
  xScale = "linear",
  title,
  height = 380,
  empty,
  note,
  caption = "",
}: CurveChartProps) {
  const scheme = useComputedColorScheme("light");
  const controls = useRef<ChartControls>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const entries = useMemo(() => legendOf(curves).sort((a, b) => a.style - b.style), [curves]);
  const toggle = useCallback((group: string) => {
    setHidden((before) => {
      const next = new Set(before);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  }, []);
  const printed = useCallback(() => controls.current?.drawing() ?? null, []);
  if (curves.length === 0) {
    return (
      <div className={css.empty} style={{ height }}>
        {empty}
      </div>
    );
  }
  return (
    <>
      <LineChart
        curves={curves}
        x={x}
        y={y}
        scale={scale}
        xScale={xScale}
        scheme={scheme}
        title={title}
        height={height}
        highlighted={highlighted}
        hidden={hidden}
        controls={controls}
      />
      {(entries.length > 1 || curves.length > 1) && (
        <ChartLegend entries={entries} hidden={hidden} onToggle={toggle} onHighlight={setHighlighted} />
      )}
      <div className={css.below}>
        <span>{note}</span>
        <FigureButton title={title} caption={`${title}. ${caption}`.trim()} draw={printed} />
        <Button
          size="compact-xs"
          variant="default"
          onClick={() =>
            saveFile(`${fileName(title)}.csv`, new Blob([curvesToCsv(curves, x.label, y.label)], { type: "text/csv" }))
          }
        >
          Save CSV
        </Button>
      </div>
    </>
  );
}
