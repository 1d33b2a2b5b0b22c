"use client";
import { formatCount } from "@basin/ui";
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys, routeQuery } from "@/api-client/route-query";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { reportDone, reportFailure, Toasts } from "../layout/toasts";
import { Problem, StaleNotice } from "../problems/problem";
import { dayOf } from "./day-of";

const EmptyDialog = dynamic(() => import("./empty-dialog").then((module) => module.EmptyDialog), { ssr: false });

interface Thing {
  id: string;
  name: string;
  what: string;
  href: string;
  until: string;
  restore: () => Promise<unknown>;
}

/** What was deleted and can be taken back, and the way to remove all of it at once. */
export function BinPage() {
  const query = useQuery({ ...routeQuery("getBin", {}), refetchInterval: 10_000 });
  const client = useQueryClient();
  const [emptying, setEmptying] = useState(false);
  const restore = useMutation({
    mutationFn: (thing: Thing) => thing.restore(),
    onSuccess: async (_, { name }) => {
      reportDone(`${name} is restored.`);
      await Promise.all([keys.bin, keys.sweeps, keys.datasets].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: (error, { name }) => reportFailure(`Restoring ${name}`, error),
  });
  const bin = query.data;
  const things: Thing[] = bin
    ? [
        ...bin.sweeps.map(({ id, name, experiment, runs, until }) => ({
          id,
          name,
          until,
          what: `sweep of ${experiment}, ${formatCount(runs)} runs`,
          href: `/sweeps/${id}`,
          restore: () => api("restoreSweep", { params: { sweep: id } }),
        })),
        ...bin.datasets.map(({ id, name, rows, until }) => ({
          id,
          name,
          until,
          what: `dataset, ${formatCount(rows)} rows`,
          href: `/datasets/${id}`,
          restore: () => api("restoreDataset", { params: { dataset: id } }),
        })),
      ].sort((a, b) => a.until.localeCompare(b.until))
    : [];
  return (
    <>
      <Toasts />
      <h1>Bin</h1>
      {bin === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The bin" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={180} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : (
        <Panel
          title="Deleted"
          note={formatCount(things.length)}
          actions={
            bin.count > 0 && (
              <Button size="xs" color="red" variant="outline" onClick={() => setEmptying(true)}>
                Empty the bin …
              </Button>
            )
          }
        >
          <StaleNotice error={query.error} />
          {things.length === 0 ? (
            <p className={tables.empty}>Nothing is in the bin. What is deleted stays here for {formatCount(bin.days)} days.</p>
          ) : (
            <ScrollTable label="Deleted">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">What it is</th>
                  <th scope="col">Kept until</th>
                  <th scope="col">
                    <span className={tables.unseen}>Commands</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {things.map((thing) => (
                  <tr key={thing.id}>
                    <td className={tables.wrap}>
                      <PageLink href={thing.href}>{thing.name}</PageLink>
                    </td>
                    <td>{thing.what}</td>
                    <td>{dayOf(thing.until)}</td>
                    <td className={tables.right}>
                      <Button
                        size="compact-sm"
                        variant="default"
                        loading={restore.isPending && restore.variables.id === thing.id}
                        aria-label={`Restore ${thing.name}`}
                        onClick={() => restore.mutate(thing)}
                      >
                        Restore
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
          )}
        </Panel>
      )}
      {emptying && bin && <EmptyDialog bin={bin} onClose={() => setEmptying(false)} />}
    </>
  );
}
