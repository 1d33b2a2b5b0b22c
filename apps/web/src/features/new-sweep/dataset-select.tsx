"use client";
import { formatCount } from "@basin/ui";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { PageLink } from "@/features/layout/page-link";
import { routeQuery } from "@/api-client/route-query";
import type { ChooserProps } from "./draft-form";
import css from "./new-sweep.module.css";

/** Chooses one of the uploaded datasets by its name; the value is its id. */
export function DatasetSelect({ form: { draft, change }, path, common }: ChooserProps) {
  const { data } = useQuery(routeQuery("listDatasets", { query: { limit: 1000 } }));
  const items = data?.items ?? [];
  const value = draft.text(path);
  return (
    <div>
      <NativeSelect
        {...common}
        data={[
          { value: "", label: "Choose …" },
          ...items.map(({ id, name, rows }) => ({ value: id, label: `${name} (${formatCount(rows)} rows)` })),
          ...(value === "" || items.some(({ id }) => id === value) ? [] : [{ value, label: value.slice(0, 12) }]),
        ]}
        value={value}
        onChange={(event) => change(draft.withText(path, event.currentTarget.value))}
      />
      <span className={css.help}>
        <PageLink href="/datasets">Upload a file</PageLink>
      </span>
    </div>
  );
}
