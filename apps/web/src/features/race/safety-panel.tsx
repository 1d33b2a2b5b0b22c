"use client";
import { Stopping, type ExperimentDescriptor, type Sweep, messageOf } from "@basin/contracts";
import { formatNumber } from "@basin/ui";
import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import css from "./race.module.css";

/** Replays what a stopping rule would have stopped of the sweep, and whether it would have lost the best. */
export function SafetyPanel({ sweep, experiment }: { sweep: Sweep; experiment: ExperimentDescriptor }) {
  const series = experiment.metrics.filter((metric) => metric.series);
  const first = series.find(({ name }) => name === sweep.objective.metric) ?? series[0];
  const [rule, setRule] = useState<Stopping["rule"]>(sweep.spec.stopping?.rule ?? "asha");
  const [metric, setMetric] = useState(sweep.spec.stopping?.metric ?? first?.name ?? "");
  const check = useMutation({
    mutationFn: () =>
      api("checkSafe", {
        params: { sweep: sweep.id },
        body: { ...(sweep.spec.stopping ?? Stopping.parse({ rule })), rule, metric },
      }),
  });
  if (!first) return null;
  return (
    <Panel title="Would a stopping rule have been safe?" note="replayed on the runs of this sweep; nothing is changed">
      <div className={css.decide}>
        <Select
          label="Rule"
          size="xs"
          allowDeselect={false}
          data={[...Stopping.shape.rule.options]}
          value={rule}
          onChange={(next) => next !== null && setRule(next)}
        />
        <Select
          label="Reported series"
          size="xs"
          allowDeselect={false}
          data={series.map(({ name, title }) => ({ value: name, label: title }))}
          value={metric}
          onChange={(next) => next !== null && setMetric(next)}
        />
        <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Replay
        </Button>
        <p role="status">{check.error ? messageOf(check.error) : (check.data?.reading ?? "")}</p>
      </div>
      {check.data && check.data.best.length > 0 && (
        <ScrollTable label="The best runs under the rule">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col" className={tables.right}>
                {sweep.objective.metric}
              </th>
              <th scope="col">Under the rule</th>
            </tr>
          </thead>
          <tbody>
            {check.data.best.map(({ run, value, stoppedAt, reason }) => (
              <tr key={run}>
                <th scope="row">
                  <PageLink href={`/runs/${run}`}>{run}</PageLink>
                </th>
                <td className={tables.right}>{value === null ? "–" : formatNumber(value)}</td>
                <td className={tables.wrap}>
                  {stoppedAt === null ? "kept" : `stopped at ${experiment.stepUnit} ${stoppedAt}: ${reason ?? ""}`}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}
