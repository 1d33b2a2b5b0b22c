"use client";
import type { ExperimentDescriptor, MetricPairs, Sweep } from "@basin/contracts";
import { DrawingPlot, pairsDrawing, type Canvas } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { Panel } from "../layout/panel";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { coverageText, figureAxis } from "../sweep-parts/figure-choice";
import type { GroupLooks } from "../sweep-parts/groups";
import type { SweepUrl } from "../sweep-parts/sweep-url";
import { correlations, pairedRuns } from "./pairs";

export interface PairsPanelProps {
  sweep: Sweep;
  experiment: ExperimentDescriptor;
  looks: GroupLooks;
  options: readonly { value: string; label: string }[];
  /** The outcome. */
  figure: string;
  url: SweepUrl;
}

/** A figure against another of the same runs, e.g. how the initial weights were against what came of them. */
export function PairsPanel({ sweep, experiment, looks, options, figure, url }: PairsPanelProps) {
  const others = options.filter(({ value }) => value !== figure);
  const asked = url.get("against");
  const criterion = experiment.success?.all.map(({ metric }): string => metric) ?? [];
  const initial =
    others.find(({ value }) => /^init/i.test(value)) ?? others.find(({ value }) => !criterion.includes(value)) ?? others[0];
  const against = (others.find(({ value }) => value === asked) ?? initial)?.value ?? "";
  const query = useQuery({
    ...routeQuery("getMetricPairs", {
      params: { sweep: sweep.id },
      query: { x: against, y: figure, groupBy: [...looks.names], limit: 1000 },
    }),
    enabled: against !== "",
  });
  if (against === "") return null;
  return (
    <Panel
      title="Against the outcome"
      note={query.data && coverageText(query.data.coverage, "runs")}
      actions={
        <Choice
          label="Figure against the outcome"
          options={others}
          value={against}
          onChange={(value) => url.set({ against: value })}
        />
      }
    >
      <Answer query={query} what="The pairs" height={440}>
        {(pairs) => <PairsPlot pairs={pairs} looks={looks} />}
      </Answer>
    </Panel>
  );
}

function PairsPlot({ pairs, looks }: { pairs: MetricPairs; looks: GroupLooks }) {
  const scheme = useComputedColorScheme("light");
  const router = useRouter();
  const draw = useCallback(
    (canvas: Canvas) => pairsDrawing(pairedRuns(pairs, looks), { x: figureAxis(pairs.x), y: figureAxis(pairs.y) }, canvas),
    [pairs, looks],
  );
  return (
    <DrawingPlot
      title={`${pairs.y.title} against ${pairs.x.title}`}
      caption={`Over all ${pairs.coverage.of} runs with both: ${correlations(pairs)}.${pairs.met.length > 0 ? " Filled: met the success criterion." : ""}`}
      scheme={scheme}
      draw={draw}
      empty="No run has both figures yet."
      onPick={(run) => router.push(`/runs/${run}`)}
    />
  );
}
