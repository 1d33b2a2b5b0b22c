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

function Metrics({ experiment }: { experiment: ExperimentDescriptor }) {
  return (
    <Panel title="What its runs report">
      <div className={tables.scroll} tabIndex={0} role="region" aria-label="Metrics">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">When</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {experiment.metrics.map(({ name, title, description, series, final, unit }) => (
              <tr key={name}>
                <th scope="row" className={tables.wrap} style={{ minWidth: 120 }}>
                  {title}
                  {unit === "" ? "" : ` (${unit})`}
                  <div className={css.soft}>
                    <code>{name}</code>
                  </div>
                </th>
                <td>{[...(series ? ["curve"] : []), ...(final ? ["end"] : [])].join(", ")}</td>
                <td className={tables.wrap}>{description ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {experiment.plots.length > 0 && (
        <p className={css.soft}>Pictures of each run: {experiment.plots.map(({ title }) => title).join(", ")}.</p>
      )}
    </Panel>
  );
}

function Parameters({ experiment }: { experiment: ExperimentDescriptor }) {
  return (
    <Panel title="Parameters">
      <div className={tables.scroll} tabIndex={0} role="region" aria-label="Parameters">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">Default</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {schemaFields(experiment.parameters).map(({ name, title, description, unit }) => (
              <tr key={name}>
                <th scope="row" className={tables.wrap} style={{ minWidth: 120 }}>
                  {title}
                  <div className={css.soft}>
                    <code>{name}</code>
                  </div>
                </th>
                <td className={tables.wrap} style={{ minWidth: 90 }}>
                  {formatParameter(experiment.defaults[name])} {unitText(unit, experiment.defaults[name])}
                </td>
                <td className={tables.wrap}>{description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
