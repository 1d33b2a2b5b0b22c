"use client";
import type { SweepId } from "@basin/contracts";
import { Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type ComponentType, useMemo } from "react";
import { isNotFound } from "@/api-client/api";
import { experimentQuery, sweepQuery, trialsQuery } from "@/api-client/queries";
import { Toasts } from "../layout/toasts";
import { useDocumentTitle } from "../layout/use-document-title";
import { useLive } from "../live/use-live";
import { Problem, StaleNotice } from "../problems/problem";
import { GroupLooks, variedParameters } from "./groups";
import { SweepHeader } from "./sweep-header";
import type { SweepTabProps } from "./sweep-tab";
import { useSweepUrl } from "./sweep-url";

const loading = () => <Skeleton height={520} role="status" aria-busy="true" aria-label="Loading" />;

/** Each tab's code is loaded when it is opened. */
const tabs: readonly { name: string; title: string; Content: ComponentType<SweepTabProps> }[] = [
  {
    name: "overview",
    title: "Overview",
    Content: dynamic(() => import("../overview/overview-tab").then((module) => module.OverviewTab), { loading }),
  },
  {
    name: "curves",
    title: "Curves",
    Content: dynamic(() => import("../curves/curves-tab").then((module) => module.CurvesTab), { loading }),
  },
  {
    name: "parameters",
    title: "Parameters",
    Content: dynamic(() => import("../parameters/parameters-tab").then((module) => module.ParametersTab), { loading }),
  },
  {
    name: "initializations",
    title: "Initializations",
    Content: dynamic(() => import("../initializations/initializations-tab").then((module) => module.InitializationsTab), {
      loading,
    }),
  },
  {
    name: "runs",
    title: "Runs",
    Content: dynamic(() => import("../runs-table/runs-tab").then((module) => module.RunsTab), { loading }),
  },
];

export function SweepPage({ id }: { id: SweepId }) {
  const sweep = useQuery(sweepQuery(id));
  useLive(id, !isNotFound(sweep.error));
  const trials = useQuery(trialsQuery(id));
  const experiment = useQuery({ ...experimentQuery(sweep.data?.spec.experiment ?? ""), enabled: sweep.data !== undefined });
  const url = useSweepUrl();
  const tab = tabs.find(({ name }) => name === url.get("tab")) ?? tabs[0];
  useDocumentTitle(sweep.data?.name);

  const spec = sweep.data?.spec;
  const described = experiment.data ?? null;
  const varied = useMemo(() => (spec ? variedParameters(spec, described) : []), [spec, described]);
  const by = url.get("by");
  const names = useMemo(() => url.list("by") ?? varied, [by, varied]);
  const items = trials.data?.items;
  const looks = useMemo(() => new GroupLooks(items ?? [], names), [items, names]);

  if (sweep.data === undefined) {
    return sweep.error ? (
      <Problem error={sweep.error} what="This sweep" onRetry={() => void sweep.refetch()} />
    ) : (
      <Skeleton height={160} role="status" aria-busy="true" aria-label="Loading" />
    );
  }
  return (
    <>
      <Toasts />
      <StaleNotice error={sweep.error} />
      <SweepHeader sweep={sweep.data} experiment={described} />
      <Tabs
        value={tab?.name ?? null}
        onChange={(next) => url.set({ tab: next === tabs[0]?.name ? null : next })}
        keepMounted={false}
        mt="md"
      >
        <Tabs.List mb="md">
          {tabs.map(({ name, title }) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, Content }) => (
          <Tabs.Panel key={name} value={name}>
            {experiment.data ? (
              <Content
                sweep={sweep.data}
                experiment={experiment.data}
                trials={items ?? []}
                varied={varied}
                looks={looks}
                url={url}
              />
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
