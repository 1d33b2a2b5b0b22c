"use client";
import type { Distribution } from "@basin/contracts";
import { boxStripDrawing, DrawingPlot, formatCount, type Canvas } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { Panel } from "../layout/panel";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { figureAxis } from "../sweep-parts/figure-choice";
import type { GroupLooks } from "../sweep-parts/groups";
import { summarizedGroups } from "./configurations";
import { orders, type Order, limits, type Limit } from "./distribution-choices";

export interface DistributionPanelProps {
  query: UseQueryResult<Distribution>;
  looks: GroupLooks;
  order: Order;
  limit: Limit;
  onOrder: (order: Order) => void;
  onLimit: (limit: Limit) => void;
}

/** The figure over the initializations of each configuration, and how often they succeed. */
export function DistributionPanel({ query, looks, order, limit, onOrder, onLimit }: DistributionPanelProps) {
  const data = query.data;
  const groups = data?.groups.length ?? 0;
  return (
    <Panel
      title="Distribution over initializations"
      note={
        data &&
        `${formatCount(groups)} of ${formatCount(groups + data.more)} groups${data.criterion === null ? "" : ` · success: ${data.criterion}`}`
      }
      actions={
        <>
          <Choice label="Order of the groups" options={orders} value={order} onChange={onOrder} />
          <Choice label="Number of groups" options={limits} value={limit} onChange={onLimit} />
        </>
      }
    >
      <Answer query={query} what="The distribution" height={420}>
        {(distribution) => <DistributionPlot distribution={distribution} looks={looks} />}
      </Answer>
    </Panel>
  );
}

function DistributionPlot({ distribution, looks }: { distribution: Distribution; looks: GroupLooks }) {
  const scheme = useComputedColorScheme("light");
  const router = useRouter();
  const draw = useCallback(
    (canvas: Canvas) => boxStripDrawing(summarizedGroups(distribution, looks), figureAxis(distribution.figure), canvas),
    [distribution, looks],
  );
  const sampled = distribution.groups.filter(({ n, points }) => points.runs.length < n).length;
  const notes = [
    "Box: quartiles; whiskers: the farthest values within 1.5 interquartile ranges; every point is a run, press it to open it.",
    "Rates carry Wilson's 95 % interval.",
    ...(sampled > 0 ? [`${sampled} groups show a sample of their points; boxes and rates count every run.`] : []),
    ...(distribution.leftOut.reading === "" ? [] : [distribution.leftOut.reading]),
  ];
  return (
    <DrawingPlot
      title={distribution.figure.title}
      caption={notes.join(" ")}
      scheme={scheme}
      draw={draw}
      empty="No run has finished yet."
      onPick={(run) => router.push(`/runs/${run}`)}
    />
  );
}
