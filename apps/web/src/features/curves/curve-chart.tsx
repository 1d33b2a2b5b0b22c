"use client";
import {
  type ChartAxis,
  type ChartControls,
  ChartLegend,
  type Curve,
  curvesToCsv,
  fileName,
  legendOf,
  LineChart,
  saveFile,
} from "@basin/ui";
import { Button, useComputedColorScheme } from "@mantine/core";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { reportFailure } from "../layout/toasts";
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
}

/** A chart with its legend and the buttons that save it. */
export function CurveChart({ curves, x, y, scale, xScale = "linear", title, height = 380, empty, note }: CurveChartProps) {
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
  const savePicture = async (format: "png" | "svg") => {
    try {
      const image = await (format === "png" ? controls.current?.image() : controls.current?.svg());
      if (image) saveFile(`${fileName(title)}.${format}`, image);
    } catch (error) {
      reportFailure("Saving the picture", error);
    }
  };
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
        <Button size="compact-xs" variant="default" onClick={() => void savePicture("png")}>
          Save PNG
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => void savePicture("svg")}>
          Save SVG
        </Button>
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
