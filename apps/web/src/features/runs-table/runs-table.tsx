"use client";
import type { Run, RunId } from "@basin/contracts";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import tables from "../layout/table.module.css";
import { type PlacedColumn, turned } from "./column-layout";
import type { RunColumn } from "./run-columns";
import css from "./runs-table.module.css";

const rowHeight = 35;
/** Rows in view before the page knows its own size: those of the tallest view. */
const firstView = { width: 1440, height: 760 };
export const checkWidth = 40;

export interface RunsTableProps {
  runs: readonly Run[];
  total: number | null;
  columns: readonly PlacedColumn<RunColumn>[];
  sort: string;
  onSort: (sort: string) => void;
  selected: ReadonlySet<RunId>;
  onSelect: (ids: ReadonlySet<RunId>) => void;
  /** Called when the last rows that were read come into view. */
  onEnd: () => void;
  empty: ReactNode;
  /** Another list, not the same one with newer values: its beginning is shown. */
  listKey: string;
}

const sticky = (left: number | null) => (left === null ? undefined : { left });

/** Rows of runs; only those in view exist. */
export function RunsTable({ runs, total, columns, sort, onSort, selected, onSelect, onEnd, empty, listKey }: RunsTableProps) {
  const view = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => view.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: firstView,
  });
  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastShown >= runs.length - 40) onEnd();
  }, [lastShown, runs.length, onEnd]);
  useEffect(() => {
    view.current?.scrollTo({ top: 0 });
  }, [listKey]);
  const [above, below] = [items[0]?.start ?? 0, rows.getTotalSize() - (items.at(-1)?.end ?? 0)];
  const width = checkWidth + columns.reduce((sum, { column }) => sum + column.width, 0);
  const all = runs.length > 0 && runs.every(({ id }) => selected.has(id));
  const toggle = (id: RunId) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const gap = (height: number) =>
    height > 0 && (
      <tr aria-hidden="true">
        <td colSpan={columns.length + 1} style={{ height, padding: 0, border: 0 }} />
      </tr>
    );
  return (
    <div ref={view} className={css.view} tabIndex={0} role="region" aria-label="Runs">
      <table
        className={`${tables.table ?? ""} ${css.table ?? ""}`}
        style={{ width, minWidth: "100%" }}
        aria-rowcount={total ?? -1}
      >
        <colgroup>
          <col style={{ width: checkWidth }} />
          {columns.map(({ column }) => (
            <col key={column.id} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={css.pinned} style={{ left: 0 }}>
              <input
                type="checkbox"
                aria-label="Select all runs that were read"
                checked={all}
                onChange={() => onSelect(new Set(all ? [] : runs.map(({ id }) => id)))}
              />
            </th>
            {columns.map(({ column, left }) => (
              <th
                key={column.id}
                scope="col"
                style={sticky(left)}
                className={`${column.right ? (tables.right ?? "") : ""} ${left === null ? "" : (css.pinned ?? "")}`}
                aria-sort={sort === column.field ? "ascending" : sort === `-${column.field}` ? "descending" : undefined}
                title={column.title}
              >
                {column.field === null ? (
                  column.title
                ) : (
                  <button type="button" className={tables.sort} onClick={() => onSort(turned(sort, column.field ?? "index"))}>
                    {column.title}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {gap(above)}
          {items.map((item) => {
            const run = runs[item.index];
            return (
              run && (
                <tr key={run.id} aria-rowindex={item.index + 2} aria-selected={selected.has(run.id)}>
                  <td className={css.pinned} style={{ left: 0 }}>
                    <input
                      type="checkbox"
                      aria-label={`Select ${run.id}`}
                      checked={selected.has(run.id)}
                      onChange={() => toggle(run.id)}
                    />
                  </td>
                  {columns.map(({ column, left }) => (
                    <td
                      key={column.id}
                      style={sticky(left)}
                      title={column.full?.(run)}
                      className={`${column.right ? (tables.right ?? "") : ""} ${left === null ? "" : (css.pinned ?? "")} ${column.id === "reason" ? (css.reason ?? "") : ""}`}
                    >
                      {column.cell(run)}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {gap(below)}
        </tbody>
      </table>
      {runs.length === 0 && <div className={tables.empty}>{empty}</div>}
    </div>
  );
}
