"use client";
import type { ExperimentDescriptor } from "@basin/contracts";
import { formatParameter } from "@basin/ui";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { schemaFields, unitText } from "../catalog/schema-fields";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { useDocumentTitle } from "../layout/use-document-title";
import { Problem } from "../problems/problem";
import { Description } from "./description";
import css from "./experiments.module.css";

/** One experiment: what it is, where it comes from, what success means, what its runs report, and a sweep that shows its lesson. */
export function ExperimentPage({ id }: { id: string }) {
  const query = useQuery(routeQuery("getExperiment", { params: { experiment: id } }));
  useDocumentTitle(query.data?.title ?? "Experiment");
  const experiment = query.data;
  if (experiment === undefined)
    return query.error ? (
      <Problem error={query.error} what="The experiment" onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={480} role="status" aria-busy="true" aria-label="Loading" />
    );
  const { defaultSweep, success, source, summary, title } = experiment;
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1>{title}</h1>
        <Button component={PageLink} href={`/sweeps/new?experiment=${id}`}>
          Sweep this
        </Button>
      </div>
      <Panel title="What it is" note={<code>{id}</code>}>
        <p>{summary}</p>
        <Description markdown={experiment.description} />
        <p className={css.soft}>Source: {source}.</p>
      </Panel>
      {success !== null && (
        <Panel title="Success" note={success.text}>
          <ul>
            {success.all.map(({ metric, op, value }) => (
              <li key={`${metric} ${op}`}>
                {experiment.metrics.find(({ name }) => name === metric)?.title ?? metric} {op === ">=" ? "≥" : "≤"} {value}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {defaultSweep.lesson !== "" && (
        <Panel title="A sweep to begin with">
          <p>{defaultSweep.lesson}</p>
        </Panel>
      )}
      <Metrics experiment={experiment} />
      <Parameters experiment={experiment} />
    </div>
  );
}

/** What a metric or a parameter is called, by its title and its name. */
interface Described {
  name: string;
  title: string;
  /** When a metric is reported, or the default of a parameter. */
  middle: string;
  description: string;
}

function DescribedTable({ label, titles, rows }: { label: string; titles: readonly string[]; rows: readonly Described[] }) {
  return (
    <div className={tables.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={tables.table}>
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
          {rows.map(({ name, title, middle, description }) => (
            <tr key={name}>
              <th scope="row" className={tables.wrap} style={{ minWidth: 120 }}>
                {title}
                <div className={css.soft}>
                  <code>{name}</code>
                </div>
              </th>
              <td className={tables.wrap} style={{ minWidth: 90 }}>
                {middle}
              </td>
              <td className={tables.wrap}>{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Metrics({ experiment }: { experiment: ExperimentDescriptor }) {
  const rows = experiment.metrics.map(({ name, title, description = "", series, final, unit }) => ({
    name,
    title: unit === "" ? title : `${title} (${unit})`,
    middle: [...(series ? ["curve"] : []), ...(final ? ["end"] : [])].join(", "),
    description,
  }));
  return (
    <Panel title="What its runs report">
      <DescribedTable label="Metrics" titles={["Metric", "When", "What"]} rows={rows} />
      {experiment.plots.length > 0 && (
        <p className={css.soft}>Pictures of each run: {experiment.plots.map(({ title }) => title).join(", ")}.</p>
      )}
    </Panel>
  );
}

function Parameters({ experiment }: { experiment: ExperimentDescriptor }) {
  const rows = schemaFields(experiment.parameters).map(({ name, title, description, unit }) => ({
    name,
    title,
    middle: `${formatParameter(experiment.defaults[name])} ${unitText(unit, experiment.defaults[name])}`,
    description,
  }));
  return (
    <Panel title="Parameters">
      <DescribedTable label="Parameters" titles={["Parameter", "Default", "What"]} rows={rows} />
    </Panel>
  );
}
