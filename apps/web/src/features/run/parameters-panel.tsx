"use client";
import { DatasetId, type AppliedParameters } from "@basin/contracts";
import { formatParameter } from "@basin/ui";
import { Button, CopyButton, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { type schemaFields, unitText } from "../catalog/schema-fields";
import css from "./run.module.css";

export interface ParametersPanelProps {
  parameters: AppliedParameters;
  defaults: AppliedParameters;
  /** In the order in which they are shown. */
  names: readonly string[];
  fields: ReadonlyMap<string, ReturnType<typeof schemaFields>[number]>;
  isSwept: (name: string) => boolean;
}

/** The run's configuration; what differs from the experiment's defaults stands out, with the default beside it. */
export function ParametersPanel({ parameters, defaults, names, fields, isSwept }: ParametersPanelProps) {
  const [onlyChanged, setOnlyChanged] = useState(false);
  const changed = (name: string) =>
    parameters[name] !== null && name in defaults && JSON.stringify(parameters[name]) !== JSON.stringify(defaults[name]);
  const shown = onlyChanged ? names.filter((name) => changed(name) || isSwept(name)) : names;
  return (
    <Panel
      title="Parameters"
      actions={
        <>
          <Switch
            size="sm"
            label="Differences only"
            checked={onlyChanged}
            onChange={(event) => setOnlyChanged(event.currentTarget.checked)}
          />
          <CopyButton value={JSON.stringify(parameters, null, 2)}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy JSON"}
              </Button>
            )}
          </CopyButton>
        </>
      }
    >
      <table className={tables.table}>
        <tbody>
          {shown.map((name) => (
            <tr key={name} className={changed(name) ? css.changed : undefined}>
              <th scope="row" title={name} className={tables.wrap} style={{ minWidth: 0, width: "50%" }}>
                {fields.get(name)?.title ?? name}
                {isSwept(name) && <span className={css.swept}>swept</span>}
              </th>
              <td className={`${tables.right} ${tables.wrap}`} style={{ minWidth: 0 }}>
                {parameters[name] === null ? (
                  <span className={css.default}>does not apply</span>
                ) : (
                  <>
                    <Value value={parameters[name]} /> {unitText(fields.get(name)?.unit ?? "", parameters[name])}
                  </>
                )}
                {changed(name) && <div className={css.default}>default {formatParameter(defaults[name])}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** A dataset goes by the name of its file and leads to its page. */
function Value({ value }: { value: unknown }) {
  const dataset = DatasetId.safeParse(value);
  return dataset.success ? <DatasetLink id={dataset.data} /> : formatParameter(value);
}

function DatasetLink({ id }: { id: DatasetId }) {
  const { data } = useQuery(routeQuery("getDataset", { params: { dataset: id } }));
  return (
    <PageLink href={`/datasets/${id}`} title={id}>
      {data?.name ?? formatParameter(id)}
    </PageLink>
  );
}
