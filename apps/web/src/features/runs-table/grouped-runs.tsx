"use client";
import type { CallInput, AppliedParameters, ResultGroup, Results, RunCondition, Sweep } from "@basin/contracts";
import { formatCount, formatInterval, formatNumber, formatParameter, formatPercent } from "@basin/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { routePages, routeQuery } from "@/api-client/route-query";
import { runsPerPage } from "../sweep-parts/first-questions";
import { MixedBuilds } from "../builds/mixed-builds";
import tables from "../layout/table.module.css";
import { Answer } from "../sweep-parts/answer";
import { groupLabel } from "../sweep-parts/groups";
import type { PlacedColumn } from "./column-layout";
import type { RunColumn } from "./run-columns";
import css from "./runs-table.module.css";

const shownPerGroup = 50;

export interface GroupedRunsProps {
  sweep: Sweep;
  by: string;
  /** Of the rows that unfold; the figures of a group count all of its runs. */
  filter: NonNullable<CallInput<"listRuns">["query"]>;
  conditions: readonly RunCondition[];
  columns: readonly PlacedColumn<RunColumn>[];
  /** Lists a group's runs in the whole table. */
  onShow: (group: AppliedParameters) => void;
}

/** Runs gathered by one parameter, best first; a group's first runs unfold beneath it. */
export function GroupedRuns(props: GroupedRunsProps) {
  const query = useQuery(routeQuery("getResults", { params: { sweep: props.sweep.id }, query: { groupBy: [props.by] } }));
  return (
    <Answer query={query} what="The groups" height={480}>
      {(results) => <Groups {...props} results={results} />}
    </Answer>
  );
}

function Groups({ results, onShow, ...rest }: GroupedRunsProps & { results: Results }) {
  const { by, filter, conditions } = rest;
  const filtered = conditions.length > 0 || filter.state !== undefined || filter.search !== undefined;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  return (
    <div className={css.view} tabIndex={0} role="region" aria-label="Groups of runs">
      <MixedBuilds builds={results.builds} />
      {filtered && (
        <p className={css.note}>The figures of a group count all of its runs; the filter holds for the rows that unfold.</p>
      )}
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">{by}</th>
            {["Runs", "Finished", "Failed", "Mean [95 % CI]", "Best", "Success rate"].map((name) => (
              <th key={name} scope="col" className={tables.right}>
                {name}
              </th>
            ))}
            <th scope="col">
              <span className={tables.unseen}>Show</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {results.groups.map((group) => {
            const key = JSON.stringify(group.group);
            const opened = open.has(key);
            return (
              <Fragment key={key}>
                <GroupRow
                  group={group}
                  name={groupLabel(group.group, [by])}
                  opened={opened}
                  onToggle={() => {
                    const next = new Set(open);
                    if (!next.delete(key)) next.add(key);
                    setOpen(next);
                  }}
                  onShow={() => onShow(group.group)}
                />
                {opened && (
                  <tr>
                    <td colSpan={8} className={css.inner}>
                      <GroupMembers {...rest} group={group.group} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {results.more > 0 && <p className={tables.empty}>{formatCount(results.more)} further groups are not listed.</p>}
    </div>
  );
}

interface GroupRowProps {
  group: ResultGroup;
  name: string;
  opened: boolean;
  onToggle: () => void;
  onShow: () => void;
}

function GroupRow({ group, name, opened, onToggle, onShow }: GroupRowProps) {
  const { counts, objective, success, best } = group;
  return (
    <tr>
      <th scope="row">
        <button type="button" className={css.fold} aria-expanded={opened} onClick={onToggle}>
          {opened ? "▾" : "▸"} {name}
        </button>
      </th>
      <td className={tables.right}>{formatCount(counts.total)}</td>
      <td className={tables.right}>{formatCount(counts.total - counts.unfinished)}</td>
      <td className={tables.right}>{formatCount(counts.failed + counts.diverged)}</td>
      <td className={tables.right}>
        {formatInterval(objective.typical?.centre ?? null, objective.typical?.low ?? null, objective.typical?.high ?? null)}
      </td>
      <td className={tables.right}>{formatNumber(best?.value)}</td>
      <td className={tables.right}>
        {success ? `${formatPercent(success.rate)} [${formatPercent(success.low)}, ${formatPercent(success.high)}]` : "–"}
      </td>
      <td>
        <button type="button" className={css.fold} onClick={onShow}>
          All its runs
        </button>
      </td>
    </tr>
  );
}

type GroupMembersProps = Omit<GroupedRunsProps, "onShow"> & { group: AppliedParameters };

function GroupMembers({ sweep, by, filter, conditions, group, columns }: GroupMembersProps) {
  const value = group[by];
  const own: RunCondition = { field: by === "seed" ? "seed" : `parameters.${by}`, op: "=", value: value ?? null };
  const query = useInfiniteQuery(
    routePages(
      "listRuns",
      {
        params: { sweep: sweep.id },
        query: {
          ...filter,
          sort: sweep.objective.direction === "maximize" ? "-objective" : "objective",
          where: JSON.stringify([...conditions, own]),
        },
      },
      runsPerPage,
    ),
  );
  const runs = query.data?.pages[0]?.items.slice(0, shownPerGroup) ?? [];
  const total = query.data?.pages[0]?.total ?? runs.length;
  if (!query.data) return <p className={tables.empty}>{query.error ? "The runs could not be read." : "Reading …"}</p>;
  return (
    <>
      <table className={tables.table} aria-label={`Runs with ${by} ${formatParameter(value)}`}>
        <thead>
          <tr>
            {columns.map(({ column }) => (
              <th key={column.id} scope="col" className={column.right ? tables.right : ""}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              {columns.map(({ column }) => (
                <td key={column.id} className={column.right ? tables.right : ""} title={column.full?.(run)}>
                  <span className={tables.clip}>{column.cell(run)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {total > runs.length && (
        <p className={tables.empty}>
          The best {runs.length} of {formatCount(total)}.
        </p>
      )}
      {runs.length === 0 && <p className={tables.empty}>No run of this group matches.</p>}
    </>
  );
}
