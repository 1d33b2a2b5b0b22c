"use client";
import type { ExperimentDescriptor, Sweep, Trial } from "@basin/contracts";
import { formatCount, progressOf } from "@basin/ui";
import { NativeSelect, SegmentedControl, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { curvesQuery, seriesQuery } from "@/api-client/queries";
import { Panel } from "../layout/panel";
import { Problem, StaleNotice } from "../problems/problem";
import type { GroupLooks } from "../sweep/groups";
import { shortTitle, withinSentence } from "../sweep/metric-title";
import { CurveChart } from "./curve-chart";
import { curvesOfGroups, curvesOfRuns } from "./curve-data";
import css from "./curves.module.css";

const runLimit = 200;
const groupLimit = 50;
const bands = [
  { value: "ci", label: "95 % confidence of the mean" },
  { value: "std", label: "± standard deviation" },
  { value: "iqr", label: "middle half" },
  { value: "range", label: "lowest to highest" },
] as const;
type Band = (typeof bands)[number]["value"];

export interface CurvePanelProps {
  sweep: Sweep;
  experiment: ExperimentDescriptor;
  trials: readonly Trial[];
  looks: GroupLooks;
}

/** Metric curves of a sweep while they grow: a line per run, or mean and band per configuration. */
export function CurvePanel({ sweep, experiment, trials, looks }: CurvePanelProps) {
  const metrics = experiment.metrics.filter((metric) => metric.series);
  const [chosen, setChosen] = useState<string | null>(null);
  const [view, setView] = useState<"groups" | "runs">("groups");
  const [band, setBand] = useState<Band>("ci");
  const [log, setLog] = useState<boolean | null>(null);
  const metric = metrics.find(({ name }) => name === chosen) ?? metrics[0];
  const scale = (log ?? metric?.scale === "log") ? "log" : "linear";
  const name = metric?.name ?? "";
  const groups = useQuery({
    ...curvesQuery(sweep.id, { metric: name, band, scale, groupBy: [...looks.names], limit: groupLimit }),
    enabled: view === "groups" && metric !== undefined,
  });
  const runs = useQuery({
    ...seriesQuery(sweep.id, { metric: name, limit: runLimit }),
    enabled: view === "runs" && metric !== undefined,
  });
  const query = view === "groups" ? groups : runs;
  const curves = useMemo(() => {
    if (view === "groups") return groups.data?.metric === name ? curvesOfGroups(groups.data.groups, looks) : [];
    return runs.data?.metric === name ? curvesOfRuns(runs.data.runs, name, trials, looks) : [];
  }, [view, groups.data, runs.data, name, trials, looks]);
  if (!metric) return null;
  const title = shortTitle(metrics, name);
  const { known } = progressOf(sweep.counts);
  const waiting = query.data?.metric !== name;
  const note =
    view === "runs"
      ? curves.length >= runLimit && known > runLimit
        ? `The first ${runLimit} of ${formatCount(known)} runs; drag to zoom`
        : "Each line is one run; drag to zoom"
      : curves.length >= groupLimit
        ? `The ${groupLimit} best groups; drag to zoom`
        : `Line: mean over initializations${scale === "log" ? ", taken on the logarithm" : ""}; drag to zoom`;
  return (
    <Panel
      title="Curves"
      actions={
        <div className={css.controls}>
          <SegmentedControl
            size="xs"
            aria-label="Lines"
            data={[
              { value: "groups", label: "By configuration" },
              { value: "runs", label: "Per run" },
            ]}
            value={view}
            onChange={(value) => setView(value === "runs" ? "runs" : "groups")}
          />
          {metrics.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Metric"
              data={metrics.map(({ name: value, title }) => ({ value, label: title }))}
              value={name}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
          )}
          <NativeSelect
            size="xs"
            aria-label="Band"
            data={[...bands]}
            value={band}
            disabled={view === "runs"}
            onChange={(event) => setBand(bands.find(({ value }) => value === event.currentTarget.value)?.value ?? "ci")}
          />
          <Switch
            size="sm"
            label="Log axis"
            checked={scale === "log"}
            onChange={(event) => setLog(event.currentTarget.checked)}
          />
        </div>
      }
    >
      {query.error && query.data === undefined ? (
        <Problem error={query.error} what="The curves" onRetry={() => void query.refetch()} />
      ) : (
        <>
          <StaleNotice error={query.error} />
          <CurveChart
            curves={curves}
            x={{ label: experiment.stepUnit, unit: "" }}
            y={{ label: title, unit: metric.unit }}
            scale={scale}
            title={`${sweep.name}: ${title}`}
            empty={
              waiting
                ? "Reading …"
                : `No run has reported ${withinSentence(title)} yet. The curves appear here as soon as the first one does.`
            }
            note={note}
          />
        </>
      )}
    </Panel>
  );
}
