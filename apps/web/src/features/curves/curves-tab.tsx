"use client";
import { formatCount, preloadCharts, progressOf } from "@basin/ui";
import { SegmentedControl, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { routeQuery } from "@/api-client/route-query";
import { unpackedCurves } from "@/api-client/unpacked-curves";
import { Panel } from "../layout/panel";
import { Problem, StaleNotice } from "../problems/problem";
import { Choice } from "../sweep-parts/choice";
import { shortTitle, withinSentence } from "../catalog/metric-title";
import css from "../sweep-parts/sweep-parts.module.css";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { CurveChart } from "./curve-chart";
import { bandCaption } from "./band-caption";
import { abscissae, bands, centres, chosen, groupLimits, smoothings, views } from "./curve-choices";
import { curvesOfGroups, curvesOfMembers, curvesOfRuns, sampledNote } from "./curve-data";
import own from "./curves.module.css";
import { GroupBy } from "./group-by";
import { smoothedCurve } from "./smoothing";

preloadCharts();

const runLimit = 200;
const memberLimit = 100;

/** Metric curves of a sweep while they grow: centre and band per group of runs, or a line per run. */
export function CurvesTab({ sweep, experiment, trials, varied, looks, url }: SweepTabProps) {
  const metrics = experiment.metrics.filter((metric) => metric.series);
  const metric = metrics.find(({ name }) => name === url.get("metric")) ?? metrics[0];
  const name = metric?.name ?? "";
  const view = chosen(views, url.get("view"));
  const band = chosen(bands, url.get("band"));
  const centre = chosen(centres, url.get("centre"));
  const factor = chosen(smoothings, url.get("ema"));
  const limit = chosen(groupLimits, url.get("groups"));
  const x = chosen(abscissae, url.get("x"));
  const log = url.get("log");
  const scale = (log === null ? metric?.scale === "log" : log === "1") ? "log" : "linear";
  const xScale = url.get("logx") === "1" ? "log" : "linear";
  const groups = useQuery({
    ...routeQuery("getPackedCurves", {
      params: { sweep: sweep.id },
      query: {
        metric: name,
        band: band === "none" ? "ci" : band,
        centre,
        scale,
        x,
        groupBy: [...looks.names],
        limit: Number(limit),
        points: limit === "1000" ? 100 : 300,
      },
    }),
    select: unpackedCurves,
    enabled: view === "groups" && metric !== undefined,
  });
  const runs = useQuery({
    ...routeQuery("getSweepSeries", { params: { sweep: sweep.id }, query: { metric: name, limit: runLimit, x } }),
    enabled: view === "runs" && metric !== undefined,
  });
  const listed = useMemo(
    () =>
      (groups.data?.groups ?? []).map(({ group }) => ({
        value: JSON.stringify(group),
        label: looks.nameOf(group),
        group,
      })),
    [groups.data, looks],
  );
  const opened = view === "groups" ? listed.find(({ value }) => value === url.get("members")) : undefined;
  const members = useQuery({
    ...routeQuery("getCurveMembers", {
      params: { sweep: sweep.id },
      query: { metric: name, group: JSON.stringify(opened?.group ?? {}), limit: memberLimit, x },
    }),
    enabled: opened !== undefined,
  });
  const query = view === "groups" ? groups : runs;
  const curves = useMemo(() => {
    const drawn =
      view === "runs"
        ? runs.data?.metric === name && runs.data.x === x
          ? curvesOfRuns(runs.data.runs, name, trials, looks)
          : []
        : groups.data?.metric === name && groups.data.x === x
          ? [
              ...(opened && members.data?.metric === name && members.data.x === x
                ? curvesOfMembers(members.data.runs, name, opened.group, looks)
                : []),
              ...curvesOfGroups(groups.data.groups, looks, band !== "none"),
            ]
          : [];
    return drawn.map((curve) => smoothedCurve(curve, Number(factor), scale));
  }, [view, groups.data, runs.data, name, trials, looks, opened, members.data, band, factor, scale, x]);
  if (!metric) {
    return (
      <Panel title="Curves">
        <p className={own.empty}>This experiment reports no metric while it trains; its figures are in the other tabs.</p>
      </Panel>
    );
  }
  const title = shortTitle(metrics, name);
  const { known } = progressOf(sweep.counts);
  const waiting = query.data?.metric !== name || query.data.x !== x;
  const notes = [
    view === "runs"
      ? known > runLimit
        ? `The first ${runLimit} of ${formatCount(known)} runs that started, a line each`
        : "A line per run"
      : `Line: ${centre} over the group's runs${scale === "log" ? ", taken on the logarithm" : ""}`,
    ...(view === "groups" ? sampledNote(groups.data?.groups ?? []) : []),
    ...(view === "groups" && (groups.data?.more ?? 0) > 0
      ? [`the best ${formatCount(listed.length)} of ${formatCount(listed.length + (groups.data?.more ?? 0))} groups`]
      : []),
    ...(opened && members.data
      ? [`${formatCount(members.data.runs.length)} of ${formatCount(members.data.of)} members of ${opened.label}`]
      : []),
    ...(factor === "0"
      ? []
      : [
          `smoothed: exponential moving average with factor ${factor}${scale === "log" ? " of the logarithms" : ""}, bands alike`,
        ]),
    ...(x === "time" ? ["seconds of training of the pack that a run was part of"] : []),
    "drag to zoom",
  ];
  const flag = (field: string, on: boolean) => url.set({ [field]: on ? "1" : "0" });
  return (
    <div className={css.stack}>
      <div className={css.bar}>
        <GroupBy
          parameters={[...varied, "seed"]}
          chosen={looks.names}
          titleOf={looks.titleOf}
          onChange={(names) => url.set({ by: names, members: null })}
        />
      </div>
      <Panel
        title="Curves"
        actions={
          <div className={own.controls}>
            <SegmentedControl
              size="xs"
              aria-label="Lines"
              data={[...views]}
              value={view}
              onChange={(value) => url.set({ view: value === "groups" ? null : value })}
            />
            {metrics.length > 1 && (
              <Choice
                label="Metric"
                options={metrics.map(({ name: value, title: label }) => ({ value, label }))}
                value={name}
                onChange={(value) => url.set({ metric: value, log: null })}
              />
            )}
            {view === "groups" && (
              <>
                <Choice label="Line" options={centres} value={centre} onChange={(value) => url.set({ centre: value })} />
                <Choice label="Band" options={bands} value={band} onChange={(value) => url.set({ band: value })} />
                <Choice
                  label="Number of groups"
                  options={groupLimits}
                  value={limit}
                  onChange={(value) => url.set({ groups: value })}
                />
                <Choice
                  label="Members"
                  options={[
                    { value: "", label: "No members" },
                    ...listed.map(({ value, label }) => ({ value, label: `Members of ${label}` })),
                  ]}
                  value={opened?.value ?? ""}
                  onChange={(value) => url.set({ members: value === "" ? null : value })}
                />
              </>
            )}
            <Choice
              label="Horizontal axis"
              options={abscissae.map(({ value, label }) => ({
                value,
                label: value === "step" ? `By ${experiment.stepUnit}` : label,
              }))}
              value={x}
              onChange={(value) => url.set({ x: value === "step" ? null : value })}
            />
            <Choice label="Smoothing" options={smoothings} value={factor} onChange={(value) => url.set({ ema: value })} />
            <Switch
              size="sm"
              label="Log axis"
              checked={scale === "log"}
              onChange={(event) => flag("log", event.currentTarget.checked)}
            />
            <Switch
              size="sm"
              label={`Log ${x === "time" ? "time" : experiment.stepUnit}`}
              checked={xScale === "log"}
              onChange={(event) => flag("logx", event.currentTarget.checked)}
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
              x={x === "time" ? { label: "training time", unit: "s" } : { label: experiment.stepUnit, unit: "" }}
              y={{ label: title, unit: metric.unit }}
              scale={scale}
              xScale={xScale}
              height={440}
              title={`${sweep.name}: ${title}`}
              empty={
                waiting
                  ? "Reading …"
                  : x === "time"
                    ? "No run has told when it reached its steps: runs of older trainers have no times."
                    : `No run has reported ${withinSentence(title)} yet. The curves appear here as soon as the first one does.`
              }
              note={notes.join("; ")}
              caption={
                view === "groups"
                  ? bandCaption(groups.data?.groups.flatMap(({ runs: n }) => (n > 0 ? [n] : [])) ?? [], {
                      centre,
                      band,
                      logarithmic: scale === "log",
                    })
                  : `One line per run (n = ${curves.length}).`
              }
            />
          </>
        )}
      </Panel>
    </div>
  );
}
