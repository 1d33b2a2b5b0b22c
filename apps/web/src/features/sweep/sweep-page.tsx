"use client";
import type { SweepId } from "@basin/contracts";
import { loadedLater, preloadPlots } from "@basin/ui";
import { Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, useEffect, useMemo, useState } from "react";
import { isNotFound } from "@/api-client/api";
import { routeQuery } from "@/api-client/route-query";
import { firstTrials } from "../sweep-parts/first-questions";
import { WaitingNotice } from "../builds/waiting-notice";
import { useChosenDigits } from "../layout/preferences";
import { Toasts } from "../layout/toasts";
import { useDocumentTitle } from "../layout/use-document-title";
import { useLive } from "../live/use-live";
import { Notice, Problem, StaleNotice } from "../problems/problem";
import { parameterTitle } from "../catalog/parameter-title";
import { GroupLooks, variedParameters } from "../sweep-parts/groups";
import { SweepHeader } from "./sweep-header";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { useSweepUrl } from "../sweep-parts/sweep-url";

const loading = () => <Skeleton height={520} role="status" aria-busy="true" aria-label="Loading" />;

type Tab = ComponentType<SweepTabProps>;

const tab = (name: string, title: string, load: () => Promise<Tab>) => ({
  name,
  title,
  ...loadedLater(load),
});

/** Each tab's code is loaded when it is opened, or before that when nothing else is to be done. */
const tabs = [
  tab("overview", "Overview", () => import("../overview/overview-tab").then((module) => module.OverviewTab)),
  tab("curves", "Curves", () => import("../curves/curves-tab").then((module) => module.CurvesTab)),
  tab("parameters", "Parameters", () => import("../parameters/parameters-tab").then((module) => module.ParametersTab)),
  tab("initializations", "Initializations", () =>
    import("../initializations/initializations-tab").then((module) => module.InitializationsTab),
  ),
  tab("execution", "Execution", () => import("../overview/execution-tab").then((module) => module.ExecutionTab)),
  tab("runs", "Runs", () => import("../runs-table/runs-tab").then((module) => module.RunsTab)),
];

const tabOf = (name: string | null) => tabs.find((one) => one.name === name) ?? tabs[0];

// A page that is opened at a tab fetches its code beside its data, before anything is drawn.
if (typeof window !== "undefined" && window.location.pathname.startsWith("/sweeps/"))
  tabOf(new URLSearchParams(window.location.search).get("tab"))?.preload();

/** How long an opened page is left alone before the other tabs' code and data are fetched. */
const restMilliseconds = 4000;

/** Whether the page has been left alone for long enough; the other tabs' code is then there or on its way. */
function useRested(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const { preload } of tabs) preload();
      preloadPlots();
      setRested(true);
    }, restMilliseconds);
    return () => clearTimeout(timer);
  }, []);
  return rested;
}

export interface SweepPageProps {
  id: SweepId;
  /** A tab whose code is there already, so that it is drawn with the page; by default each tab comes by itself. */
  ready?: { name: string; Content: Tab };
}

export function SweepPage({ id, ready }: SweepPageProps) {
  const sweep = useQuery(routeQuery("getSweep", { params: { sweep: id } }));
  useLive(id, !isNotFound(sweep.error));
  const named = sweep.data && { experiment: sweep.data.spec.experiment };
  const experiment = useQuery(routeQuery("getExperiment", named ? { params: named } : null));
  const url = useSweepUrl();
  const open = tabOf(url.get("tab"));
  const rested = useRested();
  // The table of runs shows none of them.
  const trials = useQuery({ ...routeQuery("listTrials", firstTrials(id)), enabled: rested || open?.name !== "runs" });
  useChosenDigits();
  useDocumentTitle(sweep.data?.name);

  const spec = sweep.data?.spec;
  const described = experiment.data ?? null;
  const varied = useMemo(() => (spec ? variedParameters(spec, described) : []), [spec, described]);
  const by = url.get("by");
  const names = useMemo(() => url.list("by") ?? varied, [by, varied]);
  const items = trials.data?.items;
  const looks = useMemo(
    () => new GroupLooks(items ?? [], names, (name) => parameterTitle(described, name)),
    [items, names, described],
  );

  if (sweep.data === undefined) {
    return sweep.error ? (
      <Problem error={sweep.error} what="This sweep" onRetry={() => void sweep.refetch()} />
    ) : (
      <Skeleton height={160} role="status" aria-busy="true" aria-label="Loading" />
    );
  }
  const given = experiment.data && { sweep: sweep.data, experiment: experiment.data, trials: items ?? [], varied, looks, url };
  return (
    <>
      <Toasts />
      <StaleNotice error={sweep.error} />
      <SweepHeader sweep={sweep.data} experiment={described} />
      {sweep.data.parked !== null && (
        <Notice title="Paused by itself">
          <p>
            {sweep.data.parked}. Nothing is lost: what trains goes on to its end, and Resume tries the same step of the search
            again.
          </p>
        </Notice>
      )}
      <WaitingNotice sweep={sweep.data} />
      <Tabs
        value={open?.name ?? null}
        onChange={(next) => url.set({ tab: next === tabs[0]?.name ? null : next })}
        keepMounted={false}
        mt="md"
      >
        <Tabs.List mb="md">
          {tabs.map(({ name, title, preload }) => (
            <Tabs.Tab key={name} value={name} onPointerEnter={preload} onFocus={preload}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, Content }) => (
          <Tabs.Panel key={name} value={name}>
            {given ? (
              name === ready?.name ? (
                <ready.Content {...given} />
              ) : (
                <Content given={given} waiting={loading()} />
              )
            ) : experiment.error ? (
              <Problem error={experiment.error} what="The experiment" onRetry={() => void experiment.refetch()} />
            ) : (
              loading()
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
