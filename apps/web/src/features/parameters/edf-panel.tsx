"use client";
import type { Edf, Sweep } from "@basin/contracts";
import { DrawingPlot, formatCount, type Canvas, stepDistributionDrawing } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { Panel } from "../layout/panel";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { figureAxis } from "../sweep-parts/figure-choice";
import { GroupLooks } from "../sweep-parts/groups";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { countedSteps } from "./counted-steps";

/** The share of runs at or below each value of the figure. */
export function EdfPanel({
  sweep,
  trials,
  varied,
  url,
  figure,
}: Omit<SweepTabProps, "looks" | "experiment"> & { figure: string }) {
  const options = [{ value: "", label: "All runs together" }, ...varied.map((value) => ({ value, label: `By ${value}` }))];
  const by = options.find(({ value }) => value === url.get("edf"))?.value ?? "";
  const names = useMemo(() => (by === "" ? [] : [by]), [by]);
  const looks = useMemo(() => new GroupLooks(trials, names), [trials, names]);
  const query = useQuery(routeQuery("getEdf", { params: { sweep: sweep.id }, query: { metric: figure, groupBy: names } }));
  const data = query.data;
  const without = data?.groups.reduce((sum, group) => sum + group.without, 0) ?? 0;
  return (
    <Panel
      title="Empirical distribution"
      note={
        data &&
        `${formatCount(data.groups.reduce((sum, { n }) => sum + n, 0))} runs${without > 0 ? `, ${formatCount(without)} more without a value count as worse than any` : ""}${data.more > 0 ? ` · ${formatCount(data.more)} further groups are not shown` : ""}`
      }
      actions={
        <Choice
          label="Grouping of the distribution"
          options={options}
          value={by}
          onChange={(value) => url.set({ edf: value === "" ? null : value })}
        />
      }
    >
      <Answer query={query} what="The distribution" height={420}>
        {(edf) => <Steps edf={edf} looks={looks} sweep={sweep} />}
      </Answer>
    </Panel>
  );
}

function Steps({ edf, looks, sweep }: { edf: Edf; looks: GroupLooks; sweep: Sweep }) {
  const scheme = useComputedColorScheme("light");
  const draw = useCallback(
    (canvas: Canvas) =>
      stepDistributionDrawing(
        edf.groups.map(({ group, ...own }) => ({
          ...countedSteps(own, edf.figure.better),
          name: looks.nameOf(group),
          style: looks.lookOf(group),
        })),
        figureAxis(edf.figure),
        canvas,
      ),
    [edf, looks],
  );
  return (
    <DrawingPlot
      title={`${sweep.name}: distribution of ${edf.figure.title}`}
      scheme={scheme}
      draw={draw}
      empty="No run has finished with a value yet."
    />
  );
}
