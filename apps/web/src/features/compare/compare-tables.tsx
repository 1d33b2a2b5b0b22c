"use client";
import type { Comparison } from "@basin/contracts";
import {
  exactNumber,
  formatInterval,
  formatNumber,
  formatParameter,
  formatPercent,
  LineSwatch,
  missing,
  RunStateLabel,
} from "@basin/ui";
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

type Metric = Comparison["metrics"][number];

/** The usual level, and no more than that: a table of many metrics has some by chance. */
const significant = 0.05;

/** Whether a group is better than the baseline by more than chance; null: that is not shown, or the metric has no better side. */
function verdictOf({ tests, better }: Metric, item: number): "better" | "worse" | null {
  const test = tests[item];
  if (!test || test.p >= significant || test.delta === 0 || better === null) return null;
  return test.delta < 0 === (better === "lower") ? "better" : "worse";
}

/** What a test says of an item against the baseline. */
function testText(metric: Metric, item: number): string {
  const test = metric.tests[item];
  if (!test) return "";
  const p = test.p < 0.001 ? "p < 0.001" : `p = ${test.p.toFixed(3)}`;
  return test.p < significant ? (verdictOf(metric, item) ?? "differs") + `, ${p}` : `no difference shown, ${p}`;
}

export interface CompareMetricsProps extends TableProps {
  onBaseline: (item: number) => void;
  onRemove: (item: number) => void;
}

/** Final figures of every item with their differences to the baseline, which is the first. */
export function CompareMetrics({ comparison, labels, onBaseline, onRemove }: CompareMetricsProps) {
  return (
    <Panel
      title="Metrics"
      note={`median, and mean with its 95 % interval, tested (Mann–Whitney) against the baseline: ${labels[0] ?? ""}`}
    >
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
              {metric.statistics.map((statistics, i) => (
                <td key={i} className={tables.right} title={exactNumber(statistics.mean)}>
                  {metric.categories ? (
                    <Classes names={metric.categories} counts={metric.counts[i] ?? []} />
                  ) : (
                    <>
                      {formatNumber(statistics.n > 1 ? statistics.median : statistics.mean)}
                      {statistics.n > 1 && statistics.typical && (
                        <div className={css.delta}>
                          {statistics.typical.scale === "log" ? "geometric mean" : "mean"}{" "}
                          {formatInterval(statistics.typical.centre, statistics.typical.low, statistics.typical.high, 3)}
                        </div>
                      )}
                      {i > 0 && (
                        <div className={`${css.delta ?? ""} ${css[verdictOf(metric, i) ?? ""] ?? ""}`}>{testText(metric, i)}</div>
                      )}
                    </>
                  )}
                </td>
              ))}
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

/** Runs in each class that any is in. */
function Classes({ names, counts }: { names: readonly string[]; counts: readonly number[] }) {
  const there = names.flatMap((name, i) => ((counts[i] ?? 0) > 0 ? [`${name} ${counts[i] ?? 0}`] : []));
  return <>{there.length === 0 ? missing : there.join(" · ")}</>;
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
