"use client";
import type { Comparison } from "@basin/contracts";
import { exactNumber, formatNumber, formatParameter, formatPercent, LineSwatch, missing, RunStateLabel } from "@basin/ui";
import { Button, Switch } from "@mantine/core";
import { Panel } from "../layout/panel";
import { PageLink } from "../layout/page-link";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import css from "./compare.module.css";

interface TableProps {
  comparison: Comparison;
  labels: readonly string[];
}

function Heads({ comparison, labels }: TableProps) {
  return comparison.items.map((item, i) => (
    <th key={i} scope="col" className={tables.right}>
      <span className={css.head}>
        <LineSwatch style={i} />
        <PageLink href={item.run ? `/runs/${item.run}` : `/sweeps/${item.sweep.id}`}>{labels[i]}</PageLink>
      </span>
    </th>
  ));
}

/** Whether a difference to the baseline is for the better; null: neither, or the metric has no better side. */
function verdictOf(delta: number | null | undefined, better: "lower" | "higher" | null): "better" | "worse" | null {
  if (typeof delta !== "number" || delta === 0 || better === null) return null;
  return delta < 0 === (better === "lower") ? "better" : "worse";
}

export interface CompareMetricsProps extends TableProps {
  onBaseline: (item: number) => void;
  onRemove: (item: number) => void;
}

/** Final figures of every item with their differences to the baseline, which is the first. */
export function CompareMetrics({ comparison, labels, onBaseline, onRemove }: CompareMetricsProps) {
  return (
    <Panel title="Metrics" note={`baseline: ${labels[0] ?? ""}`}>
      <ScrollTable label="Metrics">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <Heads comparison={comparison} labels={labels} />
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Runs</th>
            {comparison.items.map((item, i) => (
              <td key={i} className={tables.right}>
                {item.state ? <RunStateLabel state={item.state} /> : item.runs}
                {item.success && (
                  <div className={css.delta}>
                    {formatPercent(item.success.rate)} successful ({item.success.met} of {item.success.of})
                  </div>
                )}
              </td>
            ))}
          </tr>
          {comparison.metrics.map((metric) => (
            <tr key={metric.name}>
              <th scope="row" title={metric.name} className={css.name}>
                {metric.title}
                {metric.unit !== "" && ` (${metric.unit})`}
                {metric.better && <span className={css.delta}> {metric.better} is better</span>}
              </th>
              {metric.statistics.map((statistics, i) => {
                const delta = metric.deltas[i];
                const verdict = verdictOf(delta, metric.better);
                return (
                  <td key={i} className={tables.right} title={exactNumber(statistics.mean)}>
                    {formatNumber(statistics.mean)}
                    {statistics.n > 1 && statistics.std !== null && (
                      <span className={css.delta}> ± {formatNumber(statistics.std, 2)}</span>
                    )}
                    {i > 0 && typeof delta === "number" && (
                      <div className={`${css.delta ?? ""} ${verdict ? (css[verdict] ?? "") : ""}`}>
                        {delta > 0 ? "+" : ""}
                        {formatNumber(delta, 3)}
                        {verdict && ` ${verdict}`}
                      </div>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
          <tr>
            <td />
            {comparison.items.map((_, i) => (
              <td key={i} className={tables.right}>
                {i > 0 && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Make ${labels[i] ?? ""} the baseline`}
                    onClick={() => onBaseline(i)}
                  >
                    Baseline
                  </Button>
                )}{" "}
                <Button size="compact-xs" variant="default" aria-label={`Remove ${labels[i] ?? ""}`} onClick={() => onRemove(i)}>
                  Remove
                </Button>
              </td>
            ))}
          </tr>
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

export interface CompareParametersProps extends TableProps {
  onlyDifferences: boolean;
  onChange: (onlyDifferences: boolean) => void;
}

/** The items' parameters; rows that differ stand out. */
export function CompareParameters({ comparison, labels, onlyDifferences, onChange }: CompareParametersProps) {
  const shown = comparison.parameters.filter(({ differs }) => differs || !onlyDifferences);
  return (
    <Panel
      title="Parameters"
      actions={
        <Switch
          size="sm"
          label="Differences only"
          checked={onlyDifferences}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      }
    >
      {shown.length === 0 ? (
        <p className={tables.empty}>All parameters are equal.</p>
      ) : (
        <ScrollTable label="Parameters">
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <Heads comparison={comparison} labels={labels} />
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, title, unit, differs, values }) => (
              <tr key={name} className={differs ? css.differs : undefined}>
                <th scope="row" title={name} className={css.name}>
                  {title}
                  {unit !== "" && ` (${unit})`}
                </th>
                {values.map(({ value, many }, i) => (
                  <td key={i} className={tables.right}>
                    {many ? "several" : value === null ? missing : formatParameter(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}
