"use client";
import { RunState, type Run, type Sweep } from "@basin/contracts";
import { exactNumber, formatCount, formatDuration, formatNumber, formatParameter, RunStateLabel, runStateOrder } from "@basin/ui";
import { NativeSelect, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { PageLink } from "@/features/layout/page-link";
import { useEffect, useRef, useState } from "react";
import { type RunsFilter, runsQuery } from "@/api-client/queries";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { Problem, StaleNotice } from "../problems/problem";
import { useTrainerNames } from "../trainers/use-trainer-names";
import css from "./sweep.module.css";
import { ExportLinks } from "./sweep-specification";

const rowHeight = 35;
type Sort = NonNullable<RunsFilter["sort"]>;

/** The next order when a heading is pressed: ascending, then descending. */
const turned = (sort: Sort, by: "index" | "objective" | "finishedAt"): Sort => (sort === by ? (`-${by}` as const) : by);

function durationOf(run: Run): number | null {
  if (run.startedAt === null || run.finishedAt === null) return null;
  return (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
}

/** Every run of a sweep; only the rows in view exist, and pages are read as they are reached. */
export function RunsTable({ sweep, varied }: { sweep: Sweep; varied: readonly string[] }) {
  const [state, setState] = useState("");
  const [sort, setSort] = useState<Sort>("index");
  const chosen = RunState.safeParse(state);
  const query = useInfiniteQuery(runsQuery(sweep.id, { sort, ...(chosen.success ? { state: [chosen.data] } : {}) }));
  const trainerName = useTrainerNames();
  const view = useRef<HTMLDivElement>(null);
  const runs = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? null;
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => view.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const lastShown = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastShown >= runs.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [lastShown, runs.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const [above, below] = [items[0]?.start ?? 0, rows.getTotalSize() - (items.at(-1)?.end ?? 0)];
  const columns = 8 + varied.length;
  const heading = (text: string, by: "index" | "objective" | "finishedAt", right = false) => (
    <th
      scope="col"
      className={right ? tables.right : ""}
      aria-sort={sort === by ? "ascending" : sort === `-${by}` ? "descending" : undefined}
    >
      <button type="button" className={tables.sort} onClick={() => setSort(turned(sort, by))}>
        {text}
      </button>
    </th>
  );
  return (
    <Panel
      title="Runs"
      note={total === null ? "" : formatCount(total)}
      actions={
        <>
          <ExportLinks sweep={sweep} />
          <NativeSelect
            size="xs"
            aria-label="State"
            data={[{ value: "", label: "Every state" }, ...runStateOrder.map((each) => ({ value: each, label: each }))]}
            value={state}
            onChange={(event) => {
              setState(event.currentTarget.value);
              view.current?.scrollTo({ top: 0 });
            }}
          />
        </>
      }
    >
      {query.data === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The runs" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={480} />
        )
      ) : (
        <>
          <StaleNotice error={query.error} />
          <div ref={view} className={css.runsView} tabIndex={0} role="region" aria-label="Runs">
            <table className={tables.table} aria-rowcount={total ?? -1}>
              <thead>
                <tr>
                  {heading("Run", "index")}
                  <th scope="col">State</th>
                  {varied.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                  <th scope="col" className={tables.right}>
                    Seed
                  </th>
                  {heading(sweep.objective.metric, "objective", true)}
                  <th scope="col" className={tables.right}>
                    Attempt
                  </th>
                  <th scope="col">Trainer</th>
                  {heading("Duration", "finishedAt", true)}
                  <th scope="col">Reason</th>
                </tr>
              </thead>
              <tbody>
                {above > 0 && (
                  <tr aria-hidden="true">
                    <td colSpan={columns} style={{ height: above, padding: 0, border: 0 }} />
                  </tr>
                )}
                {items.map((item) => {
                  const run = runs[item.index];
                  return run ? (
                    <RunRow key={run.id} run={run} index={item.index} varied={varied} trainer={trainerName(run.trainer)} />
                  ) : null;
                })}
                {below > 0 && (
                  <tr aria-hidden="true">
                    <td colSpan={columns} style={{ height: below, padding: 0, border: 0 }} />
                  </tr>
                )}
              </tbody>
            </table>
            {runs.length === 0 && <p className={tables.empty}>{state === "" ? "No run exists yet." : `No run is ${state}.`}</p>}
          </div>
        </>
      )}
    </Panel>
  );
}

interface RunRowProps {
  run: Run;
  index: number;
  varied: readonly string[];
  trainer: string;
}

function RunRow({ run, index, varied, trainer }: RunRowProps) {
  return (
    <tr aria-rowindex={index + 1}>
      <td>
        <PageLink href={`/runs/${run.id}`}>
          <code>{run.id}</code>
        </PageLink>
      </td>
      <td>
        <RunStateLabel state={run.state} />
      </td>
      {varied.map((name) => (
        <td key={name}>{formatParameter(run.parameters[name])}</td>
      ))}
      <td className={tables.right}>{run.seed}</td>
      <td className={tables.right} title={exactNumber(run.objective)}>
        {formatNumber(run.objective)}
      </td>
      <td className={tables.right}>{run.attempt}</td>
      <td title={run.trainer ?? ""}>{trainer}</td>
      <td className={tables.right}>{formatDuration(durationOf(run))}</td>
      <td className={run.reason === null ? "" : css.reason}>
        <span className={tables.clip} title={run.reason ?? ""}>
          {run.reason ?? ""}
        </span>
      </td>
    </tr>
  );
}
