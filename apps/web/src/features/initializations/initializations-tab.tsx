"use client";
import { preloadPlots } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { GroupBy } from "../curves/group-by";
import { routeQuery } from "@/api-client/route-query";
import { Choice } from "../sweep-parts/choice";
import { chosenFigure, figureOptions } from "../sweep-parts/figure-choice";
import { ResultsTable } from "../sweep-parts/results-table";
import css from "../sweep-parts/sweep-parts.module.css";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { ClassesPanel } from "./classes-panel";
import { configurationOptions } from "./configurations";
import { limits, orders } from "./distribution-choices";
import { DistributionPanel } from "./distribution-panel";
import { EnsemblePanel } from "./ensemble-panel";
import { EquationsPanel } from "./equations-panel";
import { PairsPanel } from "./pairs-panel";
import { PairwisePanel } from "./pairwise-panel";
import { SeedObjectivesPanel } from "./seed-objectives-panel";
import { SeedPlotsPanel } from "./seed-plots-panel";
import { TermsPanel } from "./terms-panel";

/** What the choice of the initialization does to each configuration. */
export function InitializationsTab({ sweep, experiment, varied, looks, url }: SweepTabProps) {
  const options = useMemo(() => figureOptions(sweep, experiment), [sweep, experiment]);
  const figure = chosenFigure(options, url.get("figure"));
  const order = orders.find(({ value }) => value === url.get("order"))?.value ?? "median";
  const limit = limits.find(({ value }) => value === url.get("groups"))?.value ?? "30";
  const query = useQuery(
    routeQuery("getDistribution", {
      params: { sweep: sweep.id },
      query: {
        metric: figure,
        groupBy: [...looks.names],
        sort: order,
        limit: Number(limit),
        points: 1000,
        pointsInAll: Math.max(1000, 20 * Number(limit)),
      },
    }),
  );
  useEffect(preloadPlots, []);
  const distribution = query.data;
  const configurations = useMemo(
    () => (distribution ? configurationOptions(distribution.groups, looks.names) : []),
    [distribution, looks],
  );
  const chosen = configurations.find(({ value }) => value === url.get("of")) ?? configurations[0];
  const choose = (value: string) => url.set({ of: value });
  const equation = experiment.plots.find(({ kind }) => kind === "equation") ?? null;
  const terms = useQuery({
    ...routeQuery("getEquationTerms", {
      params: { sweep: sweep.id, plot: equation?.id ?? "" },
      query: { group: JSON.stringify(chosen?.group ?? {}), history: true, limit: 50 },
    }),
    enabled: equation !== null && chosen !== undefined,
  });
  // A test over all pairs of runs and the long table at the end are asked for after what the plots wait for.
  const plotsAnswered = !query.isPending && (terms.isFetched || equation === null || chosen === undefined);
  const plots = experiment.plots.filter(({ kind }) => kind !== "equation");
  const onGrids = experiment.plots.filter(({ kind }) => kind === "curve" || kind === "surface" || kind === "contour");
  return (
    <div className={css.stack}>
      <div className={css.bar}>
        {varied.length > 0 && (
          <GroupBy
            parameters={varied}
            chosen={looks.names}
            titleOf={looks.titleOf}
            onChange={(names) => url.set({ by: names, of: null, a: null, b: null })}
          />
        )}
        {options.length > 1 && (
          <Choice label="Figure" options={options} value={figure} onChange={(value) => url.set({ figure: value })} />
        )}
      </div>
      <DistributionPanel
        query={query}
        looks={looks}
        order={order}
        limit={limit}
        onOrder={(value) => url.set({ order: value })}
        onLimit={(value) => url.set({ groups: value })}
      />
      {distribution && <ClassesPanel distribution={distribution} experiment={experiment} looks={looks} />}
      {equation && <EquationsPanel sweep={sweep} looks={looks} equation={equation} />}
      {equation && chosen && <TermsPanel query={terms} configurations={configurations} chosen={chosen} onChoose={choose} />}
      {onGrids.length > 0 && chosen && (
        <EnsemblePanel sweep={sweep} plots={onGrids} configurations={configurations} chosen={chosen} onChoose={choose} />
      )}
      {plots.length > 0 && chosen && (
        <SeedPlotsPanel sweep={sweep} plots={plots} configurations={configurations} chosen={chosen} onChoose={choose} />
      )}
      <PairsPanel sweep={sweep} experiment={experiment} looks={looks} options={options} figure={figure} url={url} />
      {configurations.length > 1 && (
        <PairwisePanel wanted={plotsAnswered} sweep={sweep} figure={figure} configurations={configurations} url={url} />
      )}
      <SeedObjectivesPanel sweep={sweep} />
      <ResultsTable sweep={sweep} experiment={experiment} looks={looks} wanted={plotsAnswered} />
    </div>
  );
}
