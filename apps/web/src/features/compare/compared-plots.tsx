"use client";
import type { Comparison, PlotDescriptor } from "@basin/contracts";
import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { Panel } from "../layout/panel";
import plotsCss from "../plots/plots.module.css";
import { RunPlot } from "../plots/run-plots";
import { PageLink } from "../layout/page-link";

const limit = 6;

export interface ComparedPlotsProps {
  items: Comparison["items"];
  labels: readonly string[];
  plots: readonly PlotDescriptor[];
}

/** One of the experiment's plots of every compared run, side by side. Groups have no plot of their own. */
export function ComparedPlots({ items, labels, plots }: ComparedPlotsProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const plot = plots.find(({ id }) => id === chosen) ?? plots[0];
  const runs = items.flatMap(({ run }, i) => (run === null ? [] : [{ run, label: labels[i] ?? run }]));
  if (!plot || runs.length === 0) return null;
  return (
    <Panel
      title="Plots"
      note={runs.length > limit ? `the first ${limit} of ${runs.length} runs` : undefined}
      actions={
        plots.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Plot"
            data={plots.map(({ id: value, title: label }) => ({ value, label }))}
            value={plot.id}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      <div className={plotsCss.plots}>
        {runs.slice(0, limit).map(({ run, label }) => (
          <section key={run} aria-label={label}>
            <h3>
              <PageLink href={`/runs/${run}`}>{label}</PageLink>
            </h3>
            <RunPlot run={run} plot={plot} />
          </section>
        ))}
      </div>
    </Panel>
  );
}
