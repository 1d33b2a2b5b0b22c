"use client";
import type { Timeline } from "@basin/contracts";
import { DrawingPlot, formatCount, historyDrawing, type Canvas, throughputDrawing, timelineDrawing, useNow } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useCallback, useMemo } from "react";
import { coverageText, figureAxis } from "../sweep-parts/figure-choice";
import { timelineBars } from "./timeline-bars";

export function HistoryPlot({ timeline }: { timeline: Timeline }) {
  const scheme = useComputedColorScheme("light");
  const router = useRouter();
  const { history, figure } = timeline;
  const draw = useCallback((canvas: Canvas) => historyDrawing(history, figureAxis(figure), canvas), [history, figure]);
  return (
    <DrawingPlot
      title={figure.title}
      caption={`In the order in which the runs finished; ${coverageText(history.coverage, "finished runs with a value")}${history.coverage.shown < history.coverage.of ? ", every improvement among them" : ""}. ${figure.better === "higher" ? "Highest" : "Lowest"} is best.`}
      scheme={scheme}
      draw={draw}
      empty="No run has finished with a value yet."
      onPick={(run) => router.push(`/runs/${run}`)}
    />
  );
}

export function ThroughputPlot({ timeline }: { timeline: Timeline }) {
  const scheme = useComputedColorScheme("light");
  const { throughput } = timeline;
  const draw = useCallback((canvas: Canvas) => throughputDrawing(throughput, canvas), [throughput]);
  return <DrawingPlot title="Throughput" scheme={scheme} draw={draw} empty="No run has ended yet." />;
}

const redrawMilliseconds = 5000;

export function TrainersPlot({ timeline }: { timeline: Timeline }) {
  const scheme = useComputedColorScheme("light");
  const router = useRouter();
  const { attempts, to, coverage } = timeline;
  const now = useNow();
  const last = to === null ? 0 : Date.parse(to);
  const running = attempts.some(({ finishedAt }) => finishedAt === null);
  // What trains grows in steps: every new picture is drawn afresh.
  const end = running && now !== null ? Math.max(last, Math.floor(now / redrawMilliseconds) * redrawMilliseconds) : last;
  const bars = useMemo(() => timelineBars(attempts, end), [attempts, end]);
  const draw = useCallback((canvas: Canvas) => timelineDrawing(bars, canvas), [bars]);
  return (
    <DrawingPlot
      title="Runs on trainers"
      caption={`${coverage.shown < coverage.of ? `The newest ${formatCount(coverage.shown)} of ${formatCount(coverage.of)} attempts.` : `All ${formatCount(coverage.of)} attempts.`} Runs that were trained together are one bar; a further lane of a trainer is a further pack at the same time.`}
      scheme={scheme}
      draw={draw}
      empty="No trainer has taken a run yet."
      onPick={(run) => router.push(`/runs/${run}`)}
    />
  );
}
