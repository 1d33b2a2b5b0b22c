"use client";
import { SweepState } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button, NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { PageLink } from "@/features/layout/page-link";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { type SweepsFilter, sweepsQuery } from "@/api-client/queries";
import { useLive } from "../live/use-live";
import { Problem, StaleNotice } from "../problems/problem";
import { FirstSweep } from "./first-sweep";
import { SweepRow } from "./sweep-row";
import css from "./sweeps.module.css";

const states = [{ value: "", label: "Every state" }, ...SweepState.options.map((state) => ({ value: state, label: state }))];

/** The filter is kept in the address, so that a view can be shared. */
function useFilter() {
  const params = useSearchParams();
  const state = SweepState.safeParse(params.get("state"));
  const [search, setSearch] = useState(params.get("search") ?? "");
  const asked = params.get("search") ?? "";
  const replace = (name: string, value: string) => {
    const next = new URLSearchParams(window.location.search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    window.history.replaceState(null, "", text === "" ? window.location.pathname : `?${text}`);
  };
  useEffect(() => {
    const timer = setTimeout(() => {
      if (search !== asked) replace("search", search);
    }, 250);
    return () => clearTimeout(timer);
  }, [search, asked]);
  const filter: SweepsFilter = { ...(state.success ? { state: [state.data] } : {}), ...(asked === "" ? {} : { search: asked }) };
  return {
    filter,
    search,
    setSearch,
    state: state.success ? state.data : "",
    setState: (value: string) => replace("state", value),
  };
}

export function SweepsPage() {
  useLive(null);
  const { filter, search, setSearch, state, setState } = useFilter();
  const query = useInfiniteQuery(sweepsQuery(filter));
  const filtered = filter.state !== undefined || filter.search !== undefined;
  const items = query.data?.pages.flatMap((page) => page.items);
  const total = query.data?.pages[0]?.total;
  return (
    <>
      <div className={css.top}>
        <h1>Sweeps</h1>
        <span className={css.count}>{total !== undefined && total !== null && formatCount(total)}</span>
        <TextInput
          type="search"
          aria-label="Search by name or id"
          placeholder="Name or id"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          className={css.search}
        />
        <NativeSelect aria-label="State" data={states} value={state} onChange={(event) => setState(event.currentTarget.value)} />
        <Button component={PageLink} href="/sweeps/new">
          New sweep
        </Button>
      </div>
      {items && <StaleNotice error={query.error} />}
      {items === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The list of sweeps" onRetry={() => void query.refetch()} />
        ) : (
          <div aria-busy="true" aria-label="Loading">
            {Array.from({ length: 4 }, (_, i) => (
              <Skeleton key={i} height={86} mb={8} />
            ))}
          </div>
        )
      ) : items.length === 0 ? (
        filtered ? (
          <p className={css.none}>No sweep fits this search.</p>
        ) : (
          <FirstSweep />
        )
      ) : (
        <ul className={css.list}>
          {items.map((sweep) => (
            <SweepRow key={sweep.id} sweep={sweep} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
