"use client";
import type { SeedObjectives, Sweep } from "@basin/contracts";
import { formatCount, formatNumber, formatPercent } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { groupLabel } from "../sweep-parts/groups";

const text = (value: number | null): string => (value === null ? "–" : formatNumber(value));

/** What a configuration is worth over its seeds, in other words than its mean. */
export function SeedObjectivesPanel({ sweep }: { sweep: Sweep }) {
  const query = useQuery(
    routeQuery("getSeedObjectives", { params: { sweep: sweep.id }, query: { q: 0.1, most: 16, limit: 100 } }),
  );
  return (
    <Panel title="Objectives over seeds" note="one start, the typical one, the best of several, and how many are needed">
      <Answer query={query} what="The objectives over seeds" height={220}>
        {(answer) => <Table answer={answer} />}
      </Answer>
    </Panel>
  );
}

function Table({ answer: { groups, total, metric } }: { answer: SeedObjectives }) {
  const judged = groups.some(({ success }) => success !== null);
  const most = Math.max(0, ...groups.map(({ bestOf }) => bestOf.length));
  const shown = [...new Set([2, 4, 8, 16].filter((k) => k <= most))];
  return (
    <>
      <ScrollTable label={`${metric} over seeds`}>
        <thead>
          <tr>
            <th scope="col">Configuration</th>
            <th scope="col" className={tables.right}>
              Seeds
            </th>
            <th scope="col" className={tables.right}>
              Mean
            </th>
            <th scope="col" className={tables.right}>
              Median
            </th>
            <th scope="col" className={tables.right} title="Mean of the middle half">
              IQM
            </th>
            <th scope="col" className={tables.right} title="A tenth of the runs is at least as good">
              Best tenth
            </th>
            {shown.map((k) => (
              <th key={k} scope="col" className={tables.right} title="Expected, without bias, from the runs that there are">
                Best of {k}
              </th>
            ))}
            {judged && (
              <th scope="col" className={tables.right} title="Starts after which one succeeds with 95 %">
                Success · seeds for 95 %
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.trial}>
              <th scope="row">{groupLabel(group.group, Object.keys(group.group))}</th>
              <td className={tables.right}>
                {group.n}
                {group.n < group.of && ` of ${group.of}`}
              </td>
              <td className={tables.right}>{text(group.mean)}</td>
              <td className={tables.right}>{text(group.median)}</td>
              <td className={tables.right}>{text(group.interquartileMean)}</td>
              <td className={tables.right}>{text(group.quantile)}</td>
              {shown.map((k) => (
                <td key={k} className={tables.right}>
                  {text(group.bestOf[k - 1] ?? null)}
                </td>
              ))}
              {judged && (
                <td className={tables.right}>
                  {group.success === null
                    ? "–"
                    : `${formatPercent(group.success.rate)} · ${group.seedsNeeded === null ? "none succeeded" : Math.ceil(group.seedsNeeded)}`}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {total > groups.length && (
        <p className={tables.empty}>
          {formatCount(groups.length)} of {formatCount(total)} configurations are shown.
        </p>
      )}
    </>
  );
}
