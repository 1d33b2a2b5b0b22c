"use client";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { BudgetPanel } from "../budget/budget-panel";
import { routeQuery } from "@/api-client/route-query";
import { RacePanel } from "../race/race-panel";
import css from "../sweep-parts/sweep-parts.module.css";
import { SweepSpecification } from "../sweep-parts/sweep-specification";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { AnswerPanel } from "./answer-panel";
import { FailuresPanel } from "./failures-panel";
import { NotesPanel } from "./notes-panel";
import own from "./overview.module.css";

/** Most sweeps have one objective. */
const ParetoPanel = dynamic(() => import("../pareto/pareto-panel").then((module) => module.ParetoPanel), {
  ssr: false,
  loading: () => <Skeleton height={420} />,
});

/** What the sweep found, what failed, and what it is. */
export function OverviewTab({ sweep, experiment, looks, url }: SweepTabProps) {
  const query = useQuery(routeQuery("getTimeline", { params: { sweep: sweep.id }, query: { attempts: 0, bins: 2, points: 2 } }));
  return (
    <div className={css.stack}>
      <AnswerPanel sweep={sweep} experiment={experiment} looks={looks} />
      {(sweep.spec.objectives?.length ?? 1) > 1 && <ParetoPanel sweep={sweep} />}
      {sweep.racing !== null && <RacePanel sweep={sweep} />}
      <BudgetPanel sweep={sweep} stepUnit={experiment.stepUnit} />
      {query.data && <FailuresPanel sweep={sweep} timeline={query.data} url={url} />}
      <div className={own.pair}>
        <NotesPanel sweep={sweep} />
        <SweepSpecification sweep={sweep} />
      </div>
    </div>
  );
}
