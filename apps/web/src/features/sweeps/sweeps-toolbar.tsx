"use client";
import { SweepState } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import { PageLink } from "@/features/layout/page-link";
import { type FilterName, filterNames, filterOf, isNarrowed, sortNames, withFilter } from "./sweeps-filter";
import css from "./sweeps.module.css";

export const facetsQuery = routeQuery("sweepFacets", {});

/** Writes one filter into the address, which is where the list reads it. */
export function setFilter(name: FilterName, value: string): void {
  const query = withFilter(window.location.search, name, value);
  window.history.replaceState(null, "", `${window.location.pathname}${query}`);
}

function Search() {
  const asked = useSearchParams().get("search") ?? "";
  const [typed, setTyped] = useState<{ text: string; asked: string }>({ text: asked, asked });
  // Another address (a link, the back button) is another text.
  const text = typed.asked === asked || typed.text === asked ? typed.text : asked;
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => setFilter("search", text), 250);
    return () => clearTimeout(timer);
  }, [text, asked]);
  return (
    <TextInput
      type="search"
      aria-label="Search name, id, experiment, owner, tags and notes"
      placeholder="Search …"
      value={text}
      onChange={(event) => setTyped({ text: event.currentTarget.value, asked })}
      className={css.search}
    />
  );
}

/** Number of sweeps, search, filters and order; the address holds them all. */
export function SweepsToolbar({ total }: { total: number | null | undefined }) {
  const query = useSearchParams();
  const filter = filterOf(query);
  const { data: facets } = useQuery(facetsQuery);
  const select = (name: FilterName, label: string, all: string, values: readonly { value: string; sweeps: number }[]) => {
    const chosen = query.get(name) ?? "";
    if (values.length < 2 && chosen === "") return null;
    const known = values.some(({ value }) => value === chosen) || chosen === "";
    return (
      <NativeSelect
        aria-label={label}
        className={css.filter}
        data={[
          { value: "", label: all },
          ...values.map(({ value, sweeps }) => ({ value, label: `${value} (${formatCount(sweeps)})` })),
          ...(known ? [] : [{ value: chosen, label: chosen }]),
        ]}
        value={chosen}
        onChange={(event) => setFilter(name, event.currentTarget.value)}
      />
    );
  };
  const narrowed = isNarrowed(filter);
  return (
    <>
      <div className={css.top}>
        <h1>Sweeps</h1>
        <span className={css.count} role="status">
          {total !== undefined && total !== null && `${formatCount(total)}${narrowed ? " found" : ""}`}
        </span>
        <Button component={PageLink} href="/sweeps/new">
          New sweep
        </Button>
      </div>
      <div className={css.filters} role="search" aria-label="Sweeps">
        <Search />
        <NativeSelect
          aria-label="State"
          className={css.filter}
          data={[{ value: "", label: "Every state" }, ...SweepState.options]}
          value={SweepState.safeParse(query.get("state")).data ?? ""}
          onChange={(event) => setFilter("state", event.currentTarget.value)}
        />
        {select("experiment", "Experiment", "Every experiment", facets?.experiments ?? [])}
        {select("tag", "Tag", "Every tag", facets?.tags ?? [])}
        {select("owner", "Owner", "Every owner", facets?.owners ?? [])}
        <NativeSelect
          aria-label="Archive"
          className={css.filter}
          data={[
            { value: "", label: "Not archived" },
            { value: "true", label: "Archived" },
          ]}
          value={filter.archived === true ? "true" : ""}
          onChange={(event) => setFilter("archived", event.currentTarget.value)}
        />
        <NativeSelect
          aria-label="Order"
          className={css.filter}
          data={Object.entries(sortNames).map(([value, label]) => ({ value, label }))}
          value={filter.sort ?? "-createdAt"}
          onChange={(event) => setFilter("sort", event.currentTarget.value)}
        />
        {narrowed && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              for (const name of filterNames) if (name !== "sort") setFilter(name, "");
            }}
          >
            Clear
          </Button>
        )}
      </div>
    </>
  );
}
