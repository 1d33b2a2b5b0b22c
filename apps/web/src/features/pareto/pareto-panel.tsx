"use client";
import type { ParetoFront, PlotData, Sweep } from "@basin/contracts";
import { formatNumber, PlotView } from "@basin/ui";
import { useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { groupLabel } from "../sweep-parts/groups";

/** Trials by two or three objectives; of the front those that no other is better than in all. */
function plotOf({ objectives, trials, reading }: ParetoFront): PlotData {
  const axis = (m: number) => ({
    label: `${objectives[m]?.metric ?? ""} (${objectives[m]?.direction ?? ""})`,
    unit: "",
    scale: "linear" as const,
  });
  const series = (name: string, front: boolean) => {
    const those = trials.filter((one) => one.front === front);
    const along = (m: number) => those.map(({ values }) => values[m] ?? null);
    return { name, x: along(0), y: along(1), ...(objectives.length > 2 ? { z: along(2) } : {}), style: "points" as const };
  };
  return {
    kind: "scatter",
    title: "Pareto front",
    caption: reading,
    x: axis(0),
    y: axis(1),
    ...(objectives.length > 2 ? { z: axis(2) } : {}),
    series: [series("Front", true), series("Others", false)].filter(({ x }) => x.length > 0),
  };
}

/** What the sweep found for several objectives: the trials of the front, in a plot and in a table. */
export function ParetoPanel({ sweep }: { sweep: Sweep }) {
  const scheme = useComputedColorScheme("light");
  const query = useQuery(routeQuery("getParetoFront", { params: { sweep: sweep.id }, query: { limit: 500 } }));
  return (
    <Panel title="Pareto front" note={`${sweep.spec.objectives?.length ?? 1} objectives`}>
      <Answer query={query} what="The Pareto front" height={420}>
        {(found) => {
          const front = found.trials.filter((one) => one.front);
          const names = Object.keys(front[0]?.parameters ?? {});
          return (
            <>
              {front.length === 0 ? (
                <p className={tables.empty}>{found.reading}</p>
              ) : (
                <PlotView plot={plotOf(found)} scheme={scheme} titled={false} />
              )}
              {front.length > 0 && (
                <ScrollTable label="Trials of the Pareto front">
                  <thead>
                    <tr>
                      <th scope="col" className={tables.right}>
                        Trial
                      </th>
                      <th scope="col">Configuration</th>
                      {found.objectives.map(({ metric, direction }) => (
                        <th key={metric} scope="col" className={tables.right}>
                          Mean {metric} ({direction})
                        </th>
                      ))}
                      <th scope="col" className={tables.right}>
                        Runs
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {front.map(({ trial, parameters, values, runs }) => (
                      <tr key={trial}>
                        <td className={tables.right}>{trial}</td>
                        <th scope="row">{groupLabel(parameters, names)}</th>
                        {found.objectives.map(({ metric }, m) => (
                          <td key={metric} className={tables.right}>
                            {formatNumber(values[m] ?? null)}
                          </td>
                        ))}
                        <td className={tables.right}>{runs}</td>
                      </tr>
                    ))}
                  </tbody>
                </ScrollTable>
              )}
            </>
          );
        }}
      </Answer>
    </Panel>
  );
}
