"use client";
import type { ExperimentDescriptor, ResultGroup, Sweep } from "@basin/contracts";
import { formatCount, takeTurn } from "@basin/ui";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SortingState, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { MixedBuilds } from "../builds/mixed-builds";
import { Problem, StaleNotice } from "../problems/problem";
import type { GroupLooks } from "./groups";
import { shortTitle } from "../catalog/metric-title";
import { isTextColumn, resultColumns, resultFeatures } from "./results-columns";

const none: ResultGroup[] = [];
const rowHeight = 34;
/** Fewer rows are there all the time; of more only those in view. */
const fewRows = 100;

export interface ResultsTableProps {
  sweep: Sweep;
  experiment: ExperimentDescriptor | null;
  looks: GroupLooks;
  /** False: what stands above it is read first. */
  wanted?: boolean;
}

/** The objective of each group over its initializations, best first until another column is chosen. */
export function ResultsTable({ sweep, experiment, looks, wanted = true }: ResultsTableProps) {
  const place = useRef<HTMLDivElement>(null);
  const [turn, setTurn] = useState(false);
  useEffect(() => {
    if (!wanted || turn || !place.current) return;
    // Plots that are nearer to what is in view are drawn before a long table is read.
    return takeTurn(place.current, () => {
      setTurn(true);
      return Promise.resolve();
    });
  }, [wanted, turn]);
  const query = useQuery({
    ...routeQuery("getResults", { params: { sweep: sweep.id }, query: { groupBy: [...looks.names] } }),
    enabled: turn,
  });
  const [sorting, setSorting] = useState<SortingState>([]);
  const objective = sweep.objective.metric;
  const groups = query.data?.groups ?? none;
  const reported = [...new Set(groups.flatMap((group) => Object.keys(group.metrics)))].sort().join(" ");
  const columns = useMemo(
    () => resultColumns(looks, experiment, objective, reported.split(" ")),
    [looks, experiment, objective, reported],
  );
  const table = useTable({
    features: resultFeatures,
    columns,
    data: groups,
    getRowId: (group) => JSON.stringify(group.group),
    state: { sorting },
    onSortingChange: setSorting,
    enableMultiSort: false,
  });
  const { rows } = table.getRowModel();
  const view = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => view.current,
    estimateSize: () => rowHeight,
    overscan: rows.length <= fewRows ? fewRows : 12,
  });
  const items = virtual.getVirtualItems();
  const [above, below] = [items[0]?.start ?? 0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0)];
  const gap = (height: number) =>
    height > 0 && (
      <tr aria-hidden="true">
        <td colSpan={columns.length} style={{ height, padding: 0, border: 0 }} />
      </tr>
    );
  const title = shortTitle(experiment?.metrics ?? [], objective);
  const criterion = experiment?.success?.text;
  return (
    <Panel
      title={`Results: ${title}`}
      note={[
        `${sweep.objective.direction === "minimize" ? "lowest" : "highest"} is best`,
        ...(query.data ? [`ranked by ${query.data.rankedBy}`] : []),
        ...(criterion === undefined ? [] : [`success: ${criterion}`]),
        ...(query.data && query.data.more > 0 ? [`${formatCount(query.data.more)} further groups are not listed`] : []),
      ].join(" · ")}
    >
      <div ref={place}>
        {query.data === undefined ? (
          query.error ? (
            <Problem error={query.error} what="The results" onRetry={() => void query.refetch()} />
          ) : (
            <Skeleton height={200} />
          )
        ) : (
          <>
            <StaleNotice error={query.error} />
            <MixedBuilds builds={query.data.builds} />
            {query.data.leftOut.reading !== "" && <p className={tables.empty}>{query.data.leftOut.reading}</p>}
            <div
              ref={view}
              className={`${tables.scroll ?? ""} ${tables.tall ?? ""}`}
              tabIndex={0}
              role="region"
              aria-label="Results by configuration"
            >
              <table className={tables.table} aria-rowcount={rows.length + 1}>
                <thead>
                  {table.getHeaderGroups().map((group) => (
                    <tr key={group.id}>
                      {group.headers.map((header) => {
                        const sorted = header.column.getIsSorted();
                        return (
                          <th
                            key={header.id}
                            scope="col"
                            className={isTextColumn(header.id) ? "" : tables.right}
                            aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
                          >
                            {header.id === "look" ? (
                              <span className={tables.unseen}>Line</span>
                            ) : (
                              <button type="button" className={tables.sort} onClick={header.column.getToggleSortingHandler()}>
                                <table.FlexRender header={header} />
                              </button>
                            )}
                          </th>
                        );
                      })}
                    </tr>
                  ))}
                </thead>
                <tbody>
                  {gap(above)}
                  {items.map(({ index }) => {
                    const row = rows[index];
                    return (
                      row && (
                        <tr key={row.id} aria-rowindex={index + 2}>
                          {row.getAllCells().map((cell) => (
                            <td key={cell.id} className={isTextColumn(cell.column.id) ? "" : tables.right}>
                              <table.FlexRender cell={cell} />
                            </td>
                          ))}
                        </tr>
                      )
                    );
                  })}
                  {gap(below)}
                </tbody>
              </table>
              {query.data.groups.length === 0 && <p className={tables.empty}>No trial exists yet.</p>}
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}
