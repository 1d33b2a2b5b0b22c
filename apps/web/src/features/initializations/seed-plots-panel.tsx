"use client";
import type { PlotDescriptor, RunPlots, Sweep } from "@basin/contracts";
import { PlotView } from "@basin/ui";
import { Chip, useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText } from "../sweep-parts/figure-choice";
import type { ConfigurationOption } from "./configurations";
import css from "./initializations.module.css";

const limit = 24;
const shownAtFirst = 4;

export interface SeedPlotsPanelProps {
  sweep: Sweep;
  plots: readonly PlotDescriptor[];
  configurations: readonly ConfigurationOption[];
  chosen: ConfigurationOption;
  onChoose: (value: string) => void;
}

/** One of the experiment's own plots of several seeds side by side, e.g. what each took the latent variable to be. */
export function SeedPlotsPanel({ sweep, plots, configurations, chosen, onChoose }: SeedPlotsPanelProps) {
  const [asked, setAsked] = useState<string | null>(null);
  // A row of surfaces in three dimensions takes seconds to draw.
  const preferred = plots.find(({ kind }) => kind === "scatter") ?? plots.find(({ kind }) => kind !== "surface") ?? plots[0];
  const plot = plots.find(({ id }) => id === asked) ?? preferred;
  const query = useQuery({
    ...routeQuery("getRunPlots", {
      params: { sweep: sweep.id, plot: plot?.id ?? "" },
      query: { group: JSON.stringify(chosen.group), limit },
    }),
    enabled: plot !== undefined,
  });
  if (!plot) return null;
  return (
    <Panel
      title="Seeds side by side"
      note={
        query.data &&
        query.data.coverage.shown > 0 &&
        query.data.coverage.shown < query.data.coverage.of &&
        `${coverageText(query.data.coverage, "runs")} to choose from`
      }
      actions={
        <>
          <Choice
            label="Plot"
            options={plots.map(({ id, title }) => ({ value: id, label: title }))}
            value={plot.id}
            onChange={setAsked}
          />
          <Choice label="Configuration of the plots" options={configurations} value={chosen.value} onChange={onChoose} />
        </>
      }
    >
      <Answer query={query} what={`“${plot.title}”`} height={440}>
        {(answer) =>
          answer.items.length === 0 ? (
            <p className={tables.empty}>No run of this configuration has made this plot.</p>
          ) : (
            <SeedPlots answer={answer} />
          )
        }
      </Answer>
    </Panel>
  );
}

function SeedPlots({ answer }: { answer: RunPlots }) {
  const scheme = useComputedColorScheme("light");
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const kept = chosen?.filter((run) => answer.items.some((item) => item.run === run));
  const runs = kept && kept.length > 0 ? kept : answer.items.slice(0, shownAtFirst).map(({ run }) => run);
  const several = new Set(answer.items.map(({ trialIndex }) => trialIndex)).size > 1;
  const nameOf = (trial: number, seed: number) => `${several ? `trial ${trial}, ` : ""}seed ${seed}`;
  return (
    <>
      <div className={css.seeds} role="group" aria-label="Seeds shown">
        <Chip.Group multiple value={[...runs]} onChange={(next) => setChosen(next)}>
          {answer.items.map(({ run, seed, trialIndex }) => (
            <Chip key={run} value={run} size="xs" radius="sm">
              {nameOf(trialIndex, seed)}
            </Chip>
          ))}
        </Chip.Group>
      </div>
      <div className={css.plots}>
        {answer.items
          .filter(({ run }) => runs.includes(run))
          .map(({ run, seed, trialIndex, plot }) => (
            <section key={run} aria-label={nameOf(trialIndex, seed)}>
              <h3>
                <PageLink href={`/runs/${run}`}>{nameOf(trialIndex, seed)}</PageLink>
              </h3>
              <PlotView plot={plot} scheme={scheme} />
            </section>
          ))}
      </div>
    </>
  );
}
