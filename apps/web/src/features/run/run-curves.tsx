"use client";
import { type MetricDescriptor, type RunDetail, timeMetric } from "@basin/contracts";
import type { Curve } from "@basin/ui";
import { Skeleton, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { routeQuery } from "@/api-client/route-query";
import { CurveChart } from "../curves/curve-chart";
import { Panel } from "../layout/panel";
import { Problem, StaleNotice } from "../problems/problem";
import { shortTitle } from "../catalog/metric-title";
import { secondsPerStep } from "./seconds-per-step";
import css from "./run.module.css";

export interface RunCurvesProps {
  run: RunDetail;
  metrics: readonly MetricDescriptor[];
  stepUnit: string;
}

/** One chart per metric of the run, and one of the time that its steps took. */
export function RunCurves({ run, metrics, stepUnit }: RunCurvesProps) {
  const query = useQuery(routeQuery("getRunMetrics", { params: { run: run.id }, query: { points: 2000 } }));
  if (query.data === undefined) {
    return query.error ? (
      <Problem error={query.error} what="The curves" onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={320} />
    );
  }
  const series = query.data.series.filter(({ metric }) => metric !== timeMetric);
  if (series.length === 0) {
    return (
      <Panel title="Curves">
        <p className={css.empty}>This run has reported nothing yet.</p>
      </Panel>
    );
  }
  const clock = query.data.series.find(({ metric }) => metric === timeMetric);
  const took = clock ? secondsPerStep(clock.steps, clock.values) : null;
  const order = (name: string) => {
    const at = metrics.findIndex((metric) => metric.name === name);
    return at < 0 ? metrics.length : at;
  };
  return (
    <>
      <StaleNotice error={query.error} />
      <div className={css.charts}>
        {[...series]
          .sort((a, b) => order(a.metric) - order(b.metric))
          .map((each) => (
            <MetricChart
              key={each.metric}
              run={run.id}
              name={each.metric}
              descriptor={metrics.find(({ name }) => name === each.metric) ?? null}
              steps={each.steps}
              values={each.values}
              stored={each.points}
              stepUnit={stepUnit}
            />
          ))}
        {took && took.steps.length > 1 ? (
          <MetricChart
            run={run.id}
            name="secondsPerStep"
            descriptor={timeDescriptor(stepUnit)}
            steps={took.steps}
            values={took.values}
            stored={took.steps.length}
            stepUnit={stepUnit}
          />
        ) : null}
      </div>
    </>
  );
}

/** Of the machine, not of the network: a run that trained beside others in a pack shares its steps with them. */
const timeDescriptor = (stepUnit: string): MetricDescriptor => ({
  name: "secondsPerStep",
  title: `Time per ${stepUnit}`,
  unit: "s",
  series: true,
  final: false,
  scale: "linear",
});

interface MetricChartProps {
  run: string;
  name: string;
  descriptor: MetricDescriptor | null;
  steps: readonly number[];
  values: readonly (number | null)[];
  stored: number;
  stepUnit: string;
}

function MetricChart({ run, name, descriptor, steps, values, stored, stepUnit }: MetricChartProps) {
  const [log, setLog] = useState<boolean | null>(null);
  const logarithmic = log ?? descriptor?.scale === "log";
  const title = shortTitle(descriptor ? [descriptor] : [], name);
  const curves = useMemo<Curve[]>(
    () => (steps.length === 0 ? [] : [{ id: name, label: title, group: title, style: 0, steps, values }]),
    [name, title, steps, values],
  );
  return (
    <Panel
      title={title}
      actions={
        <Switch size="sm" label="Log axis" checked={logarithmic} onChange={(event) => setLog(event.currentTarget.checked)} />
      }
    >
      <CurveChart
        curves={curves}
        x={{ label: stepUnit, unit: "" }}
        y={{ label: title, unit: descriptor?.unit ?? "" }}
        scale={logarithmic ? "log" : "linear"}
        title={`Run ${run}: ${title}`}
        height={280}
        empty="No values yet."
        note={stored > steps.length ? `${steps.length} of ${stored} points` : `${stored} points`}
      />
    </Panel>
  );
}
