"use client";
import type { SweepId } from "@basin/contracts";
import { Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { isNotFound } from "@/api-client/api";
import { experimentQuery, sweepQuery, trialsQuery } from "@/api-client/queries";
import { GroupBy } from "../curves/group-by";
import { Toasts } from "../layout/toasts";
import { useDocumentTitle } from "../layout/use-document-title";
import { useLive } from "../live/use-live";
import { Problem, StaleNotice } from "../problems/problem";
import { GroupLooks, variedParameters } from "./groups";
import { ResultsTable } from "./results-table";
import css from "./sweep.module.css";
import { SweepHeader } from "./sweep-header";
import { SweepSpecification } from "./sweep-specification";

const CurvePanel = dynamic(() => import("../curves/curve-panel").then((module) => module.CurvePanel), {
  loading: () => <Skeleton height={520} />,
});
const RunsTable = dynamic(() => import("./runs-table").then((module) => module.RunsTable), {
  loading: () => <Skeleton height={520} />,
});

const tabs = ["overview", "runs", "specification"] as const;
type TabName = (typeof tabs)[number];

/** The tab is part of the address, so that a view can be shared. */
function useTab(): [TabName, (tab: string | null) => void] {
  const asked = useSearchParams().get("tab");
  const tab = tabs.find((name) => name === asked) ?? "overview";
  return [
    tab,
    (next) => {
      const name = tabs.find((each) => each === next) ?? "overview";
      window.history.replaceState(null, "", name === "overview" ? window.location.pathname : `?tab=${name}`);
    },
  ];
}

export function SweepPage({ id }: { id: SweepId }) {
  const sweep = useQuery(sweepQuery(id));
  useLive(id, !isNotFound(sweep.error));
  const trials = useQuery(trialsQuery(id));
  const experiment = useQuery({ ...experimentQuery(sweep.data?.spec.experiment ?? ""), enabled: sweep.data !== undefined });
  const [tab, setTab] = useTab();
  const [grouping, setGrouping] = useState<readonly string[] | null>(null);
  useDocumentTitle(sweep.data?.name);

  const spec = sweep.data?.spec;
  const described = experiment.data ?? null;
  const varied = useMemo(() => (spec ? variedParameters(spec, described) : []), [spec, described]);
  const names = grouping ?? varied;
  const items = trials.data?.items;
  const looks = useMemo(() => new GroupLooks(items ?? [], names), [items, names]);

  if (sweep.data === undefined) {
    return sweep.error ? (
      <Problem error={sweep.error} what="This sweep" onRetry={() => void sweep.refetch()} />
    ) : (
      <Skeleton height={160} aria-busy="true" aria-label="Loading" />
    );
  }
  return (
    <>
      <Toasts />
      <StaleNotice error={sweep.error} />
      <SweepHeader sweep={sweep.data} experiment={described} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} mt="md">
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Curves and results</Tabs.Tab>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="specification">Specification</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <div className={css.stack}>
            {varied.length > 1 && <GroupBy parameters={varied} chosen={names} onChange={setGrouping} />}
            {experiment.data ? (
              <CurvePanel sweep={sweep.data} experiment={experiment.data} trials={items ?? []} looks={looks} />
            ) : experiment.error ? (
              <Problem error={experiment.error} what="The experiment" onRetry={() => void experiment.refetch()} />
            ) : (
              <Skeleton height={520} />
            )}
            {!experiment.isPending && <ResultsTable sweep={sweep.data} experiment={described} looks={looks} />}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <RunsTable sweep={sweep.data} varied={varied} />
        </Tabs.Panel>
        <Tabs.Panel value="specification">
          <SweepSpecification sweep={sweep.data} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
