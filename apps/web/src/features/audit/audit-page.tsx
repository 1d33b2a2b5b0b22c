"use client";
import { formatCount, missing } from "@basin/ui";
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { routePages } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { Problem, StaleNotice } from "../problems/problem";
import css from "./audit.module.css";

const filters = [
  ["who", "Who", "name of a token"],
  ["what", "What", "e.g. pauseSweep"],
  ["project", "Project", "of the token"],
  ["search", "Path or address", "part of it"],
] as const;

/** Who changed what, when and from where. What is looked for stands in the address. */
export function AuditPage() {
  const router = useRouter();
  const path = usePathname();
  const asked = useSearchParams();
  const given = Object.fromEntries(filters.flatMap(([name]) => (asked.get(name) ? [[name, asked.get(name) ?? ""]] : [])));
  const query = useInfiniteQuery(routePages("listAudit", { query: given }, [100, 100]));
  const items = query.data?.pages.flatMap((page) => page.items);
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <div className={css.page}>
      <h1>Audit log</h1>
      <form
        className={css.filters}
        key={asked.toString()}
        onSubmit={(event) => {
          event.preventDefault();
          const entered = new FormData(event.currentTarget);
          const kept = filters.flatMap(([name]) => {
            const value = entered.get(name);
            return typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [];
          });
          router.replace(`${path}?${new URLSearchParams(kept).toString()}`);
        }}
      >
        {filters.map(([name, label, placeholder]) => (
          <TextInput key={name} name={name} label={label} placeholder={placeholder} defaultValue={asked.get(name) ?? ""} />
        ))}
        <Button type="submit" variant="default">
          Look
        </Button>
      </form>
      {items === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The audit log" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={180} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : (
        <Panel title="What was done" note={formatCount(total)}>
          <StaleNotice error={query.error} />
          {items.length === 0 ? (
            <p className={tables.empty}>Nothing that fits was changed, by anybody.</p>
          ) : (
            <ScrollTable label="Audit log">
              <thead>
                <tr>
                  {["When", "Who", "Role", "Project", "What", "Answer", "From", "Path"].map((title) => (
                    <th scope="col" key={title}>
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((entry) => (
                  <tr key={entry.id}>
                    <td>
                      <time dateTime={entry.at}>{entry.at.slice(0, 19).replace("T", " ")}</time>
                    </td>
                    <td>{entry.who ?? missing}</td>
                    <td>{entry.role ?? missing}</td>
                    <td>{entry.project ?? missing}</td>
                    <td>{entry.what}</td>
                    <td>{entry.status}</td>
                    <td>{entry.address}</td>
                    <td className={tables.wrap}>{entry.target}</td>
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
          )}
          {query.hasNextPage && (
            <Button mt="sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show more
            </Button>
          )}
        </Panel>
      )}
    </div>
  );
}
