"use client";
import type { MetricDescriptor } from "@basin/contracts";
import type { Curve } from "@basin/ui";
import { NativeSelect, Switch } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { routeQuery } from "@/api-client/route-query";
import { CurveChart } from "../curves/curve-chart";
import { Panel } from "../layout/panel";
import { Problem } from "../problems/problem";
import { shortTitle } from "../catalog/metric-title";
import type { Band, CompareState } from "./compare-url";
import css from "./compare.module.css";

const bands: readonly { value: Band; label: string }[] = [
  { value: "ci", label: "95 % confidence of the mean" },
  { value: "std", label: "± standard deviation" },
  { value: "iqr", label: "middle half" },
  { value: "range", label: "lowest to highest" },
];

export interface CompareCurvesProps {
  state: CompareState;
  labels: readonly string[];
  metrics: readonly MetricDescriptor[];
  stepUnit: string;
  onChange: (part: Partial<CompareState>) => void;
}

/** One metric of all items over each other; an item of several runs has a band. */
export function CompareCurves({ state, labels, metrics, stepUnit, onChange }: CompareCurvesProps) {
  const series = metrics.filter((metric) => metric.series);
  const metric = series.find(({ name }) => name === state.metric) ?? series[0];
  const name = metric?.name ?? "";
  const band = state.band ?? "ci";
  const scale = (state.log ?? metric?.scale === "log") ? "log" : "linear";
  const query = useQuery({
    ...routeQuery("compareCurves", { body: { items: [...state.items], metric: name, band, scale } }),
    enabled: metric !== undefined,
    placeholderData: keepPreviousData,
  });
  const curves = useMemo(
    () =>
      (query.data?.items ?? []).flatMap((item, i): Curve[] => {
        if (item.steps.length === 0) return [];
        const label = labels[i] ?? String(i + 1);
        return [
          {
            id: `${i} ${label}`,
            label,
            group: label,
            style: i,
            steps: item.steps,
            values: item.mean,
            ...(item.runs > 1 ? { band: { low: item.low, high: item.high } } : {}),
            note: (at: number) => (item.n.length === 0 ? "" : `n = ${item.n[at] ?? 0} of ${item.of}`),
          },
        ];
      }),
    [query.data, labels],
  );
  if (!metric) return null;
  const title = shortTitle(metrics, name);
  return (
    <Panel
      title="Curves"
      actions={
        <div className={css.controls}>
          <NativeSelect
            size="xs"
            aria-label="Metric"
            data={series.map(({ name: value, title: label }) => ({ value, label }))}
            value={name}
            onChange={(event) => onChange({ metric: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            aria-label="Band"
            data={[...bands]}
            value={band}
            onChange={(event) =>
              onChange({ band: bands.find(({ value }) => value === event.currentTarget.value)?.value ?? "ci" })
            }
          />
          <Switch
            size="sm"
            label="Log axis"
            checked={scale === "log"}
            onChange={(event) => onChange({ log: event.currentTarget.checked })}
          />
        </div>
      }
    >
      {query.error && !query.data ? (
        <Problem error={query.error} what="The curves" onRetry={() => void query.refetch()} />
      ) : (
        <CurveChart
          curves={curves}
          x={{ label: stepUnit, unit: "" }}
          y={{ label: title, unit: metric.unit }}
          scale={scale}
          title={`Compared: ${title}`}
          empty={query.isPending ? "Reading …" : `None of these has reported ${title}.`}
          note={`Line: mean over the item's runs${scale === "log" ? ", taken on the logarithm" : ""}; drag to zoom`}
        />
      )}
    </Panel>
  );
}
