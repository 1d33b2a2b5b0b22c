"use client";
import { runIdOf, type SweepAnswer } from "@basin/contracts";
import { formatCount, inkOn, schemeCss } from "@basin/ui";
import { SegmentedControl } from "@mantine/core";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { PageLink } from "../layout/page-link";
import { valuesLabel } from "../sweep-parts/groups";
import css from "./answer.module.css";
import { cellLooks, type CellLook, lettersOf, placeAfter, seedPlaces, type SeedOrder } from "./outcome-cells";

const styleOf = ({ color, full }: CellLook) =>
  full
    ? { backgroundColor: schemeCss(color), color: `light-dark(${inkOn(color.light)}, ${inkOn(color.dark)})` }
    : { borderColor: schemeCss(color), color: schemeCss(color) };

/** What became of each run: a row for each configuration, a column for each initialization. Arrow keys go from cell to cell, Enter opens the run. */
export function OutcomeMatrix({ answer }: { answer: SweepAnswer }) {
  const { rows, seeds, seedCount, configurations, groupedBy, sweep } = answer;
  const [reached, setReached] = useState({ row: 0, column: 0 });
  const grid = useRef<HTMLTableElement>(null);
  const [order, setOrder] = useState<SeedOrder>("seed");
  const places = useMemo(() => seedPlaces(answer, order), [answer, order]);
  const cells = rows.map((row) => places.map((place) => row.cells[place] ?? " ").join(""));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = placeAfter(event.key, reached, cells);
    if (next === null) return;
    event.preventDefault();
    setReached(next);
    grid.current?.querySelector<HTMLElement>(`[data-place="${next.row} ${next.column}"]`)?.focus();
  };
  const parts = [
    ...(rows.length < configurations
      ? [`the best ${formatCount(rows.length)} of ${formatCount(configurations)} configurations`]
      : []),
    ...(seeds.length < seedCount ? [`the first ${formatCount(seeds.length)} of ${formatCount(seedCount)} initializations`] : []),
  ];
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Order of the initializations"
        data={[
          { value: "seed", label: "By seed" },
          { value: "hardest", label: "Those that fail most first" },
        ]}
        value={order}
        onChange={(value) => setOrder(value === "hardest" ? "hardest" : "seed")}
      />
      <div className={css.matrix}>
        <table ref={grid} role="grid" aria-label="Runs by configuration and initialization" onKeyDown={onKeyDown}>
          <tbody>
            {rows.map(({ trial, group }, row) => {
              const name = valuesLabel(group, groupedBy);
              return (
                <tr key={trial}>
                  <th scope="row" title={name}>
                    {name}
                  </th>
                  {places.map((place, column) => {
                    const look = cellLooks[cells[row]?.[column] ?? " "];
                    const run = runIdOf(sweep, trial, place);
                    return (
                      <td key={run} role="gridcell">
                        {look && (
                          <PageLink
                            href={`/runs/${run}`}
                            className={css.cell}
                            style={styleOf(look)}
                            data-place={`${row} ${column}`}
                            tabIndex={row === reached.row && column === reached.column ? 0 : -1}
                            onFocus={() => setReached({ row, column })}
                            title={`${name}, seed ${seeds[place] ?? "?"}: ${look.label}`}
                            aria-label={`${name}, seed ${seeds[place] ?? "?"}: ${look.label}`}
                          >
                            {look.mark}
                          </PageLink>
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <ul className={css.legend}>
        {lettersOf(answer).map((letter) => {
          const look = cellLooks[letter];
          return (
            look && (
              <li key={letter}>
                <span className={css.cell} style={styleOf(look)} aria-hidden="true">
                  {look.mark}
                </span>
                {look.label}
              </li>
            )
          );
        })}
      </ul>
      <p className={css.note}>
        A cell for each initialization,{" "}
        {order === "seed" ? "in the order of the seeds" : "those first that succeed in the fewest configurations"}; it opens the
        run.
        {parts.length > 0 && ` Shown: ${parts.join(", ")}.`}
      </p>
    </>
  );
}
