"use client";
import { preloadPlots } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Panel } from "../layout/panel";
import { routeQuery } from "@/api-client/route-query";
import { Choice } from "../sweep-parts/choice";
import { chosenFigure, figureOptions } from "../sweep-parts/figure-choice";
import css from "../sweep-parts/sweep-parts.module.css";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { EdfPanel } from "./edf-panel";
import { ImportancePanel } from "./importance-panel";
import { ParallelPanel, perOptions } from "./parallel-panel";
import own from "./parameters.module.css";
import { PlanePanel } from "./plane-panel";
import { SlicePanel } from "./slice-panel";

/** What each parameter does to the figure. */
export function ParametersTab({ sweep, experiment, trials, varied, url }: SweepTabProps) {
  const options = useMemo(() => figureOptions(sweep, experiment), [sweep, experiment]);
  const figure = chosenFigure(options, url.get("figure"));
  const per = perOptions.find(({ value }) => value === url.get("per"))?.value ?? "trial";
  const query = useQuery({
    ...routeQuery("getParameterSample", { params: { sweep: sweep.id }, query: { metric: figure, per, limit: 1000 } }),
    enabled: varied.length > 0,
  });
  useEffect(preloadPlots, []);
  return (
    <div className={css.stack}>
      {options.length > 1 && (
        <div className={css.bar}>
          <span>{varied.length} varied parameters</span>
          <Choice label="Figure" options={options} value={figure} onChange={(value) => url.set({ figure: value })} />
        </div>
      )}
      {varied.length === 0 ? (
        <Panel title="Parameters">
          <p className={own.empty}>
            This sweep varies no parameter: all of its runs differ by their initialization only. The tab Initializations compares
            them.
          </p>
        </Panel>
      ) : (
        <>
          <ParallelPanel query={query} per={per} onPer={(value) => url.set({ per: value })} />
          <div className={own.pair}>
            <ImportancePanel sweep={sweep} figure={figure} url={url} />
            <EdfPanel sweep={sweep} trials={trials} varied={varied} url={url} figure={figure} />
          </div>
          <SlicePanel query={query} />
          {varied.length > 1 && <PlanePanel sweep={sweep} figure={figure} sample={query} varied={varied} url={url} />}
        </>
      )}
      {varied.length === 0 && <EdfPanel sweep={sweep} trials={trials} varied={varied} url={url} figure={figure} />}
    </div>
  );
}
