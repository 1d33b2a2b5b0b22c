"use client";
import type { Distribution, ExperimentDescriptor } from "@basin/contracts";
import { classBarsDrawing, DrawingPlot, type Canvas } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { Panel } from "../layout/panel";
import type { GroupLooks } from "../sweep-parts/groups";
import { shortTitle } from "../catalog/metric-title";
import { classTables } from "./configurations";

export interface ClassesPanelProps {
  distribution: Distribution;
  experiment: ExperimentDescriptor;
  looks: GroupLooks;
}

/** How many initializations of each configuration ended in which class, for every metric that names one. */
export function ClassesPanel({ distribution, experiment, looks }: ClassesPanelProps) {
  const tables = useMemo(() => classTables(distribution, looks.names), [distribution, looks]);
  const descriptors = experiment.metrics.filter(({ categories, final }) => final && categories !== undefined);
  if (descriptors.length === 0) return null;
  return (
    <Panel title="Outcomes" note="runs per class, of those that finished">
      {descriptors.map(({ name }) => (
        <ClassBars key={name} title={shortTitle(experiment.metrics, name)} table={tables.find(({ metric }) => metric === name)} />
      ))}
    </Panel>
  );
}

function ClassBars({ title, table }: { title: string; table: ReturnType<typeof classTables>[number] | undefined }) {
  const scheme = useComputedColorScheme("light");
  const draw = useCallback((canvas: Canvas) => (table ? classBarsDrawing(table.groups, table.classes, canvas) : null), [table]);
  return <DrawingPlot title={title} scheme={scheme} draw={draw} empty="No run has been classified yet." />;
}
