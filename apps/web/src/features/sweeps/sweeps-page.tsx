"use client";
import type { Sweep, SweepId } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { routePages } from "@/api-client/route-query";
import { useLive } from "../live/use-live";
import { Problem, StaleNotice } from "../problems/problem";
import { SweepRow } from "./sweep-row";
import { filterOf, isNarrowed } from "./sweeps-filter";
import css from "./sweeps.module.css";
import { SweepsToolbar } from "./sweeps-toolbar";

// Needed only while there is no sweep.
const FirstSweep = dynamic(() => import("./first-sweep").then((module) => module.FirstSweep), { ssr: false });

// Needed only once something is selected.
const SelectionBar = dynamic(() => import("./selection-bar").then((module) => module.SelectionBar), { ssr: false });

/** Every sweep, live: how far it is, what it found, and what went wrong. */
export function SweepsPage() {
  useLive(null);
  const filter = filterOf(useSearchParams());
  const query = useInfiniteQuery(routePages("listSweeps", { query: filter }, [50, 50]));
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const total = query.data?.pages[0]?.total;
  return (
    <>
      <SweepsToolbar total={total} />
      {items && <StaleNotice error={query.error} />}
      {items === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The list of sweeps" onRetry={() => void query.refetch()} />
        ) : (
          <div role="status" aria-busy="true" aria-label="Loading">
            {Array.from({ length: 4 }, (_, i) => (
              <div key={i} className={css.waiting} />
            ))}
          </div>
        )
      ) : items.length === 0 ? (
        isNarrowed(filter) ? (
          <p className={css.none}>{filter.archived === true ? "No archived sweep fits." : "No sweep fits this search."}</p>
        ) : (
          <FirstSweep />
        )
      ) : (
        <SweepList items={items} />
      )}
      {items && query.hasNextPage && (
        <div className={css.more}>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
          <span className={css.none}>
            {formatCount(items.length)}
            {total !== undefined && total !== null && ` of ${formatCount(total)}`} shown
          </span>
        </div>
      )}
    </>
  );
}

function SweepList({ items }: { items: readonly Sweep[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<SweepId>>(new Set());
  const selected = items.filter(({ id }) => chosen.has(id));
  const all = selected.length === items.length;
  const choose = (ids: readonly SweepId[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };
  return (
    <>
      <div className={css.selection}>
        <label className={css.selectAll}>
          <input
            type="checkbox"
            checked={all}
            ref={(input) => {
              if (input) input.indeterminate = selected.length > 0 && !all;
            }}
            onChange={(event) =>
              choose(
                items.map(({ id }) => id),
                event.currentTarget.checked,
              )
            }
          />
          {selected.length === 0 ? "Select all shown" : `${formatCount(selected.length)} selected`}
        </label>
        {selected.length > 0 && <SelectionBar sweeps={selected} onDone={() => setChosen(new Set())} />}
      </div>
      <ul className={css.list}>
        {items.map((sweep) => (
          <SweepRow key={sweep.id} sweep={sweep} selected={chosen.has(sweep.id)} onSelect={(on) => choose([sweep.id], on)} />
        ))}
      </ul>
    </>
  );
}
