"use client";
import type { DatasetSummary } from "@basin/contracts";
import { formatCount, RelativeTime } from "@basin/ui";
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys, routePages } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { reportDone, reportFailure, Toasts } from "../layout/toasts";
import { Problem, StaleNotice } from "../problems/problem";
import css from "./datasets.module.css";
import { UploadPanel } from "./upload-panel";

/** A person's own data: upload, and what is there. */
export function DatasetsPage() {
  const query = useInfiniteQuery(routePages("listDatasets", {}, [50, 50]));
  const items = query.data?.pages.flatMap((page) => page.items);
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <div className={css.page}>
      <Toasts />
      <h1>Datasets</h1>
      <UploadPanel />
      {items === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The list of datasets" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={180} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : (
        <Panel title="Stored" note={formatCount(total)}>
          <StaleNotice error={query.error} />
          {items.length === 0 ? (
            <p className={tables.empty}>
              Nothing is uploaded yet. A table (CSV) or arrays (NPZ) of your own can be learned from: predict a column from
              others, compress its rows, or look for the law of a time series.
            </p>
          ) : (
            <DatasetsTable items={items} />
          )}
          {query.hasNextPage && (
            <div className={css.more}>
              <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more
              </Button>
              <span className={css.hint}>
                {formatCount(items.length)} of {formatCount(total)} shown
              </span>
            </div>
          )}
        </Panel>
      )}
    </div>
  );
}

function DatasetsTable({ items }: { items: readonly DatasetSummary[] }) {
  const client = useQueryClient();
  const [confirming, setConfirming] = useState<DatasetSummary | null>(null);
  const remove = useMutation({
    mutationFn: (dataset: DatasetSummary) => api("deleteDataset", { params: { dataset: dataset.id } }),
    onSuccess: async (_, { name }) => {
      reportDone(`${name} is in the bin, from which it can be restored.`);
      await client.invalidateQueries({ queryKey: keys.datasets });
    },
    onError: (error) => reportFailure("Removing", error),
  });
  return (
    <>
      <ScrollTable label="Datasets">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Id</th>
            <th scope="col">Format</th>
            <th scope="col" className={tables.right}>
              Rows
            </th>
            <th scope="col">Columns</th>
            <th scope="col" className={tables.right}>
              Missing
            </th>
            <th scope="col">Uploaded</th>
            <th scope="col">
              <span className={tables.unseen}>Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((dataset) => {
            const shown = dataset.firstFields.slice(0, 6);
            return (
              <tr key={dataset.id}>
                <td>
                  <PageLink href={`/datasets/${dataset.id}`}>{dataset.name}</PageLink>
                </td>
                <td title={dataset.id}>{dataset.id.slice(0, 12)}</td>
                <td>{dataset.format.toUpperCase()}</td>
                <td className={tables.right}>{formatCount(dataset.rows)}</td>
                <td className={tables.wrap} title={dataset.firstFields.join(", ")}>
                  {shown.join(", ")}
                  {dataset.fields > shown.length && ` and ${formatCount(dataset.fields - shown.length)} more`}
                </td>
                <td className={tables.right}>{formatCount(dataset.missing)}</td>
                <td>
                  <RelativeTime time={dataset.createdAt} />
                </td>
                <td className={tables.right}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={remove.isPending && remove.variables.id === dataset.id}
                    aria-label={`Remove ${dataset.name}`}
                    onClick={() => setConfirming(dataset)}
                  >
                    Remove …
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
      <ConfirmDialog
        opened={confirming !== null}
        title={`Remove ${confirming?.name ?? ""}?`}
        keep="Keep it"
        act="Remove"
        onAct={() => confirming && remove.mutate(confirming)}
        onClose={() => setConfirming(null)}
      >
        It goes into the bin, from which it can be restored for some days; then its {formatCount(confirming?.rows ?? 0)} rows are
        removed.
      </ConfirmDialog>
    </>
  );
}
