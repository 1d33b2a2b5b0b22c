"use client";
import type { PlotDescriptor, Sweep } from "@basin/contracts";
import { PlotView } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import { bands, chosen as chosenOption } from "../curves/curve-choices";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText } from "../sweep-parts/figure-choice";
import type { ConfigurationOption } from "./configurations";
import css from "./initializations.module.css";

const limit = 100;
const bandOptions = bands.flatMap((band) => (band.value === "none" ? [] : [band]));

export interface EnsemblePanelProps {
  sweep: Sweep;
  /** Those of kinds whose values stand on a grid. */
  plots: readonly PlotDescriptor[];
  configurations: readonly ConfigurationOption[];
  chosen: ConfigurationOption;
  onChoose: (value: string) => void;
}

/** What the runs of a configuration predict together, and where they disagree: there the initialization decides. */
export function EnsemblePanel({ sweep, plots, configurations, chosen, onChoose }: EnsemblePanelProps) {
  const [asked, setAsked] = useState<string | null>(null);
  const [askedBand, setBand] = useState<string>("std");
  const scheme = useComputedColorScheme("light");
  const plot = plots.find(({ id }) => id === asked) ?? plots.find(({ kind }) => kind === "curve") ?? plots[0];
  const band = chosenOption(bandOptions, askedBand);
  const query = useQuery({
    ...routeQuery("getRunEnsemble", {
      params: { sweep: sweep.id, plot: plot?.id ?? "" },
      query: { group: JSON.stringify(chosen.group), band, limit },
    }),
    enabled: plot !== undefined,
  });
  if (!plot) return null;
  return (
    <Panel
      title="Predictions over seeds"
      note={query.data && coverageText(query.data.coverage, "runs")}
      actions={
        <>
          <Choice
            label="Plot of the predictions"
            options={plots.map(({ id, title }) => ({ value: id, label: title }))}
            value={plot.id}
            onChange={setAsked}
          />
          {plot.kind === "curve" && (
            <Choice label="Band of the predictions" options={bandOptions} value={band} onChange={setBand} />
          )}
          <Choice label="Configuration of the predictions" options={configurations} value={chosen.value} onChange={onChoose} />
        </>
      }
    >
      <Answer query={query} what={`“${plot.title}” over seeds`} height={440}>
        {({ mean, spread, leftOut, runs }) =>
          mean === null ? (
            <p className={tables.empty}>No run of this configuration has made this plot.</p>
          ) : (
            <>
              {leftOut.length > 0 && (
                <p className={css.note}>Without a grid that all runs share, and so not shown: {leftOut.join(", ")}.</p>
              )}
              <div className={css.plots}>
                <section aria-label={`Mean of ${runs.length} runs`}>
                  <h3>{runs.length === 1 ? "One run" : `Mean of ${runs.length} runs`}</h3>
                  <PlotView plot={mean} scheme={scheme} />
                </section>
                {spread && (
                  <section aria-label="Spread over the runs">
                    <h3>Spread over the runs</h3>
                    <PlotView plot={spread} scheme={scheme} />
                  </section>
                )}
              </div>
              {!spread && runs.length > 1 && <p className={css.note}>All {runs.length} runs say the same.</p>}
            </>
          )
        }
      </Answer>
    </Panel>
  );
}
