"use client";
import { formatCount } from "@basin/ui";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { PageLink } from "@/features/layout/page-link";
import { datasetsQuery } from "@/api-client/queries";
import css from "./new-sweep.module.css";

/** Chooses one of the uploaded datasets by its name; the value is its id. */
export function DatasetSelect({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { data } = useQuery(datasetsQuery);
  const items = data?.items ?? [];
  return (
    <>
      <NativeSelect
        aria-label="Dataset"
        data={[
          { value: "", label: "Choose …" },
          ...items.map(({ id, name, rows }) => ({ value: id, label: `${name} (${formatCount(rows)} rows)` })),
          ...(value === "" || items.some(({ id }) => id === value) ? [] : [{ value, label: value.slice(0, 12) }]),
        ]}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span className={css.help}>
        <PageLink href="/datasets">Upload a file</PageLink>
      </span>
    </>
  );
}
