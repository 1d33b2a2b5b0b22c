"use client";
import { RunCondition, RunField, type RunId, RunOutcome, RunState } from "@basin/contracts";
import { formatCount, outcomeLooks, runStateLooks, runStateOrder } from "@basin/ui";
import { Skeleton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { routePages } from "@/api-client/route-query";
import { runsPerPage } from "../sweep-parts/first-questions";
import { parameterTitle } from "../catalog/parameter-title";
import { Panel } from "../layout/panel";
import { Problem, StaleNotice } from "../problems/problem";
import { Choice } from "../sweep-parts/choice";
import { ExportLinks } from "../sweep-parts/sweep-specification";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { runProgressText, useProgress } from "../sweep-parts/use-progress";
import { useTrainerNames } from "../trainers/use-trainer-names";
import { BulkActions } from "./bulk-actions";
import { ColumnChooser } from "./column-chooser";
import { placeColumns } from "./column-layout";
import { ConditionFilter } from "./condition-filter";
import { GroupedRuns } from "./grouped-runs";
import { columnsAtFirst, runColumns } from "./run-columns";
import { checkWidth, RunsTable } from "./runs-table";
import css from "./runs-table.module.css";

const states = [
  { value: "", label: "Every state" },
  ...runStateOrder.map((state) => ({ value: state, label: runStateLooks[state].label })),
];
const outcomes = [
  { value: "", label: "Every outcome" },
  ...RunOutcome.options.map((value) => ({ value, label: value === "none" ? "without one" : outcomeLooks[value].label })),
];

/** Conditions as they stand in the address; what is none is left out. */
function conditionsOf(text: string | null): RunCondition[] {
  if (text === null) return [];
  try {
    const parsed = RunCondition.array().safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

/** Every run of a sweep: filtered, sorted and paged by the server; what is shown stands in the address. */
export function RunsTab({ sweep, experiment, varied, url }: SweepTabProps) {
  const trainerName = useTrainerNames();
  const progress = useProgress(sweep);
  const state = RunState.safeParse(url.get("state"));
  const asked = url.get("sort") ?? "index";
  const sort = RunField.safeParse(asked.replace(/^-/, "")).success ? asked : "index";
  const where = url.get("where");
  const conditions = useMemo(() => conditionsOf(where), [where]);
  const { data: outcome = null } = RunOutcome.safeParse(url.get("outcome"));
  const all = useMemo(
    (): RunCondition[] => (outcome === null ? conditions : [...conditions, { field: "outcome", op: "=", value: outcome }]),
    [conditions, outcome],
  );
  const search = url.get("search") ?? "";
  const [typed, setTyped] = useState(search);
  const searchFor = useDebouncedCallback((text: string) => url.set({ search: text === "" ? null : text }), 300);
  const filter = {
    ...(state.success ? { state: [state.data] } : {}),
    ...(search === "" ? {} : { search }),
  };
  const query = useInfiniteQuery(
    routePages(
      "listRuns",
      {
        params: { sweep: sweep.id },
        query: { ...filter, sort, ...(all.length === 0 ? {} : { where: JSON.stringify(all) }) },
      },
      runsPerPage,
    ),
  );
  const pages = query.data?.pages;
  const runs = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const total = pages?.[0]?.total ?? null;
  const names = Object.keys(runs[0]?.parameters ?? experiment.defaults).join(" ");
  const parameters = useMemo(() => [...new Set([...varied, ...names.split(" ")])].filter((name) => name !== ""), [names, varied]);
  const labels = useMemo(
    () => [...new Set(runs.slice(0, 200).flatMap((run) => Object.keys(run.labels)))].sort().join(" "),
    [runs],
  );
  const columns = useMemo(
    () =>
      runColumns(sweep, experiment, parameters, labels === "" ? [] : labels.split(" "), trainerName, (run) =>
        runProgressText(progress, run, experiment.stepUnit),
      ),
    [sweep, experiment, parameters, labels, trainerName, progress],
  );
  const shown = url.list("columns") ?? columnsAtFirst(varied, experiment.success !== null, sweep.state === "running");
  const pinned = url.list("pinned") ?? ["index"];
  const placed = placeColumns(columns, shown, pinned, checkWidth);
  const [selected, setSelected] = useState<ReadonlySet<RunId>>(new Set());
  const groupOptions = [
    { value: "", label: "Not grouped" },
    ...[...varied, "seed"].map((value) => ({ value, label: `Grouped by ${parameterTitle(experiment, value)}` })),
  ];
  const grouped = groupOptions.find(({ value }) => value === url.get("group"))?.value ?? "";
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const readOn = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const filtered = state.success || search !== "" || all.length > 0;
  return (
    <Panel
      title="Runs"
      note={total === null ? "" : `${formatCount(total)}${filtered ? " match" : ""}`}
      actions={
        <>
          <TextInput
            size="xs"
            aria-label="Search runs"
            placeholder="id, reason or label"
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              searchFor(event.currentTarget.value.trim());
            }}
          />
          <Choice
            label="State"
            options={states}
            value={state.success ? state.data : ""}
            onChange={(value) => url.set({ state: value === "" ? null : value })}
          />
          {experiment.success !== null && (
            <Choice
              label="Outcome"
              options={outcomes}
              value={outcome ?? ""}
              onChange={(value) => url.set({ outcome: value === "" ? null : value })}
            />
          )}
          <Choice
            label="Grouping"
            options={groupOptions}
            value={grouped}
            onChange={(value) => url.set({ group: value === "" ? null : value })}
          />
          <ColumnChooser
            columns={columns}
            shown={shown}
            pinned={pinned}
            onShown={(ids) => url.set({ columns: ids })}
            onPinned={(ids) => url.set({ pinned: ids })}
          />
        </>
      }
    >
      <div className={css.tools}>
        <ConditionFilter
          columns={columns}
          conditions={conditions}
          onChange={(next) => url.set({ where: next.length === 0 ? null : JSON.stringify(next) })}
        />
        <ExportLinks sweep={sweep} />
      </div>
      {grouped !== "" ? (
        <GroupedRuns
          sweep={sweep}
          by={grouped}
          filter={filter}
          conditions={all}
          columns={placed}
          onShow={(group) => {
            const added = Object.entries(group).map(([name, value]) => ({
              field: name === "seed" ? "seed" : `parameters.${name}`,
              op: "=" as const,
              value,
            }));
            url.set({ group: null, where: JSON.stringify([...conditions, ...added]) });
          }}
        />
      ) : query.data === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The runs" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={560} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : (
        <>
          <StaleNotice error={query.error} />
          <BulkActions sweep={sweep} selected={[...selected]} onClear={() => setSelected(new Set())} />
          <RunsTable
            runs={runs}
            total={total}
            columns={placed}
            sort={sort}
            onSort={(next) => url.set({ sort: next === "index" ? null : next })}
            selected={selected}
            onSelect={setSelected}
            onEnd={readOn}
            empty={filtered ? "No run matches." : "No run exists yet."}
            listKey={`${sort} ${state.success ? state.data : ""} ${search} ${JSON.stringify(all)}`}
          />
        </>
      )}
    </Panel>
  );
}
