"use client";
import { useQuery } from "@tanstack/react-query";
import { BudgetPanel } from "../budget/budget-panel";
import { Panel } from "../layout/panel";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import css from "../sweep-parts/sweep-parts.module.css";
import { SweepSpecification } from "../sweep-parts/sweep-specification";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { FailuresPanel } from "./failures-panel";
import { NotesPanel } from "./notes-panel";
import own from "./overview.module.css";
import { HistoryPlot, ThroughputPlot, TrainersPlot } from "./progress-panels";

/** How the sweep is getting on, and what it is. */
export function OverviewTab({ sweep, experiment, url }: SweepTabProps) {
  const query = useQuery(
    routeQuery("getTimeline", { params: { sweep: sweep.id }, query: { attempts: 1000, bins: 60, points: 600 } }),
  );
  return (
    <div className={css.stack}>
      <BudgetPanel sweep={sweep} stepUnit={experiment.stepUnit} />
      <div className={own.pair}>
        <Panel title="Objective over time">
          <Answer query={query} what="The history" height={440}>
            {(timeline) => <HistoryPlot timeline={timeline} />}
          </Answer>
        </Panel>
        <Panel title="Progress">
          <Answer query={query} what="The throughput" height={440}>
            {(timeline) => <ThroughputPlot timeline={timeline} />}
          </Answer>
        </Panel>
      </div>
      <Panel title="Timeline">
        <Answer query={query} what="The timeline" height={280}>
          {(timeline) => <TrainersPlot timeline={timeline} />}
        </Answer>
      </Panel>
      {query.data && <FailuresPanel sweep={sweep} timeline={query.data} url={url} />}
      <div className={own.pair}>
        <NotesPanel sweep={sweep} />
        <SweepSpecification sweep={sweep} />
      </div>
    </div>
  );
}
