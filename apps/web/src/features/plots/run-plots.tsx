"use client";
import type { PlotDescriptor, RunId } from "@basin/contracts";
import { PlotView } from "@basin/ui";
import { Skeleton, useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { Problem } from "../problems/problem";
import css from "./plots.module.css";

/** One of the experiment's plots of one run. */
export function RunPlot({ run, plot }: { run: RunId; plot: PlotDescriptor }) {
  const scheme = useComputedColorScheme("light");
  const query = useQuery(routeQuery("getRunPlot", { params: { run, plot: plot.id } }));
  if (query.data) return <PlotView plot={query.data} scheme={scheme} />;
  return query.error ? (
    <Problem error={query.error} what={`“${plot.title}”`} onRetry={() => void query.refetch()} />
  ) : (
    <Skeleton height={400} aria-busy="true" aria-label={`Loading ${plot.title}`} />
  );
}

export interface RunPlotsProps {
  run: RunId;
  plots: readonly PlotDescriptor[];
  /** Names of the run's artifacts: a plot exists once its artifact does. */
  artifacts: readonly string[];
  finished: boolean;
}

/** The experiment's own plots of a run, as far as the run has made them. */
export function RunPlots({ run, plots, artifacts, finished }: RunPlotsProps) {
  const made = plots.filter(({ id }) => artifacts.includes(`plots/${id}.json`));
  const missing = plots.filter((plot) => !made.includes(plot));
  if (plots.length === 0) return null;
  return (
    <Panel
      title="Plots"
      note={
        missing.length > 0 &&
        `${missing.map(({ title }) => title).join(", ")}: ${finished ? "this run made none" : "drawn when the run ends"}`
      }
    >
      <div className={css.plots}>
        {made.map((plot) => (
          <RunPlot key={plot.id} run={run} plot={plot} />
        ))}
      </div>
    </Panel>
  );
}
