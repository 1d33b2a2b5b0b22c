"use client";
import { useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { Answer } from "../sweep-parts/answer";
import css from "../sweep-parts/sweep-parts.module.css";
import type { SweepTabProps } from "../sweep-parts/sweep-tab";
import { SafetyPanel } from "../race/safety-panel";
import own from "./overview.module.css";
import { HistoryPlot, ThroughputPlot, TrainersPlot } from "./progress-panels";

/** How the runs were carried out: in which order they finished, how fast, and on which trainers. */
export function ExecutionTab({ sweep, experiment }: SweepTabProps) {
  const query = useQuery(
    routeQuery("getTimeline", { params: { sweep: sweep.id }, query: { attempts: 1000, bins: 60, points: 600 } }),
  );
  return (
    <div className={css.stack}>
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
      <SafetyPanel sweep={sweep} experiment={experiment} />
    </div>
  );
}
