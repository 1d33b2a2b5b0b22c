"use client";
import { routeUrl, SweepId, type DatasetId, type DatasetPreview } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { CopyButton, Button, Group, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { dayOf } from "../bin/day-of";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { useDocumentTitle } from "../layout/use-document-title";
import { Problem } from "../problems/problem";
import css from "./datasets.module.css";

const number = (value: number | null): string => (value === null ? "" : Number(value.toPrecision(6)).toString());

/** Seconds since 1970 as an ISO date, with the time of day where there is one. */
const date = (seconds: number | null): string =>
  seconds === null ? "" : new Date(seconds * 1000).toISOString().replace(/T00:00:00\.000Z$|\.\d+Z$/, "");

const shownCategories = 10;
const moreCategories = (count: number): string => (count > 0 ? ` and ${formatCount(count)} more` : "");

/** One dataset: its columns with types and figures, where values are missing, its first rows, and who uses it. */
export function DatasetPage({ id }: { id: DatasetId }) {
  const query = useQuery(routeQuery("getDataset", { params: { dataset: id } }));
  useDocumentTitle(query.data?.name ?? "Dataset");
  if (query.data === undefined)
    return query.error ? (
      <Problem error={query.error} what="The dataset" onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={240} role="status" aria-busy="true" aria-label="Loading" />
    );
  const dataset = query.data;
  return (
    <div className={css.page}>
      <p className={css.id}>
        <PageLink href="/datasets">Datasets</PageLink> / {dataset.name}
      </p>
      <Group justify="space-between">
        <h1>{dataset.name}</h1>
        <Group gap="xs">
          <CopyButton value={dataset.id}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy id"}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            component="a"
            href={routeUrl("", "getDatasetFile", { params: { dataset: dataset.id } })}
            download
          >
            Download
          </Button>
        </Group>
      </Group>
      <p className={css.id}>{dataset.id}</p>
      {dataset.binnedUntil !== null && (
        <p role="status">
          It is in the bin until {dayOf(dataset.binnedUntil)}: <PageLink href="/bin">restore it</PageLink> to see it in lists.
        </p>
      )}
      <TrainOnIt dataset={dataset} />
      <Fields dataset={dataset} />
      {dataset.missing.count > 0 && (
        <Panel title="Missing values" note={formatCount(dataset.missing.count)}>
          <p className={css.text}>
            {dataset.missing.first.map(({ row, column }) => `row ${row}, ${column}`).join("; ")}
            {dataset.missing.count > dataset.missing.first.length && " …"}
          </p>
        </Panel>
      )}
      <FirstRows dataset={dataset} />
      {dataset.sweeps.length > 0 && (
        <Panel title="Sweeps that name it" note={formatCount(dataset.sweeps.length)}>
          <ul className={css.sweeps}>
            {dataset.sweeps.map((sweep) => (
              <li key={sweep}>
                <SweepLink id={SweepId.parse(sweep)} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

/** A form for a sweep on the dataset, with a guess of what is predicted: the last column of its kind. */
function formFor(dataset: DatasetPreview, experiment: string, field?: { name: string; type: "number" | "category" }): string {
  const query = new URLSearchParams({ experiment, dataset: dataset.id });
  const guess = field && dataset.columns.findLast(({ type }) => type === field.type)?.name;
  // In an address a list is written with commas.
  if (field && guess !== undefined && !guess.includes(",")) query.set(field.name, guess);
  return `/sweeps/new?${query.toString()}`;
}

/** What can be learned from it, as sweeps to begin with. */
function TrainOnIt({ dataset }: { dataset: DatasetPreview }) {
  const has = (type: string) => dataset.columns.some((column) => column.type === type) || dataset.arrays.length > 0;
  const uses = [
    ...(has("number") ? [["Predict numbers", formFor(dataset, "dataset-regression", { name: "targets", type: "number" })]] : []),
    ...(has("category") || has("number")
      ? [["Predict a class", formFor(dataset, "dataset-classification", { name: "classColumn", type: "category" })]]
      : []),
    ["Compress it", formFor(dataset, "dataset-autoencoder")],
    ...(has("number") ? [["Find the law of its time series", formFor(dataset, "dataset-sindy")]] : []),
  ] as const;
  return (
    <Panel title="Train on this">
      <Group gap="xs">
        {uses.map(([title = "", href = ""], i) => (
          <Button key={title} variant={i === 0 ? "filled" : "default"} component={PageLink} href={href}>
            {title}
          </Button>
        ))}
      </Group>
    </Panel>
  );
}

/** Named by its id until its name is known. */
function SweepLink({ id }: { id: SweepId }) {
  const { data } = useQuery(routeQuery("getSweep", { params: { sweep: id } }));
  return <PageLink href={`/sweeps/${id}`}>{data?.name ?? id}</PageLink>;
}

function Fields({ dataset }: { dataset: DatasetPreview }) {
  const rows = [
    ...dataset.columns.map(({ type, note, ...column }) => ({
      ...column,
      kind: type,
      note,
      shown: type === "date" ? date : number,
    })),
    ...dataset.arrays.map(({ dtype, shape, ...array }) => ({
      ...array,
      kind: `${dtype} [${shape.join(", ")}]`,
      note: undefined,
      shown: number,
      categories: [],
      categoriesLeftOut: 0,
    })),
  ];
  return (
    <Panel title={dataset.format === "csv" ? "Columns" : "Arrays"} note={`${formatCount(dataset.rows)} rows`}>
      <ScrollTable label="Columns">
        <thead>
          <tr>
            {["Name", "Type", "Least", "Greatest", "Mean", "Missing", "Categories"].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, kind, note, shown, min, max, mean, missing, categories, categoriesLeftOut = 0 }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>{kind}</td>
              <td>{shown(min)}</td>
              <td>{shown(max)}</td>
              <td>{shown(mean)}</td>
              <td>{formatCount(missing)}</td>
              <td className={tables.wrap}>
                {note !== undefined && <>Kept, but no input: {note}.</>}
                {categories
                  .slice(0, shownCategories)
                  .map((category) => `${category.name} (${formatCount(category.count)})`)
                  .join(", ")}
                {moreCategories(categories.length + categoriesLeftOut - shownCategories)}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function FirstRows({ dataset }: { dataset: DatasetPreview }) {
  const width = dataset.preview[0]?.length ?? 0;
  const titles = Array.from({ length: width }, (_, i) => dataset.columns[i]?.name ?? `${dataset.arrays[0]?.name ?? ""}[${i}]`);
  return (
    <Panel title="First rows" note={formatCount(dataset.preview.length)}>
      <ScrollTable label="First rows">
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {dataset.preview.map((row, i) => (
            <tr key={i}>
              {row.map((value, j) => (
                <td key={j} data-missing={value === null || undefined}>
                  {value === null ? "missing" : typeof value === "number" ? number(value) : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}
